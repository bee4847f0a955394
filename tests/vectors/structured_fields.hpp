#pragma once
// The tests of the HTTP working group for structured fields: what a field's text means, and how a meaning is written.

#include "vectors/read.hpp"

#include <countersign/text/json.hpp>
#include <countersign/text/structured_field.hpp>
#include <countersign/text/structured_writer.hpp>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vectors {

inline constexpr std::string_view parsed_fields[] = {"binary",
                                                     "boolean",
                                                     "date",
                                                     "dictionary",
                                                     "display-string",
                                                     "examples",
                                                     "item",
                                                     "key-generated",
                                                     "list",
                                                     "listlist",
                                                     "large-generated",
                                                     "number-generated",
                                                     "number",
                                                     "param-dict",
                                                     "param-list",
                                                     "param-listlist",
                                                     "string-generated",
                                                     "string",
                                                     "token-generated",
                                                     "token"};
inline constexpr std::string_view written_fields[] = {"key-generated", "number", "string-generated",
                                                      "token-generated"};

/// A file of them, an array. Values keep their JSON types, which `vectors::json` would lose.
inline countersign::json_document structured_fields(std::string const& file) {
  auto in = open("structured-field-tests/" + file + ".json");
  std::string const text((std::istreambuf_iterator<char>(in)), {});
  auto read = countersign::json_document::parse(countersign::secret(text), {.nul_in_strings = true});
  if (!read) throw std::runtime_error(file + ": " + std::string(read.error().message()));
  return std::move(*read);
}

inline std::string base32(std::string_view text) {
  std::string out;
  unsigned held = 0, bits = 0;
  for (char const c : text) {
    if (c == '=') break;
    auto const value = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").find(c);
    if (value == std::string_view::npos) throw std::runtime_error("not base32");
    held = held << 5 | static_cast<unsigned>(value);
    if ((bits += 5) >= 8) out += static_cast<char>(held >> (bits -= 8) & 0xff);
  }
  return out;
}

inline bool same_bare(countersign::structured_value got, countersign::json_value wanted) {
  if (wanted.is_boolean())
    return got.is(countersign::structured_kind::boolean) && got.boolean() == wanted.boolean();
  if (wanted.is_string()) return got.string() == wanted.string();
  if (wanted.is_number())
    return got.is(countersign::structured_kind::decimal)
               ? static_cast<double>(*got.thousandths()) ==
                     std::round(std::stod(std::string(wanted.number())) * 1000)
               : got.integer() == wanted.integer() && wanted.number().find('.') == std::string_view::npos;
  auto const type = wanted["__type"].string();
  auto const value = wanted["value"];
  if (type == "token") return got.token() == value.string();
  if (type == "binary") return got.bytes() == base32(value.string());
  if (type == "date") return got.date() == value.integer();
  return type == "displaystring" && got.display_string() == value.string();
}
inline bool same(countersign::structured_value got, countersign::json_value wanted) {
  auto const value = wanted[std::size_t{0}], parameters = wanted[std::size_t{1}];
  if (value.is_array()) {
    if (!got.is(countersign::structured_kind::inner_list) || got.elements().size() != value.size())
      return false;
    std::size_t i = 0;
    for (auto const one : got.elements())
      if (!same(one, value[i++])) return false;
  } else if (!same_bare(got, value)) {
    return false;
  }
  if (got.parameters().size() != parameters.size()) return false;
  std::size_t i = 0;
  for (auto const [key, one] : got.parameters()) {
    auto const wants = parameters[i++];
    if (key != wants[std::size_t{0}].string() || !same_bare(one, wants[std::size_t{1}])) return false;
  }
  return true;
}

inline void write_bare(countersign::structured_writer& to, countersign::json_value what) {
  if (what.is_boolean()) to.boolean(what.boolean());
  else if (what.is_string()) to.string(what.string());
  else if (what.is_number() && what.number().find('.') == std::string_view::npos)
    to.integer(what.integer().value());
  else if (what.is_number()) to.decimal(std::stod(std::string(what.number())));
  else if (what["__type"].string() == "token") to.token(what["value"].string());
  else if (what["__type"].string() == "binary") to.bytes(base32(what["value"].string()));
  else if (what["__type"].string() == "date") to.date(what["value"].integer().value());
  else if (what["__type"].string() == "displaystring") to.display_string(what["value"].string());
  else throw std::runtime_error("a value of unknown type");
}
inline void write(countersign::structured_writer& to, countersign::json_value what) {
  auto const value = what[std::size_t{0}];
  if (value.is_array()) {
    to.open_inner_list();
    for (auto const one : value.elements()) write(to, one);
    to.close();
  } else {
    write_bare(to, value);
  }
  for (auto const one : what[std::size_t{1}].elements()) {
    to.key(one[std::size_t{0}].string());
    write_bare(to, one[std::size_t{1}]);
  }
}

}  // namespace vectors
