#pragma once
// Where a request may lead whose URL a stranger chose: judged by the addresses that its name resolves to.

#include <countersign/core/message.hpp>
#include <countersign/text/host_reach.hpp>
#include <countersign/text/origin.hpp>

#include <string_view>

namespace countersign::inline v0::detail {

/// Made for one request; hears of each address before it is connected to.
class destination {
public:
  explicit destination(request const& what) noexcept : judged_(!what.named_by.empty()) {
    if (!judged_ || !named_by_.assign(what.named_by.reveal())) return;
    auto const own = reach_of(named_by_.host());
    if (own != host_reach::unclear) farthest_ = own;
  }

  /// Whether there is anything to judge: the user's own requests go where they go.
  [[nodiscard]] bool judged() const noexcept { return judged_; }
  [[nodiscard]] bool takes(host_reach where) noexcept {
    bool const ok = !judged_ || where <= farthest_;
    (ok ? taken_ : refused_) = true;
    return ok;
  }
  /// Addresses were refused, and there was no other.
  [[nodiscard]] bool refused() const noexcept { return refused_ && !taken_; }
  /// Whose word the URL is; empty where that is no server.
  [[nodiscard]] origin const& named_by() const noexcept { return named_by_; }
  /// The name of a server within a network need not say so: what it resolves to does.
  /// @param own of the most public of that server's addresses
  /// @return whether more is taken now
  [[nodiscard]] bool widen(host_reach own) noexcept {
    if (own == host_reach::unclear || own <= farthest_) return false;
    farthest_ = own;
    taken_ = refused_ = false;
    return true;
  }

  static constexpr std::string_view fault = "the name leads to an address within a network, and the server "
                                            "that named it is not there; nothing was sent";

private:
  bool judged_;
  bool taken_ = false, refused_ = false;
  host_reach farthest_ = host_reach::everywhere;
  origin named_by_;
};

}  // namespace countersign::inline v0::detail
