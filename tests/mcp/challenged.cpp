// RFC 6750 §3, RFC 9728 §5.1, RFC 9449 §7.1.
#include <countersign/mcp/challenged.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

std::string told(std::string_view fields) {
  auto const got = mcp::read_challenged(fields);
  if (!got) return std::string(cs::name(got.error().code()));
  auto said = std::string(got->resource_metadata.view())
                  .append("|")
                  .append(got->scope.view())
                  .append("|")
                  .append(got->error.view());
  return said + (got->dpop ? "|dpop" : "") + (got->wants_scope() ? "|more" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_challenged)

BOOST_AUTO_TEST_CASE(parameters_are_those_of_bearer_and_dpop) {
  struct row {
    std::string_view fields, wanted;
  };
  constexpr row rows[] = {
      {"", "||"},
      {"Bearer", "||"},
      {R"(Bearer resource_metadata="https://s.example/m", scope="a b")", "https://s.example/m|a b|"},
      {"Bearer resource_metadata=https://s.example/m?x=1, scope=a", "https://s.example/m?x=1|a|"},
      {R"(bearer error="insufficient_scope", scope="mcp:write")", "|mcp:write|insufficient_scope|more"},
      {R"(Bearer error="invalid_token")", "||invalid_token"},
      {R"(DPoP resource_metadata="https://s.example/m", algs="ES256")", "https://s.example/m|||dpop"},
      {R"(Bearer scope=a, DPoP algs="ES256", resource_metadata="https://s.example/m")",
       "https://s.example/m|a|"},
      {R"(Bearer scope="", Bearer scope=b)", "|b|"},
      {R"(Bearer scope=a, Bearer scope=b, resource_metadata="https://s.example/2")",
       "https://s.example/2|a|"},
      // Of other schemes they are something else.
      {R"(Basic realm="x", scope=a, resource_metadata="https://evil.example/")", "||"},
      {R"(Basic realm="x", Bearer scope=b)", "|b|"},
      {"Bearer scope=\"a", "bad_input"},
      {"Bearer scope=a, scope=b", "bad_input"},
  };
  for (auto const& [fields, wanted] : rows) BOOST_TEST(told(fields) == wanted, fields);
}

BOOST_AUTO_TEST_SUITE_END()
