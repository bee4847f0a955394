#pragma once
// What can be made from what, asked of the language itself: the traits of the standard library are paid for every
// type anew.

#include <new>

namespace countersign::inline v0::detail {

template <class From, class To>
concept converts_to = requires(From&& from, void (*take)(To)) { take(static_cast<From&&>(from)); };
template <class To, class From>
concept made_from = requires(From&& from, void* here) { ::new (here) To(static_cast<From&&>(from)); };
template <class T>
concept moves_without_throwing = requires(T&& from) {
  { T(static_cast<T&&>(from)) } noexcept;
};

}  // namespace countersign::inline v0::detail
