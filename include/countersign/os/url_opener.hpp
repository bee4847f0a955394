#pragma once
// How the system shows a URL to whoever sits in front of it.

#include <string_view>

namespace countersign::inline v0::os {

/// The program and its first arguments; the URL comes last. On macOS and Windows not verified.
#if defined(_WIN32)
inline constexpr std::string_view url_opener[] = {"rundll32", "url.dll,FileProtocolHandler"};
#elif defined(__APPLE__)
inline constexpr std::string_view url_opener[] = {"open"};
#else
inline constexpr std::string_view url_opener[] = {"xdg-open"};
#endif

}  // namespace countersign::inline v0::os
