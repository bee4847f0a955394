#include "tree.hpp"

#include "output.hpp"

#include <countersign/core/context.hpp>
#include <countersign/os/process.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sys/stat.h>
#include <system_error>

namespace cs = countersign;
namespace fs = std::filesystem;

namespace program {

namespace {

constexpr std::size_t max_git_output = 16 * 1024 * 1024;

bool is_plain_file(fs::path const& path) {
  struct stat found;
  return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}
bool readable_by_others(fs::path const& path) {
  struct stat found;
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & 077) != 0;
}

// What installers and builds make: nobody writes it by hand.
bool is_made_folder(std::string_view name) {
  constexpr std::string_view names[] = {".git",   "node_modules", ".build", "build",       "target", "dist",
                                        "vendor", ".venv",        "venv",   "__pycache__", ".cache"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void walk(tree& into) {
  std::error_code failed;
  auto const options = fs::directory_options::skip_permission_denied;
  std::set<std::string> skipped;
  fs::recursive_directory_iterator at(into.root, options, failed), end;
  for (; !failed && at != end; at.increment(failed)) {
    auto const name = at->path().filename().string();
    if (at->is_directory(failed) && !at->is_symlink(failed)) {
      bool const made = is_made_folder(name);
      if (made || at.depth() >= max_tree_depth) at.disable_recursion_pending();
      if (made && name != ".git") skipped.insert(name);
      if (!made && at.depth() >= max_tree_depth)
        say("not looked at: folders deeper than " + std::to_string(max_tree_depth));
      continue;
    }
    if (!is_plain_file(at->path())) continue;
    if (into.files.size() == max_tree_files) {
      say("not looked at: files beyond the first " + std::to_string(max_tree_files));
      break;
    }
    into.files.push_back({at->path(), {.readable_by_others = readable_by_others(at->path())}});
  }
  for (auto const& name : skipped) say("not looked at: folders named " + name);
}

bool list_by_git(tree& into) {
  auto const add = [&](std::vector<std::string_view> const& arguments, bool tracked) {
    auto const listed = ask_git(into.root, arguments);
    if (!listed) return false;
    for (std::string_view rest = *listed; !rest.empty();) {
      auto const name = rest.substr(0, rest.find('\0'));
      rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      auto const path = into.root / name;
      if (!is_plain_file(path)) continue;  // a link, a submodule, or deleted
      if (into.files.size() == max_tree_files) {
        say("not looked at: files beyond the first " + std::to_string(max_tree_files));
        return true;
      }
      into.files.push_back(
          {path, {.versioned = true, .tracked = tracked, .readable_by_others = readable_by_others(path)}});
    }
    return true;
  };
  return add({"ls-files", "-z", "--cached"}, true) &&
         add({"ls-files", "-z", "--others", "--exclude-standard"}, false);
}

}  // namespace

cs::result<std::string> ask_git(fs::path const& folder, std::vector<std::string_view> const& arguments) {
  auto const where = folder.string();
  // A repository's own settings may name a program to be run (core.fsmonitor): not by us.
  std::vector<std::string_view> argv = {"git", "-c", "core.fsmonitor=false", "-C", where};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  std::vector<std::string> kept = {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0"};
  for (auto const* name : {"PATH", "HOME", "XDG_CONFIG_HOME"})
    if (auto const* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  std::vector<std::string_view> const environment(kept.begin(), kept.end());
  auto said = cs::os::run_command(
      {.argv = argv, .environment = environment, .timeout = cs::seconds(20), .max_output = max_git_output});
  if (!said) return said.error();
  if (said->status != 0) return cs::error{cs::errc::fatal, "git: status ", said->status};
  return std::string(said->out.reveal());
}

cs::mcp::file_facts facts_of(tree const& in, fs::path const& file) {
  for (auto const& each : in.files)
    if (each.path == file) return each.facts;
  // Neither tracked nor about to be added: ignored, or outside.
  return {.versioned = in.versioned, .ignored = in.versioned, .readable_by_others = readable_by_others(file)};
}

tree read_tree(fs::path const& folder) {
  std::error_code failed;
  tree made;
  made.root = fs::canonical(folder, failed);
  if (failed) made.root = folder;
  bool in_git = false;
  for (auto above = made.root; !in_git; above = above.parent_path()) {
    in_git = fs::exists(above / ".git", failed);
    if (above == above.parent_path()) break;
  }
  if (in_git) {
    auto const top = ask_git(made.root, {"rev-parse", "--show-toplevel"});
    if (top && !top->empty()) {
      tree versioned;
      versioned.root = top->substr(0, top->size() - 1);
      versioned.versioned = true;
      if (list_by_git(versioned)) return versioned;
    }
    say("git can't be asked about " + made.root.string() + ": its folder is walked instead" +
        (top ? "" : "; " + std::string(top.error().message())));
  }
  walk(made);
  return made;
}

}  // namespace program
