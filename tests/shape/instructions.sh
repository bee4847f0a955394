# Composed policies cost no more instructions than the same work written by hand, at -O2.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
allowed=1.02
calls=100000

"$CXX" -std=c++20 -O2 -g "${warnings[@]}" -I"$include" "$root/tests/shape/instructions.cpp" -o "$work/instructions" -pthread || exit 1
"$work/instructions" || exit 1

count() {
    valgrind --tool=callgrind --callgrind-out-file="$work/$1.out" --toggle-collect='*counted*' \
        "$work/instructions" "$1" "$calls" >/dev/null 2>"$work/$1.err" || { cat "$work/$1.err" >&2; exit 1; }
    awk '/^(summary|totals):/ { print $2; exit }' "$work/$1.out"
}

printf '%-8s %12s %12s %8s\n' "" "policies" "by hand" "ratio"
for name in bearer key pair basic; do
    ours=$(count "$name") floor=$(count "${name}_by_hand")
    if [ -z "$ours" ] || [ -z "$floor" ] || [ "$floor" -lt "$calls" ] || [ "$ours" -lt "$calls" ]; then
        complain "$name: nothing was counted"
        continue
    fi
    awk -v name="$name" -v ours="$ours" -v floor="$floor" -v calls="$calls" -v allowed="$allowed" 'BEGIN {
        printf "%-8s %12.1f %12.1f %8.3f\n", name, ours / calls, floor / calls, ours / floor
        exit ours / floor > allowed }' || complain "$name: more than $allowed times the instructions"
done
verdict
