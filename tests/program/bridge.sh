# `bridge`: a stdio client in front of a Streamable HTTP server, and all that can go wrong between them.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"
: "${COUNTERSIGN_MCP_SERVER:?the path of the MCP server}"
: >out
coproc server { exec "$COUNTERSIGN_MCP_SERVER" "$folder/log"; }
read -r port <&"${server[0]}" || exit 1
url=http://127.0.0.1:$port/mcp
cat >f.json <<END
{"mcpServers":{
  "notes":{"type":"http","url":"$url","headers":{"Authorization":"Bearer \${TOKEN}"}},
  "hasty":{"type":"http","url":"$url","timeout":500},
  "down":{"type":"http","url":"http://127.0.0.1:1/mcp","headers":{"Authorization":"Bearer \${TOKEN}"}},
  "file":{"type":"http","url":"$url","envFile":"token.env","headers":{"Authorization":"Bearer \${FILE_TOKEN}"}},
  "unset":{"type":"http","url":"$url","headers":{"X-Key":"\${COUNTERSIGN_TEST_UNSET}"}},
  "child":{"command":"true"}
}}
END
export COUNTERSIGN_CONFIG=f.json TOKEN=canary-7f3a9b41
# logged N LINE: the log has it so often.
logged() {
    [ "$(grep -cE -- "$2" log)" = "$1" ] || problem "not $1 times: $2; the log: $(tail -n 20 log)"
}
until_logged() {
    local n=0
    until [ "$(grep -cE -- "$2" log)" -ge "$1" ] || [ $((n += 1)) -gt 500 ]; do sleep 0.02; done
    logged "$1" "$2"
}
hello() { printf '{"jsonrpc":"2.0","method":"notifications/message","params":{"n":%s}}' "$1"; }

# A session: what the server says of itself comes too, each stream is taken up where it ended; at the end it is closed.
cross notes
greet
hears "$(hello 1)" "$(hello 2)"
tell "$(use 1 echo)" "$(use '"a"' echo)"
hears_among '{   "jsonrpc": "2.0",  "id":1,"result":{"said":"echotools/call"}}' '{   "jsonrpc": "2.0",  "id":"a","result":{"said":"echotools/call"}}'
until_logged 1 '^GET session=s-1 version=2025-06-18 .* listens after get-2$'
logged 1 '^GET .* listens after $'
logged 1 '^POST session= version= named=, initialize$'
logged 1 '^POST session=s-1 version=2025-06-18 named=, notifications/initialized$'

# Streams: message by message, a question of the server's within, an end before the answer, nothing at all.
progress() { printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"n":%s}}' "$1"; }
tell "$(use 2 many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 2 many)"
tell "$(use 3 ask)"
hears '{"jsonrpc":"2.0","id":"q-1","method":"roots/list"}'
tell '{"jsonrpc":"2.0","id":"q-1","result":{"roots":[]}}'
hears "$(said 3 q-1)"
tell "$(use 4 closes)"
hears "$(said 4 'taken up')"
logged 1 '^GET .* listens after closed-4$'
tell "$(use 5 half)"
hears "$(refused 5 -32000 'server \"notes\": the server closed the stream before it answered')"
tell "$(use 6 garbage)"
hear
[[ $line == *'"code":-32000,'*'what is no message: JSON line 1'* ]] || problem "$line"

# Refusals. No word of them is the server's, but for a JSON-RPC error, which has our id now.
tell "$(use 7 broken)"
hears "$(refused 7 -32000 'server \"notes\": the server answered HTTP 500')"
tell "$(use 8 moved)"
hears "$(refused 8 -32000 'server \"notes\": the server answered HTTP 307, a redirect, which is not followed')"
tell "$(use 9 html)"
hears "$(refused 9 -32000 'server \"notes\": the server answered HTTP 200 without a JSON-RPC message')"
tell "$(use 10 refuse)"
hears "$(refused 10 -32602 'so not')"

# 20 at once: side by side.
started=$SECONDS
wanted=()
for i in $(seq 100 119); do
    wanted+=("{   \"jsonrpc\": \"2.0\",  \"id\":$i,\"result\":{\"said\":\"slowtools/call\"}}")
    tell "$(use "$i" slow)"
done
hears_among "${wanted[@]}"
[ $((SECONDS - started)) -le 3 ] || problem "20 at once, of 0.3 s each, took $((SECONDS - started)) s"

# The order of notifications is kept, however long the server takes.
for i in 1 2 3 4 5; do tell "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/slow\"}" "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/n$i\"}"; done
until_logged 1 notifications/n5
[ "$(grep -oE 'notifications/(slow|n.)$' log | tr '\n' ' ')" = "$(for i in 1 2 3 4 5; do printf 'notifications/slow notifications/n%s ' $i; done)" ] ||
    problem "the order: $(cat log)"

# What is called off gets no answer, and holds nobody up.
tell "$(use 11 hang)"
until_logged 1 'hang$'
tell '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":11}}' "$(use 12 many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 12 many)"

# Lines that are no message; what comes after them is understood.
tell 'garbage' '{"jsonrpc":"2.0","id":1' '' ' ' '[]' '{"id":1}' "$(printf '\x01\xff')" '"text"'
hears "$(refused null -32700 'JSON line 1, column 1: expected a value')"
hear
[[ $line == '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,'* ]] || problem "$line"
hears "$(refused null -32600 'an empty batch')" "$(refused null -32600 'neither a request nor a response')"
hear
[[ $line == '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,'* ]] || problem "$line"
hears "$(refused null -32600 'a JSON-RPC message is an object')"
# One byte below and above the longest line.
{ head -c 16777216 /dev/zero | tr '\0' ' '; echo; head -c 16777217 /dev/zero | tr '\0' ' '; echo; } >&"$to"
hears "$(refused null -32600 'a message of more than 16777216 bytes')"
peak() { sed -nE 's/^VmHWM:\s*([0-9]+) kB/\1/p' "/proc/$bridge/status"; }
before=$(peak)
for _ in 1 2; do
    { head -c 100000000 /dev/zero; echo; } >&"$to"
    hears "$(refused null -32600 'a message of more than 16777216 bytes')"
done
[ $(($(peak) - before)) -le 40000 ] || problem "100 MB: the bridge grew from $before to $(peak) kB"
[ "$(peak)" -le 90000 ] || problem "the bridge has used $(peak) kB"

# The server forgets the session: another one is opened as the first was, and the client does not notice.
tell "$(use 16 forget)"
hear
tell "$(use 17 many)"
hears_among "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 17 many)"
logged 3 '^POST session=s-1 .* tools/call many$'
logged 2 ' initialize$'
logged 2 ' notifications/initialized$'
logged 1 '^POST session=s-2 .* tools/call many$'
leave 0
logged 1 '^DELETE session=s-2 version=2025-06-18 '
hides canary-7f3a9b41
[ -z "$err" ] || problem "stderr: $err"

# 10 MB, each way.
many() { head -c "$1" /dev/zero | tr '\0' "$2"; }
{
    rpc 0 initialize
    printf '\n%s\n' "$initialized" "$(use 13 big)" "$(use 14 big_stream)"
    printf '{"jsonrpc":"2.0","id":15,"method":"tools/call","params":{"name":"length","text":"'
    many 10000000 z
    echo '"}}'
} | "$program" bridge notes >got 2>err
for one in "$(said 13 "$(many 10000000 x)")" "$(said 14 "$(many 10000000 y)")" "$(said 15 10000084)"; do
    printf '%s\n' "$one" >wanted
    grep -qxFf wanted got || problem "10 MB: no line of ${#one} bytes: $(cut -c1-200 got); $(cat err)"
done

# Whatever bytes come: what is no message is answered as that, and the next one is understood.
openssl rand 3000000 >noise
{
    cat noise
    printf '\n'
    rpc 1 initialize
    printf '\n'
} | "$program" bridge notes >got 2>err
grep -qx '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"20.*' got || problem "after noise: $(tail -n 1 got | cut -c1-200); $(cat err)"
! grep -vqE '^\{"jsonrpc":"2.0","id":(1,"result"|null,"error":\{"code":-32(600|700),)' got || problem "noise is answered: $(head -n 3 got)"
# 100 MB without an end, and then none.
head -c 100000000 /dev/zero | "$program" bridge notes >got 2>err || problem "100 MB and no line end: exit $?: $(cat err)"
[ ! -s got ] || problem "what was cut short is answered: $(head -c 300 got)"

# A token in a file that changes: nobody notices. One that does not fit is told, until it does.
echo FILE_TOKEN=canary-one-7f3a >token.env
echo canary-one-7f3a >accepted
cross file
greet
hears "$(hello 1)" "$(hello 2)"
tell "$(use 1 many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 1 many)"
echo FILE_TOKEN=canary-two-7f3a >token.env
echo canary-two-7f3a >accepted
tell "$(use 2 many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 2 many)"
echo canary-three-7f3a >accepted
tell "$(use 3 many)"
hears "$(refused 3 -32001 'server \"file\": the server answered 401 to this credential')"
echo FILE_TOKEN=canary-three-7f3a >token.env
tell "$(use 4 many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 4 many)"
leave 0
hides canary-two-7f3a
rm accepted

# Each request for itself: its headers, and no session.
cross notes
tell '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"many","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}'
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said 1 many)"
logged 1 '^POST session= version=2026-07-28 named=tools/call,many tools/call many$'
alone() { rpc "$1" tools/call '{"name":"'"$2"'","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}'; }
# A stream that breaks off takes its request with it: this wire takes up none.
listened=$(grep -c '^GET ' log)
tell "$(alone 2 closes)"
hears "$(refused 2 -32000 'server \"notes\": the server closed the stream before it answered')"
tell "$(alone 3 half)"
hears "$(refused 3 -32000 'server \"notes\": the server closed the stream before it answered')"
logged "$listened" '^GET '
tell "$(alone 4 broken)"
hears "$(refused 4 -32000 'server \"notes\": the server answered HTTP 500')"
tell "$(alone 5 refuse)"
hears "$(refused 5 -32602 'so not')"
tell "$(alone 6 moved)"
hears "$(refused 6 -32000 'server \"notes\": the server answered HTTP 307, a redirect, which is not followed')"
# What is called off loses its stream, by which the server knows.
left=$(grep -c '^a client left a stream$' log)
tell "$(alone 7 hang)"
until_logged 1 'version=2026-07-28 .* tools/call hang$'
tell '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}' "$(alone 8 echo)"
hears '{   "jsonrpc": "2.0",  "id":8,"result":{"said":"echotools/call"}}'
until_logged $((left + 1)) '^a client left a stream$'
leave 0

# The end of input: what is under way is waited for. Without a line end, a line is none.
cross --url "$url"
greet
tell "$(use 1 slow)"
printf '{"jsonrpc":"2.0","id":2,"met' >&"$to"
exec {to}>&-
hears_among "$(hello 1)" "$(hello 2)" '{   "jsonrpc": "2.0",  "id":1,"result":{"said":"slowtools/call"}}'
exec {to}>/dev/null
leave 0
# … but not for ever.
API_URL=$url cross
greet
tell "$(use 1 hang)"
exec {to}>&-
hears_among "$(hello 1)" "$(hello 2)" "$(refused 1 -32000 'the bridge ended before the server answered')"
exec {to}>/dev/null
leave 0
# A signal ends it too, and the session.
cross --url "$url"
greet
hears "$(hello 1)" "$(hello 2)"
kill -TERM "$bridge"
leave 143
logged 7 '^DELETE '

# A server that is not there, or takes too long.
cross down
tell "$(use 1 echo)"
hear
[[ $line == '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"server \"down\": curl: POST http://127.0.0.1:1: '* ]] || problem "$line"
leave 0
cross hasty
greet
hears "$(hello 1)" "$(hello 2)"
tell "$(use 1 silent)"
hears "$(refused 1 -32000 'server \"hasty\": no answer within the time that the config gives')"
leave 0

cross unset
tell "$(use 1 echo)"
hears "$(refused 1 -32000 'server \"unset\": headers.X-Key: variable COUNTERSIGN_TEST_UNSET is not set; set it, or give a default: ${COUNTERSIGN_TEST_UNSET:-…}')"
leave 0

# What can't begin says so, and says nothing to the client.
run 2 bridge child
says 'server "child" is a stdio server already; use exec'
run 2 bridge nowhere
run 1 bridge --url nonsense
finish
