#pragma once
// Verifies AWS Signature Version 4 as a service does, from the bytes that arrived; by OpenSSL's hash and HMAC, and with
// nothing of the toolkit.

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake::aws {

using lines = std::vector<std::pair<std::string, std::string>>;

inline std::string hex(std::string const& bytes) {
  std::string out;
  for (char const c : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", unsigned{static_cast<unsigned char>(c)});
    out += digits;
  }
  return out;
}
inline std::string sha256(std::string const& bytes) {
  unsigned char out[32];
  EVP_Digest(bytes.data(), bytes.size(), out, nullptr, EVP_sha256(), nullptr);
  return {reinterpret_cast<char*>(out), sizeof out};
}
inline std::string hmac(std::string const& key, std::string const& bytes) {
  unsigned char out[32];
  unsigned size = sizeof out;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), out, &size);
  return {reinterpret_cast<char*>(out), size};
}
inline std::string signing_key(std::string const& secret, std::string const& day, std::string const& region,
                               std::string const& service) {
  return hmac(hmac(hmac(hmac("AWS4" + secret, day), region), service), "aws4_request");
}

inline std::string encode(std::string const& bytes, bool slashes) {
  std::string out;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    char escape[4];
    std::snprintf(escape, sizeof escape, "%%%02X", unsigned{byte});
    bool const kept =
        byte < 128 && (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos);
    out += kept || (slashes && c == '/') ? std::string(1, c) : std::string(escape);
  }
  return out;
}
inline std::string decode(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%') out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)), i += 2;
    else out += text[i];
  return out;
}
inline std::vector<std::string> split(std::string const& text, char at) {
  std::vector<std::string> out(1);
  for (char const c : text)
    if (c == at) out.emplace_back();
    else out.back() += c;
  return out;
}
inline std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The path as S3 signs it, or as all others do.
inline std::string path(std::string const& sent, bool s3) {
  if (s3) {
    std::string out;
    for (auto const& segment : split(sent, '/')) out += "/" + encode(decode(segment), false);
    return out.substr(1);
  }
  std::vector<std::string> kept;
  for (auto const& segment : split(sent, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") kept.push_back(segment);
    else if (!kept.empty()) kept.pop_back();
  }
  std::string out;
  for (auto const& segment : kept) out += "/" + segment;
  if (out.empty() || sent.back() == '/') out += "/";
  return encode(out, true);
}
inline std::string query(std::string const& sent, std::string const& without = {}) {
  lines all;
  for (auto const& field : split(sent, '&')) {
    if (field.empty()) continue;
    auto const sign = field.find('=');
    auto const name = encode(decode(field.substr(0, sign)), false);
    if (name == without) continue;
    all.emplace_back(name, sign == std::string::npos ? "" : encode(decode(field.substr(sign + 1)), false));
  }
  std::sort(all.begin(), all.end());
  std::string out;
  for (auto const& [name, value] : all) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

struct arrived {
  std::string method, target, body;
  lines fields;
  [[nodiscard]] std::string joined(std::string const& name) const {
    std::string all;
    bool first = true;
    for (auto const& [other, value] : fields) {
      if (lower(other) != name) continue;
      std::string plain;
      for (char const c : value)
        if (c != ' ' && c != '\t') plain += c;
        else if (!plain.empty() && plain.back() != ' ') plain += ' ';
      while (plain.ends_with(' ')) plain.pop_back();
      all += (first ? "" : ",") + plain;
      first = false;
    }
    if (first) throw std::runtime_error("no header " + name);
    return all;
  }
};

/// Takes a request apart as it came: its head with all line ends, and its body.
inline arrived parse(std::string const& head, std::string body) {
  arrived out;
  auto const first = head.substr(0, head.find("\r\n"));
  out.method = first.substr(0, first.find(' '));
  out.target = first.substr(first.find(' ') + 1, first.rfind(' ') - first.find(' ') - 1);
  out.body = std::move(body);
  for (auto at = first.size() + 2; head.compare(at, 2, "\r\n") != 0;) {
    auto const end = head.find("\r\n", at);
    auto const line = head.substr(at, end - at);
    auto value = line.substr(line.find(':') + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    out.fields.emplace_back(line.substr(0, line.find(':')), value);
    at = end + 2;
  }
  return out;
}

/// The signature that a request should have which names these signed headers.
inline std::string expected(arrived const& got, std::string const& names, std::string const& payload,
                            std::string const& time, std::string const& scope, std::string const& secret,
                            bool s3) {
  auto const mark = got.target.find('?');
  std::string canonical =
      got.method + "\n" + path(got.target.substr(0, mark), s3) + "\n" +
      (mark == std::string::npos ? "" : query(got.target.substr(mark + 1), "X-Amz-Signature")) + "\n";
  for (auto const& name : split(names, ';')) canonical += name + ":" + got.joined(name) + "\n";
  canonical += "\n" + names + "\n" + payload;
  auto const parts = split(scope, '/');
  return hex(hmac(signing_key(secret, parts.at(0), parts.at(1), parts.at(2)),
                  "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(sha256(canonical))));
}

/// "ok", or what a service would refuse.
inline std::string verify(arrived const& got, std::string const& secret) {
  auto const authorization = got.joined("authorization");
  auto const between = [&](std::string const& from, std::string const& to) {
    auto const at = authorization.find(from) + from.size();
    return authorization.substr(at, to.empty() ? std::string::npos : authorization.find(to, at) - at);
  };
  auto const credential = between("Credential=", ",");
  auto const scope = credential.substr(credential.find('/') + 1);
  auto const names = between("SignedHeaders=", ",");
  bool const s3 = split(scope, '/').at(2) == "s3";
  std::string payload = hex(sha256(got.body));
  for (auto const& [name, value] : got.fields) {
    auto const plain = lower(name);
    if (plain == "x-amz-content-sha256") {
      if (value != "UNSIGNED-PAYLOAD" && value != payload) return "another body";
      payload = value;
    }
    if ((plain == "host" || plain.starts_with("x-amz-")) &&
        (";" + names + ";").find(";" + plain + ";") == std::string::npos)
      return plain + " is not signed";
  }
  auto const time = got.joined("x-amz-date");
  if (time.substr(0, 8) != scope.substr(0, 8)) return "another day";
  auto const right = expected(got, names, payload, time, scope, secret, s3);
  return between("Signature=", "") == right ? "ok" : "the signature does not match";
}

}  // namespace fake::aws
