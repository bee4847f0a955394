#pragma once
// What is around the servers of a config: the environment, and the dotenv file of the command line beneath it.

#include "options.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/source/layered_environment.hpp>

#include <string>

namespace program {

/// The real outside world, where a variable that is not set comes from `--env-file`. Outlives what was made with
/// its context.
class surroundings {
public:
  explicit surroundings(options const& asked);

  /// Reads the file, if one is named.
  countersign::result<void> load();

  countersign::context context() const { return layers_.outside(); }

private:
  std::string env_file_;
  bool debug_;
  countersign::layered_environment layers_;
};

}  // namespace program
