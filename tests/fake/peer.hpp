#pragma once
// A server on loopback that speaks through Asio, so that it can also speak TLS and WebSocket: one connection
// after the other, on a thread of its own.
//
//     fake::peer p([](boost::asio::ip::tcp::socket& socket) { … });

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <stdlib.h>
#include <unistd.h>

namespace fake {

class peer {
public:
  using tcp = boost::asio::ip::tcp;
  using serving = std::function<void(tcp::socket&)>;

  explicit peer(serving serve)
      : serve_(std::move(serve)), acceptor_(loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        port_(acceptor_.local_endpoint().port()), thread_([this] { run(); }) {}
  peer(peer const&) = delete;
  ~peer() {
    stop_ = true;
    boost::system::error_code ignored;
    boost::asio::io_context loop;
    tcp::socket knock(loop);
    knock.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }

  [[nodiscard]] std::string port() const { return std::to_string(port_); }
  [[nodiscard]] int connections() const { return accepted_; }

private:
  void run() {
    for (;;) {
      tcp::socket socket(loop_);
      boost::system::error_code failed;
      acceptor_.accept(socket, failed);
      if (stop_) return;
      if (failed) continue;
      ++accepted_;
      try {
        serve_(socket);
      } catch (std::exception const&) {
        // The client went away: that is its affair.
      }
    }
  }

  serving serve_;
  boost::asio::io_context loop_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

/// A certificate that vouches for itself, and its key, encrypted, in one file; and what a server needs to show it.
class certificate {
public:
  static constexpr char const* passphrase = "pass-canary-of-the-key";

  /// @param names as OpenSSL writes them: "DNS:localhost", "IP:127.0.0.1"
  explicit certificate(std::string const& names) : context(boost::asio::ssl::context::tls_server) {
    auto* const key = EVP_EC_gen("P-256");
    auto* const made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    auto* const subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("test"),
                               -1, -1, 0);
    X509_set_issuer_name(made, subject);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(made, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(made, key, EVP_sha256());
    SSL_CTX_use_certificate(context.native_handle(), made);
    SSL_CTX_use_PrivateKey(context.native_handle(), key);
    int const file = ::mkstemp(path_.data());
    auto* const stream = file < 0 ? nullptr : ::fdopen(file, "w");
    if (stream == nullptr) throw std::runtime_error("fake::certificate: no file");
    PEM_write_X509(stream, made);
    PEM_write_PKCS8PrivateKey(stream, key, EVP_aes_256_cbc(), passphrase,
                              int(std::char_traits<char>::length(passphrase)), nullptr, nullptr);
    std::fclose(stream);
    X509_free(made);
    EVP_PKEY_free(key);
  }
  certificate(certificate const&) = delete;
  ~certificate() { ::unlink(path_.c_str()); }

  [[nodiscard]] char const* file() const { return path_.c_str(); }

  boost::asio::ssl::context context;

private:
  std::string path_ = (std::filesystem::temp_directory_path() / "countersign-cert-XXXXXX").string();
};

}  // namespace fake
