#pragma once
// A request and its answer, as the handlers see them: no HTTP library shows here.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace provider {

using pairs = std::vector<std::pair<std::string, std::string>>;

/// The parameters of a query or of a form.
class parameters {
public:
  parameters() = default;
  /// Reads `application/x-www-form-urlencoded`.
  explicit parameters(std::string_view text);

  /// Empty if there is none.
  [[nodiscard]] std::string operator[](std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// RFC 6749 §3.1: none may be given twice, except `resource` (RFC 8707 §2).
  [[nodiscard]] bool has_twice() const;
  [[nodiscard]] pairs const& all() const { return all_; }

private:
  pairs all_;
};

struct request {
  std::string method, path;
  parameters query, form;
  std::string body;
  /// A header by its name, without case; empty if there is none.
  std::function<std::string(std::string const&)> header = {};
  /// How often it is there.
  std::function<std::size_t(std::string const&)> headers = {};
};

struct answer {
  int status = 200;
  std::string type = {}, body = {};
  pairs headers = {};
  bool hang_up = false;  // the connection is closed without a byte
};

answer json_answer(int status, std::string body);
/// RFC 6749 §5.2, as JSON.
answer oauth_error(int status, std::string_view code, std::string_view words);
answer page(int status, std::string_view words);
answer redirect(std::string const& uri, pairs const& added);

std::string percent_encoded(std::string_view text);
/// `+` is a space, as in forms.
std::string form_decoded(std::string_view text);

/// `{"NAME":"VALUE",…}`
std::string json_object(pairs const& members);

/// The words between spaces.
std::vector<std::string> words_of(std::string_view text);
/// Whether each of the words is among the others.
bool all_in(std::string_view words, std::string_view others);

}  // namespace provider
