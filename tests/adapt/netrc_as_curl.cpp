// What libcurl sends for a netrc file, beside what the toolkit reads in it.
#include <countersign/text/netrc.hpp>

#include "fake/server.hpp"
#include "os/scratch.hpp"

#include <countersign/text/base64.hpp>

#include <curl/curl.h>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

// "user:password" for a host, or empty if libcurl sends none.
std::string sent_by_curl(fake::server const& server, std::string const& file, std::string const& host) {
  auto* const handle = curl_easy_init();
  BOOST_REQUIRE(handle != nullptr);
  auto const port = server.origin().substr(server.origin().rfind(':'));
  auto* const hosts = curl_slist_append(nullptr, ("::127.0.0.1" + port).c_str());
  std::string said;
  curl_easy_setopt(handle, CURLOPT_URL, ("http://" + host + "/").c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECT_TO, hosts);
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_REQUIRED));
  curl_easy_setopt(handle, CURLOPT_NETRC_FILE, file.c_str());
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &said);
  curl_easy_setopt(
      handle, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t, std::size_t size, void* to) {
        static_cast<std::string*>(to)->append(bytes, size);
        return size;
      });
  auto const code = curl_easy_perform(handle);
  curl_slist_free_all(hosts);
  curl_easy_cleanup(handle);
  BOOST_TEST(code == CURLE_OK);
  if (!said.starts_with("Basic ")) return said;
  auto const login = cs::decode_base64(said.substr(6));
  return login ? std::string(login->reveal()) : "malformed";
}

std::string read_here(std::string_view text, std::string_view host) {
  auto const file = cs::netrc_file::parse(cs::secret(text), "netrc");
  if (!file) return std::string(file.error().message());
  auto const found = file->find(host);
  if (!found || !found->login || !found->password) return "";
  return std::string(*found->login) + ':' + std::string(*found->password);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_netrc_as_curl)

BOOST_AUTO_TEST_CASE(libcurl_reads_the_same_logins) {
  fake::server const server([](fake::received const& r) {
    auto const found = r.fields.find("authorization");
    return fake::server::plain(200, found == r.fields.end() ? "" : found->second);
  });
  scratch const here;
  constexpr std::string_view texts[] = {
      "machine a.test login one password 1\n",
      "machine a.test\n\tlogin one\n\tpassword 1\n",
      "machine a.test password 1 login one\n",
      "MACHINE A.test LOGIN one PASSWORD 1\n",
      "machine b.test login two password 2\nmachine a.test login one password 1\n",
      "machine a.test login one password 1\nmachine a.test login two password 2\n",
      "machine b.test login two password 2\ndefault login any password 3\n",
      "machine b.test login two password 2\n",
      "# machine a.test login x password y\nmachine a.test login one # password x\npassword 1\n",
      "machine a.test login one#x password 1#y\n",
      "machine a.test login \"one\" password \"1 and a half\"\n",
      "machine a.test login one password \"a\\\"b\\\\c\\x\\ty\"\n",
      "machine a.test login one password a\\b\"c\"\\\\d\n",
      "machine a.test login one password c,d\n",
      "machine a.test login password password login\n",
      "machine a.test login \xc3\xa4 password \xc3\xb6\n",
      "machine a.test login one account x password 1\n",
      "macdef init\nmachine a.test login x password y\n\nmachine a.test login one password 1\n",
      "machine a.test login one password 1\r\n",
      "machine a.test login one password 1",
  };
  for (auto const text : texts) {
    auto const theirs = sent_by_curl(server, here.write("netrc", text), "a.test");
    BOOST_TEST(read_here(text, "a.test") == theirs, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
