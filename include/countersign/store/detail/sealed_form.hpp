#pragma once
// A record under a cipher:
//
// | bytes | |
// |---|---|
// | 0–7 | "csgnlog" and a zero byte |
// | 8–11 | version, little endian |
// | 12–19 | the key's id, which tells another key from damage |
// | 20–27 | what the first 20 bytes hash to, which tells damage from another key or version |
// | 28– | nonce, then what the cipher makes of the record's JSON |
//
// The cipher covers the 28 bytes too, and the login's key, so that no file serves for another. Another
// version keeps the first 28 bytes as they are.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/aead.hpp>
#include <countersign/crypto/hkdf.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/store/login_json.hpp>
#include <countersign/text/bytes.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

template <class Cipher>
class sealed_form {
public:
  static constexpr std::string_view name = "encrypted_file_store";
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t header_size = 28;
  static constexpr std::size_t begin = header_size + Cipher::nonce_size;
  static constexpr std::size_t max_size = begin + max_login_size + Cipher::tag_size;

  explicit sealed_form(std::string_view key) noexcept : given_(key.size()) {
    if (given_ != key_size) return;
    // Two keys of one: none serves two purposes.
    if (auto sealing = hkdf<sha256>(key, Cipher::name, "countersign store 1: seal", Cipher::key_size))
      key_ = std::move(*sealing);
    auto const id = hkdf<sha256>(key, Cipher::name, "countersign store 1: key id", id_size);
    std::memcpy(header_, magic, sizeof magic);
    header_[sizeof magic] = version;
    if (id) id->reveal().copy(header_ + id_at, id_size);
    auto const sum = sha256::of({header_, sum_at});
    std::memcpy(header_ + sum_at, sum.data(), header_size - sum_at);
    whole_ = key_.size() == Cipher::key_size && id;
  }

  [[nodiscard]] result<void> check() const noexcept {
    if (given_ != key_size)
      return error{errc::bad_input,
                   name,
                   ": the key has ",
                   given_,
                   " bytes, and needs ",
                   key_size,
                   "; make one with: openssl rand -base64 ",
                   key_size};
    if (!whole_) return error{errc::no_memory, name, ": out of memory"};
    return {};
  }

  [[nodiscard]] result<secret> seal(sha256::digest const& whose, secret json,
                                    context const& outside) const noexcept {
    char nonce[Cipher::nonce_size];
    if (auto ok = outside.entropy(nonce, sizeof nonce); !ok) return ok.error();
    auto const cipher = Cipher::make(key_.reveal());
    if (!cipher) return cipher.error();
    if (auto ok = cipher->seal({nonce, sizeof nonce}, associated(whose).view(), json); !ok) return ok.error();
    secret file;
    file.reserve(begin + json.size());
    file.append({header_, header_size}).append({nonce, sizeof nonce}).append(json);
    if (!file.ok()) return error{errc::no_memory, "out of memory"};
    return file;
  }

  [[nodiscard]] result<secret> open(sha256::digest const& whose, secret bytes) const noexcept {
    auto const all = bytes.reveal();
    if (all.size() < header_size) return error{errc::bad_input, "the file is cut short"};
    auto const header = all.substr(0, header_size);
    auto const sum = sha256::of(header.substr(0, sum_at));
    if (!header.starts_with({magic, sizeof magic}) ||
        header.substr(sum_at) != as_chars(sum).substr(0, header_size - sum_at))
      return error{errc::bad_input, "the file is damaged, or none of this store's"};
    // From here on the header is as somebody wrote it.
    if (header.substr(sizeof magic, id_at - sizeof magic) !=
        std::string_view(header_ + sizeof magic, id_at - sizeof magic))
      return error{errc::fatal, "the file is of another version than ", int{version},
                   "; use the program that wrote it, or a newer one"};
    if (header != std::string_view(header_, header_size))
      return error{errc::fatal, "the file was written with another key, or cipher than ", Cipher::name,
                   "; give the key that it was written with, or move it away and sign in again"};
    if (all.size() < begin + Cipher::tag_size) return error{errc::bad_input, "the file is cut short"};
    auto const cipher = Cipher::make(key_.reveal());
    if (!cipher) return cipher.error();
    secret text(all.substr(begin));
    if (!text.ok()) return error{errc::no_memory, "out of memory"};
    auto const ok = cipher->open(all.substr(header_size, Cipher::nonce_size), associated(whose).view(), text);
    if (ok) return text;
    if (ok.error().code() != errc::rejected) return ok.error();
    return error{errc::bad_input, "the file is damaged, or that of another login"};
  }

private:
  static constexpr char magic[8] = {'c', 's', 'g', 'n', 'l', 'o', 'g', '\0'};
  static constexpr char version = 1;
  static constexpr std::size_t id_at = 12, id_size = 8, sum_at = 20;

  struct covered {
    char bytes[header_size + sha256::digest_size];
    [[nodiscard]] std::string_view view() const noexcept { return {bytes, sizeof bytes}; }
  };
  [[nodiscard]] covered associated(sha256::digest const& whose) const noexcept {
    covered both;
    std::memcpy(both.bytes, header_, header_size);
    std::memcpy(both.bytes + header_size, whose.data(), whose.size());
    return both;
  }

  secret key_;
  char header_[header_size] = {};
  std::size_t given_;
  bool whole_ = false;
};

}  // namespace countersign::inline v0::detail
