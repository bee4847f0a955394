#!/usr/bin/env bash
# Usage: bench/costs.sh [--quick]   Rows, for the report, of what is not timed: instructions of policies and of the same
# by hand, what including a header costs, and the size of a program that mints a token. bench/run calls it.
self=$(readlink -f "${BASH_SOURCE[0]}")
root=${self%/*/*}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
CXX=${CXX:-g++}
quick=${1:-}

fail() { printf '%s\n' "$*" >&2; exit 1; }
row() { printf 'row\t%s\t%s\t%s\t-1\t%s\n' "$@"; } # GROUP WHO UNIT VALUE

# Both scripts print tables, and end with 1 where a limit of their own is not kept: that is a row all the same.
bash "$root/tests/shape/instructions.sh" >"$work/instructions"
awk 'NR > 1 && NF == 6 { print $1, $2, $3 }' "$work/instructions" >"$work/rows"
[ -s "$work/rows" ] || { cat "$work/instructions" >&2; fail "no instructions were counted"; }
while read -r name ours floor; do
    row "instructions/$name" floor instr "$floor"
    row "instructions/$name" countersign instr "$ours"
done <"$work/rows"

include_rows() { # REPETITIONS [--peers]: name, milliseconds and those of the floor, for each
    bash "$root/tests/shape/include_cost.sh" "$@" >"$work/includes"
    awk 'NR > 1 && NF == 5 { print $1, $2, $3 }' "$work/includes" >"$work/rows"
    [ -s "$work/rows" ] || { cat "$work/includes" >&2; fail "no include was timed"; }
}
include_rows "$([ -n "$quick" ] && echo 2 || echo 5)"
while read -r name ours floor; do
    row "include/$name" floor ms "$floor"
    row "include/$name" countersign ms "$ours"
done <"$work/rows"
if [ -z "$quick" ]; then
    include_rows 2 --peers
    while read -r name theirs _; do row include/format/bearer.hpp "$name" ms "$theirs"; done <"$work/rows"
fi

# Each program's first line may name libraries. What it mints is checked with the openssl command.
key=$(printf '0123456789abcdef%.0s' 1 2 3 4)
for source in "$root"/bench/programs/mint_*.cpp; do
    who=${source##*/mint_} who=${who%.cpp} who=${who/_/, }
    read -ra libraries <<<"$(sed -n '1s|^// link: ||p' "$source")"
    if ! "$CXX" -std=c++20 -O2 -s -I"$root/include" "$source" -o "$work/program" "${libraries[@]}" 2>"$work/errors"; then
        [ "$who" != countersign ] || { cat "$work/errors" >&2; fail "$source does not compile"; }
        printf 'left out\t%s\tits program does not compile here\n' "$who"
        continue
    fi
    token=$("$work/program") || fail "$source mints nothing"
    code=$(printf %s "${token%.*}" | openssl dgst -sha256 -mac HMAC -macopt "key:$key" -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)
    [ "${token##*.}" = "$code" ] || fail "$source: openssl makes another signature of ${token%.*}"
    # More than libc and libstdc++ is needed by those that name libraries: told in the row.
    needs=$(objdump -p "$work/program" | awk '$1 == "NEEDED" && $2 !~ /^lib(c|m|stdc\+\+|gcc_s)\.so/ { sub(/\.so.*/, "", $2); printf " + %s", $2 }')
    [ "$who" != countersign ] || [ -z "$needs" ] || fail "the program that mints a token needs$needs"
    row "program/mints one HS256 token" "$who$needs" B "$(stat -c %s "$work/program")"
done
