#include <countersign/drive/send.hpp>

#include "drive/conversations.hpp"

#include <stdexcept>

namespace {

namespace cs = countersign;

struct blocking {
  explicit blocking(fake::service& api) : http(api) {}
  static std::string origin() { return "https://api.example"; }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    return cs::send(auth, call, http);
  }
  fake::direct http;
};

cs::oauth::client_credentials source() { return {.token_endpoint = "https://api.example/token", .client = {.id = "c", .secret = cs::secret("s")}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_send)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<blocking>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) { conversations::abandon_everywhere<blocking>(); }

BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<blocking>(); }

BOOST_AUTO_TEST_CASE(what_a_transport_throws_passes_through_and_the_next_caller_is_not_held_up) {
  fake::world world;
  fake::service api;
  cs::authenticator auth(source(), cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
  cs::request const call("GET", "https://api.example/things");
  for (std::string_view throws_at : {"https://api.example/token", "https://api.example/things"}) {
    auto const throwing = [&](cs::request const& what) -> cs::result<cs::response> {
      if (what.url() == throws_at) throw std::runtime_error("the wire burns");
      return fake::direct(api)(what);
    };
    BOOST_CHECK_THROW(static_cast<void>(cs::send(auth, call, throwing)), std::runtime_error);
    auto const next = cs::send(auth, call, fake::direct(api));
    BOOST_REQUIRE(next.has_value());
    BOOST_TEST(next->status() == 200);
  }
  BOOST_TEST(api.token_posts() == 1);
}

BOOST_AUTO_TEST_CASE(a_person_is_asked_and_heard) {
  fake::world world;
  world.tick = cs::milliseconds(1);
  fake::service api;
  std::vector<std::string> heard;
  cs::authenticator auth(conversations::thorough("https://api.example/token", heard), cs::bearer{}, cs::only{"https://api.example"}, world.context());
  auto const somebody = [](cs::question const& what) -> cs::result<cs::secret> { return cs::secret("saw ", what.url.reveal()); };
  auto const got = cs::send(auth, cs::request("GET", "https://api.example/things"), fake::direct(api), somebody);
  BOOST_REQUIRE(got.has_value());
  BOOST_REQUIRE(heard.size() > 3u);
  BOOST_TEST(heard[3] == "said 'saw https://api.example/token'");
}

// Asks a server, in vain, and then a person or nobody.
struct needy {
  using credential = cs::secret;
  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    explicit exchange(bool asks) : asks_(asks) { send(cs::request("GET", "https://api.example/nothing"), &exchange::answered); }
    void answered() {
      cs::question asked;
      asked.url = cs::secret("https://api.example/sign-in");
      if (asks_) ask(std::move(asked), &exchange::arrived);
      else arrived();
    }
    void arrived() { give_up(cs::error{cs::errc::needs_person, "needy: sign in first"}); }
    bool asks_;
  };
  [[nodiscard]] exchange acquire(cs::occasion const&, cs::context const&) const { return exchange(asks); }
  bool asks;
};

BOOST_AUTO_TEST_CASE(who_could_not_ask_says_why_and_no_lost_request_hides_it) {
  auto const lost = [](cs::request const&) -> cs::result<cs::response> { return cs::error{cs::errc::not_sent, "no route"}; };
  auto const busy = [](cs::question const&) -> cs::result<cs::secret> { return cs::error{cs::errc::needs_person, "no browser here"}; };
  for (bool asks : {false, true}) {
    fake::world world;
    cs::authenticator auth(needy{asks}, cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
    auto const got = cs::send(auth, cs::request("GET", "https://api.example/things"), lost, busy);
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(name(got.error().code()) == "needs_person");
    BOOST_TEST(got.error().message() == (asks ? "no browser here" : "needy: sign in first"));
  }
}

BOOST_AUTO_TEST_CASE(the_refused_response_itself_is_not_lost) {
  fake::world world;
  fake::service api;
  api.turn.refuse_all = true;
  cs::authenticator auth(source(), cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
  cs::response refused;
  auto const got = cs::send(auth, cs::request("GET", "https://api.example/things"), fake::direct(api), cs::nobody{}, &refused);
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "rejected");
  BOOST_TEST(refused.status() == 401);
  BOOST_TEST(refused.headers.get("WWW-Authenticate").has_value());
}

BOOST_AUTO_TEST_CASE(a_transport_error_is_returned_in_its_own_words) {
  fake::world world;
  cs::authenticator auth(cs::oauth::client_credentials(source()), cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
  fake::service api;
  auto const http = [&](cs::request const& what) -> cs::result<cs::response> {
    if (what.url() == "https://api.example/token") return fake::direct(api)(what);
    return cs::error{cs::errc::not_sent, "my transport: no route"};
  };
  auto const got = cs::send(auth, cs::request("GET", "https://api.example/things"), http);
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "not_sent");
  BOOST_TEST(got.error().message() == "my transport: no route");
}

BOOST_AUTO_TEST_CASE(what_a_transport_refuses_to_send_was_not_sent) {
  struct {
    cs::errc code;
    bool sent;
  } const table[] = {{cs::errc::not_sent, false},  {cs::errc::bad_input, false},  {cs::errc::bad_field, false},
                     {cs::errc::unanswered, true}, {cs::errc::too_large, true},   {cs::errc::fatal, true}};
  for (auto const& row : table)
    BOOST_TEST((cs::detail::how_lost(cs::error(row.code, "x")) == (row.sent ? cs::lost::unanswered : cs::lost::not_sent)), cs::name(row.code));
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_to_another_origin) {
  fake::world world;
  fake::service api;
  cs::authenticator auth(source(), cs::bearer{}, cs::renewal{}, cs::only{"https://api.example"}, world.context());
  for (std::string_view url : {"https://api.example.evil/things", "http://api.example/things", "https://api.example:8443/things", "https://evil@api.example.evil/", "nonsense"}) {
    auto const got = cs::send(auth, cs::request("GET", url), fake::direct(api));
    BOOST_TEST(!got.has_value(), url);
  }
  BOOST_TEST(api.calls() == 0);
  BOOST_TEST(api.token_posts() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
