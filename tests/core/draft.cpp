// RFC 9110 §5.1, §5.5
#include <countersign/core/draft.hpp>

#include "fake/heap.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

using namespace countersign;
using namespace std::literals;

static_assert(draft::inline_bytes == 1536 && draft::max_fields == 128);
static_assert(!std::is_copy_constructible_v<draft> && !std::is_move_constructible_v<draft>);

namespace {

struct recorder {
  std::string lines;
  bool operator()(std::string_view name, std::string_view value) {
    lines.append(name).append("=").append(value).append(";");
    return true;
  }
};

std::string poured(draft const& d) {
  recorder to;
  auto const ok = d.commit(to);
  BOOST_TEST(ok.has_value());
  return to.lines;
}

// What is wrong with the draft; and the sink must not have been called.
error refused(draft const& d) {
  recorder to;
  auto const ok = d.commit(to);
  BOOST_TEST(!ok.has_value());
  BOOST_TEST(to.lines == "");
  BOOST_TEST((d.check().error() == ok.error()));
  return ok ? error() : ok.error();
}

// Bytes that a field takes beside its name and value.
constexpr std::size_t overhead = sizeof(detail::field_sizes);

}  // namespace

BOOST_AUTO_TEST_SUITE(core_draft)

BOOST_AUTO_TEST_CASE(fields_are_composed_of_pieces_and_poured_in_order) {
  draft d;
  BOOST_TEST(poured(d) == "");
  secret const token("abc");
  d.set("Authorization", "Bearer ", token.reveal());
  d.set("X-Empty");
  d.set("X-Also-Empty", "", "");
  d.set("X-Parts", "a"sv, std::string("b"), "c", token.reveal());
  BOOST_TEST(poured(d) == "Authorization=Bearer abc;X-Empty=;X-Also-Empty=;X-Parts=abcabc;");
}

BOOST_AUTO_TEST_CASE(a_later_formatter_sees_the_earlier_fields) {
  draft d;
  d.set("X-Date", "2026-01-01");
  BOOST_TEST(d.get("x-date").value() == "2026-01-01");
  BOOST_TEST(!d.get("X-Dat").has_value());
  int seen = 0;
  d.each([&](std::string_view name, std::string_view value) {
    seen += name == "X-Date" && value == "2026-01-01";
  });
  BOOST_TEST(seen == 1);
}

BOOST_AUTO_TEST_CASE(the_sink_may_be_a_temporary_or_a_lambda) {
  draft d;
  d.set("A", "1");
  int calls = 0;
  BOOST_TEST(d.commit([&](std::string_view, std::string_view) { return ++calls > 0; }).has_value());
  auto const constant = [&](std::string_view, std::string_view) { return ++calls > 0; };
  BOOST_TEST(d.commit(constant).has_value());
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(a_sink_without_memory_is_told_of) {
  draft d;
  d.set("A", "1");
  d.set("B", "2");
  int calls = 0;
  auto const ok = d.commit([&](std::string_view name, std::string_view) { return ++calls, name != "A"; });
  BOOST_TEST((ok.error().code() == errc::no_memory));
  BOOST_TEST(ok.error().message() == "header A: the request had no room for it");
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(only_bytes_of_a_token_make_a_name) {
  for (int i = 0; i < 256; ++i) {
    std::string const name{'X', static_cast<char>(i)};
    draft d;
    d.set(name, "v");
    if (is_token(name)) BOOST_TEST(poured(d) == name + "=v;");
    else BOOST_TEST((refused(d).code() == errc::bad_field), i);
  }
  draft d;
  d.set("", "v");
  BOOST_TEST((refused(d).code() == errc::bad_field));
}

BOOST_AUTO_TEST_CASE(a_control_byte_in_a_value_is_refused_and_never_taken_out) {
  for (int i = 0; i < 256; ++i) {
    std::string const value{'a', static_cast<char>(i), 'b'};
    draft d;
    d.set("X", value);
    if (is_field_value(value)) BOOST_TEST(poured(d) == "X=" + value + ";");
    else BOOST_TEST((refused(d).code() == errc::bad_field), i);
  }
  for (auto const bad : {"\r\n"sv, "a\r\nX-Evil: 1"sv, "a\n"sv, "\0"sv, " a"sv, "a "sv, "\ta"sv, "a\t"sv}) {
    draft d;
    d.set("Good", "1");
    d.set("X", bad);
    auto const why = refused(d);
    BOOST_TEST((why.code() == errc::bad_field));
    BOOST_TEST(why.message().starts_with("header X: "));
  }
}

// Pieces are checked as what they make together.
BOOST_AUTO_TEST_CASE(pieces_that_end_in_blanks_may_stand_inside) {
  draft d;
  d.set("X", "a ", " b");
  BOOST_TEST(poured(d) == "X=a  b;");
  draft e;
  e.set("X", "a", " ");
  BOOST_TEST((refused(e).code() == errc::bad_field));
}

BOOST_AUTO_TEST_CASE(no_error_shows_a_value) {
  constexpr auto canary = "canary-value"sv;
  for (auto const& value :
       {std::string(canary) + "\n", std::string(canary) + std::string(max_field_value, 'x')}) {
    draft d;
    d.set("X", value);
    BOOST_TEST(refused(d).message().find("canary") == std::string_view::npos);
  }
  draft d;
  d.set("A", canary);
  d.set("a", canary);
  BOOST_TEST(refused(d).message().find("canary") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_name_is_written_once) {
  draft d;
  d.set("Authorization", "1");
  d.set("X", "2");
  d.set("AUTHORIZATION", "3");
  BOOST_TEST((refused(d).code() == errc::fatal));
  BOOST_TEST(refused(d).message() == "header Authorization: two formatters write it; give each its own name");
}

BOOST_AUTO_TEST_CASE(a_value_of_131072_bytes_passes_and_one_more_does_not) {
  std::string const value(max_field_value + 1, 'x');
  draft whole, more;
  whole.set("X", std::string_view(value).substr(1));
  BOOST_TEST(poured(whole).size() == max_field_value + 3);
  more.set("X", value);
  BOOST_TEST((refused(more).code() == errc::too_large));
  BOOST_TEST(refused(more).message() == "header X: the value is longer than 131072 bytes");
}

BOOST_AUTO_TEST_CASE(a_name_of_256_bytes_passes_and_one_more_does_not) {
  std::string const name(max_field_name + 1, 'x');
  draft whole, more;
  whole.set(std::string_view(name).substr(1), "1");
  BOOST_TEST(poured(whole).size() == max_field_name + 3);
  more.set(name, "1");
  BOOST_TEST((refused(more).code() == errc::too_large));
  BOOST_TEST(refused(more).message() == "header name: longer than 256 bytes");
}

BOOST_AUTO_TEST_CASE(the_128th_field_passes_and_one_more_does_not) {
  draft d;
  for (unsigned i = 0; i < draft::max_fields; ++i) d.set("X" + std::to_string(i), "v");
  BOOST_TEST(d.check().has_value());
  d.set("Y", "v");
  BOOST_TEST((refused(d).code() == errc::too_large));
  BOOST_TEST(refused(d).message() == "header fields: more than 128 were written");
  BOOST_TEST(!d.get("Y").has_value());
}

BOOST_AUTO_TEST_CASE(up_to_1536_bytes_take_no_memory_and_one_more_does) {
  std::string const value(draft::inline_bytes - overhead - 1, 'x');
  draft d;
  {
    fake::heap::counter const heap;
    d.set("X", value);
    if (fake::heap::is_ours) BOOST_TEST(heap.count() == 0);
  }
  BOOST_TEST(poured(d) == "X=" + value + ";");
  {
    fake::heap::counter const heap;
    draft more;
    more.set("X", value, "y");
    if (fake::heap::is_ours) BOOST_TEST(heap.count() == 1);
  }
  // In two fields, so that the first has to move.
  draft e;
  e.set("A", std::string_view(value).substr(overhead + 1));
  BOOST_TEST(e.bytes().size() == draft::inline_bytes - overhead - 1);
  e.set("B", "y");
  BOOST_TEST(poured(e) == "A=" + value.substr(overhead + 1) + ";B=y;");
}

BOOST_AUTO_TEST_CASE(however_many_and_long_all_are_kept) {
  draft d;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    auto const name = "X-" + std::to_string(i), value = std::string(static_cast<std::size_t>(i * 7), 'v');
    d.set(name, value);
    expected += name + "=" + value + ";";
  }
  BOOST_TEST(poured(d) == expected);
}

// A formatter may repeat what an earlier one wrote, also where the draft has to grow for it.
BOOST_AUTO_TEST_CASE(a_piece_may_be_a_field_set_before) {
  for (std::size_t const size : {10u, 700u, 1400u, 1600u, 20'000u}) {
    std::string expected(size, 'v');
    draft d;
    d.set("A", expected);
    for (auto const* name : {"B", "C", "D", "E"}) {
      auto const before = d.get("A").value();
      d.set(name, before, "-", before);
      BOOST_REQUIRE(d.get(name).value() == expected + "-" + expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_field_is_replaced_by_one_that_holds_it) {
  for (std::size_t const size : {std::size_t{1}, draft::inline_bytes - 64, draft::inline_bytes, std::size_t{4} * draft::inline_bytes}) {
    std::string const first(size, 'a'), last(40, 'z');
    draft out;
    out.set("First", first);
    out.set("Last", last);
    out.replace("first", *out.get("First"), ", b");
    BOOST_TEST((out.get("First") == first + ", b"));
    BOOST_TEST((out.get("Last") == last));
    out.replace("New", "1");
    out.replace("new", "2");
    BOOST_TEST((out.get("New") == "2"));
    std::string names;
    out.each([&](std::string_view name, std::string_view) { names.append(name).append(" "); });
    BOOST_TEST(names == "Last first new ");
    BOOST_TEST(out.check().has_value());
  }
  draft many;
  many.set("a", "");
  for (unsigned i = 0; i < 3 * draft::max_fields; ++i) many.replace("A", std::to_string(i));
  BOOST_TEST(many.check().has_value());
  BOOST_TEST((many.get("a") == std::to_string(3 * draft::max_fields - 1)));
}

BOOST_AUTO_TEST_CASE(a_field_for_which_there_is_no_memory_is_told_of_at_the_end) {
  if (!fake::heap::is_ours) return;
  std::string const value(2000, 'x');
  draft d;
  d.set("A", "1");
  {
    fake::heap::exhausted const none;
    d.set("B", value);
  }
  d.set("C", "3");
  BOOST_TEST((refused(d).code() == errc::no_memory));
  BOOST_TEST(refused(d).message() == "header fields: out of memory");
}

BOOST_AUTO_TEST_CASE(a_size_beyond_31_bits_is_refused_unread) {
  std::size_t const volatile size = 0x80000000u;  // the compiler would warn of what the guard prevents
  std::string_view const huge("x", size);
  draft name, value;
  name.set(huge, "v");
  BOOST_TEST(!name.check().has_value());
  value.set("X", huge);
  BOOST_TEST(!value.check().has_value());
}

BOOST_AUTO_TEST_CASE(nothing_of_it_stays_in_memory) {
  constexpr auto canary = "draft-canary-5e21"sv;
  {
    fake::heap::watch const watch(canary);
    {
      draft d;
      d.set("A", canary);
      for (int i = 0; i < 20; ++i) d.set("X" + std::to_string(i), std::string(500, 'x'));
      d.set("B", canary);
    }
    BOOST_TEST(watch.found() == 0);
  }
  alignas(draft) unsigned char room[sizeof(draft)];
  auto* const d = ::new (static_cast<void*>(room)) draft;
  d->set("A", canary);
  auto const used = d->bytes();
  auto const holds = [&] {
    std::string seen;
    for (std::size_t i = 0; i < used.size(); ++i) seen += static_cast<char const volatile*>(used.data())[i];
    return seen.find(canary) != std::string::npos;
  };
  BOOST_TEST(holds());
  d->~draft();
  BOOST_TEST(!holds());
}

BOOST_AUTO_TEST_CASE(an_overlay_shows_what_will_be_sent) {
  request sent("POST", "https://example.com/a?b", secret("body"));
  sent.set("Accept", "old");
  sent.set("X-Kept", "1");
  draft d;
  d.set("ACCEPT", "new");
  d.set("X-New", "2");

  auto const view = view_of(sent);
  overlay const seen(view, d);
  static_assert(request_view<decltype(seen)> && body_view<decltype(seen)>);
  std::string lines;
  seen.fields([&](std::string_view name, std::string_view value) {
    lines.append(name).append("=").append(value).append(";");
  });
  BOOST_TEST(lines == "X-Kept=1;ACCEPT=new;X-New=2;");
  BOOST_TEST(seen.method() == "POST");
  BOOST_TEST(seen.origin() == "https://example.com");
  BOOST_TEST(seen.target() == "/a?b");
  BOOST_TEST(seen.url() == "https://example.com/a?b");
  BOOST_TEST(seen.body().value() == "body");
}

namespace {
struct bare_view {
  std::string_view method() const { return "GET"; }
  std::string_view origin() const { return "https://example.com"; }
  std::string_view target() const { return "/"; }
  void fields(auto&&) const {}
};
template <class V>
concept shows_url = requires(V const& view) {
  view.url();
};
}  // namespace

// An overlay has a body and a URL where the view has them.
static_assert(request_view<overlay<bare_view>> && !body_view<overlay<bare_view>> &&
              !shows_url<overlay<bare_view>>);
static_assert(shows_url<overlay<request_traits<request>::view_type>>);

BOOST_AUTO_TEST_SUITE_END()
