// What the least program costs that mints a token: costs.sh compiles and weighs it.

#include <countersign/crypto/compact_jws.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/text/json_writer.hpp>
#include <cstdio>
#include <ctime>
namespace cs = countersign;
namespace {
struct hs256_key {
  cs::hmac<cs::sha256> mac;
  std::string_view alg() const { return "HS256"; }
  cs::result<void> sign(std::string_view input, cs::secret& signature) const {
    auto const code = mac.finish(input);
    signature.append({reinterpret_cast<char const*>(code.data()), code.size()});
    return {};
  }
};
}  // namespace
int main() {
  hs256_key const key{
      cs::hmac<cs::sha256>("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
  auto const now = std::time(nullptr);
  cs::secret claims;
  cs::json_writer json(claims);
  json.open_object()
      .member("iss", "ci")
      .member("sub", "build")
      .member("aud", "https://api.example.com")
      .member("iat", now)
      .member("exp", now + 300)
      .close();
  if (!json.finish()) return 1;
  auto const token = cs::compact_jws(R"({"alg":"HS256","typ":"JWT"})", claims.reveal(), key);
  if (!token) return std::fprintf(stderr, "%s\n", token.error().c_str()), 1;
  auto const text = token->reveal();
  return std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::putchar('\n') == EOF;
}
