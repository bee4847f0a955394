#include "archetypes/immediate_source.hpp"

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::serial_numbers, archetypes::token_file;

static_assert(immediate_source<token_file> && credential_source<token_file> && !remote_source<token_file>);
static_assert(immediate_source<serial_numbers>);

namespace {

struct without_credential {
  result<secret> acquire(occasion const&, context const&) const { return secret(); }
};
struct without_acquire : token_file {
  void acquire() const = delete;
};
struct changing {
  using credential = secret;
  result<secret> acquire(occasion const&, context const&) { return secret(); }
};
struct of_another_type {
  using credential = secret;
  result<token> acquire(occasion const&, context const&) const { return token(); }
};
struct without_memory {
  using credential = secret;
  result<secret> acquire(occasion const&, context const&, serial_numbers::memory&) const { return secret(); }
};
struct pinned : token_file {
  pinned() = default;
  pinned(pinned&&) = delete;
};

}  // namespace

static_assert(!credential_source<without_credential> && !credential_source<without_acquire>);
static_assert(!credential_source<changing>, "threads share it");
static_assert(!credential_source<of_another_type> && !credential_source<without_memory>);
static_assert(!credential_source<pinned> && !credential_source<int>);

BOOST_AUTO_TEST_SUITE(archetype_immediate_source)

BOOST_AUTO_TEST_CASE(it_reads_its_file) {
  fake::world w;
  w.files["/run/token"] = "abc";
  occasion const first;
  BOOST_TEST(token_file{"/run/token"}.acquire(first, w.context()).value().reveal() == "abc");
  BOOST_TEST((token_file{"/run/other"}.acquire(first, w.context()).error().code() == errc::not_mine));
}

BOOST_AUTO_TEST_SUITE_END()
