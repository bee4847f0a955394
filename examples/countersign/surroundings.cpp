#include "surroundings.hpp"

#include "output.hpp"

namespace cs = countersign;

namespace program {

surroundings::surroundings(options const& asked)
    : env_file_(asked.env_file), debug_(asked.debug), layers_(outside(asked.debug)) {}

cs::result<void> surroundings::load() {
  if (env_file_.empty()) return {};
  if (debug_) say("loads " + env_file_);
  if (auto ok = layers_.load(env_file_); !ok) return ok.error().within("--env-file: ");
  return {};
}

}  // namespace program
