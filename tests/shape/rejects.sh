# Each file of tests/rejects must not compile, and the first line with an error must hold the sentence that the file
# expects; with -DTWIN it must compile, so that nothing else is wrong with it.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1

judge() {
    local file=$1 name=${1##*/} expected said first
    expected=$(sed -n 's|^// expect: ||p' "$file")
    [ -n "$expected" ] || { echo "$name: no line // expect: …"; return; }
    if said=$("$CXX" -std=c++20 -I"$include" -fsyntax-only "$file" 2>&1); then
        echo "$name: compiles, but must be refused with: $expected"
    else
        first=$(grep -m 1 -E "^[^ ]+: (fatal )?error: " <<<"$said")
        [[ $first == *"$expected"* ]] || printf '%s: the first error must say: %s\n  but it is: %s\n' "$name" "$expected" "$first"
    fi
    # shellcheck disable=SC2086 # the flags are words
    said=$("$CXX" -std=c++20 $flags -DTWIN -I"$include" -fsyntax-only "$file" 2>&1) ||
        printf '%s: its twin must compile, but:\n%s\n' "$name" "$(head -n 8 <<<"$said")"
}
export -f judge
# Several define what only the refused half uses.
export CXX include flags="${warnings[*]} -Wno-unused"
find "$root/tests/rejects" -name '*.cpp' | sort >"$work/files"
xargs -a "$work/files" -n 1 -P "$(nproc)" bash -c 'judge "$1"' judge >"$work/said"
[ ! -s "$work/said" ] || complain "$(cat "$work/said")"
[ -s "$work/files" ] || complain "tests/rejects holds no file"
# Every sentence of the library has such a file, and is plain ASCII: clang 14 escapes the rest.
grep -rhoE --include="*.hpp" "\"countersign: [^\"]*" "$headers" | sed "s/^.//" | sort -u >"$work/sentences"
sed -n "s|^// expect: ||p" "$root"/tests/rejects/*.cpp >"$work/expected"
while IFS= read -r sentence; do
    while IFS= read -r expected; do
        [[ $sentence != "$expected"* ]] || continue 2
    done <"$work/expected"
    complain "no file of tests/rejects expects: $sentence"
done <"$work/sentences"
not_ascii=$(LC_ALL=C grep -n "[^ -~]" "$work/sentences") && complain "not plain ASCII: $not_ascii"

echo "$(wc -l <"$work/files") files, $(wc -l <"$work/sentences") sentences"
verdict
