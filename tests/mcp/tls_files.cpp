#include <countersign/mcp/tls_files.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// "certificate key ca passphrase" of a config in /etc/c, where CERT and EMPTY are set; or the error.
std::string files(std::string const& tls) {
  auto const text =
      "{\"api\":{\"type\":\"http\",\"url\":\"https://h\"" + (tls.empty() ? "" : ",\"tls\":" + tls) + "}}";
  auto const config = mcp::config::parse(cs::secret(text), "/etc/c/f.json", {}, "/etc/c");
  if (!config) return std::string(config.error().message());
  fake::world world;
  world.variables["CERT"] = "mine.pem";
  world.variables["WORD"] = "open sesame";
  world.variables["EMPTY"] = "";
  auto const got = mcp::tls_files_of(*config->find("api"), world.context());
  if (!got) return std::string(got.error().message());
  std::string all;
  for (std::string_view const one :
       {got->certificate.view(), got->key.view(), got->ca.view(), got->passphrase.reveal()})
    all.append("[").append(one).append("]");
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_tls_files)

BOOST_AUTO_TEST_CASE(paths_start_at_the_configs_folder_and_variables_are_expanded) {
  BOOST_TEST(files("") == "[][][][]");
  BOOST_TEST(files("{}") == "[][][][]");
  BOOST_TEST(files(R"({"cert":"${CERT}","key":"/k.pem","ca":"sub/ca.pem"})") ==
             "[/etc/c/mine.pem][/k.pem][/etc/c/sub/ca.pem][]");
  BOOST_TEST(files(R"({"cert":"c","passphrase":"${WORD}"})") == "[/etc/c/c][][][open sesame]");
  BOOST_TEST(files(R"({"ca":"${CERT}"})") == "[][][/etc/c/mine.pem][]");
  BOOST_TEST(files(R"({"cert":"c","passphrase":"${UNSET:-}"})") == "[/etc/c/c][][][]");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  BOOST_TEST(files(R"({"key":"k"})") ==
             "server \"api\": tls: a key without a certificate; name its file as cert");
  BOOST_TEST(
      files(R"({"cert":"${UNSET}"})").starts_with("server \"api\": tls.cert: variable UNSET is not set"));
  BOOST_TEST(files(R"({"cert":"c","key":"${EMPTY}"})")
                 .starts_with("server \"api\": tls.key: variable EMPTY is set but empty"));
  BOOST_TEST(files(R"({"ca":"${UNSET}"})").starts_with("server \"api\": tls.ca: variable UNSET"));
  BOOST_TEST(files(R"({"cert":"c","passphrase":"${UNSET}"})")
                 .starts_with("server \"api\": tls.passphrase: variable UNSET"));
}

BOOST_AUTO_TEST_CASE(a_passphrase_is_never_in_the_file) {
  auto const said = files(R"({"cert":"c","passphrase":"canary-7f3a9b41"})");
  BOOST_TEST(said.ends_with("tls.passphrase: a passphrase is never in this file; write \"${VARIABLE}\""),
             said);
  BOOST_TEST(said.find("canary") == said.npos);
}

BOOST_AUTO_TEST_SUITE_END()
