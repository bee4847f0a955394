#include "jwt.hpp"

#include <chrono>

namespace cs = countersign;

namespace provider {

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<jwt> jwt::read(std::string_view text) {
  auto const first = text.find('.'), second = text.rfind('.');
  if (first == std::string_view::npos || text.find('.', first + 1) != second) return std::nullopt;
  auto const header = from_base64url(text.substr(0, first)),
             claims = from_base64url(text.substr(first + 1, second - first - 1)),
             signature = from_base64url(text.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  auto parsed_header = cs::json_document::parse(cs::secret(*header)),
       parsed_claims = cs::json_document::parse(cs::secret(*claims));
  if (!parsed_header || !parsed_claims) return std::nullopt;
  return jwt{std::move(*parsed_header), std::move(*parsed_claims), std::string(text.substr(0, second)),
             *signature};
}

bool jwt::is_for(std::string_view audience) const {
  auto const aud = claims["aud"];
  if (aud.is_string()) return aud.string() == audience;
  for (auto const one : aud.elements())
    if (one.string() == audience) return true;
  return false;
}

bool jwt::is_current() const {
  auto const exp = claims["exp"].integer(), nbf = claims["nbf"].integer();
  return exp && *exp > now_in_seconds() && (!nbf || *nbf <= now_in_seconds() + max_skew);
}

std::string proof_checks::refusal(std::string_view proof, std::string_view method, std::string_view url,
                                  std::string_view token, std::string_view nonce, std::string& thumb) {
  auto const read = jwt::read(proof);
  if (!read) return "the proof is no JWT";
  auto const jwk = read->header["jwk"];
  if (read->header["typ"].string() != "dpop+jwt") return "typ is not dpop+jwt";
  if (jwk["d"] || jwk["k"]) return "the proof gives a private key away";
  auto const key = public_key::from_jwk(jwk);
  if (!key || !read->signed_by(*key)) return "the signature is not the key's";
  auto const& claims = read->claims;
  if (claims["htm"].string() != method) return "htm is another method";
  if (claims["htu"].string() != url) return "htu is another URL";
  auto const iat = claims["iat"].integer();
  if (!iat || *iat > now_in_seconds() + max_skew || *iat < now_in_seconds() - 300) return "iat is not now";
  if (!token.empty() && claims["ath"].string() != base64url(sha256(token))) return "ath is another token's";
  if (token.empty() && claims["ath"]) return "ath without a token";
  if (!nonce.empty() && claims["nonce"].string() != nonce) return "nonce";
  std::string const jti(claims["jti"].string());
  if (jti.empty() || !seen_.insert(jti).second) return "jti is missing or was used before";
  thumb = thumbprint(jwk);
  return "";
}

}  // namespace provider
