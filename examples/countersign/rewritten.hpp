#pragma once
// Files replaced as a whole: a reader finds the old content or the new one, and so does who comes after a
// power cut.

#include <countersign/core/result.hpp>

#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace program {

/// Writes a file beside the old one, flushes it and renames it over. A link stays a link.
/// @param before what the old one must still hold; nothing: it must not exist
/// @param mode of a new file, and of an old one where `tighten`; else an old one keeps its own
countersign::result<void> rewrite(std::filesystem::path const& path, std::optional<std::string_view> before,
                                  std::string_view after, mode_t mode, bool tighten = false);

}  // namespace program
