#include "login_words.hpp"

#include "output.hpp"

#include <countersign/text/timestamp.hpp>

namespace cs = countersign;

namespace program {

std::string instant(cs::wall_time when) {
  char text[cs::iso8601_size];
  return std::string(text, cs::encode_iso8601(text, when, "Z"));
}

std::string words_of(cs::login const& login) {
  auto words = shown(login.issuer);
  if (!login.scope.empty()) words += ", scopes " + shown(login.scope);
  auto const ends = instant(login.expires);
  if (!ends.empty()) words += ", until " + ends;
  if (!login.refresh_token.empty())
    words += ends.empty() ? ", renewed by itself" : ", then renewed by itself";
  return words;
}

}  // namespace program
