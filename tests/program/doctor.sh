# `doctor`: each symptom that the guide to troubleshooting names, against a real server; the line for curl is pasted into
# a real shell.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
serve
token=sk-canary-7f3a9b41
export API_TOKEN=$token TOKEN_ALONE=$token TWICE="Bearer $token" WORKSPACE_ID=acme
# Its time was over in 2001.
claims=$(printf '{"exp":1000000000}' | openssl base64 -A | tr '+/' '-_' | tr -d =)
export JWT="e30.$claims.c2lnbmF0dXJl"
know_secrets "$token" "$JWT"
{
    echo '{"mcpServers":{'
    for path in mcp rejects expired basic digest permission scope admin lacks repeats broken page nowhere scheme fresh; do
        printf '"%s":{"type":"http","url":"http://127.0.0.1:%s/%s",' "$path" "$port" "$path"
        echo '"headers":{"Authorization":"Bearer ${API_TOKEN}"}},'
    done
    at="\"type\":\"http\",\"url\":\"http://127.0.0.1:$port"
    echo "\"unset\":{$at/mcp\",\"headers\":{\"Authorization\":\"Bearer \${NOT_SET}\"}},"
    echo "\"bare\":{$at/scheme\",\"headers\":{\"Authorization\":\"\${TOKEN_ALONE}\"}},"
    echo "\"barefine\":{$at/mcp\",\"headers\":{\"Authorization\":\"\${TOKEN_ALONE}\"}},"
    echo "\"twice\":{$at/mcp\",\"headers\":{\"Authorization\":\"Bearer \${TWICE}\"}},"
    echo "\"literal\":{$at/rejects\",\"headers\":{\"Authorization\":\"Bearer $token\"}},"
    echo "\"over\":{$at/rejects\",\"headers\":{\"Authorization\":\"Bearer \${JWT}\"}},"
    echo "\"overfine\":{$at/mcp\",\"headers\":{\"Authorization\":\"Bearer \${JWT}\"}},"
    echo "\"nothing\":{$at/scheme\"},"
    for path in digest sha1; do
        echo "\"answers-$path\":{$at/$path\",\"auth\":{\"type\":\"digest\",\"user\":\"u\",\"password\":\"\${API_TOKEN}\"}},"
    done
    echo "\"asked\":{$at/digest\"},"
    echo "\"open\":{$at/mcp\"},"
    echo "\"workspace\":{$at/workspace\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\",\"X-Workspace-ID\":\"\${WORKSPACE_ID}\"}},"
    echo "\"host\":{\"type\":\"http\",\"url\":\"http://\${WORKSPACE_ID}.localhost:$port/workspace\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"helper\":{$at/rejects\",\"headersHelper\":\"printf '{\\\"Authorization\\\":\\\"Bearer %s\\\"}' \\\"\$API_TOKEN\\\"\"},"
    echo "\"dead\":{$at/mcp\",\"headersHelper\":\"exit 3\"},"
    echo "\"events\":{\"type\":\"sse\",\"url\":\"http://127.0.0.1:$port/events\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"noevents\":{\"type\":\"sse\",\"url\":\"http://127.0.0.1:$port/html\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"refusing\":{\"type\":\"sse\",\"url\":\"http://127.0.0.1:$port/rejects\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"socket\":{\"type\":\"ws\",\"url\":\"ws://127.0.0.1:$port/rejects\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"speaks\":{\"type\":\"ws\",\"url\":\"ws://127.0.0.1:$port/socket\",\"headers\":{\"Authorization\":\"Bearer \${API_TOKEN}\"}},"
    echo "\"hypertext\":{\"type\":\"ws\",\"url\":\"ws://127.0.0.1:$port/html\"},"
    echo '"away":{"type":"http","url":"http://127.0.0.1:1/mcp","headers":{"Authorization":"Bearer ${API_TOKEN}"}},'
    echo '"clear":{"type":"http","url":"http://api.example.com/mcp","headers":{"Authorization":"Bearer ${API_TOKEN}"}},'
    echo '"missing":{"command":"no-such-program"},'
    echo '"ends":{"command":"true"},'
    echo '"db":{"command":"bash","args":["child.sh"],"env":{"DB_PASSWORD":"${NOT_SET}"}},'
    echo '"child":{"command":"bash","args":["child.sh"],"env":{"DB_PASSWORD":"${API_TOKEN}"}},'
    echo '"dotenv":{"type":"http","url":"https://api.example.com/mcp","envFile":"gone.env"}'
    echo '}}'
} >.mcp.json
cat >child.sh <<'CHILD'
while read -r line; do
    case $line in
    *'"initialize"'*) echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}' ;;
    *'"ping"'*) echo '{"jsonrpc":"2.0","id":2,"result":{}}' ;;
    esac
done
CHILD
chmod +x child.sh

# examine CODE NAME: runs doctor twice, for people ($out) and for programs (the file json). No secret in either.
examine() {
    local wanted=$1 name=$2 code
    "$program" doctor "$name" --json >json 2>err </dev/null
    code=$?
    [ "$code" = "$wanted" ] || problem "doctor $name --json: exit $code; $(cat err)"
    [ "$(wc -l <json)" = 1 ] || problem "doctor $name --json: not one line: $(cat json)"
    "$program" doctor "$name" >out 2>err </dev/null
    code=$?
    out=$(cat out) err=$(cat err)
    [ "$code" = "$wanted" ] || problem "doctor $name: exit $code, not $wanted; $err"
    hides_all json
}
# fine NAME
fine() {
    examine 0 "$1"
    prints ''
    says "server \"$1\": no problem found"
    [ "$(cat json)" = '{"problems":[]}' ] || problem "doctor $1 --json: $(cat json)"
}
# finds NAME CODE WHERE MESSAGE FIX: that problem alone, on both ways.
finds() {
    local name=$1 code=$2 where=$3 message=$4 fix=$5 quoted
    examine 1 "$name"
    [ "$(head -n 2 out)" = "$code: $where: $message"$'\n'"  fix: $fix" ] ||
        problem "doctor $name: $out"
    quoted() { sed 's/[\\"]/\\&/g' <<<"$1"; }
    [ "$(cat json)" = "{\"problems\":[{\"code\":\"$code\",\"message\":\"$(quoted "$message")\",\"where\":\"$where\",\"fix\":\"$(quoted "$fix")\"}]}" ] ||
        problem "doctor $name --json: $(cat json)"
}
# curl_says NAME STATUS: the line that doctor gives for NAME, pasted, is answered so.
curl_says() {
    local line
    line=$(sed -n 's/^to try it: //p' out)
    line=${line//countersign headers/\"\$COUNTERSIGN_PROGRAM\" headers}
    sh -c "$line" >head 2>curl_err </dev/null
    head -n 1 head | grep -q "^HTTP/1.1 $2 " || problem "the line of $1: $line: $(cat head curl_err)"
}

again='check it, or get a new one, then: export API_TOKEN=…'
at=headers.Authorization
# 401: the token is not set, or not set correctly
finds unset variable_missing $at 'variable NOT_SET is not set' 'export NOT_SET=…'
NOT_SET= finds unset variable_empty $at 'variable NOT_SET is set, but empty' 'export NOT_SET=…'
finds nothing credential_missing headers 'HTTP 401: the server wants a credential (Bearer), and none was sent' \
    'give the entry one: "headers": {"Authorization": "Bearer ${API_TOKEN}"}, then: export API_TOKEN=…'
curl_says nothing 401
finds rejects credential_rejected $at \
    "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's" "$again"
curl_says rejects 401
finds literal credential_rejected $at \
    "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's" \
    'check it, or get a new one and keep it in a variable: write ${API_TOKEN} there, then: export API_TOKEN=…'
[[ $out == *'"Authorization: Bearer ***"'*'*** stands for what the config itself holds'* ]] || problem "$out"
# 401: it has expired
finds expired credential_expired $at 'HTTP 401: the server says that the credential has expired' \
    'get a new one, then: export API_TOKEN=…'
curl_says expired 401
examine 1 over
[[ $out =~ ^'credential_expired: headers.Authorization: HTTP 401: the credential is a JWT that expired '[0-9]+' days ago'$'\n''  fix: get a new one, then: export JWT=…' ]] || problem "$out"
[ "$(grep -o '"code"' json | wc -l)" = 1 ] || problem "told twice: $(cat json)"
fine overfine # its clock may be right
# 401: it lacks permissions
finds permission permission_missing $at 'HTTP 401: the credential is good, but its owner may not do this' \
    "give the credential's owner the permission; an administrator may have to approve it"
# 401: the header's format
finds bare wrong_format $at 'HTTP 401: no scheme stands before the credential in Authorization' \
    'write "Bearer " before it: "Authorization": "Bearer ${API_TOKEN}"'
curl_says bare 401
fine barefine # some servers want just that
finds twice wrong_format $at 'the scheme stands twice: in the config and in the variable' \
    'set the variable to the token alone, without the scheme'
finds basic wrong_format $at 'HTTP 401: the server wants Authorization: Basic …, and Bearer was sent' \
    'write "Authorization": "Basic …" as the server'"'"'s manual says'
# 401: Digest
answer='write "auth": {"type": "digest", "user": "${USER_NAME}", "password": "${PASSWORD}"}, then: export USER_NAME=… PASSWORD=…'
finds digest wrong_format $at 'HTTP 401: the server wants Authorization: Digest …, and Bearer was sent' "$answer"
finds asked credential_missing headers 'HTTP 401: the server wants a credential (Digest), and none was sent' "$answer"
finds answers-digest credential_rejected auth.password \
    "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's" "$again"
[[ $out == *'curl '*' --digest -u "u:$API_TOKEN" '* ]] || problem "$out"
curl_says answers-digest 401
finds answers-sha1 wrong_format auth \
    'HTTP 401: digest: the server wants algorithm "SHA-1", which is not known here; known are MD5, SHA-256, SHA-512-256 and their -sess' \
    'give the entry what the server asks for, or mend the server'
run 1 headers answers-digest
says 'server "answers-digest": auth: Digest answers what the server asks in a 401, so there is no header to print' 'call or bridge'
run 1 call answers-digest tools/list
says 'answered 401 to this credential'
# 403
finds lacks permission_missing $at 'HTTP 403: the credential is good, but its owner may not do this' \
    "give the credential's owner the permission; an administrator may have to approve it"
curl_says lacks 403
finds scope scope_missing $at \
    'HTTP 403: the credential is good, but lacks a scope; asked for: items:read items:write' \
    'get one with that scope, then: export API_TOKEN=…'
finds workspace tenant_rejected headers.X-Workspace-ID \
    'HTTP 403: the credential is good, but not for this tenant, workspace or organization' \
    'check its id, then: export WORKSPACE_ID=…; or use a credential that belongs to it'
curl_says workspace 403
finds admin permission_missing $at \
    "HTTP 403: the credential is good, but its owner may not do this; the server speaks of an administrator's approval" \
    "give the credential's owner the permission; an administrator may have to approve it"
examine 1 repeats
[[ $out == 'scope_missing: headers.Authorization: HTTP 403: the credential is good, but lacks a scope; asked for: read'$'\n'* ]] ||
    problem "$out"
# what is no credential's fault
finds broken unexpected_status url 'HTTP 500: the server failed by itself; the credential is not to blame' \
    'try later, or ask who runs it'
examine 1 away
[[ $out == 'unreachable: url: curl: POST http://127.0.0.1:1: '* ]] || problem "$out"
finds clear insecure_http url 'the credential would travel in the clear' \
    'write https:// in "url"; or "allowHttp": true if another layer protects it'
examine 1 dotenv
[[ $out == 'env_file: envFile: server "dotenv": envFile: '*gone.env* ]] || problem "$out"
# helpers
examine 1 helper
[[ $out == 'credential_rejected: headersHelper: HTTP 401: '*'fix: run the headersHelper by hand; '* ]] || problem "$out"
curl_says helper 401
examine 1 dead
[[ $out == 'helper_failed: headersHelper: '*'fix: run it by hand: '* ]] || problem "$out"
# other transports
fine events
examine 1 refusing
[[ $out == 'credential_rejected: headers.Authorization: HTTP 401: '* ]] || problem "$out"
curl_says refusing 401
examine 1 socket
[[ $out == 'credential_rejected: headers.Authorization: HTTP 401: '* ]] || problem "$out"
curl_says socket 401
fine speaks
examine 1 hypertext
[[ $out == 'not_mcp: url: '* || $out == 'unexpected_status: url: '* ]] || problem "$out"
finds noevents not_mcp url 'the server answered with something else than an event stream' \
    'check "type" and "url": often the path is /mcp or /sse'
finds page not_mcp url 'the server answered initialize with something else than MCP' \
    'check "type" and "url": often the path is /mcp or /sse'
# stdio
finds missing command_not_found command 'no-such-program is in no folder of PATH' \
    'install it, or write its whole path in "command"'
finds db variable_missing env.DB_PASSWORD 'variable NOT_SET is not set' 'export NOT_SET=…'
examine 1 ends
[[ $out == 'unreachable: command: '*'fix: run it by hand: countersign exec ends' ]] || problem "$out"
fine child
fine mcp
fine open
# the session that it opened is closed
[ "$(grep -c '^DELETE /mcp' log)" = "$(grep -c '^POST /mcp' log)" ] || problem "sessions stay open: $(grep /mcp log)"

# The line names the config where it was named.
"$program" doctor helper --config .mcp.json >out 2>err
grep -qF 'to try it: countersign --config ".mcp.json" headers "helper" --format curl | curl -sS ' out || problem "$(cat out)"

# The page about troubleshooting has a row for each code.
sed -n '/constexpr std::string_view names/,/};/p' "$COUNTERSIGN_SOURCE_DIR/include/countersign/inspect/problem.hpp" |
    grep -oE '"[a-z_]+"' | tr -d '"' >codes
[ "$(wc -l <codes)" -gt 15 ] || problem "codes: $(cat codes)"
while read -r code; do
    grep -q "^| \`$code\` |" "$COUNTERSIGN_SOURCE_DIR/docs/troubleshooting.md" || problem "docs/troubleshooting.md: no row for $code"
done <codes

echo 'OTHER=x' >more.env
"$program" doctor rejects --env-file more.env >out 2>err
grep -qF 'the shell needs the variables of more.env first' out || problem "$(cat out)"

run 2 doctor
says 'usage: countersign doctor NAME [--json]'
run 2 doctor rejcts
says 'did you mean "rejects"?'
finish
