#include "lint_run.hpp"

#include "output.hpp"

#include <countersign/inspect/lint_config.hpp>
#include <countersign/inspect/lint_path.hpp>
#include <countersign/inspect/lint_text.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/os/file.hpp>

#include <algorithm>
#include <system_error>

namespace cs = countersign;
namespace fs = std::filesystem;
namespace mcp = countersign::mcp;

namespace program {

namespace {

bool lies_in(fs::path const& file, fs::path const& folder) {
  if (file == folder) return true;
  auto const relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// What programs read by that name, and what they ship.
bool is_read_by_clients(fs::path const& path) {
  auto const name = path.filename();
  return name == ".mcp.json" || name == "plugin.json" || path.parent_path().filename() == ".claude-plugin";
}

bool is_document(fs::path const& path) {
  auto const name = path.filename().string();
  return name.starts_with("README") || mcp::detail::ends_without_case(name, ".md");
}

// By the part that lies in the tree: where the tree itself lies says nothing.
mcp::text_kind kind_of(tree const& in, fs::path const& path, std::string_view text) {
  return mcp::kind_of_text(path.lexically_relative(in.root).string(), text);
}

}  // namespace

std::string shown_path(fs::path const& path) {
  std::error_code failed;
  auto const here = fs::current_path(failed);
  return shown(!failed && lies_in(path, here) ? path.lexically_relative(here).string() : path.string());
}

void lint_run::tell(fs::path const& path, mcp::finding const& what) {
  found_.push_back({shown_path(path), what});
}

bool lint_run::read(fs::path const& path, cs::secret& to, bool count) {
  auto content = cs::os::read_file(path.string(), max_linted_file);
  if (!content) {
    if (count && content.error().code() != cs::errc::not_mine)
      ++(content.error().code() == cs::errc::too_large ? long_ : unreadable_);
    return false;
  }
  if (content->reveal().substr(0, 8000).find('\0') != std::string_view::npos) {
    if (count) ++binary_;
    return false;
  }
  to = std::move(*content);
  return true;
}

void lint_run::path_rules(tree const&, fs::path const& path, mcp::file_facts const& facts) {
  if (!facts_told_.insert(path).second) return;
  mcp::lint_path(path.string(), facts, [&](mcp::finding const& one) {
    if (one.rule == mcp::rule::env_file_not_ignored) exposed_.insert(path);
    tell(path, one);
  });
}

void lint_run::over(tree const& in, std::vector<fs::path> const& paths, fs::path const& config) {
  std::error_code failed;
  auto const wanted = [&](fs::path const& path) {
    return paths.empty() ||
           std::any_of(paths.begin(), paths.end(), [&](auto const& one) { return lies_in(path, one); });
  };
  documents_read_ = false;
  std::set<fs::path> met;
  for (auto const& one : in.files) {
    if (!wanted(one.path)) continue;
    met.insert(one.path);
    file(in, one, one.path == config || std::find(paths.begin(), paths.end(), one.path) != paths.end());
  }
  // Named, though git neither has nor would add it.
  std::vector<fs::path> named = paths;
  if (!config.empty()) named.push_back(config);
  for (auto const& one : named)
    if (fs::is_regular_file(one, failed) && met.insert(one).second) file(in, {one, facts_of(in, one)}, true);
  // Ignored files of variables: where they lie is right, who can read them may not be.
  std::set<fs::path> folders = {in.root};
  for (auto const& one : configs_) folders.insert(one.parent_path());
  for (auto const& folder : folders)
    for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed), end;
         at != end && !failed; at.increment(failed))
      if ((mcp::is_env_file(at->path().string()) || mcp::is_secret_file(at->path().string())) &&
          wanted(at->path()) && at->is_regular_file(failed))
        path_rules(in, at->path(), facts_of(in, at->path()));
}

void lint_run::file(tree const& in, tree_file const& one, bool is_named) {
  path_rules(in, one.path, one.facts);
  // What stands in a file of credentials is what should: only the place may be wrong.
  auto const name = one.path.string();
  if (!is_named && (mcp::is_env_file(name) || mcp::is_secret_file(name))) return;
  cs::secret text;
  if (!read(one.path, text, !is_named)) {
    if (!is_named) return;
    // Asked for by name, so that "nothing found" would be no answer.
    return tell(one.path,
                {mcp::rule::invalid_config, mcp::severity::error, 1, 1,
                 cs::error(cs::errc::fatal, "it can't be looked into: unreadable, binary, or longer than ",
                           max_linted_file, " bytes"),
                 cs::error(cs::errc::fatal, "see its permissions and its size")});
  }
  bool const is_json = name.ends_with(".json");
  if (is_json && (mcp::is_config(text.reveal()) || one.path.filename() == ".mcp.json"))
    return config(in, one.path, text.reveal(), is_named);
  if (is_named && mcp::is_config(text.reveal())) return config(in, one.path, text.reveal(), is_named);
  mcp::lint_text(text.reveal(), kind_of(in, one.path, text.reveal()),
                 [&](mcp::finding const& each) { tell(one.path, each); });
}

void lint_run::config(tree const& in, fs::path const& path, std::string_view text, bool is_named) {
  configs_.insert(path);
  bool is_json = true;
  mcp::lint_config(text, [&](mcp::finding const& one) {
    is_json = is_json && one.rule != mcp::rule::invalid_config;
    tell(path, one);
  });
  if (!is_json)
    mcp::lint_text(text, mcp::text_kind::settings, [&](mcp::finding const& one) { tell(path, one); });
  if (is_named || is_read_by_clients(path)) documented(in, path, text);

  // Not by `config::parse`: what is wrong elsewhere in it must not hide this.
  auto const parsed = cs::json_document::parse(cs::secret(text));
  if (!parsed) return;
  std::error_code failed;
  for (auto const [name, entry] : mcp::detail::servers_of(*parsed).members()) {
    auto const env_file = entry["envFile"].string();
    if (env_file.empty() || mcp::names_variable(env_file)) continue;
    auto const file = (path.parent_path() / env_file).lexically_normal();
    if (!fs::exists(file, failed)) continue;
    auto facts = facts_of(in, file);
    facts.named_by_config = true;
    if (!lies_in(file, in.root)) facts.versioned = facts.ignored = facts.tracked = false;
    path_rules(in, file, facts);
  }
}

// A project's config; a user's own needs no README.
void lint_run::documented(tree const& in, fs::path const& path, std::string_view text) {
  auto const parsed = cs::json_document::parse(cs::secret(text));
  bool const has_readme =
      std::any_of(in.files.begin(), in.files.end(), [](auto const& one) { return is_document(one.path); });
  if (!parsed || (!in.versioned && !has_readme) || facts_of(in, path).ignored) return;
  std::set<std::string> seen;
  auto const look = [&](auto const& self, cs::json_value value) -> void {
    if (value.is_string())
      cs::for_each_variable(value.string(), [&](std::string_view name, bool has_default) {
        // Set by who runs a plugin.
        if (has_default || name == "CLAUDE_PLUGIN_ROOT" || !seen.insert(std::string(name)).second ||
            is_documented(in, name))
          return;
        auto const where = value.where();
        auto const shown = mcp::front_of(name, 80);
        tell(path, {mcp::rule::undocumented_variable, mcp::severity::warning, where.line, where.column,
                    cs::error(cs::errc::bad_input, "no README or guide of this project names ", shown),
                    cs::error(cs::errc::bad_input, "`countersign env` writes the section to paste")});
      });
    for (auto const [key, member] : value.members()) self(self, member);
    for (auto const element : value.elements()) self(self, element);
  };
  for (auto const [name, entry] : mcp::detail::servers_of(*parsed).members()) look(look, entry);
}

bool lint_run::is_documented(tree const& in, std::string_view variable) {
  if (!documents_read_) {
    documents_.clear();
    for (auto const& one : in.files) {
      cs::secret text;
      if (is_document(one.path) && read(one.path, text, false)) documents_.push_back(std::move(text));
    }
    documents_read_ = true;
  }
  return std::any_of(documents_.begin(), documents_.end(),
                     [&](cs::secret const& text) { return mcp::names_word(text.reveal(), variable); });
}

std::vector<told> const& lint_run::sorted() {
  std::stable_sort(found_.begin(), found_.end(), [](told const& a, told const& b) {
    if (a.file != b.file) return a.file < b.file;
    return a.what.line != b.what.line ? a.what.line < b.what.line : a.what.column < b.what.column;
  });
  // Two paths may hold the same file.
  auto const same = [](told const& a, told const& b) {
    return a.file == b.file && a.what.line == b.what.line && a.what.column == b.what.column &&
           a.what.rule == b.what.rule && a.what.message == b.what.message;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  return found_;
}

void lint_run::say_skipped() const {
  if (long_ > 0)
    say("not looked into: " + std::to_string(long_) + " files longer than " +
        std::to_string(max_linted_file) + " bytes");
  if (binary_ > 0) say("not looked into: " + std::to_string(binary_) + " binary files");
  if (unreadable_ > 0) say("not looked into: " + std::to_string(unreadable_) + " files that can't be read");
}

}  // namespace program
