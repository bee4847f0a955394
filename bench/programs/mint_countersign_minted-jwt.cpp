// The same by the policy that a client composes, with the whole of its surroundings: costs.sh compiles and weighs it.

#include <countersign/os/system.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/minted_jwt.hpp>

#include <cstdio>

namespace cs = countersign;

int main() {
  cs::minted_jwt const source{
      cs::hs256{cs::fixed{"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}},
      cs::jwt_claims{
          .issuer = "ci", .subject = "build", .audience = "https://api.example.com", .unique_id = false}};
  cs::memory_of<decltype(source)> memory;
  auto const token = source.acquire({}, cs::system_context, memory);
  if (!token) return std::fprintf(stderr, "%s\n", token.error().c_str()), 1;
  auto const text = token->credential.reveal();
  return std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::putchar('\n') == EOF;
}
