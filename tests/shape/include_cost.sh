# What including a header costs, as a ratio to standard headers that a client includes anyway, in one run: the time the
# compiler computes, at -O0, the least of several interleaved repetitions.
# Usage: include_cost.sh [REPETITIONS [--peers]]   --peers: what including other libraries costs, for those that are there.
# ctest: serial
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
repetitions=${1:-7}

# NAME LIMIT HEADERS : floor HEADERS. What makes countersign.hpp dear: docs/decisions/0012.
rows=(
    "format/bearer.hpp 1.5 <countersign/format/bearer.hpp> : <string> <string_view>"
    "core.hpp 1.8 <countersign/core.hpp> : <string> <vector> <memory>"
    "countersign.hpp 3.5 <countersign/countersign.hpp> : <string> <vector> <memory>"
)
# A limit of 0 is none.
if [ "${2:-}" = --peers ]; then
    rows=()
    for peer in nlohmann:nlohmann/json.hpp RapidJSON:rapidjson/document.h simdjson:simdjson.h cpp-jwt:jwt/jwt.hpp libjwt:jwt.h \
        cpp-httplib:httplib.h libcurl:curl/curl.h Beast:boost/beast.hpp fmt:fmt/format.h OpenSSL:openssl/evp.h; do
        echo "#include <${peer#*:}>" | "$CXX" -std=c++20 -E -x c++ - >/dev/null 2>&1 || continue
        rows+=("${peer%%:*} 0 <${peer#*:}> : <string> <string_view>")
    done
fi

write_file() { # NUMBER HEADER…
    local file=$work/$1.cpp header
    shift
    : >"$file"
    for header in "$@"; do echo "#include $header" >>"$file"; done
}
TIMEFORMAT=%3U
milliseconds() { # FILE: of the compiler's own time
    local seconds
    seconds=$({ time "$CXX" -std=c++20 -O0 -I"$include" -c "$1" -o /dev/null >&2; } 2>&1) || { printf '%s\n' "$seconds" >&2; return 1; }
    seconds=${seconds##*$'\n'}
    echo $((10#${seconds/./}))
}

for i in "${!rows[@]}"; do
    read -r _ _ headers_here <<<"${rows[i]}"
    # shellcheck disable=SC2086 # the headers are words
    write_file "$i" ${headers_here%% : *}
    # shellcheck disable=SC2086
    write_file "$i.floor" ${headers_here##* : }
    best[i]=1000000 floor[i]=1000000
done
for ((n = 0; n < repetitions; ++n)); do
    for i in "${!rows[@]}"; do
        ours=$(milliseconds "$work/$i.cpp") && theirs=$(milliseconds "$work/$i.floor.cpp") || { complain "does not compile"; verdict; }
        [ "$ours" -ge "${best[i]}" ] || best[i]=$ours
        [ "$theirs" -ge "${floor[i]}" ] || floor[i]=$theirs
    done
done

printf '%-20s %8s %8s %8s %8s\n' "" "ms" "floor" "ratio" "at most"
for i in "${!rows[@]}"; do
    read -r name limit _ <<<"${rows[i]}"
    awk -v name="$name" -v limit="$limit" -v ours="${best[i]}" -v floor="${floor[i]}" 'BEGIN {
        printf "%-20s %8d %8d %8.2f %8.1f\n", name, ours, floor, ours / floor, limit
        exit !(floor > 0 && (limit == 0 || ours / floor <= limit)) }' || complain "$name costs more than $limit times its floor"
done
verdict
