# ctest: serial
# What it costs to include countersign, beside the standard headers that any program has: user CPU time of compiling an
# otherwise empty unit at -O0, the least of several turns, taken in turn so that a busy machine slows all alike.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
turns=7
TIMEFORMAT=%U

units=(text_floor bearer owning_floor core everything)
write() { printf '#include <%s>\n' "${@:2}" >"$work/$1.cpp"; }
write text_floor string string_view
write bearer countersign/format/bearer.hpp
write owning_floor string vector memory
write core countersign/core.hpp
write everything countersign/countersign.hpp

declare -A least
for ((turn = 0; turn < turns; ++turn)); do
    for unit in "${units[@]}"; do
        taken=$({ time "$CXX" -std=c++20 -O0 -I"$include" -c "$work/$unit.cpp" -o "$work/$unit.o" 2>"$work/$unit.err"; } 2>&1)
        [ -e "$work/$unit.o" ] || { cat "$work/$unit.err" >&2; exit 1; }
        ms=$((10#${taken/[.,]/}))
        [ -n "${least[$unit]:-}" ] && [ "${least[$unit]}" -le "$ms" ] || least[$unit]=$ms
    done
done

# goal UNIT FLOOR HUNDREDTHS
goal() {
    local ratio=$((100 * least[$1] / least[$2]))
    printf '%-12s %4d ms, %3d.%02d times the %d ms of its floor; allowed %d.%02d\n' "$1" "${least[$1]}" \
        $((ratio / 100)) $((ratio % 100)) "${least[$2]}" $(($3 / 100)) $(($3 % 100))
    [ "$ratio" -le "$3" ] || complain "$1: costs more to include than it may"
}
goal bearer text_floor 150
goal core owning_floor 180
goal everything owning_floor 350
verdict
