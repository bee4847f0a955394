# Which config is meant, and what is said about a bad one.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
config() { printf '{"mcpServers":{"%s":{"type":"http","url":"https://h/mcp"}}}' "$1"; }
finds() {
    [[ $out == *"\"name\":\"$1\""* ]] || problem "it is not the config of $1: $out"
}

run 1 list
says 'there is no config; looked for:' "$folder/.mcp.json" "$XDG_CONFIG_HOME/countersign/mcp.json"
says '--config FILE or COUNTERSIGN_CONFIG'

mkdir -p "$XDG_CONFIG_HOME/countersign"
config user >"$XDG_CONFIG_HOME/countersign/mcp.json"
run 0 list --json
finds user
[[ $out == "{\"version\":1,\"config\":\"$XDG_CONFIG_HOME/countersign/mcp.json\","* ]] ||
    problem "config: $out"

# Up to the root of the repository and no further; outside of one only here.
mkdir -p above/repository/.git above/repository/a/b
config above >above/.mcp.json
cd above/repository/a/b || exit 1
run 0 list --json
finds user
config repository >../../.mcp.json
run 0 list --json
finds repository
config nearer >../.mcp.json
run 0 list --json
finds nearer
mkdir "$folder/above/plain" && cd "$folder/above/plain" || exit 1
run 0 list --json
finds user
cd "$folder" || exit 1

config here >.mcp.json
run 0 list --json
finds here
config variable >v.json
export COUNTERSIGN_CONFIG=v.json
run 0 list --json
finds variable
[[ $out == *"\"config\":\"$folder/v.json\""* ]] || problem "config: $out"
config option >o.json
run 0 list --json --config o.json
finds option
COUNTERSIGN_CONFIG=none.json
run 1 list
says 'COUNTERSIGN_CONFIG: file none.json: there is none'
unset COUNTERSIGN_CONFIG
run 1 list --config none.json
says 'file none.json: there is none'
run 1 list --config "$folder"
says 'not a regular file'

printf '{\n  "mcpServers": {\n    "api": { "type": "http", "url": 7 }\n  }\n}\n' >bad.json
run 1 list --config bad.json
says 'bad.json:3:37: server "api": url: expected a string that is not empty, found a number'
printf '{"mcpServers":{"api":{"type":"http","url":"https://h","headers":{"A":"canary-7f3a",}}}}' >bad.json
run 1 headers api --config bad.json
says 'bad.json:1:84: a trailing comma'
hides canary-7f3a
printf '{"api":{"type":"http","url":"https://h","hedaers":{}},"b":{"url":"https://h"}}' >odd.json
run 0 headers api --config odd.json
says 'warning: odd.json:1:41: server "api": hedaers: unknown key, ignored; did you mean headers?'
[[ $err != *'"b"'* ]] || problem "a warning about another server: $err"
run 0 list --config odd.json
says 'server "api": hedaers' 'server "b": url without "type"'

# A config that nobody wrote by hand.
{ printf '{"a":{"type":"http","url":"https://h/'; head -c 10000000 /dev/zero | tr '\0' x; printf '"}}'; } >big.json
run 1 list --config big.json
says 'big.json: longer than 1048576 bytes'
{ printf '{"a":%.0s' {1..20000}; } >deep.json
run 1 list --config deep.json
says 'deep.json:1:' 'deeper in one another than the limit'
printf '{"a":{"type":"http","url":"https://h"},\n "a":{"type":"http","url":"https://g"}}' >twice.json
run 1 list --config twice.json
says 'twice.json:2:2: this name stands in the same object already, on line 1'
finish
