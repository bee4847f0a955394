// JSON read in the buffer that brought it, complained about with line and column, and written.
#include <countersign/text.hpp>
namespace cs = countersign;

// [reply]
// The document adopts the reply's bytes; the token is a piece of them, and is wiped with them.
cs::result<cs::secret> access_token(cs::secret body) {
  auto reply = cs::json_document::parse(std::move(body));
  if (!reply) return reply.error();  // "JSON line 1, column 17: expected ',' or '}'"
  auto const token = (*reply)["access_token"];
  if (!token.is_string()) return token.expected("access_token, a string");
  return cs::secret(token.string());
}
// [/reply]

// [config]
cs::result<void> check(cs::json_value server) {
  constexpr std::string_view known[] = {"type", "url", "headers"};
  for (auto const [key, value] : server.members()) {
    if (auto const meant = cs::nearest(key.string(), known); meant != key.string())
      return cs::error(cs::errc::bad_input, "line ", key.where().line, ": did you mean ", meant, "?");
    if (!value.is_string()) return value.expected("a string");
  }
  return {};
}
// [/config]

int main() {
  auto const config = cs::json_document::parse(cs::secret("{\n  \"ulr\": \"https://x\"\n}"));
  if (check(config->root()).error().message() != "line 2: did you mean url?") return 1;

  // [write]
  cs::secret out;
  cs::json_writer json(out);
  json.open_object().member("client_name", "my \"agent\"").member("public", true);
  json.name("grant_types").open_array().value("authorization_code").close().close();
  if (!json.finish()) return 1;  // not UTF-8, nesting not closed, no memory
  // [/write]
  if (out.reveal().substr(0, 30) != R"({"client_name":"my \"agent\"",)") return 1;
  return access_token(cs::secret(R"({"access_token":"a\u0062c"})"))->reveal() == "abc" ? 0 : 1;
}
