// `lint`: credentials that stand where they should not, addresses that give them away, and, with --fix,
// the way out.

#include "commands.hpp"
#include "found_config.hpp"
#include "lint_fix.hpp"
#include "lint_oauth.hpp"
#include "lint_run.hpp"
#include "output.hpp"
#include "surroundings.hpp"
#include "tree.hpp"

#include <countersign/text/json_writer.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace cs = countersign;
namespace fs = std::filesystem;
namespace mcp = countersign::mcp;

namespace program {

namespace {

cs::result<cs::secret> as_json(std::vector<told> const& found) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_array();
  for (auto const& [file, what] : found)
    out.open_object()
        .member("file", std::string_view(file))
        .member("line", what.line)
        .member("column", what.column)
        .member("rule", what.rule)
        .member("severity", name(what.level))
        .member("message", what.message.message())
        .member("fix", what.fix.message())
        .close();
  out.close();
  if (auto ok = out.finish(); !ok) return ok.error();
  return std::move(text.append("\n"));
}

std::string as_lines(std::vector<told> const& found) {
  std::string text;
  for (auto const& [file, what] : found) {
    text += file + ":" + std::to_string(what.line) + ":" + std::to_string(what.column) + ": ";
    text += std::string(name(what.level)) + ": " + std::string(what.message.message()) + " [" +
            std::string(what.rule) + "]\n";
    if (!what.fix.message().empty()) text += "    fix: " + std::string(what.fix.message()) + "\n";
  }
  return text;
}

// What is linted: the files of a tree, all or those at and below some paths.
struct linted {
  tree files;
  std::vector<fs::path> paths;
  fs::path config;
};

cs::result<std::vector<linted>> what_to_lint(options const& asked) {
  std::error_code failed;
  std::vector<linted> made;
  std::vector<std::string> paths = asked.arguments;
  bool const by_path = !paths.empty();
  if (!by_path) {
    auto const config = locate_config(asked);
    if (!config) return config.error();
    paths.push_back(*config);
  }
  for (auto const& path : paths) {
    auto const real = fs::canonical(path, failed);
    if (failed) return cs::error{cs::errc::not_mine, shown(path), ": there is no such file or folder"};
    bool const is_folder = fs::is_directory(real, failed);
    auto files = read_tree(is_folder ? real : real.parent_path());
    made.push_back({std::move(files), {}, {}});
    if (by_path) made.back().paths.push_back(real);
    else made.back().config = real;
  }
  return made;
}

// Configs that somebody named, or that every command uses: only their servers are asked anything.
std::vector<fs::path> named_configs(linted const& in, lint_run const& run) {
  std::vector<fs::path> made;
  for (auto const& one : run.configs())
    if (one == in.config || std::find(in.paths.begin(), in.paths.end(), one) != in.paths.end())
      made.push_back(one);
  return made;
}

cs::result<void> fix_named(linted const& in, cs::context const& outside) {
  lint_run before;
  before.over(in.files, in.paths, in.config);
  for (auto const& config : named_configs(in, before))
    if (auto ok = fix_oauth(config, outside); !ok) return ok;
  return {};
}

cs::result<void> fix(linted const& in, std::string& exports) {
  lint_run before;
  before.over(in.files, in.paths, in.config);
  for (auto const& config : before.configs())
    if (auto ok = fix_config(in.files, config, exports); !ok) return ok;
  for (auto const& file : before.exposed())
    if (auto ok = ignore(in.files, file); !ok) return ok;
  return {};
}

}  // namespace

int lint(options const& asked) {
  auto all = what_to_lint(asked);
  if (!all) return report(all.error());
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto const world = around.context();
  std::string exports;
  bool fixed = true;
  if (!asked.fix.empty())
    for (auto& one : *all) {
      if (auto ok = asked.fix == "oauth" ? fix_named(one, world) : fix(one, exports); !ok)
        report(ok.error()), fixed = false;
      one.files = read_tree(one.files.root);  // what is ignored and what is there may have changed
    }
  lint_run run;
  std::set<fs::path> asked_of;
  for (auto const& one : *all) {
    run.over(one.files, one.paths, one.config);
    for (auto const& config : named_configs(one, run))
      if (asked_of.insert(config).second)
        for (auto const& what : basic_where_oauth(config, world)) run.tell(config, what);
  }
  run.say_skipped();
  auto const& found = run.sorted();
  int printed = done;
  if (asked.json) {
    for (std::string_view rest = exports; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
      say(rest.substr(0, rest.find('\n')));
    auto const text = as_json(found);
    if (!text) return report(text.error());
    printed = print(text->reveal());
  } else {
    printed = print(exports + as_lines(found));
  }
  return printed != done ? printed : found.empty() && fixed ? done : failed;
}

}  // namespace program
