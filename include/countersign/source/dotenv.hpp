#pragma once
// A credential from a dotenv file.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/source/layered_environment.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields the value of one variable: the environment's if it is set there, else the file's; `.file_wins()` turns that
/// round. The file is read when the source is asked, and not at all where the environment has the answer. No file,
/// unset or empty: errc::not_mine, so that a chain goes on. A mistake in the file is errc::bad_input with its line.
class dotenv {
public:
  using credential = secret;

  dotenv(owned_text path, owned_text name) noexcept : path_(std::move(path)), name_(std::move(name)) {}

  [[nodiscard]] dotenv file_wins() const& noexcept { return dotenv(*this).file_wins(); }
  [[nodiscard]] dotenv file_wins() && noexcept {
    order_ = dotenv_order::file_first;
    return std::move(*this);
  }
  [[nodiscard]] std::string_view path() const noexcept { return path_; }
  [[nodiscard]] std::string_view variable() const noexcept { return name_; }

  [[nodiscard]] result<secret> acquire(occasion const&, context const& outside) const {
    if (!path_.ok() || !name_.ok()) return error(errc::no_memory, "dotenv: out of memory");
    if (order_ == dotenv_order::environment_first) {
      auto value = outside.variable(name_);
      if (value && value->empty())
        return error(errc::not_mine, "dotenv: variable ", name_.view(),
                     " is empty in the environment, which wins over ", detail::end_of_path(path_),
                     "; unset it, or say .file_wins()");
      if (value || value.error().code() != errc::not_mine) return value;
    }
    layered_environment both(outside, order_);
    auto const loaded = both.load(path_);
    bool const no_file = !loaded && loaded.error().code() == errc::not_mine;
    if (!loaded && !no_file) return loaded.error();
    auto value = both.variable(name_);
    if (value && !value->empty()) return value;
    if (!value && value.error().code() != errc::not_mine) return value;
    return error(errc::not_mine, "dotenv: variable ", name_.view(),
                 value ? " is empty in " : " is in neither the environment nor ", detail::end_of_path(path_),
                 no_file ? ", which does not exist" : "", "; give it a value there");
  }

private:
  owned_text path_, name_;
  dotenv_order order_ = dotenv_order::environment_first;
};

}  // namespace countersign::inline v0
