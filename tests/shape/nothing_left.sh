# After credentials were used and let go, no memory of the process holds a piece of one, however the compiler optimised.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
[ -r /proc/self/maps ] || { echo "not verified: there is no /proc here"; exit 0; }
for level in -O2 -O3; do
    "$CXX" -std=c++20 "$level" "${warnings[@]}" -I"$include" "$root/tests/shape/nothing_left.cpp" -o "$work/nothing_left" -pthread || exit 1
    "$work/nothing_left" >"$work/found" || complain "$level: $(cat "$work/found")"
done
verdict
