# Sourced by tests/interop/run: the same with the program, as its user would. $program is its path.

export COUNTERSIGN_HOME=$work/state COUNTERSIGN_CONFIG=$work/mcp.json BROWSER=$work/browser ROBOT_SECRET=$INTEROP_CLIENT_SECRET
unset INTEROP_CLIENT_ID INTEROP_CLIENT_SECRET
# Follows the pages up to where the program listens.
printf '#!/bin/sh
case $1 in
*/device\?user_code=*) set -- "${1%%/*}/control/enter?ms=0&code=${1##*=}" ;;
esac
exec curl --silent --location --cookie "" --cacert %s --output /dev/null "$1"\n' "$work/tls/ours.pem" >"$BROWSER"
chmod +x "$BROWSER"
# certified CERTIFICATE [CLIENT]: an entry whose certificate the authorization server is shown too.
certified() {
    local machine=${2:+", \"grantType\": \"client_credentials\", \"clientId\": \"$2\", \"profile\": \"$1-$2\""}
    echo "{\"type\": \"http\", \"url\": \"$(url certified server)\"," \
        "\"tls\": {\"ca\": \"tls/ours.pem\", \"cert\": \"tls/$1.pem\", \"key\": \"tls/$1.key\"}, \"oauth\": {\"certificate\": true$machine}}"
}
cat >"$COUNTERSIGN_CONFIG" <<END
{"mcpServers": {
  "plain": {"type": "http", "url": "$(url plain server)"},
  "bound": {"type": "http", "url": "$(url bound server)"},
  "legacy": {"type": "sse", "url": "$(url legacy server)"},
  "socket": {"type": "ws", "url": "$(url socket server)"},
  "tv": {"type": "http", "url": "$(url plain server)", "oauth": {"grantType": "device_code", "profile": "tv"}},
  "robot": {"type": "http", "url": "$(url plain server)",
            "oauth": {"grantType": "client_credentials", "clientId": "robot:1+1", "clientSecret": "\${ROBOT_SECRET}", "profile": "robot"}},
  "certified": $(certified me),
  "imposter": $(certified other),
  "gate": {"type": "http", "url": "https://127.0.0.1:1/mcp", "tls": {"ca": "tls/ours.pem", "cert": "tls/me.pem", "key": "tls/me.key"}},
  "closed": {"type": "http", "url": "https://127.0.0.1:1/mcp", "tls": {"ca": "tls/ours.pem", "cert": "tls/lone.pem", "key": "tls/lone.key"}},
  "hidden": {"type": "http", "url": "$(url certified server)", "tls": {"ca": "tls/ours.pem", "cert": "tls/me.pem", "key": "tls/me.key"},
             "oauth": {"profile": "hidden"}},
  "by-name": $(certified me by-name),
  "by-key": $(certified lone by-key),
  "wrong-name": $(certified other by-name),
  "wrong-key": $(certified me by-key)
}}
END
act() { "$program" "$@" 6>&-; }
call() { printf '%s\n' call "$1" tools/call "{\"name\":\"$2\"}"; }

for kind in plain bound; do
    at=$kind
    mapfile -t whoami < <(call $kind whoami)
    mapfile -t write < <(call $kind write)
    case_of "program, $kind: signs in, calls, refreshes"
    expect 3 "login $kind" "${whoami[@]}"
    tokens_live 3
    expect 0 '' login $kind
    seen 1 registered
    seen 1 token "$granted:\"authorization_code\""
    expect 0 'whoami: notes:read' "${whoami[@]}"
    expire
    tokens_live 60
    expect 0 'whoami: notes:read' "${whoami[@]}"
    seen 1 token "$granted:\"refresh_token\""
    expect 0 '"state":"signed_in"' status $kind --json
    expect 0 '"refreshable":true' status $kind --json
    over

    case_of "program, $kind: steps up, signs out"
    expect 3 "login $kind" "${write[@]}"
    expect 0 '' login $kind --scope notes:write
    seen 1 authorized notes:read notes:write
    seen 0 registered
    expect 0 'write: notes:' "${write[@]}"
    expect 0 '' logout $kind
    seen 1 grant_revoked '"path":"/token/revocation"'
    expect 3 "login $kind" "${whoami[@]}"
    expect 0 '' logout $kind
    over

    tokens_live 3
    act login $kind >/dev/null 2>&1
    expire
    case_of "program, $kind: 20 at once meet an expired token"
    tokens_live 60
    control 'latency?ms=300'
    together 20 '{"content":[{"type":"text","text":"whoami: notes:read"}]}' "${whoami[@]}"
    control 'latency?ms=0'
    seen 1 token "$granted:\"refresh_token\""
    seen 0 grant_revoked
    over
done

# sdk CODE OUTPUT NAME COUNT TOOL [MS]: by the SDK's client, which starts the bridge; OUTPUT is a pattern.
cp "$root/tests/interop/bridge.mjs" "$npm_folder/"
sdk() {
    local code=$1 output=$2 said status
    shift 2
    said=$(node "$npm_folder/bridge.mjs" "$program" "$@" 2>&1 6>&-)
    status=$?
    [ $status -eq "$code" ] || complain "the bridge to '$*' ended with $status and '$said'"
    # shellcheck disable=SC2053 # a pattern
    [[ $said == $output ]] || complain "the bridge to '$*' said '$said', not '$output'"
}
for kind in plain bound; do
    at=$kind
    act logout $kind >/dev/null 2>&1
    case_of "program, $kind: the SDK's stdio client, over the bridge"
    sdk 1 "-32001 countersign login $kind" $kind 1 whoami
    tokens_live 60
    expect 0 '' login $kind
    sdk 0 'whoami: notes:read' $kind 1 whoami
    tokens_live 3
    expect 0 '' login $kind
    expire
    tokens_live 60
    sdk 0 'whoami: notes:read' $kind 20 whoami
    seen 1 token "$granted:\"refresh_token\""
    sdk 1 "-32001 countersign login $kind --scope notes:write" $kind 1 write
    over

    tokens_live 3
    act login $kind >/dev/null 2>&1
    expire
    case_of "program, $kind: tokens end before a session and in the middle of it"
    sdk 0 $'whoami: notes:read\nwhoami: notes:read' $kind 20 whoami 3100
    seen 0 grant_error '"error":"invalid_grant"'
    seen 0 grant_revoked
    tokens_live 60
    over
done

# The older wire and WebSockets: one connection, which outlives a token or ends with it.
for kind in legacy socket; do
    at=$kind
    case_of "program, $kind: the SDK's stdio client signs in and calls, over the bridge"
    sdk 1 "-32001 countersign login $kind" $kind 1 whoami
    tokens_live 60
    expect 0 '' login $kind
    seen 1 authorized
    sdk 0 'whoami: notes:read' $kind 20 whoami
    [ $kind = legacy ] && seen 1 stream || seen 1 handshake '"status":101'
    seen 1 token "$granted:\"authorization_code\""
    seen 0 token "$granted:\"refresh_token\""
    over

    tokens_live 3
    act login $kind >/dev/null 2>&1
    expire
    case_of "program, $kind: tokens end before a session and in the middle of it"
    sdk 0 $'whoami: notes:read\nwhoami: notes:read' $kind 20 whoami 3100
    [ $kind = legacy ] && seen 1 stream || seen 2 handshake '"status":101'
    seen 0 grant_error '"error":"invalid_grant"'
    seen 0 grant_revoked
    tokens_live 60
    over
done
at=legacy
act login legacy >/dev/null 2>&1
case_of "program, legacy: more scope is needed in mid-session"
sdk 1 "-32001 countersign login legacy --scope notes:write" legacy 1 write
expect 0 '' login legacy --scope notes:write
sdk 0 'write: notes:*' legacy 1 write
expect 0 '' logout legacy
seen 1 grant_revoked '"path":"/token/revocation"'
over

# nginx lets in whom it knows by a certificate, and has a token of its own for the server behind.
install_packages nginx-light
tokens_live 60
at=plain
act login plain >/dev/null 2>&1
mkdir -p "$work/gate"
gate_config() { # PORT
    cat <<END
daemon off; pid $work/gate/pid; error_log $work/gate/log; events {}
http { access_log off;
    $(for path in client_body proxy fastcgi uwsgi scgi; do echo "${path}_temp_path $work/gate/$path;"; done)
    server { listen 127.0.0.1:$1 ssl; ssl_certificate $work/tls/here.pem; ssl_certificate_key $work/tls/here.key;
        ssl_client_certificate $work/tls/ours.pem; ssl_verify_client on;
        location / { proxy_pass $(url plain server | sed 's|/mcp$||'); proxy_buffering off; proxy_http_version 1.1;
            proxy_set_header Authorization "$(act headers plain --format lines | sed -n 's/^Authorization: //p')"; } }
}
END
}
for ((tries = 0; tries < 20; ++tries)); do
    port=$((20000 + RANDOM % 20000))
    gate_config $port >"$work/gate/conf"
    PATH=$PATH:/usr/sbin nginx -p "$work/gate" -c "$work/gate/conf" 2>"$work/gate/out" 6>&- &
    gate=$!
    until [ -s "$work/gate/pid" ] || ! kill -0 $gate 2>/dev/null; do sleep 0.02; done
    kill -0 $gate 2>/dev/null && break
done
sed -i "s/127.0.0.1:1\//127.0.0.1:$port\//" "$COUNTERSIGN_CONFIG"
case_of "program, gate: the SDK's stdio client, over the bridge, past an nginx that wants a certificate"
sdk 0 'whoami: notes:read' gate 20 whoami
sdk 1 '-32000 *the server answered HTTP 400*' closed 1 whoami
over
kill $gate
wait $gate 2>/dev/null

at=plain
mapfile -t whoami < <(call robot whoami)
case_of "program: a robot needs nobody"
expect 0 'whoami: notes:read' "${whoami[@]}"
seen 1 token "$granted:\"client_credentials\"" '"client":"robot:1+1"' '"basic":true'
over

case_of "program: the person says no"
control 'deny?next=1'
act logout plain >/dev/null 2>&1
expect 1 'access_denied' login plain
seen 0 token
over

at=plain
mapfile -t whoami < <(call tv whoami)
case_of "program: somebody signs in on another device"
expect 3 'login tv' "${whoami[@]}"
tokens_live 60
expect 0 'and enter this code:' login tv
seen 1 token "$granted:\"urn:ietf:params:oauth:grant-type:device_code\""
seen 0 authorized
expect 0 'whoami: notes:read' "${whoami[@]}"
over

at=certified
me='"certificate":"CN=me"'
mapfile -t whoami < <(call certified whoami)
case_of "program, certified: somebody signs in, and tokens are bound to the certificate"
expect 3 'login certified' "${whoami[@]}"
tokens_live 3
expect 0 '' login certified
seen 1 registered
seen 1 token "$granted:\"authorization_code\"" '"basic":false'
expect 0 'whoami: notes:read' "${whoami[@]}"
expire
tokens_live 60
expect 0 'whoami: notes:read' "${whoami[@]}"
seen 1 token "$granted:\"refresh_token\""
seen 2 mcp '"status":200,"method":"tools/call"' "$me"
# It is shown where the client posts, and nowhere else: not for documents, not for the registration, not by the page.
seen 2 reached '"path":"/token","by":"alias"' "$me"
seen 0 reached '"by":"issuer"' '"certificate":"CN'
seen 0 reached '"path":"/token","by":"issuer"'
over

case_of "program, certified: another certificate is of no use with that token, nor to renew it"
mapfile -t stolen < <(call imposter whoami)
expect 3 'login imposter' "${stolen[@]}"
seen 0 mcp '"status":200,"method":"tools/call"'
seen 1 grant_error '"detail":"failed x5t#S256 verification"'
over

case_of "program, certified: signs out with it"
expect 0 '' login certified
expect 0 '' logout certified
seen 1 revocation '"status":200' '"token_type_hint":"refresh_token"'
seen 2 reached '"path":"/token/revocation","by":"alias"' "$me"
over

for kind in by-name by-key; do
    mapfile -t whoami < <(call $kind whoami)
    case_of "program, certified: a client is known $kind"
    expect 0 'whoami: notes:read' "${whoami[@]}"
    seen 1 token "$granted:\"client_credentials\"" "\"client\":\"$kind\"" '"basic":false'
    over
    case_of "program, certified: a client is not known ${kind/by/by another}"
    mapfile -t whoami < <(call "${kind/by/wrong}" whoami)
    expect 1 'invalid_client' "${whoami[@]}"
    seen 0 token "$granted:\"client_credentials\""
    seen 0 mcp '"status":200,"method":"tools/call"'
    over
done

case_of "program, certified: the authorization server is shown no certificate unasked"
expect 0 '' login hidden
seen 0 reached '"certificate":"CN'
seen 1 token "$granted:\"authorization_code\""
mapfile -t whoami < <(call hidden whoami)
expect 1 'answered 401 to this credential' "${whoami[@]}" # a token that is bound to nothing is refused there
over
