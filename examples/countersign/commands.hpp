#pragma once
// One function for each command; each gives the exit code.

#include "options.hpp"

namespace program {

int list(options const& asked);
int status(options const& asked);
int headers(options const& asked);
int call(options const& asked);
int login(options const& asked);
int logout(options const& asked);
int exec(options const& asked);
int bridge(options const& asked);
int doctor(options const& asked);
int lint(options const& asked);
int env(options const& asked);
int demo();

}  // namespace program
