#pragma once
// What is told of a login. No token is in it.

#include <countersign/core/time.hpp>
#include <countersign/store/login.hpp>

#include <string>

namespace program {

/// RFC 3339; empty where it never ends.
std::string instant(countersign::wall_time when);

/// "https://id.example, scopes a b, until 2026-11-23T02:24:23Z, then renewed by itself".
std::string words_of(countersign::login const& login);

}  // namespace program
