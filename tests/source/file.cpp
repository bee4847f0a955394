#include <countersign/source/file.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::immediate_source<cs::file> && cs::versioned_source<cs::file> &&
              cs::is_renewable<cs::file> && !cs::knows_origin<cs::file>);

namespace {

std::string answer(cs::file const& source, cs::context const& outside) {
  auto const got = source.acquire({}, outside);
  if (got) return std::string(got->reveal());
  return "(" + std::string(cs::name(got.error().code())) + ") " + std::string(got.error().message());
}
std::string written(scratch const& here, std::string_view name, std::string_view content,
                    mode_t mode = 0600) {
  auto const path = here.write(name, content);
  BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
  return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_file)

BOOST_AUTO_TEST_CASE(one_line_break_is_taken_off_the_end) {
  fake::world w;
  struct {
    std::string_view content, secret;
  } const rows[] = {{"token", "token"}, {"token\n", "token"}, {"token\r\n", "token"},
                    {" a b ", " a b "}, {" a\n", " a"},       {"\xc3\xa4\n", "\xc3\xa4"}};
  for (auto const& row : rows) {
    w.files["/run/t"] = row.content;
    BOOST_TEST(answer(cs::file("/run/t"), w.context()) == row.secret);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_holds_no_secret_is_told) {
  fake::world w;
  cs::file const source("/run/t");
  BOOST_TEST(source.path() == "/run/t");
  BOOST_TEST(answer(source, w.context()) ==
             "(not_mine) file: there is no file /run/t; create it with mode 600");
  for (auto const* content : {"", "\n", "\r\n"}) {
    w.files["/run/t"] = content;
    BOOST_TEST(answer(source, w.context()) == "(not_mine) file: /run/t is empty; write the secret into it");
  }
  for (auto const& content :
       {"a\0b"s, "\0"s, "a\nb"s, "a\n\n"s, "\na"s, "a\tb"s, "a\x7f"s, "a\r"s, "\x1b[1m"s, "a\r\r\n"s}) {
    w.files["/run/t"] = content;
    BOOST_TEST(answer(source, w.context()) ==
               "(bad_input) file: /run/t holds a control byte or a second line; it must hold "
               "the secret and nothing else");
  }
  w.files["/run/t"] = std::string(cs::max_token_file_size, 'x');
  BOOST_TEST(answer(source, w.context()).size() == cs::max_token_file_size);
  w.files["/run/t"] += 'x';
  BOOST_TEST(answer(source, w.context()) == "(too_large) file /run/t: longer than 65536 bytes");
  w.unreadable = {"/run/t"};
  BOOST_TEST(answer(source, w.context()) == "(fatal) file /run/t: Permission denied");
}

BOOST_AUTO_TEST_CASE(a_file_may_hold_several_lines_where_that_is_said) {
  fake::world w;
  w.files["/run/t"] = "a\n\tb\r\n\n";
  BOOST_TEST(answer(cs::file("/run/t").lines(), w.context()) == "a\n\tb\r\n");
  w.files["/run/t"] = "a\nb\x7f";
  BOOST_TEST(answer(cs::file("/run/t").lines(), w.context()) ==
             "(bad_input) file: /run/t holds a control byte; it must hold the secret and nothing else");
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_touch_is_refused_unless_it_is_shared) {
  scratch const here;
  constexpr auto
      said_read = " may be read by every user; chmod 600 it, or say .shared() where that is meant",
      said_write =
          " may be changed by other users; chmod 600 it and own it, or say .shared() where that is meant";
  struct {
    mode_t mode;
    char const* refused;
  } const rows[] = {{0600, nullptr},    {0400, nullptr},    {0640, nullptr},    {0440, nullptr},
                    {0644, said_read},  {0444, said_read},  {0604, said_read},  {0660, said_write},
                    {0620, said_write}, {0602, said_write}, {0666, said_write}, {0777, said_write}};
  for (auto const& row : rows) {
    auto const path = written(here, "t", "token\n", row.mode);
    auto const shown = std::string(cs::detail::end_of_path(path));
    BOOST_TEST(answer(cs::file(path), cs::system_context) ==
               (row.refused == nullptr ? "token" : "(insecure) file: " + shown + row.refused));
    BOOST_TEST(answer(cs::file(path).shared(), cs::system_context) == "token");
    cs::file const kept(path);
    BOOST_TEST(answer(kept.shared(), cs::system_context) == "token");
    BOOST_TEST(answer(kept, cs::system_context).starts_with("(insecure)") == (row.refused != nullptr));
  }
}

BOOST_AUTO_TEST_CASE(real_files_that_can_not_be_read_are_told) {
  scratch const here;
  BOOST_TEST(answer(cs::file(here.path("none")), cs::system_context).starts_with("(not_mine) "));
  BOOST_TEST(answer(cs::file(here.folder.string()), cs::system_context).starts_with("(fatal) file "));
  BOOST_REQUIRE(::mkfifo(here.path("fifo").c_str(), 0600) == 0);
  auto const fifo = answer(cs::file(here.path("fifo")), cs::system_context);
  BOOST_TEST(fifo.ends_with("not a regular file; folders, pipes and devices are not read"), fifo);
  auto const shut = written(here, "shut", "token", 0);
  BOOST_TEST(in_child([&] {
    return (::geteuid() != 0 || become_nobody()) &&
           answer(cs::file(shut).shared(), cs::system_context).ends_with(": Permission denied");
  }));
  auto const huge = written(here, "huge", std::string(cs::max_token_file_size + 1, 'x'));
  BOOST_TEST(answer(cs::file(huge), cs::system_context).starts_with("(too_large) "));
}

BOOST_AUTO_TEST_CASE(a_changed_file_has_another_version_and_gives_the_new_secret) {
  scratch const here;
  auto const path = written(here, "t", "one");
  cs::file const source(path);
  auto const first = source.version(cs::system_context);
  BOOST_TEST(answer(source, cs::system_context) == "one");
  BOOST_TEST(source.version(cs::system_context) == first);
  written(here, "t", "three");
  auto const second = source.version(cs::system_context);
  BOOST_TEST(second != first);
  BOOST_TEST(answer(source, cs::system_context) == "three");
  written(here, "next", "seven");
  std::filesystem::rename(here.path("next"), path);
  auto const third = source.version(cs::system_context);
  BOOST_TEST(third != second);
  BOOST_TEST(answer(source, cs::system_context) == "seven");
  std::filesystem::remove(path);
  BOOST_TEST(source.version(cs::system_context) != third);
}

// As Kubernetes updates a mounted secret.
BOOST_AUTO_TEST_CASE(a_link_swapped_on_the_way_is_noticed) {
  scratch const here;
  for (auto const* folder : {"..one", "..two"}) {
    std::filesystem::create_directory(here.path(folder));
    written(here, folder + "/token"s, folder);
  }
  std::filesystem::create_symlink("..one", here.path("..data"));
  std::filesystem::create_symlink("..data/token", here.path("token"));
  cs::file const source(here.path("token"));
  auto const before = source.version(cs::system_context);
  BOOST_TEST(answer(source, cs::system_context) == "..one");
  std::filesystem::create_symlink("..two", here.path("..data_tmp"));
  std::filesystem::rename(here.path("..data_tmp"), here.path("..data"));
  BOOST_TEST(source.version(cs::system_context) != before);
  BOOST_TEST(answer(source, cs::system_context) == "..two");
}

// The check of who may touch it must be of the file that was read.
BOOST_AUTO_TEST_CASE(a_file_swapped_while_it_is_read_is_read_again) {
  struct swapping {
    fake::world w;
    cs::context under = w.context();
    int swaps = 0;
  } s;
  s.w.files["/t"] = "one";
  auto outside = s.w.context();
  outside.self = &s;
  outside.read_file_state = [](void* self, std::string_view path) noexcept {
    return static_cast<swapping*>(self)->under.state_of_file(path);
  };
  outside.read_file = [](void* self, std::string_view path, std::size_t limit) noexcept {
    auto& all = *static_cast<swapping*>(self);
    auto got = all.under.file(path, limit);
    if (all.swaps-- > 0) all.w.files["/t"] += "+";
    return got;
  };
  s.swaps = 3;
  BOOST_TEST(answer(cs::file("/t"), outside) == "one+++");
  s.swaps = 4;
  BOOST_TEST(answer(cs::file("/t"), outside) ==
             "(transient) file: /t changed each time it was read; try again");
}

BOOST_AUTO_TEST_CASE(a_running_authenticator_uses_the_changed_file_for_its_next_request) {
  scratch const here;
  auto const path = written(here, "t", "one");
  fake::world w;
  auto outside = w.context();
  outside.read_file = [](void*, std::string_view from, std::size_t limit) noexcept {
    return cs::system_context.file(from, limit);
  };
  outside.read_file_state = [](void*, std::string_view of) noexcept {
    return cs::system_context.state_of_file(of);
  };
  cs::authenticator api{cs::file{path}, cs::bearer{}, cs::only{"https://api.example"}, outside};
  cs::request get("GET", "https://api.example/");
  auto const sent = [&] {
    if (auto ok = api.authorize(get); !ok) return std::string(ok.error().message());
    return std::string(get.get("Authorization").value());
  };
  BOOST_TEST(sent() == "Bearer one");
  written(here, "t", "three");
  BOOST_TEST(sent() == "Bearer three");
  std::filesystem::remove(path);
  BOOST_TEST(sent() == "Bearer three");
  written(here, "t", "seven");
  w.advance(cs::seconds(3600));  // longer than it is left alone after a failure
  BOOST_TEST(sent() == "Bearer seven");
}

BOOST_AUTO_TEST_CASE(it_owns_its_path) {
  fake::world w;
  w.files["/t"] = "one";
  std::string path = "/t";
  cs::file const source(path);
  path = "/x";
  BOOST_TEST(answer(source, w.context()) == "one");
  BOOST_TEST(source.version(w.context()) == w.context().state_of_file("/t").value().version);
}

BOOST_AUTO_TEST_CASE(no_block_of_the_heap_keeps_the_secret) {
  constexpr std::string_view canary = "canary-in-a-coal-mine";
  scratch const here;
  auto const path = here.write("f", "canary-in-a-coal-mine\n");
  BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
  long found = -1;
  bool yielded = false;
  {
    fake::heap::watch const watch(canary);
    {
      auto const got = cs::file(path).acquire({}, cs::system_context);
      yielded = got && got->reveal() == canary;
    }
    found = watch.found();
  }
  BOOST_TEST(yielded);
  BOOST_TEST(found == 0);
}

BOOST_AUTO_TEST_SUITE_END()
