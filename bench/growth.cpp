// link: crypto
// How cost grows: with the number of headers, the size of a token, of a body, of a config. The plots of
// docs/performance.md are drawn of these rows, whose sizes are plain numbers.

#include <countersign/auth/authenticator.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/as_is.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/text/json.hpp>

#include "by_hand.hpp"
#include "config_text.hpp"
#include "noise.hpp"
#include "primitives_by_hand.hpp"
#include "table.hpp"

#include <openssl/evp.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com";
by_hand::request const request{"GET", "https://api.example.com/v1/items?page=2"};
alignas(64) char room[128 * 1024];

std::string name_of(char const* work, std::size_t size, char const* who) {
  return std::string(work) + "/" + std::to_string(size) + "/" + who;
}
bool went_well(by_hand::outcome const& outcome) { return outcome.what == by_hand::outcome::kind::written; }
bool went_well(cs::result<void> const& outcome) { return outcome.has_value(); }

// What an authenticator writes for the one request. It stays where it is, as its user's does.
template <class Authenticator>
auto writing(std::shared_ptr<Authenticator> auth) {
  return [auth] {
    by_hand::wire sink{room, room + sizeof room};
    if (!went_well(auth->authorize(request, sink))) return std::string_view();
    return std::string_view(room, static_cast<std::size_t>(sink.at - room));
  };
}

// Any number of fields, which are known at run time only.
class fields_by_hand {
public:
  fields_by_hand(std::string_view for_origin, std::vector<std::pair<std::string, std::string>> fields)
      : bound_(for_origin), fields_(std::move(fields)) {}
  template <class Sink>
  by_hand::outcome authorize(by_hand::request const& r, Sink& sink) const noexcept {
    if (!bound_.goes_there(r.url())) return {by_hand::outcome::kind::wrong_origin, r.url()};
    for (auto const& [name, value] : fields_)
      if (!sink(name, value)) return {by_hand::outcome::kind::no_room, name};
    return {};
  }

private:
  by_hand::bound bound_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

void headers(std::size_t count) {
  std::vector<std::pair<std::string, std::string>> fields;
  cs::header_list list;
  std::string expected;
  for (std::size_t i = 0; i < count; ++i) {
    auto& [name, value] = fields.emplace_back("X-Tenant-" + std::to_string(i), "value of " + std::to_string(i));
    list.append(name, value);
    expected.append(name).append(": ").append(value).append("\r\n");
  }
  table::add(name_of("headers", count, "floor"), writing(std::make_shared<fields_by_hand>(origin, fields)), expected);
  cs::authenticator auth{cs::fixed{std::move(list)}, cs::as_is{}, cs::only{origin}};
  table::add(name_of("headers", count, "countersign"), writing(std::make_shared<decltype(auth)>(std::move(auth))), expected);
}

void token(std::size_t size) {
  std::string const text(size, 't');
  auto const expected = "Authorization: Bearer " + text + "\r\n";
  table::add(name_of("token", size, "floor"), writing(std::make_shared<by_hand::authorization>(origin, "Bearer", text)), expected);
  cs::authenticator auth{cs::fixed{std::string_view(text)}, cs::bearer{}, cs::only{origin}};
  table::add(name_of("token", size, "countersign"), writing(std::make_shared<decltype(auth)>(std::move(auth))), expected);
}

// Hashed while it comes, 16 KiB at a time, as a transport hands it over.
void body(std::size_t size) {
  constexpr std::size_t piece = 16 * 1024;
  auto const bytes = std::make_shared<std::string const>(noise(size));
  auto const each_piece = [bytes](auto&& take) {
    std::string_view rest = *bytes;
    for (; rest.size() > piece; rest.remove_prefix(piece)) take(rest.substr(0, piece));
    take(rest);
  };
  std::string expected(32, '\0');
  EVP_Digest(bytes->data(), size, reinterpret_cast<unsigned char*>(expected.data()), nullptr, EVP_sha256(), nullptr);
#if defined(__x86_64__)
  if (by_hand::hmac::available())
    table::add(name_of("body", size, "floor"), [bytes, out = std::string(32, '\0')]() mutable {
      by_hand::hmac::hash(bytes->data(), bytes->size(), reinterpret_cast<unsigned char*>(out.data()));
      return std::string_view(out);
    }, expected);
#endif
  table::add(name_of("body", size, "countersign"), [each_piece, out = std::string(32, '\0')]() mutable {
    cs::sha256 hash;
    each_piece([&](std::string_view bytes_here) { hash.update(bytes_here); });
    auto const code = hash.finish({});
    out.assign(reinterpret_cast<char const*>(code.data()), code.size());
    return std::string_view(out);
  }, expected);
  table::add(name_of("body", size, "OpenSSL, EVP_Digest"), [each_piece, out = std::string(32, '\0')]() mutable {
    auto* const context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    each_piece([&](std::string_view bytes_here) { EVP_DigestUpdate(context, bytes_here.data(), bytes_here.size()); });
    EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), nullptr);
    EVP_MD_CTX_free(context);
    return std::string_view(out);
  }, expected);
}

// The URL of the last server.
void config(std::size_t count) {
  config_text const made(count);
  std::string const last = made.last, expected = made.url, text = made.text;
  table::add(name_of("config as JSON", count, "countersign"), [=, kept = cs::secret(text)]() mutable {
    auto document = cs::json_document::parse(std::move(kept));
    if (!document) return std::string_view();
    auto const url = (*document)["mcpServers"][last]["url"].string();
    kept = std::move(*document).release();  // where the URL lies
    return url;
  }, expected);
  if (count > cs::mcp::max_servers) return;  // more are refused
  table::add(name_of("config, checked", count, "countersign"), [=, found = std::string()]() mutable {
    auto const parsed = cs::mcp::config::parse(cs::secret(text), ".mcp.json");
    if (!parsed) return std::string_view();
    auto const server = parsed->find(last);
    if (!server) return std::string_view();
    found.assign(server->entry()["url"].string());
    return std::string_view(found);
  }, expected);
}

}  // namespace

int main(int argc, char** argv) {
  for (auto const count : std::initializer_list<std::size_t>{1, 2, 4, 8, 16, 32, 64}) headers(count);
  for (auto const size : std::initializer_list<std::size_t>{40, 256, 1024, 4096, 16384, 65536}) token(size);
  for (auto const size : std::initializer_list<std::size_t>{64, 1024, 16384, 262144, 4194304, 67108864}) body(size);
  for (auto const count : std::initializer_list<std::size_t>{1, 10, 100, 256, 1000, 10000}) config(count);
  return table::main(argc, argv);
}
