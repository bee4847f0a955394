#pragma once
// The client's certificate of a server's entry: it is the transport that shows it.

#include <countersign/core/context.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/templates.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// What stands under `tls`: paths of PEM files, empty where none is named.
struct tls_files {
  owned_text certificate = {};
  owned_text key = {};  ///< may stand in the certificate's file
  owned_text ca = {};   ///< whom servers are known by, beside the system's
  secret passphrase = {};
};

/// With its variables expanded, and relative paths from the config's folder on. Errors name the server, the field and the
/// variable.
[[nodiscard]] inline result<tls_files> tls_files_of(server const& of, context const& outside) {
  tls_files made;
  auto const tls = of.tls();
  if (!tls) return made;
  server_environment variables(outside);
  if (auto ok = variables.load(of); !ok) return ok.error();
  auto const expanded = [&](std::string_view name, std::string_view place) {
    auto text = expand_strictly(tls[name].string(), variables.outside());
    return text ? std::move(text) : result<secret>(about_server(text.error(), of.name(), place));
  };
  auto const path = [&](std::string_view name, std::string_view place, owned_text& to) -> result<void> {
    auto const text = expanded(name, place);
    if (!text) return text.error();
    to = owned_text(path_of(of, text->reveal()));
    if (!to.ok()) return error(errc::no_memory, "tls: out of memory");
    return {};
  };
  if (auto ok = path("cert", "tls.cert", made.certificate); !ok) return ok.error();
  if (auto ok = path("key", "tls.key", made.key); !ok) return ok.error();
  if (auto ok = path("ca", "tls.ca", made.ca); !ok) return ok.error();
  auto passphrase = expanded("passphrase", "tls.passphrase");
  if (!passphrase) return passphrase.error();
  made.passphrase = std::move(*passphrase);
  if (!made.key.empty() && made.certificate.empty())
    return about_server(error(errc::bad_input, "a key without a certificate; name its file as cert"),
                        of.name(), "tls");
  return made;
}

}  // namespace countersign::inline v0::mcp
