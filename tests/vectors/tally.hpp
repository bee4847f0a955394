#pragma once
// Counts the test vectors that ran, so that none is forgotten: see README.md beside this file.

#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace vectors {

/// One for each line of cases.txt, in the test that runs its vectors: `++` it for each. When it ends, all those that apply
/// must have run; it prints `vectors NAME: RAN of CASES`.
class tally {
public:
  /// @param name as in cases.txt: a file relative to tests/vectors, then `#part` if several tests share it
  explicit tally(std::string name) : name_(std::move(name)) {
    auto in = open("cases.txt");
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string of;
      if (!(words >> of) || of != name_) continue;
      if (!(words >> cases_ >> left_out_)) throw std::runtime_error("cases.txt: unreadable: " + line);
      return;
    }
    throw std::runtime_error("cases.txt has no line for " + name_);
  }
  tally(tally const&) = delete;
  tally& operator=(tally const&) = delete;
  ~tally() {
    BOOST_TEST(ran_ == cases_ - left_out_, name_ << ": " << ran_ << " of its " << cases_
                                                 << " vectors ran, and " << left_out_
                                                 << " do not apply (tests/vectors/cases.txt)");
    std::printf("vectors %s: %zu of %zu\n", name_.c_str(), ran_, cases_);
  }

  tally& operator++() noexcept {
    ++ran_;
    return *this;
  }

private:
  std::string name_;
  std::size_t cases_ = 0, left_out_ = 0, ran_ = 0;
};

}  // namespace vectors
