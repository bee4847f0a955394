#pragma once
// Files that should not be where they are: `.env` under version control, keys that everybody can read.

#include <countersign/core/error.hpp>
#include <countersign/mcp/secret_names.hpp>
#include <countersign/inspect/finding.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// What is known of a file without opening it.
struct file_facts {
  bool versioned = false;  ///< lies in a git tree
  bool tracked = false;    ///< git has it
  bool ignored = false;    ///< git would not add it
  bool readable_by_others = false;
  bool named_by_config = false;  ///< as `envFile`: it holds variables whatever its name is
};

/// `.env`, `.env.local`, `prod.env`: variables with their values. Not the samples `.env.example`, ….
[[nodiscard]] constexpr bool is_env_file(std::string_view path) noexcept {
  auto const name = path.substr(path.find_last_of("/\\") + 1);
  for (std::string_view const end : {".example", ".sample", ".template", ".dist", ".defaults", ".schema"})
    if (detail::ends_without_case(name, end)) return false;
  return name == ".env" || name.starts_with(".env.") || (name.size() > 4 && name.ends_with(".env"));
}

/// Files that hold credentials whatever stands in them.
[[nodiscard]] constexpr bool is_secret_file(std::string_view path) noexcept {
  auto const name = path.substr(path.find_last_of("/\\") + 1);
  for (std::string_view const one :
       {".netrc", "_netrc", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".pgpass", ".git-credentials",
        ".htpasswd", "credentials.json", "client_secret.json"})
    if (name == one) return true;
  for (std::string_view const end : {".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk"})
    if (detail::ends_without_case(name, end)) return true;
  return false;
}

/// Calls `tell(finding)` for what is wrong about a file that holds credentials; its content is not needed.
template <std::invocable<finding const&> Tell>
void lint_path(std::string_view path, file_facts const& facts, Tell&& tell) {
  auto const say = [&](std::string_view what, severity level, std::string_view message,
                       std::string_view fix) {
    tell(finding{what, level, 1, 1, error(errc::bad_input, message), error(errc::bad_input, fix)});
  };
  bool const env = facts.named_by_config || is_env_file(path);
  if (!env && !is_secret_file(path)) return;
  if (facts.tracked && env)
    say(rule::env_file_tracked, severity::error, "git tracks this file of credentials",
        "`git rm --cached` it, add it to .gitignore, and renew what stood in it: git keeps what was "
        "committed");
  else if (facts.tracked)
    say(rule::secret_file_tracked, severity::error, "git tracks this file of credentials",
        "`git rm --cached` it, keep it elsewhere, and renew it: git keeps what was committed");
  else if (facts.versioned && !facts.ignored)
    say(rule::env_file_not_ignored, severity::warning, "the next `git add .` takes this file of credentials",
        "add it to .gitignore; `lint --fix` does that");
  if (facts.readable_by_others)
    say(rule::secret_file_readable, severity::warning,
        "others on this machine can read this file of credentials", "chmod 600");
}

/// Whether a text names a variable, as a word of its own.
[[nodiscard]] constexpr bool names_word(std::string_view text, std::string_view word) noexcept {
  auto const is_name_byte = [](char c) { return detail::is_alphanumeric(c) || c == '_'; };
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    auto const end = at + word.size();
    if ((at == 0 || !is_name_byte(text[at - 1])) && (end == text.size() || !is_name_byte(text[end])))
      return true;
  }
  return false;
}

}  // namespace countersign::inline v0::mcp
