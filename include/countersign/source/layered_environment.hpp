#pragma once
// An environment with dotenv files laid over or under it.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/dotenv.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// A context whose variables come from dotenv files as well; everything else it passes on to the one beneath.
///
///     layered_environment layers(system_context);
///     if (auto ok = layers.load(".env"); !ok) …
///     authenticator api{env{"API_TOKEN"}, bearer{}, only{"https://api.example.com"}, layers.outside()};
///
/// Load first, use afterwards: loading while a context of it is used is a race; using it from many threads is not.
/// It can't be moved, for the contexts it gives point to it: it outlives them and all that was built with them. It
/// keeps a copy of the context beneath, whose `self` must live as long.
class layered_environment {
public:
  /// @param order which side wins where both have a variable, also in the `$NAME` of the files. A variable that is set
  ///   to nothing is set.
  explicit layered_environment(context const& beneath,
                               dotenv_order order = dotenv_order::environment_first) noexcept
      : beneath_(beneath), order_(order) {}
  layered_environment(layered_environment const&) = delete;
  layered_environment& operator=(layered_environment const&) = delete;

  /// Reads a dotenv file; one that is loaded later wins over those before. errc::not_mine if there is no such file;
  /// mistakes are told with their line. Nothing of a file counts unless all of it could be read.
  result<void> load(std::string_view path) {
    auto text = beneath_.file(path, dotenv_limits::size);
    if (!text && text.error().code() == errc::not_mine)
      return error(errc::not_mine, "dotenv ", detail::end_of_path(path), ": there is no such file");
    if (!text) return text.error();
    return file_.add(
        std::move(*text), path, [&](std::string_view name) { return beneath_.variable(name); }, order_);
  }

  /// Assigns a variable as one more file would.
  result<void> assign(std::string_view name, std::string_view value) { return file_.assign(name, value); }

  /// What the files assign.
  [[nodiscard]] dotenv_file const& files() const noexcept { return file_; }

  /// errc::not_mine if neither side has it.
  [[nodiscard]] result<secret> variable(std::string_view name) const {
    auto const value = file_.find(name);
    if (value && order_ == dotenv_order::file_first) return copied(*value);
    auto outer = beneath_.variable(name);
    if (outer || !value || outer.error().code() != errc::not_mine) return outer;
    return copied(*value);
  }

  /// Every variable as "NAME=value" and a zero byte, each name once.
  [[nodiscard]] result<secret> environment() const {
    auto const outer = beneath_.environment();
    if (!outer) return outer.error();
    secret all;
    bool const files_win = order_ == dotenv_order::file_first;
    for (auto rest = outer->reveal(); !rest.empty();) {
      auto const size = rest.find('\0');
      auto const one = rest.substr(0, size);
      if (!files_win || !file_.find(one.substr(0, one.find('=')))) all.append(one).push_back('\0');
      rest.remove_prefix(size == std::string_view::npos ? rest.size() : size + 1);
    }
    file_.each([&](std::string_view name, std::string_view value, std::size_t) {
      if (files_win || !holds(outer->reveal(), name))
        all.append(name).append("=").append(value).push_back('\0');
    });
    if (!all.ok()) return error(errc::no_memory, "environment: out of memory");
    return all;
  }

  /// This as a context. Points to this object.
  [[nodiscard]] context outside() const noexcept {
    context made;
    // The table is for objects that may change; nothing here does.
    made.self = const_cast<layered_environment*>(this);
    made.read_clocks = [](void* l) noexcept { return of(l).now(); };
    made.read_coarse = [](void* l) noexcept { return of(l).coarse_now(); };
    made.read_entropy = [](void* l, void* to, std::size_t size) noexcept {
      return of(l).read_entropy(of(l).self, to, size);
    };
    made.read_variable = [](void* l, std::string_view name) noexcept { return at(l).variable(name); };
    if (beneath_.read_environment != nullptr)
      made.read_environment = [](void* l) noexcept { return at(l).environment(); };
    made.read_file = [](void* l, std::string_view path, std::size_t limit) noexcept {
      return of(l).file(path, limit);
    };
    made.read_file_state = [](void* l, std::string_view path) noexcept { return of(l).state_of_file(path); };
    made.run_command = [](void* l, command const& what) noexcept { return of(l).run(what); };
    if (beneath_.write_trace != nullptr)
      made.write_trace = [](void* l, trace_event const& event) noexcept { of(l).trace(event); };
    made.files = beneath_.files;
    return made;
  }

private:
  static layered_environment const& at(void* self) noexcept {
    return *static_cast<layered_environment const*>(self);
  }
  static context const& of(void* self) noexcept { return at(self).beneath_; }

  static result<secret> copied(std::string_view value) noexcept {
    secret copy(value);
    if (!copy.ok()) return error(errc::no_memory, "dotenv: out of memory");
    return copy;
  }
  static bool holds(std::string_view all, std::string_view name) noexcept {
    while (!all.empty()) {
      if (all.starts_with(name) && all.substr(name.size()).starts_with('=')) return true;
      auto const size = all.find('\0');
      all.remove_prefix(size == std::string_view::npos ? all.size() : size + 1);
    }
    return false;
  }

  context beneath_;
  dotenv_order order_;
  dotenv_file file_;
};

}  // namespace countersign::inline v0
