// A URL taken apart, made absolute, and compared by whose server it means.
#include <countersign/text.hpp>

namespace cs = countersign;

int main() {
  // [parts]
  auto const url = cs::parse_url("https://mcp.example.com:8443/mcp?tenant=a");
  if (!url) return 1;  // "URL, byte 12: a space: write %20"
  bool const plain = !url->has_userinfo && !url->has_fragment && url->port_number() == 8443;
  // [/parts]
  if (!plain || url->host != "mcp.example.com" || url->query != "tenant=a") return 1;

  // [resolve]
  auto const next =
      cs::resolve("https://mcp.example.com/a/b?page=1", "../c?page=2");  // a Location header, say
  auto const same = cs::normalize("HTTPS://MCP.Example.com:443/%7Euser/./x");
  // [/resolve]
  if (next->reveal() != "https://mcp.example.com/c?page=2") return 1;
  if (same->reveal() != "https://mcp.example.com/~user/x") return 1;

  // [origin]
  auto const bound = cs::origin_of("https://good.com");
  if (!bound) return 1;
  bool const sent = bound->owns("https://good.com:443/path");       // the same, in another spelling
  bool const leaked = bound->owns("https://good.com@evil.com/") ||  // a user name, at evil.com
                      bound->owns("https://good.com.evil.com/") || bound->owns("http://good.com/");
  // [/origin]
  return sent && !leaked ? 0 : 1;
}
