#include <countersign/source/aws_environment.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

namespace cs = countersign;

namespace {

// "id key token", or what went wrong.
std::string got(std::map<std::string, std::string> variables) {
  fake::world outside;
  outside.variables = std::move(variables);
  auto const context = outside.context();
  auto const made = cs::aws_environment().acquire({}, context);
  if (!made) return std::string(name(made.error().code())) + ": " + std::string(made.error().message());
  return std::string(made->access_key_id.reveal()) + " " + std::string(made->secret_access_key.reveal()) +
         " " + std::string(made->session_token.reveal());
}
constexpr auto id = "AWS_ACCESS_KEY_ID", key = "AWS_SECRET_ACCESS_KEY", token = "AWS_SESSION_TOKEN";

}  // namespace

static_assert(cs::credential_source<cs::aws_environment> && cs::immediate_source<cs::aws_environment>);

BOOST_AUTO_TEST_SUITE(source_aws_environment)

BOOST_AUTO_TEST_CASE(what_is_set_is_read) {
  BOOST_TEST(got({{id, "a"}, {key, "b"}, {token, "c"}}) == "a b c");
  BOOST_TEST(got({{id, "a"}, {key, "b"}}) == "a b ");
  BOOST_TEST(got({{id, "a"}, {key, "b"}, {token, ""}}) == "a b ");
}

BOOST_AUTO_TEST_CASE(without_a_key_it_is_anothers_turn) {
  for (auto const& none : {std::map<std::string, std::string>{}, {{token, "c"}}, {{id, ""}, {key, ""}}})
    BOOST_TEST(got(none) ==
               "not_mine: aws_environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; export "
               "both, then start again");
}

BOOST_AUTO_TEST_CASE(half_a_key_is_a_mistake) {
  auto const no_id =
      "bad_input: aws_environment: AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not; export both, "
      "then start again";
  auto const no_key =
      "bad_input: aws_environment: AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not; export both, "
      "then start again";
  BOOST_TEST(got({{key, "b"}}) == no_id);
  BOOST_TEST(got({{id, ""}, {key, "b"}, {token, "c"}}) == no_id);
  BOOST_TEST(got({{id, "a"}}) == no_key);
  BOOST_TEST(got({{id, "a"}, {key, ""}}) == no_key);
}

BOOST_AUTO_TEST_SUITE_END()
