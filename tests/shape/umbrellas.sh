# One umbrella per room includes each header of that room and nothing else, but for a few that stand apart, so that a new header can't be forgotten.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1

# A terminal's person is for programs that have one; other clients do not pay for sockets and processes.
apart="oauth/browser.hpp oauth/loopback_listener.hpp oauth/terminal_person.hpp
os/line_input.hpp os/loopback_socket.hpp os/start_detached.hpp os/url_opener.hpp"

present=""
for room in "${rooms[@]}"; do
    umbrella=$headers/$room.hpp
    public=$(cd "$headers" && find "$room" -maxdepth 1 -name '*.hpp' 2>/dev/null | sort | grep -vxFf <(tr ' ' '\n' <<<"$apart"))
    if [ "$room" = adapt ]; then
        # Each of its headers needs a library of its own.
        [ ! -e "$umbrella" ] || complain "$room.hpp: the room adapt/ has no umbrella"
        continue
    fi
    if [ -z "$public" ]; then
        [ ! -e "$umbrella" ] || complain "$room.hpp: the room $room/ holds no header, so it needs no umbrella"
        continue
    fi
    # Its own umbrella is for programs that talk to people; a client does not pay for it.
    [ "$room" = inspect ] || present+="$room.hpp"$'\n'
    [ -e "$umbrella" ] || { complain "$room.hpp: missing; the room $room/ holds headers"; continue; }
    difference=$(diff <(printf '%s\n' "$public") <(includes_of "$umbrella" | sort)) ||
        complain "$room.hpp: < is in the room, > is included"$'\n'"$(grep '^[<>]' <<<"$difference")"
done

difference=$(diff <(printf '%s' "$present") <(includes_of "$headers/countersign.hpp")) ||
    complain "countersign.hpp: every room's umbrella but those of inspect/ and adapt/, in the rooms' order"$'\n'"$(grep '^[<>]' <<<"$difference")"

for folder in "$headers"/*/; do
    room=${folder%/} room=${room##*/}
    [ -n "${may_include[$room]+known}" ] || complain "$room/: no room of that name is known; see tests/shape/frame.bash"
done
verdict
