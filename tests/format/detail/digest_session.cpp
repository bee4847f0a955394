// RFC 7616 §3.3: domain, and the space that a nonce is for
#include <countersign/format/detail/digest_session.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using text = cs::detail::digest_session_texts;

namespace {

std::string paths(std::string_view domain) {
  char room[cs::max_digest_domain];
  return std::string(cs::detail::paths_of_domain(domain, *cs::origin_of("https://a.example"), room));
}
std::size_t fit(std::string_view path, std::string_view challenged, char const* domain = nullptr) {
  cs::detail::digest_session made;
  for (auto const which : {text::origin, text::realm, text::nonce, text::first_nonce, text::opaque})
    made.texts.add(which, "");
  made.facts.domain = domain != nullptr;
  made.texts.add(text::domain, domain == nullptr ? "" : domain);
  made.texts.add(text::challenged, challenged);
  return made.fit(path);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest_session)

BOOST_AUTO_TEST_CASE(facts_pass_through_a_word) {
  int cases = 0;
  for (unsigned bits = 0; bits < 1024; ++bits) {
    auto const facts = cs::detail::digest_facts::of(bits);
    BOOST_TEST(facts.word() == bits);
    cases += facts.has_qop() == ((bits & 12) != 0);
  }
  BOOST_TEST(cases == 1024);
}

BOOST_AUTO_TEST_CASE(texts_of_any_size_lie_side_by_side_and_pass_through_words) {
  for (std::size_t size = 0; size <= 256; size += 7) {
    text texts;
    for (std::size_t i = 0; i < text::count; ++i)
      texts.add(static_cast<text::which>(i),
                std::string(size + i < 256 ? size + i : 256, static_cast<char>('a' + i)));
    cs::detail::shared_word sizes[text::size_words] = {}, bytes[text::words] = {};
    texts.store(sizes, bytes);
    text copied;
    BOOST_REQUIRE(copied.load_sizes(sizes));
    for (std::size_t i = 0; i < text::count; ++i) copied.load(static_cast<text::which>(i), bytes);
    for (std::size_t i = 0; i < text::count; ++i) {
      auto const which = static_cast<text::which>(i);
      BOOST_TEST(copied[which] == texts[which]);
      BOOST_TEST(copied[which] == std::string(size + i < 256 ? size + i : 256, static_cast<char>('a' + i)));
    }
  }
  cs::detail::shared_word const sizes[text::size_words] = {0xffff, 0};
  text torn;
  BOOST_TEST(!torn.load_sizes(sizes));
}

BOOST_AUTO_TEST_CASE(the_longest_texts_have_room) {
  text texts;
  for (std::size_t i = 0; i < text::count; ++i)
    texts.add(static_cast<text::which>(i), std::string(text::most[i], static_cast<char>('a' + i)));
  for (std::size_t i = 0; i < text::count; ++i)
    BOOST_TEST(texts[static_cast<text::which>(i)] == std::string(text::most[i], static_cast<char>('a' + i)));
}

BOOST_AUTO_TEST_CASE(a_domain_s_uris_become_paths_and_other_origins_are_not_heard) {
  BOOST_TEST(paths("/") == "/");
  BOOST_TEST(paths("/a /b/c") == "/a /b/c");
  BOOST_TEST(paths("  /a  /b ") == "/a /b");
  BOOST_TEST(paths("https://a.example/x https://b.example/y /z") == "/x /z");
  BOOST_TEST(paths("HTTPS://A.example:443/x https://a.example https://a.example:8443/y") == "/x /");
  BOOST_TEST(paths("//b.example/x relative http://a.example/x ?q #f") == "");
  BOOST_TEST(paths(std::string(cs::max_digest_domain, '/').replace(1, 1, "a")) ==
             std::string(cs::max_digest_domain, '/').replace(1, 1, "a"));
}

BOOST_AUTO_TEST_CASE(a_path_fits_the_prefixes_of_its_domain_or_where_it_was_challenged) {
  BOOST_TEST(fit("/docs/x", "/other", "/docs /d") == 5u);
  BOOST_TEST(fit("/dx", "/other", "/docs /d") == 2u);
  BOOST_TEST(fit("/x", "/other", "/docs /d") == 0u);
  BOOST_TEST(fit("/other", "/other", "/docs") == 6u);  // it was challenged there
  BOOST_TEST(fit("/other/", "/other", "/docs") == 0u);
  BOOST_TEST(fit("/other", "/other", "") == 6u);
  BOOST_TEST(fit("/x", "/other", "") == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_domain_it_is_the_whole_server_and_the_nearest_fits_best) {
  BOOST_TEST(fit("/a/b", "/") == 1u);
  BOOST_TEST(fit("/a/b", "/a/x") == 3u);
  BOOST_TEST(fit("/a/b/c", "/a/b/d") == 5u);
  BOOST_TEST(fit("/z", "/a/x") == 1u);
  BOOST_TEST(fit("", "/a/x") == 1u);
  BOOST_TEST(fit("*", "/a/x") == 1u);
  BOOST_TEST(cs::detail::path_of_target("/a?b/c") == "/a");
  BOOST_TEST(cs::detail::path_of_target("/a") == "/a");
}

BOOST_AUTO_TEST_SUITE_END()
