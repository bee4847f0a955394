#include <countersign/text/dotenv.hpp>

#include "fake/heap.hpp"

#include <countersign/os/process.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

using variables = std::map<std::string, std::string>;
variables const around = {
    {"HOME", "/home/u"}, {"OUTER", "outer  value"}, {"EMPTY", ""}, {"QUOTES", "it's \"x\" $Y \\"}};

auto in(variables const& all) {
  return [&all](std::string_view name) -> cs::result<cs::secret> {
    auto const found = all.find(std::string(name));
    if (found == all.end()) return cs::error(cs::errc::not_mine, "unset");
    return cs::secret(found->second);
  };
}
cs::result<cs::dotenv_file> parsed(std::string_view text,
                                   cs::dotenv_order order = cs::dotenv_order::file_first) {
  return cs::dotenv_file::parse(cs::secret(text), "app/.env", in(around), order);
}
variables values(cs::dotenv_file const& file) {
  variables all;
  file.each([&](std::string_view name, std::string_view value, std::size_t) { all.emplace(name, value); });
  return all;
}
// The message, or what was read where there is none.
std::string complaint(std::string_view text) {
  auto const got = parsed(text);
  if (!got) return std::string(got.error().message());
  std::string all = "accepted:";
  for (auto const& [name, value] : values(*got)) all += ' ' + name + '=' + value;
  return all;
}

// Real bash, given files. Each starts with the variables above and nothing else.
class bash {
public:
  bash() {
    auto pattern = (std::filesystem::temp_directory_path() / "countersign-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~bash() { std::filesystem::remove_all(folder_); }

  // What bash has after it read the text, without what it had before; nothing if it failed or said anything.
  std::optional<variables> operator()(std::string_view text) const {
    auto const file = (folder_ / "env").string();
    std::ofstream(file, std::ios::binary) << text;
    std::vector<std::string> environment = {"PATH=" + std::string(::getenv("PATH"))};
    for (auto const& [name, value] : around) environment.push_back(name + '=' + value);
    std::vector<std::string_view> const given(environment.begin(), environment.end());
    std::string_view const argv[] = {"bash", "-c", "set -a; . \"$0\" 2>&1 && exec env -0", file};
    auto const ran = cs::os::run_command({.argv = argv, .environment = given, .folder = folder_.native()});
    if (!ran || ran->status != 0) return std::nullopt;
    variables all;
    for (auto rest = ran->out.reveal(); !rest.empty(); rest.remove_prefix(rest.find('\0') + 1)) {
      auto const one = rest.substr(0, rest.find('\0'));
      auto const equals = one.find('=');
      if (equals == std::string_view::npos) return std::nullopt;
      all.emplace(one.substr(0, equals), one.substr(equals + 1));
    }
    for (auto const* own : {"PATH", "PWD", "OLDPWD", "SHLVL", "_"}) all.erase(own);
    return all;
  }

private:
  std::filesystem::path folder_;
};

// The same as bash: all that the file assigns, over what was there.
void check_against_bash(bash const& shell, std::string_view text) {
  auto const theirs = shell(text);
  auto const got = parsed(text);
  BOOST_REQUIRE_MESSAGE(theirs, "bash fails on: " << text);
  BOOST_REQUIRE_MESSAGE(got, got.error().message() << ", on: " << text);
  auto ours = values(*got);
  ours.insert(around.begin(), around.end());
  BOOST_TEST((ours == *theirs), "differs on: " << text);
  if (ours != *theirs)
    for (auto const& [name, value] : ours) {
      auto const other = theirs->find(name);
      BOOST_TEST_MESSAGE(name << "=[" << value << "] bash: ["
                              << (other == theirs->end() ? "(none)" : other->second) << ']');
    }
}

constexpr std::string_view agreed[] = {"",
                                       "\n",
                                       "A=b",
                                       "A=b\n",
                                       "A=\n",
                                       "A=",
                                       "# only\n",
                                       "  # indented\n\t\n  A=b\n",
                                       "A=b # comment\n",
                                       "A=b\t# comment\n",
                                       "A=b#c\n",
                                       "A=#c\n",
                                       "A= # c\n",
                                       "A=b #",
                                       "A='b'#c\n",
                                       "A='b' #c\n",
                                       "export A=b\n",
                                       "export\tA=b\n",
                                       "  export   A=b  \n",
                                       "exported=1\nexport_=2\n",
                                       "export=1\n",
                                       "A=1\nA=2\n",
                                       "A=1\nA=\n",
                                       "_a1=x\nA_B=y\n",
                                       "A='single $OUTER `x` \\n \"'\n",
                                       "A=\"double 'x' \\n \\t \\a\"\n",
                                       "A=\"\\$OUTER \\\\ \\\" \\` \\' \\x\"\n",
                                       "A=\\#x\\ y\\$OUTER\\\\z\\'\\\"\n",
                                       "A=a\\\nb\n",
                                       "A=\"a\\\nb\"\n",
                                       "A='a\\\nb'\n",
                                       "A=\\\nB=c\n",
                                       "A=$OUTER\\\n-x\n",
                                       "A=${OUTER}\\\nx\n",
                                       "A=\"$OUTER\\\n-x\"\n",
                                       "A='line 1\nline 2\n'\nB=c\n",
                                       "A=\"line 1\nline 2\n\"\nB=c\n",
                                       "A='#no comment\n# none'\n",
                                       "A=''\nB=\"\"\n",
                                       "A='a'\"b\"c\\ d\"$OUTER\"'$e'\n",
                                       "A='it'\\''s'\n",
                                       "A=\"it\"\"s\"\n",
                                       "A=$OUTER\n",
                                       "A=${OUTER}\n",
                                       "A=\"$OUTER\"\n",
                                       "A='$OUTER'\n",
                                       "A=x$OUTER.y\n",
                                       "A=${OUTER}y\n",
                                       "A=$OUTER$EMPTY$NONE-\n",
                                       "A=\"${NONE}\"\n",
                                       "A=$QUOTES\nB=\"$QUOTES\"\n",
                                       "A=${NONE:-default}\n",
                                       "A=${OUTER:-default}\n",
                                       "A=${EMPTY:-default}\n",
                                       "A=\"${NONE:-a b}\"\n",
                                       "A=${NONE:-a   b;|&()#}\n",
                                       "A=${NONE:-}\n",
                                       "A=${NONE:-$OUTER}\n",
                                       "A=${NONE:-${EMPTY:-${NADA:-deep}}}\n",
                                       "A=\"${NONE:-${EMPTY:-$HOME/x}}\"\n",
                                       "A=${NONE:-'a}b'}\n",
                                       "A=${NONE:-\"a}b\"}\n",
                                       "A=${NONE:-a\\}b}\n",
                                       "A=\"${NONE:-a\\}b}\"\n",
                                       "A=\"${NONE:-\\\"x\\\"}\"\n",
                                       "A=\"${NONE:-\\n\\$}\"\n",
                                       "A=${NONE:-{a}}\n",
                                       "A=${NONE:-a\nb}\n",
                                       "A=\"${NONE:-a\nb}\"\n",
                                       "A=1\nB=$A$A\nA=2\nC=$A\n",
                                       "A=${A}\n",
                                       "OUTER=${OUTER}x\n",
                                       "OUTER=$OUTER:$OUTER\n",
                                       "A=$B\nB=$A\n",
                                       "HOME=/h\nB=$HOME\n",
                                       "A=$\n",
                                       "A=a$\n",
                                       "A=\"$\"\n",
                                       "A=\"a$ b\"\n",
                                       "A=$/x\n",
                                       "A=\"cost: 5$\"\n",
                                       "A=$.$,$:$%\n",
                                       "A=\"$'x'\"\n",
                                       "A=\"$)\"\n",
                                       "A=a=b==\n",
                                       "A==\n",
                                       "A=*\nB=?x[a-z]\nC=/*\n",
                                       "A={a,b}\n",
                                       "A=a~b\n",
                                       "A='~'\nB=\"~/x\"\nC=\\~\n",
                                       "A=a!b^c%d@e+f,g.h/i:j-k_l\n",
                                       "A={\"a\":1}\n",
                                       "A=]\n",
                                       "A=}\n",
                                       "A=\"a;b|c&d<e>f(g)\"\n",
                                       "A='a;b'\n",
                                       "A=a\\;b\\&\\|\\<\\>\\(\\)\n",
                                       "A=\xc3\xa4\xe2\x82\xac\n",
                                       "A=\"\xff\xfe\"\n",
                                       "A=\"tab\there\"\n",
                                       "export A='x y' # c\nexport B=\"$A\"\n",
                                       "export A=$OUTER\n",
                                       "export A=${NONE:-{a,b}}\n",
                                       "A=b \n",
                                       "A=\"b\" \t \n",
                                       "A=-----BEGIN\n",
                                       "A=\"-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----\n\"\nB=1\n",
                                       "A=https://u:p@h:8/p?q=1#f\n",
                                       "A=${OUTER:-\\}}\n",
                                       "A=${OUTER:-'}'}x\n",
                                       "A=\"\\\n\"\n",
                                       "A=\"${OUTER:-\\}}\"\n",
                                       "A=$OUTER#x\n",
                                       "A=\"x\"y'z'$EMPTY\n",
                                       "A=''#\n"};

}  // namespace

BOOST_AUTO_TEST_SUITE(text_dotenv)

BOOST_AUTO_TEST_CASE(it_agrees_with_bash_on_the_common_grammar) {
  bash const shell;
  for (auto const text : agreed) check_against_bash(shell, text);
}

// Lines of pieces in any order; what comes of them is what bash makes of them, or is refused by both.
BOOST_AUTO_TEST_CASE(it_agrees_with_bash_on_files_put_together_at_random) {
  constexpr std::string_view pieces[] = {
      "a",         "b1", "'",    "'x y'",  "\"", "\"x y\"", "\"$A\"", "$A", "${B}",    "${C:-",
      "}",         "\\", "\\\\", "\\$",    "#",  " #c",     "=",      "$",  "\"${D:-", "}\"",
      "${E:-'q'}", "\n", ":",    "$OUTER", "''", "\"\"",    "\\\n",   "-",  "."};
  std::uint64_t state = 20'240'601;
  auto const below = [&state](std::size_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % limit;
  };
  bash const shell;
  int accepted = 0;
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (std::size_t line = 0, lines = 1 + below(4); line < lines; ++line) {
      text += below(4) == 0 ? "export " : "";
      text += static_cast<char>('A' + below(5));
      text += '=';
      for (std::size_t i = 0, n = below(6); i < n; ++i) text += pieces[below(std::size(pieces))];
      text += '\n';
    }
    if (!parsed(text)) continue;
    ++accepted;
    check_against_bash(shell, text);
  }
  BOOST_TEST(accepted > 150);
}

BOOST_AUTO_TEST_CASE(lines_may_end_as_windows_ends_them) {
  for (auto const text : agreed) {
    std::string windows;
    for (char const c : text) windows += c == '\n' ? "\r\n"s : std::string(1, c);
    auto const unix_style = parsed(text), got = parsed(windows);
    BOOST_REQUIRE_MESSAGE(got, got.error().message() << ", on: " << text);
    BOOST_TEST((values(*got) == values(*unix_style)), text);
  }
  BOOST_TEST(complaint("A=\"x\ry\"") == "accepted: A=x\ry");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_passed_over) {
  BOOST_TEST(complaint("\xef\xbb\xbf"
                       "A=b\n") == "accepted: A=b");
  BOOST_TEST(complaint("\n\xef\xbb\xbf"
                       "A=b\n")
                 .find("line 2: a name is") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_line) {
  struct {
    std::string_view text, where, what;
  } const rows[] = {
      {"A=1\nB\n", "2", "no '='; write NAME=value, or # in front of a comment"},
      {"A=1\nexport B", "2", "no '='; write NAME=value, or # in front of a comment"},
      {"A =1\n", "1", "a blank where '=' belongs; write NAME=value without blanks around '='"},
      {"\n\nexport A\t= 1\n", "3", "a blank where '=' belongs; write NAME=value without blanks around '='"},
      {"A= 1\n", "1",
       "a blank behind '=', or more text behind the value; put a value that holds blanks in quotes"},
      {"A=b c\n", "1", "more text behind the value; put a value that holds blanks in quotes"},
      {"A=1 B=2\n", "1", "more text behind the value; put a value that holds blanks in quotes"},
      {"A='1\n2' x\n", "2", "more text behind the value; put a value that holds blanks in quotes"},
      {"A+=x\n", "1", "+= is not read; write NAME=${NAME}more"},
      {"1A=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"A-B=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"A[0]=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"export =x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"A.B=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"\xc3\xa4=x\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"{\"A\": 1}\n", "1", "a name is letters, digits and '_', no digit first; write NAME=value"},
      {"A=1\nB='x\ny\nz\n", "2", "the ' that opens here is never closed"},
      {"A=1\nB=\"x\ny\nz\n", "2", "the \" that opens here is never closed"},
      {"A=x\"", "1", "the \" that opens here is never closed"},
      {"A=1\nB=${X:-\nc\n", "2", "the ${ that opens here is never closed"},
      {"A=${", "1", "the ${ that opens here is never closed"},
      {"A=${X", "1", "the ${ that opens here is never closed"},
      {"A=\"${X:-y", "1", "the ${ that opens here is never closed"},
      {"A=b\\", "1", "a \\ ends the file; write \\\\ for one"},
      {"A=b\rc\n", "1", "a carriage return in the line; put the value in quotes"},
      {"A=~/x\n", "1", "a shell would make a folder of this '~'; write $HOME, or put the value in quotes"},
      {"A=/a:~/b\n", "1", "a shell would make a folder of this '~'; write $HOME, or put the value in quotes"},
      {"A=\\\n~\n", "2", "a shell would make a folder of this '~'; write $HOME, or put the value in quotes"},
      {"A=${X:-~}\n", "1",
       "a shell would make a folder of this '~'; write $HOME, or put the value in quotes"},
      {"export A={a,b}\n", "1", "behind export, a shell would expand this '{'; put the value in quotes"},
      {"A=${X-y}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${X:=y}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${X:?y}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${#X}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${!X}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${1}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${X[0]}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${X%y}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=\"${}\"\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=${_}\n", "1", "of ${…}, only ${NAME} and ${NAME:-default} are read"},
      {"A=\"${X:-\"y\"}\"\n", "1", "a quote inside ${…:-…} inside quotes; put the quotes inside the braces"},
      {"A=\"${X:-it's}\"\n", "1", "a quote inside ${…:-…} inside quotes; put the quotes inside the braces"},
      {"A=$X\\\nY\n", "1", "a line ends in \\ inside a $NAME; write ${NAME}"},
      {"A=\"$\\\nY\"\n", "1", "a line ends in \\ inside a $NAME; write ${NAME}"},
      {"A=$'x'\n", "1", "$'…' and $\"…\" are not read; use plain quotes, which may span lines"},
      {"A=$\"x\"\n", "1", "$'…' and $\"…\" are not read; use plain quotes, which may span lines"},
      {"A=b\0c\n"sv, "1", "a zero byte; the file is binary, or UTF-16: save it as UTF-8"},
      {"A=1\nB='\n\0'"sv, "3", "a zero byte; the file is binary, or UTF-16: save it as UTF-8"},
      {"\xff\xfe"
       "A\0=\0"sv,
       "1", "a zero byte; the file is binary, or UTF-16: save it as UTF-8"},
  };
  for (auto const& row : rows) {
    auto const got = parsed(row.text);
    BOOST_REQUIRE_MESSAGE(!got, complaint(row.text));
    BOOST_TEST((got.error().code() == cs::errc::bad_input));
    BOOST_TEST(got.error().message() ==
               "dotenv app/.env, line " + std::string(row.where) + ": " + std::string(row.what));
  }
  for (auto const* parameter :
       {"$1", "$0", "$$", "$?", "$!", "$#", "$@", "$*", "$-", "$_", "\"$9\"", "\"x$$\""})
    BOOST_TEST(
        complaint("\nA=" + std::string(parameter)) ==
        "dotenv app/.env, line 2: this $ means something to a shell only (like $1, $$, $_); put the value in "
        "single quotes, or write \\$");
  for (char const c : ";&|<>()"sv)
    BOOST_TEST(complaint("A=b"s + c + "c") ==
               "dotenv app/.env, line 1: one of ; & | < > ( ) stands in the value; put the "
               "value in quotes");
}

BOOST_AUTO_TEST_CASE(no_command_is_run_and_none_is_taken_literally) {
  for (auto const* value :
       {"$(id)", "\"$(id)\"", "x$(id)y", "`id`", "\"`id`\"", "${X:-$(id)}", "${OUTER:-$(id)}",
        "\"${OUTER:-`id`}\"", "$((1+1))", "$[1+1]", "\"$[1+1]\"", "<(id)", ">(id)", "${X:-<(id)}"})
    BOOST_TEST(complaint("A="s + value) ==
                   "dotenv app/.env, line 1: no commands are run here; write what it prints, or put it "
                   "in single quotes if it is meant literally",
               value);
  BOOST_TEST(complaint("A='$(id) `id`'") == "accepted: A=$(id) `id`");
  BOOST_TEST(complaint("A=\"\\$(id) \\`id\\`\"") == "accepted: A=$(id) `id`");
}

// A line that is no assignment may be a token that lost its name.
BOOST_AUTO_TEST_CASE(no_message_shows_what_a_value_or_a_malformed_line_holds) {
  for (auto const* text : {"S3cret\n", "S3cret:x=1\n", "A=S3cret S3cret\n", "A='S3cret", "A=\"S3cret",
                           "A=S3cret;S3cret", "A=$(S3cret)", "A=${S3cret%x}", "A=${S3cret", "S3cret =1",
                           "A=S3cret$1", "A=~S3cret", "export S3cret"}) {
    auto const said = complaint(text);
    BOOST_TEST(said.starts_with("dotenv app/.env, line 1: "), said);
    BOOST_TEST(said.find("S3cret") == std::string::npos, said);
  }
}

BOOST_AUTO_TEST_CASE(names_are_found_with_their_last_value_and_its_line) {
  auto const got = parsed("A=1\nB='x\ny'\nA=2\nC=3\n");
  BOOST_REQUIRE(got);
  std::string all;
  got->each([&](std::string_view name, std::string_view value, std::size_t line) {
    all.append(name).append("=").append(value).append("@").append(std::to_string(line)).append(" ");
  });
  BOOST_TEST(all == "A=2@4 B=x\ny@2 C=3@5 ");
  BOOST_TEST(got->size() == 3u);
  BOOST_TEST(got->find("B").value() == "x\ny");
  BOOST_TEST(!got->find("b"));
  BOOST_TEST(!got->find(""));
}

BOOST_AUTO_TEST_CASE(a_file_or_the_environment_comes_first_in_references) {
  constexpr auto text = "OUTER=mine\nA=$OUTER\nB=1\nC=$B\n";
  BOOST_TEST(parsed(text)->find("A").value() == "mine");
  auto const other = parsed(text, cs::dotenv_order::environment_first);
  BOOST_TEST(other->find("A").value() == "outer  value");
  BOOST_TEST(other->find("C").value() == "1");
}

BOOST_AUTO_TEST_CASE(a_file_is_read_over_another_and_nothing_is_half_read) {
  auto file = *parsed("A=1\nB=2\n");
  BOOST_TEST(file.add(cs::secret("A=$A$B\nC=$A\n"), "more", in(around)).has_value());
  BOOST_TEST((values(file) == variables{{"A", "12"}, {"B", "2"}, {"C", "12"}}));
  BOOST_TEST(!file.add(cs::secret("A=9\nB=9\nD=$(x)\n"), "bad", in(around)).has_value());
  BOOST_TEST((values(file) == variables{{"A", "12"}, {"B", "2"}, {"C", "12"}}));
}

BOOST_AUTO_TEST_CASE(circular_references_end) {
  variables const given = {{"B", "from outside"}};
  auto const got = cs::dotenv_file::parse(cs::secret("A=${B}\nB=${A}\nA=${B}\nC=${C}\n"), "f", in(given));
  BOOST_REQUIRE(got);
  BOOST_TEST((values(*got) == variables{{"A", "from outside"}, {"B", "from outside"}, {"C", ""}}));
}

BOOST_AUTO_TEST_CASE(a_lookup_that_fails_is_told_with_the_line) {
  auto const got =
      cs::dotenv_file::parse(cs::secret("A=1\nB=$X\n"), "f", [](std::string_view) -> cs::result<cs::secret> {
        return cs::error(cs::errc::fatal, "the vault is shut");
      });
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error() == cs::error(cs::errc::fatal, "dotenv f, line 2: the vault is shut")));
}

BOOST_AUTO_TEST_CASE(the_default_of_a_variable_that_is_set_is_not_looked_up) {
  std::string asked;
  auto const got = cs::dotenv_file::parse(cs::secret("A=${SET:-$NEVER}${UNSET:-$ONCE}\n"), "f",
                                          [&](std::string_view name) -> cs::result<cs::secret> {
                                            asked.append(name).append(" ");
                                            if (name == "SET") return cs::secret("x");
                                            return cs::error(cs::errc::not_mine);
                                          });
  BOOST_TEST(got->find("A").value() == "x");
  BOOST_TEST(asked == "SET UNSET ONCE ");
}

BOOST_AUTO_TEST_CASE(each_limit_is_the_last_that_is_read) {
  using limits = cs::dotenv_limits;
  auto const code = [](std::string const& text) {
    auto const got = parsed(text);
    return got ? cs::errc::none : got.error().code();
  };
  auto const none = cs::errc::none, over = cs::errc::too_large;
  std::string const comment(limits::size, '#');
  BOOST_TEST((code(comment) == none));
  BOOST_TEST((code(comment + '#') == over));
  BOOST_TEST(complaint(comment + '#') == "dotenv app/.env: longer than 262144 bytes");

  std::string const name(limits::name_size, 'N');
  BOOST_TEST((code(name + "=1") == none));
  BOOST_TEST((code(name + "N=1") == over));
  BOOST_TEST((code("A=$" + name) == none));
  BOOST_TEST((code("A=${" + name + "N}") == over));

  std::string const value(limits::value_size, 'v');
  BOOST_TEST((code("A=" + value) == none));
  BOOST_TEST((code("A=" + value + "v") == over));
  BOOST_TEST((code("A=\"" + value + "v\"") == over));
  BOOST_TEST((code("A='" + value + "v'") == over));
  BOOST_TEST((code("A=" + value + "\nB=${A}") == none));
  BOOST_TEST(complaint("A=" + value + "\nB=${A}v") ==
             "dotenv app/.env, line 2: a value longer than 65536 bytes");

  std::string many;
  for (std::size_t i = 0; i < limits::names; ++i) many += "N" + std::to_string(i) + "=\n";
  BOOST_TEST((code(many) == none));
  BOOST_TEST((code(many + "N0=again\n") == none));
  BOOST_TEST(complaint(many + "M=\n") == "dotenv app/.env, line 1025: more than 1024 names");

  std::string grown = "A=" + value + "\n";
  for (std::size_t i = 1; i < limits::all_values / limits::value_size; ++i) grown += "B=$A\n";
  BOOST_TEST((code(grown) == none));
  BOOST_TEST(complaint(grown + "C=c\n") ==
             "dotenv app/.env, line 17: the values are longer than 1048576 bytes in all");

  auto const nested = [](std::size_t depth) {
    std::string text = "A=";
    for (std::size_t i = 0; i < depth; ++i) text += "${X:-";
    return text + "deep" + std::string(depth, '}');
  };
  std::string side_by_side = "A=";
  for (std::size_t i = 0; i <= limits::depth; ++i) side_by_side += "${X:-}";
  BOOST_TEST(complaint(side_by_side) == "accepted: A=");
  BOOST_TEST(complaint(nested(limits::depth)) == "accepted: A=deep");
  BOOST_TEST(complaint(nested(limits::depth + 1)) ==
             "dotenv app/.env, line 1: ${…:-${…}} nested more than 16 deep");
}

BOOST_AUTO_TEST_CASE(a_long_path_leaves_room_for_the_message) {
  auto const path = "/" + std::string(150, 'x') + "/" + std::string(50, 'y') + "/.env";
  auto const got = cs::dotenv_file::parse(cs::secret("A=`x`"), path, in(around));
  auto const said = std::string(got.error().message());
  BOOST_TEST(said.starts_with("dotenv " + std::string(50, 'y') + "/.env, line 1: "), said);
  BOOST_TEST(said.ends_with("meant literally"), said);
}

BOOST_AUTO_TEST_CASE(each_allocation_that_fails_is_told) {
  cs::secret const text("A='a value of some length'\nB=\"$A ${NONE:-and a default}\"\nB=again\n");
  bool done = false;
  for (long left = 0; !done && left < 100; ++left) {
    cs::secret copy(text);
    fake::heap::exhausted const none(left);
    auto const got =
        cs::dotenv_file::parse(std::move(copy), "f", [](std::string_view) -> cs::result<cs::secret> {
          return cs::error(cs::errc::not_mine);
        });
    done = got.has_value();
    if (!done && got.error().code() != cs::errc::no_memory) break;
  }
  BOOST_TEST(done);
}

BOOST_AUTO_TEST_SUITE_END()
