# `login` where no browser runs, or one that can't come back: over SSH, in containers; and the hosts and ports that it comes back to.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
# free_port: one that nobody has right now.
free_port() {
    local port
    while port=$((20000 + RANDOM % 40000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$port") 2>/dev/null || break
    done
    echo "$port"
}
fixed=$(free_port) other=$(free_port)
provide
config free '' four '"oauth":{"redirectHost":"127.0.0.1","profile":"4"}' six '"oauth":{"redirectHost":"[::1]","profile":"6"}' \
    name '"oauth":{"redirectHost":"localhost","profile":"name"}' \
    fixed-four "\"oauth\":{\"redirectHost\":\"127.0.0.1\",\"callbackPort\":$fixed,\"profile\":\"f4\"}" \
    fixed-six "\"oauth\":{\"redirectHost\":\"[::1]\",\"callbackPort\":$fixed,\"profile\":\"f6\"}" \
    fixed-name "\"oauth\":{\"redirectHost\":\"localhost\",\"callbackPort\":$fixed,\"profile\":\"fn\"}" \
    moved "\"oauth\":{\"callbackPort\":$other,\"profile\":\"f4\"}" \
    any '"oauth":{"redirectHost":"0.0.0.0"}' outside '"oauth":{"redirectHost":"h.example"}'
redirect_of() { sed -nE 's/.*redirect_uri=([^&]*).*/\1/p' <<<"$1" | sed 's/%3A/:/g; s#%2F#/#g; s/%5B/[/g; s/%5D/]/g'; }

# Each host, at a free port and at a fixed one; a name is listened to on both addresses.
for row in 'free 127.0.0.1 127.0.0.1' 'four 127.0.0.1 127.0.0.1' 'six [::1] ::1' 'name localhost 127.0.0.1' 'name localhost ::1' \
    'fixed-four 127.0.0.1 127.0.0.1' 'fixed-six [::1] ::1' 'fixed-name localhost 127.0.0.1' 'fixed-name localhost ::1'; do
    read -r name host address <<<"$row"
    begin "$name" --no-browser
    redirect=$(redirect_of "$page")
    port=${redirect##*:} port=${port%%/*}
    [[ $redirect == "http://$host:$port/callback" ]] || problem "$name comes back to $redirect"
    [[ $name != fixed-* || $port = "$fixed" ]] || problem "$name: port $port, not $fixed"
    code=$(curl -s --noproxy '*' -o /dev/null -w '%{redirect_url}' "$page")
    # Whatever the name means to this machine's resolver.
    curl -sg --resolve "localhost:$port:$address" -o came "$code" || problem "$name: $address does not answer"
    ended 0
    says "signed in to server \"$name\""
    grep -q 'You can close this window' came || problem "$name: $(cat came)"
    state "$name" signed_in
done

# The port goes with the registration: the same one again, and another with another.
reset_counts
begin four --no-browser
first=$(redirect_of "$page")
curl -sL --noproxy '*' -o /dev/null "$page"
ended 0
begin four --no-browser
[ "$(redirect_of "$page")" = "$first" ] || problem "the registered $first became $(redirect_of "$page")"
curl -sL --noproxy '*' -o /dev/null "$page"
ended 0
counts 0 registered
begin moved --no-browser
curl -sL --noproxy '*' -o /dev/null "$page"
ended 0
counts 1 registered
# Somebody else has it by now: another one, and a registration for it, for a port that nobody asked for is no must.
port=${first##*:} port=${port%%/*}
sed "s/$other/$port/" servers.json >squatter.json
"$program" login moved --no-browser --config squatter.json >squatted 2>&1 &
squatter=$!
until grep -q "%3A$port%2F" squatted || ! kill -0 $squatter; do sleep 0.02; done
begin four --no-browser
[ "$(redirect_of "$page")" != "$first" ] || problem 'a port was shared'
curl -sL --noproxy '*' -o /dev/null "$page"
ended 0
says 'signed in to server "four"'
kill $squatter
wait $squatter 2>/dev/null

# Over SSH: no BROWSER, no display, no xdg-open. The page is said, and its address pasted while the port is listened to.
mkdir none
printf '#!/bin/sh\nPATH=%s exec "%s" "$@"\n' "$folder/none" "$program" >alone && chmod +x alone
program=$folder/alone
unset BROWSER
begin free
page_said=$page
pasted=$(curl -s --noproxy '*' -o /dev/null -w '%{redirect_url}' "$page_said")
printf 'what is this\n%s\n' "${pasted/state=/state=x}" >&"$typed" # of another sign-in
printf '%s\r\n' "$pasted" >&"$typed"
ended 0
says 'Open this page' 'signed in to server "free"'
begin free
grep -q 'paste' err || problem 'nobody is told that the address may be pasted'
curl -sL --noproxy '*' -o /dev/null "$page" # a forwarded port, and the browser comes by itself
ended 0

# No place to come back to.
run 1 login any
says 'server "any": oauth.redirectHost: expected 127.0.0.1, localhost or [::1], found 0.0.0.0'
run 1 login outside
says 'oauth.redirectHost: expected 127.0.0.1, localhost or [::1], found h.example'
finish
