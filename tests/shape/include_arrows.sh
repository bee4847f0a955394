# Each room includes only the rooms it may; nothing costly is reached from the lean ones; only few places ask for the
# platform.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1

# -- arrows between rooms
while read -r file; do
    [[ $file == */* ]] || continue # an umbrella: umbrellas.sh
    room=${file%%/*}
    allowed=" $room ${may_include[$room]-} "
    while read -r target; do
        other=${target%%/*}
        if [[ $target != */* ]]; then
            complain "$file includes the umbrella $target: name the headers that it uses"
        elif [[ $allowed != *" $other "* ]]; then
            complain "$file includes $target, but $room/ may include only:${allowed% }"
        elif [[ $target == */detail/* && $other != "$room" && $other != core ]]; then
            complain "$file includes $target, which is private to $other/"
        fi
    done < <(includes_of "$headers/$file")
    grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$headers/$file" &&
        complain "$file: write #include <countersign/…>"
    [ "$(head -n 1 "$headers/$file")" = "#pragma once" ] || complain "$file: the first line is not #pragma once"
done < <(list_headers "$headers")

# -- what the lean rooms reach
for room in "${lean_rooms[@]}"; do
    [ -d "$headers/$room" ] || continue
    while read -r file; do
        grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($costly)>" "$headers/$room/$file" &&
            complain "$room/$file: this standard header costs more than the room may"
    done < <(list_headers "$headers/$room")
    reached=$(std_reached "$room.hpp") || { complain "$room.hpp does not compile"; continue; }
    found=$(grep -xE "$costly" <<<"$reached") && complain "$room.hpp reaches" $found
done
reached=$(std_reached format/bearer.hpp) || complain "format/bearer.hpp does not compile"
echo "format/bearer.hpp reaches:" $reached
for name in string_view span optional concepts utility new cstring; do
    # It is what a lean header is made of; if none of it is seen, nothing was measured.
    grep -qx "$name" <<<"$reached" || complain "format/bearer.hpp: <$name> was not seen: is the list read rightly?"
done

# -- platforms
# Elsewhere a conditional may ask for the compiler and the language, but not for the system or the processor.
harmless='defined|__GNUC__|__clang__|__clang_major__|_MSC_VER|__cplusplus|__cpp_[a-z_0-9]+|__has_[a-z_]+|__SIZEOF_INT128__'
while read -r file; do
    case $file in
    os/* | crypto/detail/* | text/detail/* | adapt/* | core/detail/processor.hpp) continue ;;
    esac
    found=$(grep -nE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)' "$headers/$file" |
        grep -E "[A-Za-z_]*[A-Z_][A-Za-z_0-9]*" | while IFS= read -r line; do
            words=$(grep -oE '[A-Za-z_][A-Za-z_0-9]*' <<<"${line#*#}" | grep -vxE "if|ifdef|ifndef|elif|$harmless")
            [ -z "$words" ] || printf '%s\n' "$line"
        done)
    [ -z "$found" ] || complain "$file asks for the platform; that belongs into os/, or detail/ of crypto/ and text/: $found"
done < <(list_headers "$headers")
verdict
