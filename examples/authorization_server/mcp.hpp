#pragma once
// The protected resource: who may call, and what the tools do.

#include "state.hpp"

#include <set>
#include <string>
#include <string_view>

namespace provider {

/// `read_note` needs the scope notes:read, `write_note` notes:write; all else any good token.
class mcp_server {
public:
  explicit mcp_server(state& all) : state_(all) {}

  /// Under the state's lock.
  answer respond(request const& asked);

private:
  struct verdict {
    int status = 200;
    std::string error = {}, words = {}, scope = {};
    int number = 0;  // of the access token
  };
  verdict check(request const& asked, std::string const& scope);
  [[nodiscard]] std::string metadata_path() const;
  [[nodiscard]] answer metadata() const;

  answer refuse(request const& asked, std::string const& method, std::string const& tool, verdict const& why);
  answer end_session(request const& asked);
  answer post(request const& asked);
  std::string wrong_in_session(request const& asked, std::string_view method);
  /// Empty: there is no such method or tool.
  std::string result_of(std::string_view method, std::string_view tool, std::string_view text,
                        bool stateless);

  state& state_;
  std::set<std::string> sessions_ = {};
  std::string note_ = "buy milk";
};

}  // namespace provider
