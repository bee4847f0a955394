#include "message.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json_writer.hpp>

#include <algorithm>

namespace provider {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string form_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        std::string_view("-._~").find(c) != std::string_view::npos)
      encoded += c;
    else (encoded += '%') += {"0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
  }
  return encoded;
}

parameters::parameters(std::string_view text) {
  while (!text.empty()) {
    auto const one = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (one.empty()) continue;
    auto const equals = one.find('=');
    auto const value = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
    all_.emplace_back(form_decoded(one.substr(0, equals)), form_decoded(value));
  }
}

std::string parameters::operator[](std::string_view name) const {
  for (auto const& [key, value] : all_)
    if (key == name) return value;
  return "";
}

bool parameters::has(std::string_view name) const {
  return std::any_of(all_.begin(), all_.end(), [&](auto const& one) { return one.first == name; });
}

bool parameters::has_twice() const {
  for (auto one = all_.begin(); one != all_.end(); ++one)
    if (one->first != "resource" &&
        std::any_of(one + 1, all_.end(), [&](auto const& other) { return other.first == one->first; }))
      return true;
  return false;
}

std::string json_object(pairs const& members) {
  countersign::secret text;
  countersign::json_writer out(text);
  out.open_object();
  for (auto const& [name, value] : members) out.member(name, std::string_view(value));
  out.close();
  return std::string(text.reveal());
}

answer json_answer(int status, std::string body) {
  // RFC 6749 §5.1 wants it of what holds tokens; it does the rest no harm.
  return {status, "application/json", std::move(body), {{"Cache-Control", "no-store"}}};
}

answer oauth_error(int status, std::string_view code, std::string_view words) {
  return json_answer(status,
                     json_object({{"error", std::string(code)}, {"error_description", std::string(words)}}));
}

answer page(int status, std::string_view words) {
  return {status, "text/html", "<!doctype html><title>Notes</title><p>" + std::string(words) + "</p>\n"};
}

answer redirect(std::string const& uri, pairs const& added) {
  std::string to = uri;
  char between = uri.find('?') == std::string::npos ? '?' : '&';
  for (auto const& [name, value] : added) {
    to += between + name + "=" + percent_encoded(value);
    between = '&';
  }
  return {302, "", "", {{"Location", to}}};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool all_in(std::string_view words, std::string_view others) {
  auto const known = words_of(others), asked = words_of(words);
  return std::all_of(asked.begin(), asked.end(), [&](std::string const& one) {
    return std::find(known.begin(), known.end(), one) != known.end();
  });
}

}  // namespace provider
