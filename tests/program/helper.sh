# `headersHelper`: what it is given, what it prints, and every way in which it goes wrong.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
mkdir -p project/.git project/scripts home/.config/countersign
cat >project/.mcp.json <<'JSON'
{"mcpServers":{
  "script":{"type":"http","url":"https://h.example/mcp","headers":{"X-A":"a","X-B":"${TOKEN}"},
    "headersHelper":"${CLAUDE_PLUGIN_ROOT}/scripts/get.sh"},
  "line":{"type":"http","url":"https://h.example/mcp",
    "headersHelper":"printf '{\"X-Named\":\"%s\",\"X-Other\":\"%s\"}' \"$NAMED\" \"${OTHER_ONE:-none}\""},
  "argv":{"type":"http","url":"https://h.example/mcp",
    "headersHelper":["printf","{\"X-Arg\":\"%s\"}","${NAMED}"]},
  "surroundings":{"type":"http","url":"https://${HOST}/mcp","headersHelper":"env >env.txt; pwd >pwd.txt; echo {}"},
  "text":{"type":"http","url":"https://h.example/mcp","headersHelper":"echo canary-7f3a9b41"},
  "number":{"type":"http","url":"https://h.example/mcp","headersHelper":"echo '{\"X-N\":7}'"},
  "break":{"type":"http","url":"https://h.example/mcp","headersHelper":"printf %s '{\"X-N\":\"canary-7f3a9b41\\r\\nX-M: 1\"}'"},
  "silent":{"type":"http","url":"https://h.example/mcp","headersHelper":"true"},
  "fails":{"type":"http","url":"https://h.example/mcp","headersHelper":"echo canary-7f3a9b41; exit 3"},
  "dies":{"type":"http","url":"https://h.example/mcp","headersHelper":"kill -9 $$"},
  "absent":{"type":"http","url":"https://h.example/mcp","headersHelper":["no-such-program-7"]},
  "floods":{"type":"http","url":"https://h.example/mcp","headersHelper":"yes canary-7f3a9b41"},
  "forks":{"type":"http","url":"https://h.example/mcp","headersHelper":"sleep 60 & echo '{\"X-F\":\"1\"}'"}
}}
JSON
cat >project/scripts/get.sh <<'SH'
#!/bin/sh
echo "{ \"X-B\": \"printed\", \"X-Key\": \"$CLAUDE_CODE_MCP_SERVER_NAME at $CLAUDE_CODE_MCP_SERVER_URL\" }"
SH
chmod +x project/scripts/get.sh
cd project || exit 1
export TOKEN=canary-7f3a9b41 NAMED='it'\''s "it"; $(touch pwned)' HOST=h.example COUNTERSIGN_KEY=key-canary-1

run 0 headers script
prints '{"X-A":"a","X-B":"printed","X-Key":"script at https://h.example/mcp"}'
run 0 --config ./.mcp.json headers script
prints '{"X-A":"a","X-B":"printed","X-Key":"script at https://h.example/mcp"}'
NAMED=one run 0 headers line
prints '{"X-Named":"one","X-Other":"none"}'
NAMED='o`ne $(touch pwned)' OTHER_ONE=two run 0 headers line
prints '{"X-Named":"o`ne $(touch pwned)","X-Other":"two"}'
NAMED='a; touch pwned' run 0 headers argv
prints '{"X-Arg":"a; touch pwned"}'
[ ! -e pwned ] || problem "a variable's value became a command"

# A project's helper has the variables that its line names and those that harm nobody; the user's own has all. It runs
# in the config's folder, wherever the caller is.
mkdir -p deep && cd deep
run 0 headers surroundings
cd ..
grep -qx "$PWD" pwd.txt || problem "it ran in $(cat pwd.txt)"
grep -q '^PATH=' env.txt && ! grep -q '^TOKEN=\|^COUNTERSIGN_KEY' env.txt || problem "a project's helper has: $(cut -d= -f1 env.txt)"
run 0 --config .mcp.json headers surroundings
grep -q '^TOKEN=canary' env.txt && ! grep -q '^COUNTERSIGN_KEY' env.txt || problem "the user's helper has: $(cut -d= -f1 env.txt)"
cp .mcp.json ../home/.config/countersign/mcp.json
cd ../home && run 0 headers surroundings && cd ../project
grep -q '^TOKEN=canary' ../home/.config/countersign/env.txt || problem 'the config in XDG_CONFIG_HOME is not taken for the user'"'"'s own'

about='headersHelper: program /bin/sh: '
run 1 headers text
says "server \"text\": ${about}its output: JSON line 1, column 1"
hides canary-7f3a9b41
run 1 headers number
says "server \"number\": ${about}X-N: JSON line 1, column 8: expected a string, found a number"
run 1 headers break
says "server \"break\": ${about}X-N: the value holds a line end"
hides canary-7f3a9b41
run 1 headers silent
says "server \"silent\": ${about}it printed nothing"
run 1 headers fails
says "server \"fails\": ${about}exit status 3"
hides canary-7f3a9b41
run 1 headers dies
says "server \"dies\": ${about}ended by signal 9"
run 1 headers absent
says 'server "absent": headersHelper: program no-such-program-7: not found in PATH'
run 1 headers floods
says "server \"floods\": headersHelper: program /bin/sh: it wrote more than 262144 bytes"
hides canary-7f3a9b41
run 0 headers forks
prints '{"X-F":"1"}'
TOKEN='' run 1 headers script
says 'server "script": headers.X-B: variable TOKEN is set but empty'
finish
