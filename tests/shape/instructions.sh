# Composed policies cost no more instructions than the same work written by hand, at -O2. What memcpy and memcmp do
# depends on where the heap has put the bytes, so the C library's instructions are not counted, but its calls are.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
allowed=1.02
# What threads share is read without a lock, and templates are known at run time: by hand, neither is so. And texts whose
# length is not known are copied by memcpy, six times, where clang writes those by hand out.
allowed_hmac=1.08
allowed_calls_hmac=6
calls=100000

"$CXX" -std=c++20 -O2 -g "${warnings[@]}" -I"$include" "$root/tests/shape/instructions.cpp" -o "$work/instructions" -pthread || exit 1
"$work/instructions" || exit 1

# count NAME: instructions of the program's own, and calls that leave it, both per call of `counted`.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$work/$1.out" --toggle-collect='*counted*' \
        "$work/instructions" "$1" "$calls" >/dev/null 2>"$work/$1.err" || { cat "$work/$1.err" >&2; return 1; }
    # Callgrind's format: `ob=(1) FILE` names an object once and is `ob=(1)` from then on; after `calls=` comes what was
    # spent in the function called, which stands elsewhere too.
    awk -v program="$work/instructions" -v calls="$calls" '
        function object(text, id) {
            id = text; sub(/\).*/, ")", id)
            if (text ~ /\) /) name[id] = substr(text, index(text, ") ") + 2)
            return name[id]
        }
        /^ob=/ { here = object(substr($0, 4)); there = here; next }
        /^cob=/ { there = object(substr($0, 5)); next }
        /^fn=/ { there = here; next }
        /^calls=/ { split(substr($0, 7), n, " "); if (here == program && there != here) left += n[1]; there = here; inclusive = 1; next }
        /^[0-9+*-]/ { if (!inclusive && here == program) own += $NF; inclusive = 0 }
        END { printf "%.2f %.2f\n", own / calls, left / calls }' "$work/$1.out"
}

printf '%-8s %10s %10s %8s %16s\n' "" "policies" "by hand" "ratio" "calls of libc"
for name in bearer key pair basic hmac; do
    read -r ours our_calls <<<"$(count "$name")"
    read -r floor floor_calls <<<"$(count "${name}_by_hand")"
    limit=$allowed more_calls=0
    [ "$name" != hmac ] || limit=$allowed_hmac more_calls=$allowed_calls_hmac
    awk -v name="$name" -v ours="$ours" -v floor="$floor" -v our_calls="$our_calls" -v floor_calls="$floor_calls" -v allowed="$limit" -v more="$more_calls" 'BEGIN {
        if (ours < 10 || floor < 10 || our_calls < 1 || floor_calls < 1) { print name ": nothing was counted"; exit 1 }
        printf "%-8s %10.1f %10.1f %8.3f %8.1f %7.1f\n", name, ours, floor, ours / floor, our_calls, floor_calls
        exit ours / floor > allowed || our_calls > floor_calls + more + 0.01 }' || complain "$name: more than $limit times the instructions, or too many calls"
done
verdict
