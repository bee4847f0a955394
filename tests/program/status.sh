# `status`: what each server would need, with nobody asked and nothing run.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
claims=$(printf '{"exp":1000000000}' | openssl base64 -A | tr '+/' '-_' | tr -d =)
export TOKEN=canary-7f3a9b41 EMPTY= JWT="e30.$claims.c2lnbmF0dXJl"
cat >.mcp.json <<'END'
{"mcpServers":{
"ready":{"type":"http","url":"https://h/mcp","headers":{"Authorization":"Bearer ${TOKEN}"}},
"open":{"type":"sse","url":"https://h/sse"},
"unset":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"${NONE}"}},
"empty":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"${EMPTY}"}},
"over":{"type":"ws","url":"wss://h/ws","headers":{"Authorization":"Bearer ${JWT}"}},
"clear":{"type":"http","url":"http://h/mcp","headers":{"Authorization":"Bearer ${TOKEN}"}},
"person":{"type":"http","url":"https://h/mcp","oauth":{"clientId":"c"}},
"helper":{"type":"http","url":"https://h/mcp","headersHelper":"touch ran"},
"file":{"type":"http","url":"https://h/mcp","envFile":"gone.env"},
"child":{"command":"no-such-program"}}}
END
run 0 status
prints 'server  type   auth    state             url or command
──────  ─────  ──────  ────────────────  ───────────────
ready   http   bearer  ready             https://h/mcp
open    sse            ready             https://h/sse
unset   http   header  variable_missing  https://h/mcp
empty   http   header  variable_missing  https://h/mcp
over    ws     bearer  expired           wss://h/ws
clear   http   bearer  invalid           http://h/mcp
person  http   oauth   sign_in_needed    https://h/mcp
helper  http   helper  ready             https://h/mcp
file    http           invalid           https://h/mcp
child   stdio          invalid           no-such-program'
hides canary-7f3a9b41
hides "$JWT"
run 0 status --json
[ "$(wc -l <out)" = 1 ] || problem "not one line: $out"
hides canary-7f3a9b41
[[ $out == "{\"version\":1,\"config\":\"$folder/.mcp.json\",\"servers\":[{\"name\":\"ready\","* ]] || problem "$out"
run 0 status unset --json
prints "{\"version\":1,\"config\":\"$folder/.mcp.json\",\"servers\":[{\"name\":\"unset\",\"type\":\"http\",\"url\":\"https://h/mcp\",\"auth\":[\"header\"],\"variables\":[{\"name\":\"NONE\",\"set\":false,\"default\":false}],\"state\":\"variable_missing\"}]}"
NONE=x run 0 status --json unset
[[ $out == *'"set":true,"default":false}],"state":"ready"}]}' ]] || problem "$out"
[ ! -e ran ] || problem 'a helper was run'
run 2 status unst
says 'did you mean "unset"?'
echo '{}' >none.json
run 0 status --config none.json
says 'names no server'
finish
