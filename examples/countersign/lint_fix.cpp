#include "lint_fix.hpp"

#include "output.hpp"
#include "rewritten.hpp"

#include <countersign/inspect/moved_secrets.hpp>
#include <countersign/os/file.hpp>
#include <countersign/text/dotenv.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace cs = countersign;
namespace fs = std::filesystem;
namespace mcp = countersign::mcp;

namespace program {

namespace {

// Bytes of a `.env` or a `.gitignore`.
constexpr std::size_t max_small_file = 1024 * 1024;

// A value as both a shell and a dotenv reader take it.
void append_quoted(std::string_view value, cs::secret& to) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:@%,=";
  if (!value.empty() && value.find_first_not_of(plain) == value.npos) return void(to.append(value));
  if (value.find_first_of("'\n\r") == value.npos) return void(to.append("'").append(value).append("'"));
  to.append("\"");
  for (char const c : value) {
    if (std::string_view("\"\\$`").find(c) != std::string_view::npos) to.append("\\");
    to.push_back(c);
  }
  to.append("\"");
}

std::string quoted_for_shell(std::string_view text) {
  std::string made = "'";
  for (char const c : text) made += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return made + "'";
}

// Whether a `.env` gives the variable a value.
bool sets(std::string_view env, std::string_view name) {
  for (; !env.empty(); env.remove_prefix(std::min(env.size(), env.find('\n') + std::size_t{1}))) {
    auto line = env.substr(0, env.find('\n'));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
    if (line.starts_with("export ")) line.remove_prefix(7);
    if (line.starts_with(name) && line.substr(name.size()).find_first_not_of(" \t") < line.size() &&
        line[name.size() + line.substr(name.size()).find_first_not_of(" \t")] == '=')
      return true;
    if (env.find('\n') == env.npos) break;
  }
  return false;
}

// As the toolkit reads it. What it refuses may still be a shell's matter: then names alone count.
cs::dotenv_file values_of(std::optional<cs::secret> const& env, fs::path const& path) {
  if (!env) return {};
  auto read = cs::dotenv_file::parse(*env, path.string(), [](std::string_view) -> cs::result<cs::secret> {
    return cs::error{cs::errc::not_mine};
  });
  return read ? std::move(*read) : cs::dotenv_file();
}

// The content, or nothing where there is no such file.
cs::result<std::optional<cs::secret>> content_of(fs::path const& path) {
  auto content = cs::os::read_file(path.string(), max_small_file);
  if (content) return std::optional<cs::secret>(std::move(*content));
  if (content.error().code() == cs::errc::not_mine) return std::optional<cs::secret>();
  return content.error();
}

std::optional<std::string_view> view_of(std::optional<cs::secret> const& content) {
  return content ? std::optional<std::string_view>(content->reveal()) : std::nullopt;
}

bool has_line(std::optional<cs::secret> const& content, std::string_view line) {
  auto rest = content ? content->reveal() : std::string_view();
  while (!rest.empty()) {
    auto const one = rest.substr(0, rest.find('\n'));
    if (one == line) return true;
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return false;
}

cs::result<void> append(fs::path const& path, std::optional<cs::secret> const& before, std::string_view lines,
                        mode_t mode, bool tighten) {
  cs::secret after(before ? before->reveal() : std::string_view());
  if (!lines.empty() && !after.empty() && !after.reveal().ends_with('\n')) after.append("\n");
  after.append(lines);
  if (!after.ok()) return cs::error{cs::errc::no_memory, "lint: out of memory"};
  return rewrite(path, view_of(before), after.reveal(), mode, tighten);
}

}  // namespace

cs::result<void> ignore(tree const& in, fs::path const& file) {
  auto const name = file.lexically_relative(in.root).string();
  if (name.starts_with("..")) return {};
  // Where there is no git yet, there may be one tomorrow.
  auto const path = in.root / ".gitignore";
  auto const before = content_of(path);
  if (!before) return before.error();
  // `.env` by its name alone: in every folder. Others by their place.
  auto const line = file.filename() == ".env" ? std::string(".env") : "/" + name;
  auto const is_ignored = [&] {
    return bool(ask_git(in.root, {"check-ignore", "-q", "--no-index", "--", name}));
  };
  if (in.versioned ? is_ignored() : has_line(*before, line)) return {};
  if (auto ok = append(path, *before, line + "\n", 0644, false); !ok) return ok;
  if (in.versioned && !is_ignored())
    return cs::error{cs::errc::fatal, path.string(), ": \"", line,
                     "\" was added, and git still would add the file; see its lines with '!'"};
  say("added " + line + " to " + shown_path(path));
  return {};
}

cs::result<void> fix_config(tree const& in, fs::path const& config, std::string& exports) {
  auto const text = cs::os::read_file(config.string(), mcp::max_config_size);
  if (!text) return text.error();
  auto const env = config.parent_path() / ".env";
  auto const before = content_of(env);
  if (!before) return before.error();
  // What has the name already and is the same value needs no other name.
  auto const kept = values_of(*before, env);
  auto const taken = [&](std::string_view name, std::string_view value) {
    auto const* const set = std::getenv(std::string(name).c_str());
    if (set != nullptr && set != value) return true;
    if (auto const there = kept.find(name)) return *there != value;
    return *before && sets((*before)->reveal(), name);
  };
  auto const moved = mcp::move_secrets(text->reveal(), taken);
  // No JSON: that is a finding of its own.
  if (!moved) return moved.error().code() == cs::errc::bad_input ? cs::result<void>() : moved.error();
  if (moved->count == 0) return {};
  if (facts_of(in, env).tracked)
    return cs::error{
        cs::errc::fatal, shown_path(env),
        ": git tracks it, so no credential is put there; `git rm --cached` it first. Nothing was changed"};

  cs::secret lines;
  std::string said;
  moved->variables.each([&](std::string_view name, std::string_view value) {
    if (!kept.find(name)) {
      lines.append(name).append("=");
      append_quoted(value, lines);
      lines.append("\n");
    }
    auto const variable = std::string(name);
    said += "export " + variable + "=\"$(. " + quoted_for_shell(env.string()) + "; printf %s \"$" + variable +
            "\")\"\n";
  });
  // In this order: what is interrupted leaves the value in both places, never in none.
  if (auto ok = ignore(in, env); !ok) return ok;
  if (auto ok = append(env, *before, lines.reveal(), 0600, true); !ok) return ok;
  if (auto ok = rewrite(config, text->reveal(), moved->text.reveal(), 0644); !ok) return ok;
  exports += said;
  say("moved " + std::to_string(moved->count) + " out of " + shown_path(config) + "; the values are in " +
      shown_path(env) + ", for your eyes alone");
  if (facts_of(in, config).tracked)
    say("git tracks " + shown_path(config) +
        " and keeps what stood there: revoke those credentials and make new ones");
  return {};
}

}  // namespace program
