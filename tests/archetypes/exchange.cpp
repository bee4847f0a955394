#include "archetypes/exchange.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace countersign;
using archetypes::probe;

static_assert(exchange<probe> && !call_exchange<probe>);

namespace {

struct without_wants : probe {
  void wants() const = delete;
};
struct without_pending : probe {
  void pending() const = delete;
};
struct without_asks : probe {
  void asks() const = delete;
};
struct without_until : probe {
  void until() const = delete;
};
struct without_supply : probe {
  void supply() = delete;
};
struct without_fail : probe {
  void fail() = delete;
};
struct without_perform : probe {
  void perform() = delete;
};
struct without_resume : probe {
  void resume() = delete;
};
struct without_arrive : probe {
  void arrive() = delete;
};
struct without_wake_with : probe {
  void wake_with() = delete;
};
struct without_outcome : probe {
  void outcome() = delete;
};
struct pinned : probe {
  pinned(pinned&&) = delete;
};
struct copying : probe {
  request pending() const { return {}; }
};

}  // namespace

static_assert(!exchange<without_wants> && !exchange<without_pending> && !exchange<without_asks>);
static_assert(!exchange<without_until> && !exchange<without_supply> && !exchange<without_fail>);
static_assert(!exchange<without_perform> && !exchange<without_resume> && !exchange<without_arrive>);
static_assert(!exchange<without_wake_with> && !exchange<without_outcome> && !exchange<pinned>);
static_assert(!exchange<copying>, "the request stays where it is until the next event");

BOOST_AUTO_TEST_SUITE(archetype_exchange)

BOOST_AUTO_TEST_CASE(it_sends_once_and_is_done) {
  probe talk("https://example.com/");
  BOOST_REQUIRE((talk.wants() == want::send));
  BOOST_TEST(talk.pending().url() == "https://example.com/");
  talk.supply(response(204), {});
  talk.fail(lost::unanswered, {});
  BOOST_REQUIRE((talk.wants() == want::done));
  BOOST_TEST(std::move(talk).outcome().value() == 204);
}

BOOST_AUTO_TEST_CASE(it_says_how_its_request_was_lost) {
  for (auto const& [how, code] :
       {std::pair(lost::not_sent, errc::not_sent), std::pair(lost::unanswered, errc::unanswered)}) {
    probe talk("https://example.com/");
    talk.fail(how, {});
    BOOST_TEST((std::move(talk).outcome().error().code() == code));
  }
  BOOST_TEST((probe("https://example.com/").outcome().error().code() == errc::abandoned));
}

BOOST_AUTO_TEST_SUITE_END()
