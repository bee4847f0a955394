# `exec`: the program becomes a stdio server, with the environment, the arguments and nothing else that the
# config gives it. And --env-file, for every command that reads a config.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
: "${COUNTERSIGN_NOTES_SERVER:?the path of the notes server}"
serve
mkdir -p project/bin elsewhere
cat >project/f.json <<'CONFIG'
{"mcpServers":{
  "notes":{"command":"${NOTES_SERVER}","envFile":"notes.env",
    "env":{"DATABASE_URL":"http://127.0.0.1:${PORT}/database","DB_USER":"${DB_USER}","DB_PASSWORD":"${DB_PASSWORD}"}},
  "show":{"command":"sh","args":["-c","env; echo $# \"$@\"","sh","first ${A:-a b}"],"envFile":"notes.env","env":{"B":"config","A":"x"}},
  "mine":{"command":"only-here","env":{"PATH":"${FOLDER}/project/bin:${PATH}"}},
  "relative":{"command":"${CLAUDE_PLUGIN_ROOT}/bin/only-here"},
  "status":{"command":"sh","args":["-c","exit 7"]},
  "signal":{"command":"sh","args":["-c","kill -TERM $$"]},
  "absent":{"command":"countersign-no-such-program"},
  "absent_path":{"command":"/none/such"},
  "plain":{"command":"${FOLDER}/project/plain"},
  "unset":{"command":"touch","args":["started"],"env":{"T":"${COUNTERSIGN_TEST_UNSET}"}},
  "no_file":{"command":"touch","args":["started"],"envFile":"none.env"},
  "bad_file":{"command":"touch","args":["started"],"envFile":"bad.env"},
  "key":{"command":"touch","args":["started"],"env":{"COUNTERSIGN_KEY":"x"}},
  "http":{"type":"http","url":"https://h/mcp","envFile":"notes.env","headers":{"X-Key":"${DB_PASSWORD}"}}
}}
CONFIG
printf 'DB_USER=notes\nDB_PASSWORD="db-canary-51f2"\nB=file\nC=file\n' >project/notes.env
printf 'A=1\nnot an assignment canary\n' >project/bad.env
printf '#!/bin/sh\necho "ran $0 $#"\n' >project/bin/only-here
chmod +x project/bin/only-here
echo 'echo a shell ran me' >project/plain
export COUNTERSIGN_CONFIG=$folder/project/f.json FOLDER=$folder PORT=$port NOTES_SERVER=$COUNTERSIGN_NOTES_SERVER

# A conversation with a real server, which logs in with what the dotenv file of the config says.
talk() {
    "$program" exec notes "$@" 2>err <<'LINES'
{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":"a","method":"tools/list"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"add_note","arguments":{"text":"buy \"milk\""}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"add_note","arguments":{}}}
{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"find_notes","arguments":{"text":"milk"}}}
{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"none"}}
{"jsonrpc":"2.0","id":6,"method":"none"}
{"jsonrpc":
[]
LINES
}
talk >out || problem "the conversation: $? $(cat err)"
{
    read -r line; [[ $line == '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25",'* ]] || problem "1: $line"
    read -r line; [[ $line == '{"jsonrpc":"2.0","id":"a","result":{"tools":[{"name":"add_note",'* ]] || problem "a: $line"
    for wanted in '"id":2,"result":{"content":[{"type":"text","text":"kept; there are 1"}],"isError":false}}' \
        '"id":3,"result":{"content":[{"type":"text","text":"text: a string is wanted"}],"isError":true}}' \
        '"id":4,"result":{"content":[{"type":"text","text":"buy \"milk\""}],"isError":false}}' \
        '"id":5,"error":{"code":-32602,"message":"there is no such tool"}}' \
        '"id":6,"error":{"code":-32601,"message":"there is no such method"}}' \
        '"id":null,"error":{"code":-32700,"message":"the message is no JSON-RPC request"}}' \
        '"id":null,"error":{"code":-32600,"message":"the message is no JSON-RPC request"}}'; do
        read -r line; [ "$line" = '{"jsonrpc":"2.0",'"$wanted" ] || problem "not $wanted but: $line"
    done
    read -r line && problem "one more line: $line"
} <out
[ ! -s err ] || problem "stderr: $(cat err)"
DB_PASSWORD=db-canary-51f3 talk >out
grep -qF '"id":"a","error":{"code":-32001,"message":"the database answered 401"}' out || problem "wrong password: $(cat out)"
hides db-canary-51f3
run 0 call notes tools/call '{"name":"find_notes"}'
prints '{"content":[],"isError":false}'

# The environment, then envFile beneath it, then env above it; the store's keys never. Arguments behind args.
export COUNTERSIGN_KEY=key-canary-1 COUNTERSIGN_KEY_FILE=key-canary-2 D='two
lines'
run 0 exec show -- 'x y' -- --json '' --config
for line in A=x B=config C=file DB_USER=notes "D=two" lines '6 first a b x y -- --json  --config'; do
    grep -qxF -- "$line" out || problem "no line $line: $out"
done
! grep -q 'key-canary\|COUNTERSIGN_KEY' out || problem "a key of the store: $out"
[ "$(grep -c '^B=' out)" = 1 ] || problem "B stands more than once: $out"
B=environment C=environment run 0 exec show
grep -qx C=environment out && grep -qx B=config out || problem "the environment wins over the file: $out"
unset COUNTERSIGN_KEY COUNTERSIGN_KEY_FILE D
run 0 --debug exec show
says 'sets B ***' 'loads notes.env'

# It is looked for in the PATH that it is given; CLAUDE_PLUGIN_ROOT is the config's folder.
run 0 exec mine -- 1 2
prints "ran $folder/project/bin/only-here 2"
cd elsewhere && run 0 exec relative && cd ..
[ "$(cat elsewhere/out)" = "ran $folder/project/bin/only-here 0" ] || problem "relative: $(cat elsewhere/out)"

# The same process: no descriptor but three, no signal ignored or blocked.
cat >project/f2.json <<'CONFIG'
{"self":{"command":"sh","args":["-c","echo $$; for n in 3 4 9 57; do [ -e /proc/$$/fd/$n ] && echo open $n; done; exec sed -n 's/^SigBlk:.//p; s/^SigIgn:.*\\(........\\)$/\\1/p' /proc/self/status"]}}
CONFIG
(trap '' PIPE TERM HUP INT; exec 9<err 57<err; COUNTERSIGN_CONFIG=project/f2.json exec "$program" exec self) >out 2>err &
wait $!
[ "$(cat out)" = "$!
0000000000000000
00000000" ] || problem "the process: $! $(cat out)"

# Exit codes: the server's own, and a shell's where it can't be run.
code() {
    "$program" exec "$2" >out 2>err </dev/null
    local got=$?
    err=$(cat err)
    [ "$got" = "$1" ] || problem "exec $2: exit $got, not $1; $err"
    [ ! -s out ] || problem "exec $2 says on stdout: $(cat out)"
}
code 7 status
code 143 signal
code 127 absent
says 'countersign-no-such-program: not found'
code 127 absent_path
code 126 plain
says 'Permission denied'

# What can't be had: exit 1, and nothing is started.
code 1 unset
says 'server "unset": env.T: variable COUNTERSIGN_TEST_UNSET is not set'
code 1 no_file
says "server \"no_file\": envFile: dotenv $folder/project/none.env: there is no such file"
code 1 bad_file
says 'bad.env, line 2: '
[[ $err != *canary* ]] || problem "a line of the file is shown: $err"
code 1 key
says 'env.COUNTERSIGN_KEY: it is given to no program'
[ ! -e started ] || problem 'something was started'
code 2 http
says 'server "http" is reached by a URL' 'countersign headers http'
code 2 htp
says 'did you mean "http"?'
run 2 exec
says 'usage: countersign exec NAME [-- ARGUMENTS]'
run 2 exec show more
says 'usage: countersign exec NAME [-- ARGUMENTS]'
run 2 list -- x
says '-- means nothing to list'

# --env-file: beneath the environment, above envFile, from the caller's folder; for all that read a config.
printf 'DB_PASSWORD=prod\nC=prod\nCOUNTERSIGN_TEST_UNSET=set\n' >prod.env
run 0 --env-file prod.env exec show
grep -qx C=prod out || problem "--env-file: $out"
run 0 headers http
prints '{"X-Key":"db-canary-51f2"}'
run 0 headers http --env-file prod.env
prints '{"X-Key":"prod"}'
DB_PASSWORD=mine run 0 headers http --env-file prod.env
prints '{"X-Key":"mine"}'
run 0 list --json --env-file prod.env
[[ $out == *'{"name":"COUNTERSIGN_TEST_UNSET","set":true,"default":false}'* ]] || problem "list: $out"
[[ $out == *'{"name":"DB_USER","set":true,"default":false}'* ]] || problem "list: $out"
[[ $out == *'{"name":"no_file","type":"stdio","command":"touch","auth":["env"],'* ]] || problem "list: $out"
says 'warning: server "no_file": envFile: dotenv'
for command in 'list' 'headers http' 'call notes ping' 'exec show'; do
    run 1 $command --env-file none.env
    says '--env-file: dotenv none.env: there is no such file'
done
run 2 demo --env-file x
says '--env-file means nothing to demo'
run 2 list --env-file
says '--env-file takes one value'
finish
