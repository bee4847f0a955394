# Sourced by the scripts beside this file. ctest gives COUNTERSIGN_SOURCE_DIR and CXX; by hand they are
# the repository around this file and g++.
set -u
root=${COUNTERSIGN_SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
include=$root/include
headers=$include/countersign
CXX=${CXX:-g++}
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wsign-conversion -Werror)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The rooms, each with those it may include besides itself and std; top to bottom.
rooms=(core text crypto os source format refresh store auth oauth mcp inspect drive adapt)
declare -A may_include=(
    [core]=""
    [text]="core"
    [crypto]="core text"
    [os]="core"
    [source]="core text crypto"
    [format]="core text crypto"
    [refresh]="core text"
    [store]="core text crypto os"
    [auth]="core text crypto os source format refresh store"
    [oauth]="core text crypto os source format refresh store auth"
    [mcp]="core text crypto os source format refresh store auth oauth"
    [inspect]="core text crypto os source format refresh store auth oauth mcp"
    [drive]="core os auth"
    [adapt]="core text crypto os source format refresh store auth oauth mcp inspect drive"
)

# Rooms whose headers one authentication scheme needs: what they include is paid by every user.
lean_rooms=(core text crypto source format refresh)
# What the lean rooms never reach, by the milliseconds each costs.
costly='string|vector|atomic|chrono|functional|memory|mutex|system_error|algorithm|random|filesystem|iostream|immintrin.h'

# complain TEXT…: one fault; `verdict` ends the script with how many there were.
faults=0
complain() {
    printf '%s\n' "$*"
    faults=$((faults + 1))
}
verdict() {
    [ "$faults" -eq 0 ] && exit 0
    printf '%d faults\n' "$faults"
    exit 1
}

# list_headers FOLDER: the headers under it, relative to it, sorted.
list_headers() { (cd "$1" && find . -name '*.hpp' | sed 's|^\./||' | sort); }

# includes_of FILE: what it includes of countersign, relative to the include folder's countersign/.
includes_of() { sed -nE 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]countersign/([^>"]+)[>"].*|\1|p' "$1"; }

# std_reached HEADER…: the standard headers reached by including them, one a line. False if they do not compile.
std_reached() {
    printf '#include <countersign/%s>\n' "$@" >"$work/reach.cpp"
    "$CXX" -std=c++20 -I"$include" -E "$work/reach.cpp" >"$work/reach.ii" || return 1
    sed -nE 's|^# [0-9]+ "(.*/)?([a-z_]+(\.h)?)".*|\2|p' "$work/reach.ii" | sort -u | grep -xE "$std_names"
}
# The names by which a program includes the standard library; whatever else it consists of is its own affair.
std_names='algorithm|any|array|atomic|barrier|bit|bitset|c[a-z]+|charconv|chrono|codecvt|compare|complex|concepts|condition_variable|coroutine|deque|exception|filesystem|format|forward_list|fstream|functional|future|initializer_list|iomanip|ios|iosfwd|iostream|istream|iterator|latch|limits|list|locale|map|memory|memory_resource|mutex|new|numbers|numeric|optional|ostream|queue|random|ranges|ratio|regex|scoped_allocator|semaphore|set|shared_mutex|source_location|span|sstream|stack|stdexcept|stop_token|streambuf|string|string_view|syncstream|system_error|thread|tuple|type_traits|typeindex|typeinfo|unordered_map|unordered_set|utility|valarray|variant|vector|version|immintrin\.h'
