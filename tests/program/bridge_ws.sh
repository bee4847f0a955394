# `bridge` to servers of type ws: the handshake carries the credential, and one connection carries all messages.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/certificates.bash"
: "${COUNTERSIGN_WS_SERVER:?the path of the server}"
: >out
coproc server { exec "$COUNTERSIGN_WS_SERVER" "$folder/log"; }
read -r port <&"${server[0]}" || exit 1
{
    echo '{"mcpServers":{'
    for path in given forbidden moved gone; do
        printf '"%s":{"type":"ws","url":"ws://127.0.0.1:%s/%s","headers":{"Authorization":"Bearer ${TOKEN}"}},\n' "$path" "$port" "$path"
    done
    for path in open sign-in; do printf '"%s":{"type":"ws","url":"ws://127.0.0.1:%s/%s"},\n' "$path" "$port" "$path"; done
    printf '"renewed":{"type":"ws","url":"ws://127.0.0.1:%s/given","headersHelper":["./helper"]},\n' "$port"
    printf '"hasty":{"type":"ws","url":"ws://127.0.0.1:%s/open","timeout":500},\n' "$port"
    echo '"down":{"type":"ws","url":"ws://127.0.0.1:1/mcp"}}}'
} >f.json
export COUNTERSIGN_CONFIG=f.json TOKEN=canary-7f3a9b41
cat >helper <<END
#!/bin/sh
echo helped >>'$folder/helped'
printf '{"Authorization":"Bearer %s"}' "\$(cat '$folder/token')"
END
chmod +x helper
echo "$TOKEN" >accepted
logged() { [ "$(grep -cE -- "$2" log)" = "$1" ] || problem "not $1 times: $2; the log: $(tail -n 15 log)"; }
until_logged() {
    local n=0
    until [ "$(grep -cE -- "$2" log)" -ge "$1" ] || [ $((n += 1)) -gt 500 ]; do sleep 0.02; done
    logged "$1" "$2"
}
many() { head -c "$1" /dev/zero | tr '\0' "$2"; }
# hears_many ID: 10 MB, and nothing behind it; the shell itself reads long lines byte by byte.
hears_many() {
    timeout 20 head -n 1 <&"$from" >got
    { printf '{"jsonrpc":"2.0","id":%s,"result":{"said":"' "$1" && many 10000000 x && echo '"}}'; } | cmp - got ||
        problem "10 MB: $(wc -c <got) bytes: $(head -c 200 got)"
}
progress() { printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"n":%s}}' "$1"; }

# A session: answers, notifications, a question of the server's, a ping, frames, and what is no message.
cross given
greet
tell "$(use 1 echo)"
hears "$(said 1 echo)"
tell "$(use '"a"' many)"
hears "$(progress 1)" "$(progress 2)" "$(progress 3)" "$(said '"a"' many)"
tell "$(use 2 ask)"
hears '{"jsonrpc":"2.0","id":"q-1","method":"roots/list"}'
tell '{"jsonrpc":"2.0","id":"q-1","result":{"roots":[]}}'
hears "$(said 2 q-1)"
tell "$(use 3 ping)"
hears "$(said 3 ping)"
until_logged 1 '^pong$'
tell "$(use 4 parts)"
hears "$(said 4 parts)"
tell "$(use 5 binary)" "$(use 6 garbage)"
hears_among "$(said 5 binary)" "$(said 6 'after it')"
wanted=()
for i in $(seq 100 149); do
    wanted+=("$(said "$i" echo)")
    tell "$(use "$i" echo)"
done
hears_among "${wanted[@]}"
logged 1 '^handshake /given Bearer canary-7f3a9b41 101$'

# 10 MB, each way.
tell "$(use 7 big)"
hears_many 7
{
    printf '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"length","text":"'
    many 10000000 z
    echo '"}}'
} >&"$to"
hears "$(said 8 10000083)"

# What is called off is told to the server, and gets no answer.
tell "$(use 9 hang)"
until_logged 1 ' hang$'
tell '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}'
until_logged 1 '^notifications/cancelled$'
tell "$(use 10 echo)"
hears "$(said 10 echo)"

# The server ends the connection in the middle of calls, in one way or another: those are told, the next connection is greeted
# as the first was, and the client does not notice. What the server gives as its reason is not repeated.
ended=0
after() { # TOOL SENTENCE
    ended=$((ended + 1))
    tell "$(use 20 hang)"
    until_logged $((1 + ended)) ' hang$'
    tell "$(use 21 "$1")"
    hears_among "$(refused 20 -32000 "server \\\"given\\\": $2")" "$(refused 21 -32000 "server \\\"given\\\": $2")"
    tell "$(use 22 echo)"
    hears "$(said 22 echo)"
    logged $((1 + ended)) '^handshake /given Bearer canary-7f3a9b41 101$'
    logged $((1 + ended)) '^initialize$'
    logged $((1 + ended)) '^notifications/initialized$'
}
after bye 'the server closed the connection, code 1008'
after drop 'the connection was lost: End of file'
after half 'the connection was lost: End of file'
after huge 'the server sent a message of more than 16777216 bytes'
leave 0
hides canary-7f3a9b41
says 'the server sent a binary message' 'the server sent what is no message'
[[ $err != *canary-of-the-server* ]] || problem "the server's reason is told: $err"

# Without a call too: what the server says of itself would be missed.
cross given
greet
tell "$(use 1 drop)"
hear
until_logged 7 '^notifications/initialized$'
leave 0

# A handshake that is refused: the credential is renewed once, and the client is told.
echo first >token
: >log
cross renewed
tell "$(rpc 0 initialize)"
hears "$(refused 0 -32001 'server \"renewed\": the server answered 401 to this credential')"
[ "$(wc -l <helped)" = 2 ] || problem "the helper ran $(wc -l <helped) times"
logged 2 '^handshake /given Bearer first 401$'
# A credential that has changed: after a failure it is not asked for at once.
echo second >token
echo second >accepted
for _ in $(seq 50); do
    tell "$(rpc 0 initialize '{"protocolVersion":"2025-11-25"}')"
    hear
    [[ $line == *'"result"'* ]] && break
    sleep 0.1
done
tell "$initialized"
tell "$(use 1 echo)"
hears "$(said 1 echo)"
# In mid-session nobody notices.
echo third >token
echo third >accepted
tell "$(use 2 drop)"
hear
tell "$(use 3 echo)"
hears "$(said 3 echo)"
logged 1 '^handshake /given Bearer second 401$'
logged 1 '^handshake /given Bearer third 101$'
leave 0

# Nobody is signed in; and there is nothing to sign in for.
cross sign-in
for i in 1 2; do
    tell "$(use $i echo)"
    hears '{"jsonrpc":"2.0","id":'$i',"error":{"code":-32001,"message":"server \"sign-in\" wants somebody to sign in; to sign in: countersign login sign-in","data":{"command":"countersign login sign-in"}}}'
done
leave 0
for one in 'given -32001 the server answered 401 to this credential' \
    'forbidden -32000 the server answered HTTP 403 to the handshake' \
    "moved -32000 websocket: ws://127.0.0.1:$port: the server answered HTTP 302 to the handshake" \
    "gone -32000 websocket: ws://127.0.0.1:$port: the server answered HTTP 404 to the handshake"; do
    read -r name code words <<<"$one"
    cross "$name"
    tell "$(use 1 echo)"
    hears "$(refused 1 "$code" "server \\\"$name\\\": $words")"
    leave 0
    hides canary-7f3a9b41
done
logged 0 '^handshake /open '

# A server that is not there, takes too long, or stalls within a frame.
cross down
tell "$(use 1 echo)"
hear
[[ $line == '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"server \"down\": websocket: ws://127.0.0.1:1: can'"'"'t connect: '* ]] || problem "$line"
leave 0
for tool in hang stall; do
    cross hasty
    greet
    tell "$(use 1 $tool)"
    hears "$(refused 1 -32000 'server \"hasty\": no answer within the time that the config gives')"
    leave 0
done

# The end of input, and a signal.
cross --url "ws://127.0.0.1:$port/open"
greet
tell "$(use 1 echo)"
hears "$(said 1 echo)"
tell "$(use 2 hang)"
exec {to}>&-
hears "$(refused 2 -32000 'the bridge ended before the server answered')"
exec {to}>/dev/null
leave 0
cross open
greet
kill -TERM "$bridge"
leave 143

# Over TLS, to who shows a certificate.
authority ours
authority others
certificate here ours IP:127.0.0.1
certificate elsewhere ours DNS:elsewhere.example
certificate old ours IP:127.0.0.1 -1
certificate me ours DNS:me
certificate stranger others DNS:stranger
openssl ec -in me.key -aes256 -passout pass:canary-7f3a9b41 -out locked.key 2>/dev/null
cat me.pem me.key >both.pem
ports=()
for site in here elsewhere old; do
    mkfifo "in.$site" "port.$site"
    "$COUNTERSIGN_WS_SERVER" "$folder/log" "$site.pem" "$site.key" ours.pem <"in.$site" >"port.$site" &
    exec {held}>"in.$site"
    read -r -t 20 one <"port.$site"
    ports+=("$one")
done
site() { printf '"%s":{"type":"ws","url":"wss://127.0.0.1:%s/open","tls":{"ca":"ours.pem"%s}}' "$1" "${ports[$2]}" "${3:+,$3}"; }
mine='"cert":"me.pem","key":"me.key"'
cat >f.json <<END
{"mcpServers":{$(site notes 0 "$mine"),$(site both 0 '"cert":"both.pem"'),$(site bare 0),
$(site locked 0 '"cert":"me.pem","key":"locked.key","passphrase":"${WORD}"'),$(site closed 0 '"cert":"me.pem","key":"locked.key"'),
$(site keyless 0 '"cert":"me.pem"'),$(site strange 0 '"cert":"stranger.pem","key":"stranger.key"'),
$(site mixed 0 '"cert":"me.pem","key":"stranger.key"'),$(site nothing 0 '"cert":"none.pem","key":"me.key"'),
$(site elsewhere 1 "$mine"),$(site old 2 "$mine"),
"unknown":{"type":"ws","url":"wss://127.0.0.1:${ports[0]}/open","tls":{$mine}}}}
END
export WORD=canary-7f3a9b41
goes() {
    cross "$@"
    greet
    tell "$(use 1 echo)"
    hears "$(said 1 echo)"
    [ $1 != notes ] || { tell "$(use 2 big)" && hears_many 2; }
    leave 0
}
goes notes
goes both
goes locked
goes --url "wss://127.0.0.1:${ports[0]}/open" --cert me.pem --key me.key --cacert ours.pem
COUNTERSIGN_TLS_PASSPHRASE=$WORD goes --url "wss://127.0.0.1:${ports[0]}/open" --cert me.pem --key locked.key --cacert ours.pem
run 0 call notes tools/call '{"name":"echo"}'
prints '{"said":"echo"}'
run 0 call locked tools/call '{"name":"echo"}'
run 0 doctor notes
! "$program" doctor unknown >out 2>err || problem 'doctor finds nothing wrong with a stranger'
grep -q '^unreachable: .* certificate' out || problem "doctor: $(cat out err)"
run 1 call elsewhere tools/list
says 'IP address mismatch'
run 1 call closed tools/list
says 'locked.key'
hides canary-7f3a9b41

fails bare 'certificate required'
fails strange 'ca'
fails keyless 'no key can be read from' 'me.pem'
fails mixed 'stranger.key'
fails nothing 'none.pem'
fails elsewhere 'IP address mismatch'
fails old 'certificate has expired'
fails unknown 'certificate'
WORD=wrong-canary fails locked 'locked.key' 'the passphrase must be'
fails closed 'locked.key' 'needs its passphrase'
finish
