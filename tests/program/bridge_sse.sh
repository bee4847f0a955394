# `bridge` to servers of type sse: one stream that brings all answers, and a place where messages are posted.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"
: "${COUNTERSIGN_SSE_SERVER:?the path of the server}"
: >out
coproc server { exec "$COUNTERSIGN_SSE_SERVER" "$folder/log"; }
read -r port <&"${server[0]}" || exit 1
{
    echo '{"mcpServers":{'
    for path in sse full elsewhere refuse moved; do
        printf '"%s":{"type":"sse","url":"http://127.0.0.1:%s/%s","headers":{"Authorization":"Bearer ${TOKEN}"}},\n' "$path" "$port" "$path"
    done
    echo '"down":{"type":"sse","url":"http://127.0.0.1:1/sse"}}}'
} >f.json
export COUNTERSIGN_CONFIG=f.json TOKEN=canary-7f3a9b41
logged() { [ "$(grep -cE -- "$2" log)" = "$1" ] || problem "not $1 times: $2; the log: $(tail -n 15 log)"; }

for name in full sse; do
    cross $name
    greet
    tell "$(use 1 a)"
    hears '{"jsonrpc":"2.0","id":1, "result":{"said":"a"}}'
    tell "$(use 2 broken)"
    hears "$(refused 2 -32000 "server \\\"$name\\\": the server answered HTTP 500")"
    wanted=()
    for i in $(seq 10 29); do
        tell "$(use "$i" b)"
        wanted+=('{"jsonrpc":"2.0","id":'"$i"', "result":{"said":"b"}}')
    done
    hears_among "${wanted[@]}"
    [ $name = sse ] || leave 0
done
logged 1 '^GET /sse Bearer canary-7f3a9b41 $'
logged 2 '^POST /messages\?of=[12] Bearer canary-7f3a9b41 "initialize"$'

# A question of the server's, its notifications, a redirect; what is called off gets no answer, though the server gives one.
tell "$(use 30 ask)"
hears '{"jsonrpc":"2.0","id":"q-1","method":"roots/list"}'
tell '{"jsonrpc":"2.0","id":"q-1","result":{"roots":[]}}'
hears '{"jsonrpc":"2.0","id":30, "result":{"said":"q-1"}}'
tell "$(use 31 many)"
hears '{"jsonrpc":"2.0","method":"notifications/message","params":1}' '{"jsonrpc":"2.0","method":"notifications/message","params":2}' '{"jsonrpc":"2.0","id":31, "result":{"said":"many"}}'
tell "$(use 32 sent-on)"
hears "$(refused 32 -32000 'server \"sse\": the server answered HTTP 307')"
tell "$(use 33 hang)"
until grep -q '"hang"$' log; do sleep 0.02; done
tell '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":33}}'
until grep -q '"notifications/cancelled"$' log; do sleep 0.02; done
tell "$(use 34 c)"
hears '{"jsonrpc":"2.0","id":34, "result":{"said":"c"}}'

# The stream ends in the middle of a call: that is told; the next stream is greeted, and the client does not notice.
tell "$(use 3 drop)"
hears "$(refused 3 -32000 'server \"sse\": the server closed the stream before it answered')"
tell "$(use 4 c)"
hears '{"jsonrpc":"2.0","id":4, "result":{"said":"c"}}'
logged 2 '^POST /messages\?of=2 .*"(initialize|notifications/initialized)"$'
logged 2 '^POST /messages\?of=3 .*"(initialize|notifications/initialized)"$'
tell "$(use 5 half)"
hears "$(refused 5 -32000 'server \"sse\": the server closed the stream before it answered')"
tell "$(use 6 c)"
hears '{"jsonrpc":"2.0","id":6, "result":{"said":"c"}}'
leave 0

# The credential goes to no other origin; a refusal is told, and the bridge stays.
cross elsewhere
tell "$(use 1 a)"
hears "$(refused 1 -32000 'server \"elsewhere\": the server names a place for messages at another origin; nothing was sent there')"
leave 0
cross refuse
for i in 1 2; do
    tell "$(use $i a)"
    hears "$(refused $i -32001 'server \"refuse\": the server answered 401 to this credential')"
done
leave 0
cross moved
tell "$(use 1 a)"
hears "$(refused 1 -32000 'server \"moved\": the server answered HTTP 302 to the request for its stream')"
leave 0
cross down
tell "$(use 1 a)"
hear
[[ $line == '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"server \"down\": curl: GET http://127.0.0.1:1: '* ]] || problem "$line"
leave 0
hides canary-7f3a9b41
finish
