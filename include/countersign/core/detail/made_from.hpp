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

// As the concepts of std of these names.
template <class T>
concept move_constructible = made_from<T, T>;
template <class T>
concept copy_constructible = move_constructible<T> && made_from<T, T const&>;
template <class T>
concept movable = move_constructible<T> && requires(T& to, T&& from) { to = static_cast<T&&>(from); };
template <class T>
concept copyable = movable<T> && copy_constructible<T> && requires(T& to, T const& from) { to = from; };

}  // namespace countersign::inline v0::detail
