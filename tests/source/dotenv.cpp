#include <countersign/source/dotenv.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "os/scratch.hpp"

#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/stat.h>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::immediate_source<cs::dotenv> && !cs::is_renewable<cs::dotenv> &&
              !cs::knows_origin<cs::dotenv>);

namespace {

std::string answer(fake::world& w, cs::dotenv const& source) {
  auto const got = source.acquire({}, w.context());
  if (got) return std::string(got->reveal());
  return "(" + std::string(cs::name(got.error().code())) + ") " + std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_dotenv)

BOOST_AUTO_TEST_CASE(the_file_is_asked_where_the_environment_has_no_answer) {
  fake::world w;
  w.files[".env"] = "HOST=h\nAPI_TOKEN=\"t-$HOST\"\n";
  cs::dotenv const source{".env", "API_TOKEN"};
  BOOST_TEST(source.path() == ".env");
  BOOST_TEST(source.variable() == "API_TOKEN");
  BOOST_TEST(answer(w, source) == "t-h");
  w.variables["HOST"] = "outer";
  BOOST_TEST(answer(w, source) == "t-outer");
  BOOST_TEST(w.file_reads() == 2u);
  w.variables["API_TOKEN"] = "real";
  BOOST_TEST(answer(w, source) == "real");
  BOOST_TEST(w.file_reads() == 2u);
}

BOOST_AUTO_TEST_CASE(the_file_wins_where_it_is_told_to) {
  fake::world w;
  w.files[".env"] = "HOST=h\nAPI_TOKEN=\"t-$HOST\"\n";
  w.variables = {{"API_TOKEN", "real"}, {"HOST", "outer"}};
  cs::dotenv const plain{".env", "API_TOKEN"};
  BOOST_TEST(answer(w, plain.file_wins()) == "t-h");
  BOOST_TEST(answer(w, cs::dotenv(".env", "API_TOKEN").file_wins()) == "t-h");
  BOOST_TEST(answer(w, plain) == "real");
  BOOST_TEST(answer(w, cs::dotenv("none", "API_TOKEN").file_wins()) == "real");
}

BOOST_AUTO_TEST_CASE(unset_and_empty_are_not_mine_with_variable_and_file) {
  fake::world w;
  w.files["app/.env"] = "OTHER=x\nEMPTY=\n";
  w.variables["BLANK"] = "";
  struct {
    cs::dotenv source;
    std::string_view said;
  } const rows[] = {
      {{"app/.env", "API_TOKEN"},
       "(not_mine) dotenv: variable API_TOKEN is in neither the environment nor app/.env; give it a value "
       "there"},
      {{"none/.env", "API_TOKEN"},
       "(not_mine) dotenv: variable API_TOKEN is in neither the environment nor none/.env, which does not "
       "exist; give it "
       "a value there"},
      {{"app/.env", "EMPTY"},
       "(not_mine) dotenv: variable EMPTY is empty in app/.env; give it a value there"},
      {{"app/.env", "BLANK"},
       "(not_mine) dotenv: variable BLANK is empty in the environment, which wins over app/.env; unset it, "
       "or say "
       ".file_wins()"},
  };
  for (auto const& row : rows) BOOST_TEST(answer(w, row.source) == row.said);
}

// A chain must not go on to another identity because of a slip in this file.
BOOST_AUTO_TEST_CASE(any_other_failure_is_told_and_ends_a_chain) {
  fake::world w;
  w.files[".env"] = "A=1\nAPI_TOKEN=`cat token`\n";
  BOOST_TEST(answer(w, {".env", "API_TOKEN"})
                 .starts_with("(bad_input) dotenv .env, line 2: no commands are run here"));
  BOOST_TEST(answer(w, {".env", "A"}).starts_with("(bad_input) dotenv .env, line 2: "));
  w.unreadable = {"shut"};
  BOOST_TEST(answer(w, {"shut", "A"}) == "(fatal) file shut: Permission denied");
  auto outside = w.context();
  outside.read_variable = [](void*, std::string_view) noexcept -> cs::result<cs::secret> {
    return cs::error(cs::errc::bad_input, "variable: the name is empty");
  };
  auto const got = cs::dotenv(".env", "").acquire({}, outside);
  BOOST_TEST((got.error() == cs::error(cs::errc::bad_input, "variable: the name is empty")));
}

BOOST_AUTO_TEST_CASE(no_block_of_the_heap_keeps_the_secret) {
  constexpr std::string_view canary = "canary-in-a-coal-mine";
  scratch const here;
  auto const path = here.write("f", "A=\"canary-in\"-a\nB=${A}-'coal-mine'\nC=$B\n");
  BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
  long found = -1;
  bool yielded = false;
  {
    fake::heap::watch const watch(canary);
    {
      auto const got = cs::dotenv(path, "B").file_wins().acquire({}, cs::system_context);
      yielded = got && got->reveal() == canary;
    }
    found = watch.found();
  }
  BOOST_TEST(yielded);
  BOOST_TEST(found == 0);
}

BOOST_AUTO_TEST_SUITE_END()
