#include "keychain.hpp"

#include <countersign/core/error.hpp>

#if defined(COUNTERSIGN_PROGRAM_KEYCHAIN)
#include <countersign/adapt/libsecret.hpp>

#include <cstdlib>
#endif

namespace cs = countersign;

namespace program {

#if defined(COUNTERSIGN_PROGRAM_KEYCHAIN)

namespace {

// Time to type a password in.
constexpr cs::duration longest_wait_for_person = cs::seconds(60);

bool is_set(char const* name) {
  auto const* const value = std::getenv(name);
  return value != nullptr && *value != 0;
}

}  // namespace

// The context is the process's own: which session this is, no project's dotenv file has a say in.
cs::result<cs::secret> keychain_found(std::string const& folder) { return cs::keychain_key(folder).find(); }

cs::result<cs::secret> keychain_made(std::string const& folder, bool ask) {
  cs::keychain_rules rules;
  rules.ask_to_unlock = ask && (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"));
  if (rules.ask_to_unlock) rules.patience = longest_wait_for_person;
  return cs::keychain_key(folder, rules).find_or_make();
}

#else

namespace {

cs::error built_without() { return {cs::errc::fatal, "keychain: this program was built without libsecret"}; }

}  // namespace

cs::result<cs::secret> keychain_found(std::string const&) { return built_without(); }
cs::result<cs::secret> keychain_made(std::string const&, bool) { return built_without(); }

#endif

}  // namespace program
