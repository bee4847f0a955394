# `call`: what goes over the wire, what is printed, and every way in which a server can fail.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
serve
# sent: the requests of the log. sends N LINE: it holds the line N times.
sent() { grep -E '^(POST|DELETE) ' log; }
sends() {
    [ "$(grep -cxF -- "$2" log)" = "$1" ] || problem "not $1 times sent: $2; the log: $(cat log)"
}
{
    echo '{"mcpServers":{'
    for path in mcp stream iserror error garbage html big hangup refuse forbid broken nowhere; do
        printf '"%s":{"type":"http","url":"http://127.0.0.1:%s/%s",' "$path" "$port" "$path"
        echo '"headers":{"Authorization":"Bearer ${TOKEN}"}},'
    done
    printf '"moved":{"type":"http","url":"http://localhost:%s/moved",' "$port"
    printf '"headers":{"Authorization":"Bearer ${TOKEN}","X-Other":"%s"}},\n' "$port"
    printf '"keyed":{"type":"http","url":"http://127.0.0.1:%s/refuse","headers":{"X-Key":"${TOKEN}"}},\n' "$port"
    printf '"open":{"type":"http","url":"http://127.0.0.1:%s/refuse"},\n' "$port"
    echo '"tenant":{"type":"http","url":"http://${TENANT}.localhost:1/mcp","headers":{"X-Key":"${TOKEN}"}},'
    for path in refuse forbid upgrade; do
        printf '"ws-%s":{"type":"ws","url":"ws://127.0.0.1:%s/%s",' "$path" "$port" "$path"
        echo '"headers":{"Authorization":"Bearer ${TOKEN}"}},'
    done
    printf '"ws-open":{"type":"ws","url":"ws://127.0.0.1:%s/refuse"},\n' "$port"
    echo '"ws-clear":{"type":"ws","url":"ws://api.example/mcp","headers":{"X-Key":"${TOKEN}"}},'
    echo '"ws-down":{"type":"ws","url":"ws://127.0.0.1:1/mcp","headers":{"X-Key":"${TOKEN}"}},'
    echo '"old":{"type":"sse","url":"http://127.0.0.1:1/sse"},'
    echo '"child":{"command":"bash","args":["child.sh"],"env":{"DB_PASSWORD":"${TOKEN}"}},'
    echo '"dead":{"command":"true"},'
    echo '"slow":{"command":"cat","args":["/dev/null"],"timeout":200},'
    echo '"missing":{"command":"/none/such"}'
    echo '}}'
} >f.json
export COUNTERSIGN_CONFIG=f.json TOKEN=canary-7f3a9b41

# The 2025 wire: a session that is opened, used and closed, with the credential on each request.
run 0 call mcp tools/call '{"name": "t", "n": 1.50}'
prints '{"echo":"tools/call"}'
[ -z "$err" ] || problem "stderr: $err"
hides canary-7f3a9b41
[ "$(sent | tr '\n' ' ')" = 'POST /mcp POST /mcp POST /mcp DELETE /mcp ' ] || problem "requests: $(cat log)"
sends 4 'Authorization: Bearer canary-7f3a9b41'
sends 3 'Mcp-Session-Id: s-1'
sends 3 'MCP-Protocol-Version: 2025-06-18'
sends 3 'Accept: application/json, text/event-stream'
sends 1 '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","n":1.50}}'
run 0 call mcp ping
sends 1 '{"jsonrpc":"2.0","id":2,"method":"ping"}'
run 0 call mcp tools/list --raw
prints '{"jsonrpc":"2.0","id":2,"result":{"echo":"tools/list"}}'
run 0 call stream tools/list
prints '{"streamed":true}'
out=$(echo '{"from":"stdin"}' | "$program" call mcp tools/list -) || problem 'PARAMS from stdin'
grep -qF '"params":{"from":"stdin"}' log || problem 'PARAMS from stdin'

# The 2026 wire: one request that says it all.
: >log
run 0 call mcp tools/call '{"name":"caf\u00e9"}' --protocol 2026-07-28
prints '{"echo":"tools/call"}'
[ "$(sent)" = 'POST /mcp' ] || problem "more than one request: $(cat log)"
sends 1 'MCP-Protocol-Version: 2026-07-28'
sends 1 'Mcp-Method: tools/call'
sends 1 'Mcp-Name: =?base64?Y2Fmw6k=?='
grep -qF '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"' log || problem "_meta: $(cat log)"
! grep -q '^Mcp-Session-Id' log || problem 'a session on the 2026 wire'

# A tool that failed: its result and exit 1. An error: "code message" on stderr, with our secret struck out.
"$program" call iserror tools/call >out 2>err
[ $? = 1 ] && [ "$(cat out)" = '{"content":[],"isError":true}' ] || problem "isError: $(cat out err)"
run 1 call error tools/list
says '-32602 you sent ***'
hides canary-7f3a9b41
"$program" call error tools/list --raw >out 2>err
[ $? = 1 ] && [[ $(cat out) == '{"jsonrpc":"2.0","id":2,"error":{"code":-32602,'* ]] ||
    problem "--raw: $(cat out err)"

# A server that fails.
run 1 call refuse tools/list
says 'server "refuse": ' 'answered 401 to this credential'
hides canary-7f3a9b41
! grep -q '^GET ' log || problem 'a credential of the config was refused, and another looked for'
run 1 call keyed tools/list
says 'server "keyed": ' 'answered 401 to this credential; it can'"'"'t be renewed here'
run 3 call open tools/list
says 'server "open" wants a credential, and the config gives none'
run 1 call forbid tools/list
says 'server "forbid": the server answered HTTP 403'
run 1 call broken tools/list
says 'server "broken": the server answered HTTP 500'
run 1 call nowhere tools/list
says 'server "nowhere": the server answered HTTP 404'
run 1 call garbage tools/list
says 'server "garbage": MCP reply: JSON line 1, column 12'
run 1 call html tools/list
says 'neither application/json nor text/event-stream'
run 1 call big tools/list
says 'too large'
run 1 call hangup tools/list
says 'server "hangup": curl: POST http://127.0.0.1'
hides canary-7f3a9b41

# A WebSocket's handshake that is refused (the demo has one that is not).
run 1 call ws-refuse tools/list
says 'server "ws-refuse": ' 'answered 401 to this credential'
run 3 call ws-open tools/list
says 'server "ws-open" wants a credential, and the config gives none'
run 1 call ws-forbid tools/list
says 'server "ws-forbid": websocket: ws://127.0.0.1' 'the server answered HTTP 403 to the handshake'
run 1 call ws-upgrade tools/list
says 'the server answered HTTP 200 to the handshake'
run 1 call ws-clear tools/list
says 'ws://api.example would carry the credential in the clear'
run 1 call ws-down tools/list
says "can't connect: Connection refused"
run 1 call ws-refuse tools/list --protocol 2026-07-28
says '--protocol 2026-07-28 is for http servers'
run 1 call ws-refuse tools/list --debug
says 'sends GET' 'header Authorization ***' 'answered 401'
hides canary-7f3a9b41

# No redirect is followed, so the credential stays where it belongs.
: >log
run 1 call moved tools/list
says 'server "moved": the server answered HTTP 307'
[ "$(sent)" = 'POST /moved' ] || problem "a redirect was followed: $(cat log)"

# A host that came of a variable is not shown.
TENANT=acme-canary run 1 call tenant tools/list
says 'server "tenant": curl: POST http://***:1'
hides acme-canary

run 1 call old tools/list
says 'server "old": calls over sse are not supported by this version'
run 1 call mcp tools/list --debug --config none.json
unset TOKEN
: >log
run 1 call mcp tools/list
says 'server "mcp": headers.Authorization: variable TOKEN is not set'
[ ! -s log ] || problem "something was sent: $(cat log)"
export TOKEN=canary-7f3a9b41
"$program" call mcp tools/list --debug >out 2>err
err=$(cat err)
says 'sends POST' 'header Authorization ***' 'answered 200'
hides canary-7f3a9b41

# Over stdio: the child has the credential from its environment, and no descriptor or key of ours.
cat >child.sh <<'CHILD'
echo "$DB_PASSWORD" >seen
echo "${COUNTERSIGN_KEY-none}" >>seen
ls /proc/$$/fd | tr '\n' ' ' >>seen
tr '\0' ' ' <"/proc/$PPID/cmdline" >>seen
read -r line
echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}'
read -r line
echo '{"jsonrpc":"2.0","method":"notifications/message","params":{}}'
read -r line
echo "$line" >asked
echo '{"jsonrpc":"2.0","id":2,"result":{"ok":true}}'
CHILD
exec 9<f.json
COUNTERSIGN_KEY=key-canary-1 run 0 call child tools/list '{"a":1}'
exec 9<&-
prints '{"ok":true}'
[ "$(sed -n 1,2p seen | tr '\n' ' ')" = 'canary-7f3a9b41 none ' ] ||
    problem "the child's environment: $(cat seen)"
[[ $(sed -n 3p seen) =~ ^'0 1 2 '(255 )?(3 )? ]] || problem "the child's descriptors: $(sed -n 3p seen)"
[ "$(cat asked)" = '{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"a":1}}' ] ||
    problem "asked: $(cat asked)"
hides canary-7f3a9b41 asked
run 1 call dead tools/list
says 'command: it ended'
run 1 call missing tools/list
says "command: it can't be started: No such file or directory"
unset TOKEN
run 1 call child tools/list
says 'server "child": env.DB_PASSWORD: variable TOKEN is not set'
finish
