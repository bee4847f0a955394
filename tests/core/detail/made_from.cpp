#include <countersign/core/detail/made_from.hpp>

#include <memory>
#include <string>
#include <string_view>

using namespace countersign::detail;

namespace {

struct throws_when_moved {
  throws_when_moved(throws_when_moved&&) noexcept(false) {}
};
struct ends_with_a_throw {
  ~ends_with_a_throw() noexcept(false) {}
};

}  // namespace

static_assert(converts_to<char const*, std::string> && converts_to<std::string&, std::string_view>);
static_assert(!converts_to<std::string_view, std::string>, "explicit");
static_assert(made_from<std::string, std::string_view> && made_from<int, long> && !made_from<int, char const*>);
static_assert(made_from<std::unique_ptr<int>, std::unique_ptr<int>>);
static_assert(!made_from<std::unique_ptr<int>, std::unique_ptr<int> const&>);
static_assert(moves_without_throwing<std::string> && moves_without_throwing<int>);
static_assert(!moves_without_throwing<throws_when_moved> && !moves_without_throwing<ends_with_a_throw>);
