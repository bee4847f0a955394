# `bridge` to a server that wants somebody to sign in: before, while and after somebody is.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"
provide
config notes '' given '"headers":{"Authorization":"Bearer canary-7f3a9b41"}'
read_note() { use "$1" read_note; }
wants() { # ID WHY COMMAND
    hears '{"jsonrpc":"2.0","id":'"$1"',"error":{"code":-32001,"message":"server \"notes\" wants '"$2; to sign in: $3"'","data":{"command":"'"$3"'"}}}'
}
note='"result":{"content":[{"type":"text","text":"'

# Nobody is signed in: every request is told so, and the bridge stays.
cross notes
tell "$(rpc 0 initialize)"
wants 0 'somebody to sign in' 'countersign login notes'
tell "$(rpc 1 tools/list)"
wants 1 'somebody to sign in' 'countersign login notes'

# Somebody signs in meanwhile: it goes on, with the same process.
run 0 login notes
greet
tell "$(read_note 2)"
hear
[[ $line == '{"jsonrpc":"2.0","id":2,'"$note"* ]] || problem "$line"

# Tokens that live for a second: one renewal each time, whoever asks.
control 'set?access_lifetime=1000'
run 0 login notes
reset_counts
for round in 1 2; do
    sleep 1.2
    for i in $(seq 1 20); do tell "$(read_note "$round$i")"; done
    for i in $(seq 1 20); do
        hear
        [[ $line == *"$note"* ]] || problem "an expired token: $line"
    done
done
control 'set?access_lifetime=3600000'

# The server takes the token back, then the session: the client does not notice.
control expire
tell "$(read_note 3)"
hear
[[ $line == '{"jsonrpc":"2.0","id":3,'"$note"* ]] || problem "$line"

# More scope is needed; and then everything has been revoked.
tell "$(use 4 write_note)"
wants 4 'more scope than was granted' 'countersign login notes --scope notes:write'
control revoke
control expire
tell "$(read_note 5)"
wants 5 'somebody to sign in' 'countersign login notes'
run 0 login notes
tell "$(read_note 6)"
hear
[[ $line == '{"jsonrpc":"2.0","id":6,'"$note"* ]] || problem "$line"
leave 0

# Two bridges on one store, at one expired token: one renews it, both go on.
cross notes
greet
first=$bridge first_to=$to first_from=$from
mv err err.first
cross notes
greet
for round in 1 2 3; do
    control expire
    control 'fault?path=/token&latency=300'
    reset_counts
    printf '%s\n' "$(read_note "$round")" >&"$first_to"
    tell "$(read_note "$round")"
    hear
    [[ $line == '{"jsonrpc":"2.0","id":'$round','"$note"* ]] || problem "the second of two: $line"
    IFS= read -r -t 20 -u "$first_from" line
    [[ $line == '{"jsonrpc":"2.0","id":'$round','"$note"* ]] || problem "the first of two: $line; $(cat err.first)"
    counts 1 'request \/token'
    counts 1 refreshed
    counts 0 reuse_detected
done
exec {first_to}>&-
leave 0
bridge=$first from=$first_from
cp err.first err
exec {to}>/dev/null
leave 0

# A credential of the config that is refused leads to no sign-in.
cross given
tell "$(rpc 1 tools/list)"
hears "$(refused 1 -32001 'server \"given\": the server answered 401 to this credential')"
leave 0
hides canary-7f3a9b41

# A server that no config names.
cross --url "$mcp"
greet
tell "$(read_note 1)"
hear
[[ $line == *"$note"* ]] || problem "a login is of a URL, whoever names it: $line"
leave 0
run 0 logout notes
cross --url "$mcp"
tell "$(rpc 1 tools/list)"
hear
[[ $line == *"\"command\":\"countersign login --url $mcp\""* ]] || problem "$line"
run 0 login --url "$mcp"
tell "$(rpc 2 initialize)"
hear
[[ $line == '{"jsonrpc":"2.0","id":2,"result"'* ]] || problem "$line"
leave 0
finish
