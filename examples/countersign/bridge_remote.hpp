#pragma once
// The server behind the bridge: requests with their credential, from many threads.

#include "login_store.hpp"
#include "options.hpp"
#include "signing_in.hpp"

#include <countersign/adapt/beast_websocket.hpp>
#include <countersign/adapt/curl.hpp>
#include <countersign/adapt/curl_listener.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/tls_files.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace program {

class bridge_remote {
public:
  /// Refers to all that it is given. No network; who must sign in is told when something is sent.
  static countersign::result<std::unique_ptr<bridge_remote>> open(countersign::mcp::server const& server,
                                                                  options const& asked,
                                                                  countersign::context const& outside,
                                                                  countersign::mcp::config_owner owner);

  /// Sends what is for the server, with its credential; nobody is asked to sign in.
  /// @param by hears the answer
  /// @param refused receives an answer that led to an error
  countersign::result<countersign::response>
  send(countersign::request const& what, countersign::curl_listener& by, countersign::response& refused);

  /// Opens a WebSocket to the server, with its credential in the handshake; nobody is asked to sign in.
  /// @param called_off ends it within a second
  /// @param refused receives an answer that was not 101
  countersign::result<countersign::websocket_connection> connect(std::atomic<bool> const& called_off,
                                                                 countersign::response& refused);

  [[nodiscard]] std::string_view url() const { return url_.reveal(); }
  /// Milliseconds of silence after which a request has failed; 0: it may take as long as it likes.
  [[nodiscard]] std::int64_t patience() const { return server_.timeout(); }

  /// The line that tells the client why there is no answer. No word in it is the server's.
  [[nodiscard]] std::string why_not(std::string_view id, countersign::error const& why,
                                    countersign::response const& refused) const;

private:
  struct wires {
    countersign::curl_transport own, others;
  };

  bridge_remote(countersign::mcp::server const& server, options const& asked,
                countersign::context const& outside, countersign::mcp::config_owner owner);
  countersign::result<void> read_credential();
  std::shared_ptr<server_auth> credential();
  // After a refusal: whether there may be another credential, as the entry's envFile was written to.
  bool reads_anew(std::shared_ptr<server_auth> const& refused);
  [[nodiscard]] std::uint64_t version_of_env_file() const;
  // `job` with the credential, and again with a new one. Its answer is a result.
  template <class Job>
  auto with_credential(Job&& job, countersign::response const& refused);
  std::unique_ptr<wires> borrow();
  void give_back(std::unique_ptr<wires> with);
  // Sends by one of two wires: only the server itself is shown our certificate.
  countersign::result<countersign::response> pass(countersign::request const& one, wires& with,
                                                  countersign::curl_listener* by, std::string_view shown);
  // What a trace tells of a URL: what variables hold stays untold.
  [[nodiscard]] std::string shown(std::string_view url, bool own) const;
  [[nodiscard]] bool can_sign_in(countersign::response const& refused) const;

  countersign::mcp::server const& server_;
  options const& asked_;
  countersign::context outside_;
  login_store store_;
  countersign::mcp::config_owner owner_;
  std::shared_ptr<server_auth> auth_;  // refers to the store
  std::uint64_t env_version_ = 0;
  countersign::secret url_;
  countersign::mcp::tls_files tls_;
  std::mutex lock_;
  std::vector<std::unique_ptr<wires>> free_;  // with the connections that they keep
};

}  // namespace program
