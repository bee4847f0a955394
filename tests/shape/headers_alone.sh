# Every header compiles alone with all warnings, and all of them do without exceptions and RTTI; none is long.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1

# compile HEADER FLAG…: included twice by a file that includes nothing else.
compile() {
    local header=$1 said
    shift
    said=$(printf '#include <countersign/%s>\n' "$header" "$header" |
        "$CXX" -std=c++20 "$@" -I"$include" -fsyntax-only -x c++ - 2>&1) && return
    printf '%s does not compile alone:\n%s\n' "$header" "$(head -n 12 <<<"$said")"
}
# Its headers lie where pkg-config says.
if where=$(pkg-config --cflags-only-I libsecret-1 2>/dev/null); then
    export CPLUS_INCLUDE_PATH=${where// -I/:}
    CPLUS_INCLUDE_PATH=${CPLUS_INCLUDE_PATH#-I} CPLUS_INCLUDE_PATH=${CPLUS_INCLUDE_PATH%% }
fi
is_found() { printf '#include <%s>\n' "$1" | "$CXX" -std=c++20 -E -x c++ - >/dev/null 2>&1; }

# needed_by HEADER: what must be on this machine for it: the system it is written for, the library it adapts.
needed_by() {
    case $1 in
    os/detail/windows*) echo windows.h ;;
    adapt/*) sed -nE 's/^#include <([^>]+\.hp*)>.*/\1/p' "$headers/$1" | grep -v '^countersign/' ;;
    esac
}

while read -r header; do
    left_out=""
    for other in $(needed_by "$header"); do
        is_found "$other" || left_out=$other
    done
    [ -z "$left_out" ] || { echo "$header is left out: no <$left_out> here"; continue; }
    printf '%s %s\n' "$header" "${warnings[*]}"
    # The umbrellas reach every header, so the second set of flags needs no other.
    [[ $header == */* ]] || printf '%s %s\n' "$header" "${warnings[*]} -fno-exceptions -fno-rtti"
done < <(list_headers "$headers") >"$work/list"
grep ' is left out: ' "$work/list"
grep -v ' is left out: ' "$work/list" >"$work/jobs"

export -f compile
export CXX include
# shellcheck disable=SC2016 # $0 and $@ are the inner shell's: a line of the list
xargs -a "$work/jobs" -L 1 -P "$(nproc)" bash -c 'compile "$@"' compile >"$work/said"
if [ -s "$work/said" ]; then
    cat "$work/said"
    complain "$(grep -c ' does not compile alone:$' "$work/said") compilations failed"
fi
echo "$(wc -l <"$work/jobs") compilations of $(list_headers "$headers" | wc -l) headers"

# A header is one idea; one that is longer than this has become two.
longest=400
(cd "$headers" && find . -name '*.hpp' -exec wc -l {} +) | grep -v ' total$' | sed 's|\./||' | sort -rn >"$work/sizes"
echo "longest:"
head -n 10 "$work/sizes"
while read -r lines header; do
    [ "$lines" -le "$longest" ] || complain "$header has $lines lines; $longest are the most"
done <"$work/sizes"
verdict
