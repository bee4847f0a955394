#pragma once
// Verifies HTTP message signatures (RFC 9421) as a server does, from the bytes that arrived; by OpenSSL, and with nothing of the
// toolkit. Knows all components of a request but `;sf` and `;key`.

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake::rfc9421 {

using header_lines = std::vector<std::pair<std::string, std::string>>;

struct arrived_request {
  std::string method, target, scheme, body;
  header_lines lines;
};

inline std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return text;
}
inline std::string trimmed(std::string const& text) {
  auto const first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == text.npos ? "" : text.substr(first, last + 1 - first);
}
inline arrived_request parse(std::string const& head, std::string body, std::string scheme) {
  arrived_request made{{}, {}, std::move(scheme), std::move(body), {}};
  std::size_t at = 0;
  for (bool first = true;; first = false) {
    auto const end = head.find("\r\n", at);
    auto const line = head.substr(at, end - at);
    if (line.empty() || end == head.npos) return made;
    at = end + 2;
    if (first) {
      made.method = line.substr(0, line.find(' '));
      made.target = line.substr(made.method.size() + 1, line.rfind(' ') - made.method.size() - 1);
    } else {
      made.lines.emplace_back(lower(line.substr(0, line.find(':'))),
                              trimmed(line.substr(line.find(':') + 1)));
    }
  }
}

inline std::string base64(std::string const& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, 0);
  auto const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}
inline std::string unbase64(std::string const& text) {
  std::string bytes(text.size() + 1, 0);
  auto const size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) throw std::runtime_error("no base64");
  bytes.resize(static_cast<std::size_t>(size) - (text.ends_with("==") ? 2u : text.ends_with("=") ? 1u : 0u));
  return bytes;
}

/// As a form's name or value: decoded, and encoded again with a blank as %20.
inline std::string reencoded(std::string const& text) {
  std::string plain, out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const escape = text[i] == '%' && i + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (escape) plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)), i += 2;
    else plain += text[i] == '+' ? ' ' : text[i];
  }
  for (char const c : plain) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 128 && (std::isalnum(byte) != 0 || std::string_view("*-._").find(c) != std::string_view::npos))
      out += c;
    else out += '%', out += "0123456789ABCDEF"[byte >> 4], out += "0123456789ABCDEF"[byte & 15];
  }
  return out;
}

struct component {
  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string written;
  [[nodiscard]] bool has(std::string_view key) const {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](auto const& one) { return one.first == key; });
  }
};
/// `label=("a";x "b");created=1` → the components, and what stands behind the label.
inline std::vector<component> components_of(std::string const& input) {
  std::vector<component> all;
  auto at = input.find('(') + 1;
  auto const quoted = [&] {
    auto const end = input.find('"', at + 1);
    auto const text = input.substr(at + 1, end - at - 1);
    at = end + 1;
    return text;
  };
  while (input.at(at) != ')') {
    auto const begin = at;
    component one;
    one.name = quoted();
    while (input.at(at) == ';') {
      auto const end = input.find_first_of("=; )", at + 1);
      auto const key = input.substr(at + 1, end - at - 1);
      at = end;
      if (input[at] == '=') ++at, one.parameters.emplace_back(key, quoted());
      else one.parameters.emplace_back(key, "");
    }
    one.written = input.substr(begin, at - begin);
    all.push_back(one);
    if (input.at(at) == ' ') ++at;
  }
  return all;
}

inline std::string value_of(component const& one, arrived_request const& from) {
  auto const mark = from.target.find('?');
  auto const path = from.target.substr(0, mark),
             query = mark == std::string::npos ? "" : from.target.substr(mark + 1);
  auto const authority = [&] {
    for (auto const& [name, value] : from.lines)
      if (name == "host") {
        auto host = lower(value);
        std::string const usual = from.scheme == "https" ? ":443" : ":80";
        return host.ends_with(usual) ? host.substr(0, host.size() - usual.size()) : host;
      }
    throw std::runtime_error("no Host");
  };
  if (one.name == "@method") return from.method;
  if (one.name == "@scheme") return from.scheme;
  if (one.name == "@authority") return authority();
  if (one.name == "@target-uri") return from.scheme + "://" + authority() + from.target;
  if (one.name == "@request-target") return from.target;
  if (one.name == "@path") return path;
  if (one.name == "@query") return "?" + query;
  if (one.name == "@query-param") {
    auto rest = query;
    std::vector<std::string> found;
    while (!rest.empty()) {
      auto const end = std::min(rest.find('&'), rest.size());
      auto const part = rest.substr(0, end);
      rest.erase(0, std::min(end + 1, rest.size()));
      auto const sign = std::min(part.find('='), part.size());
      if (!part.empty() && reencoded(part.substr(0, sign)) == one.parameters.at(0).second)
        found.push_back(sign < part.size() ? reencoded(part.substr(sign + 1)) : "");
    }
    if (found.size() != 1) throw std::runtime_error("not one such parameter");
    return found[0];
  }
  std::string all;
  bool any = false;
  for (auto const& [name, value] : from.lines) {
    if (name != one.name) continue;
    all += (any ? ", " : "") + (one.has("bs") ? ":" + base64(value) + ":" : value);
    any = true;
  }
  if (!any) throw std::runtime_error("no header " + one.name);
  return all;
}

/// The text that was signed, from the values as they arrived.
inline std::string base_of(arrived_request const& from, std::string const& input) {
  std::string base;
  for (auto const& one : components_of(input)) base += one.written + ": " + value_of(one, from) + "\n";
  return base + "\"@signature-params\": " + input;
}

using signature_test = std::function<bool(std::string const& base, std::string const& signature)>;

inline signature_test by_hmac(std::string key) {
  return [key](std::string const& base, std::string const& signature) {
    unsigned char out[32];
    unsigned size = sizeof out;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(base.data()), base.size(), out, &size);
    return signature == std::string(reinterpret_cast<char*>(out), size);
  };
}

/// The member of a dictionary whose values hold no comma.
inline std::string member(arrived_request const& from, std::string const& field, std::string const& label) {
  std::string joined;
  for (auto const& [name, value] : from.lines)
    if (name == field) joined += (joined.empty() ? "" : ", ") + value;
  auto const at = (", " + joined).find(", " + label + "=");
  if (at == std::string::npos) throw std::runtime_error("no " + field + " of label " + label);
  auto const rest = joined.substr(at + label.size() + 1);
  // A comma within quotes belongs to the value.
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '\\') ++i;
    else if (rest[i] == '"') quoted = !quoted;
    else if (rest[i] == ',' && !quoted) return rest.substr(0, i);
  }
  return rest;
}

inline std::string digest_of(std::string const& body) {
  unsigned char hash[32];
  EVP_Digest(body.data(), body.size(), hash, nullptr, EVP_sha256(), nullptr);
  return "sha-256=:" + base64(std::string(reinterpret_cast<char*>(hash), sizeof hash)) + ":";
}

/// "ok", or what is wrong.
inline std::string verify(arrived_request const& from, std::string const& label, signature_test const& good) {
  try {
    auto const input = member(from, "signature-input", label), signature = member(from, "signature", label);
    for (auto const& [name, value] : from.lines)
      if (name == "content-digest" && value != digest_of(from.body))
        return "a Content-Digest of another body";
    if (signature.size() < 2 || signature.front() != ':' || signature.back() != ':') return "no bytes";
    return good(base_of(from, input), unbase64(signature.substr(1, signature.size() - 2)))
               ? "ok"
               : "wrong signature";
  } catch (std::exception const& why) {
    return why.what();
  }
}

}  // namespace fake::rfc9421
