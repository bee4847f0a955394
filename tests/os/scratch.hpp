#pragma once
// A folder of its own for each test, gone after it; and what this process has open.

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>
#include <string_view>

namespace {

struct scratch {
  std::filesystem::path folder;

  explicit scratch(std::filesystem::path const& parent = std::filesystem::temp_directory_path()) {
    auto pattern = (parent / "countersign-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
  }
  ~scratch() { std::filesystem::remove_all(folder); }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;

  std::string path(std::string_view name) const { return (folder / name).string(); }
  std::string write(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string read(std::string_view name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

inline std::ptrdiff_t count_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

}  // namespace
