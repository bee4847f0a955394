# `list`: exactly what the contract says, and never a value.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
cat >f.json <<'JSON'
{"mcpServers":{
  "github":{"type":"http","url":"https://${TENANT}.h/mcp",
    "headers":{"Authorization":"Bearer ${TOKEN}","X-A":"${TOKEN:-x}"}},
  "keys":{"type":"sse","url":"https://h/sse",
    "headers":{"X-Key":"${KEY:-canary-7f3a9b}"},"headersHelper":"get"},
  "login":{"type":"ws","url":"wss://h",
    "auth":[{"type":"basic","user":"u","password":"${TOKEN}"},{"type":"digest","user":"u","password":"${TOKEN}"},
      {"type":"jwt","algorithm":"HS256","key":"k","claims":{}}],
    "tls":{"cert":"c"},"oauth":{}},
  "db":{"command":"python","args":["-m","x"],"env":{"DB":"${DB_PASSWORD}"}},
  "open":{"type":"http","url":"https://h"}
}}
JSON
export TOKEN=canary-7f3a9b
run 0 list --json --config f.json
wanted=$(tr -d '\n' <<JSON
{"version":1,"config":"$folder/f.json","servers":[
{"name":"github","type":"http","url":"https://\${TENANT}.h/mcp","auth":["bearer","header"],"variables":[
{"name":"TENANT","set":false,"default":false},{"name":"TOKEN","set":true,"default":false}]},
{"name":"keys","type":"sse","url":"https://h/sse","auth":["header","helper"],"variables":[
{"name":"KEY","set":false,"default":true}]},
{"name":"login","type":"ws","url":"wss://h","auth":["basic","jwt","digest","mtls","oauth"],"variables":[
{"name":"TOKEN","set":true,"default":false}]},
{"name":"db","type":"stdio","command":"python","auth":["env"],"variables":[
{"name":"DB_PASSWORD","set":false,"default":false}]},
{"name":"open","type":"http","url":"https://h","auth":[],"variables":[]}]}
JSON
)
prints "$wanted"
[ "$(wc -l <out)" = 1 ] || problem 'more than one line'
hides canary-7f3a9b
run 0 list --config f.json
hides canary-7f3a9b
for text in 'DB_PASSWORD (not set)' 'KEY (default)' 'https://${TENANT}.h/mcp'; do
    [[ $out == *"$text"* ]] || problem "the table lacks $text: $out"
done
echo '{}' >empty.json
run 0 list --config empty.json
[ -z "$out" ] || problem "no server: $out"
says 'names no server'
run 0 list --json --config empty.json
prints "{\"version\":1,\"config\":\"$folder/empty.json\",\"servers\":[]}"
cat >g.json <<'JSON'
{"a":{"type":"http","url":"https://h/mcp?token=canary-7f3a9b41&x=1"}}
JSON
for form in '' --json; do
    for command in list status; do
        run 0 $command $form --config g.json
        hides canary-7f3a9b41
        [[ $out == *'https://h/mcp?token=***&x=1'* ]] || problem "$command: $out"
    done
done
finish
