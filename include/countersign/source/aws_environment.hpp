#pragma once
// An access key of AWS from the environment.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if it is set, AWS_SESSION_TOKEN. Neither of the first two, or an
/// empty one in the place of each, is errc::not_mine, so that a chain goes on; one without the other is a mistake.
class aws_environment {
public:
  using credential = aws_credentials;

  [[nodiscard]] result<aws_credentials> acquire(occasion const&, context const& outside) const {
    auto id = read(outside, "AWS_ACCESS_KEY_ID");
    if (!id) return id.error();
    auto key = read(outside, "AWS_SECRET_ACCESS_KEY");
    if (!key) return key.error();
    if (id->empty() && key->empty())
      return error{errc::not_mine,
                   "aws_environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; export "
                   "both, then start again"};
    if (id->empty() || key->empty())
      return error{errc::bad_input, "aws_environment: ",
                   id->empty() ? "AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID"
                               : "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY",
                   " is not; export both, then start again"};
    auto token = read(outside, "AWS_SESSION_TOKEN");
    if (!token) return token.error();
    return aws_credentials{std::move(*id), std::move(*key), std::move(*token)};
  }

private:
  // Empty where it is not set.
  static result<secret> read(context const& outside, std::string_view name) {
    auto value = outside.variable(name);
    if (!value && value.error().code() == errc::not_mine) return secret();
    if (!value) return value.error().within("aws_environment: ");
    return value;
  }
};

}  // namespace countersign::inline v0
