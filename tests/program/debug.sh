# `--debug`: what each step says, line by line, and that no secret is in it in any writing.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
serve
claims=$(printf '{"exp":1000000000}' | openssl base64 -A | tr '+/' '-_' | tr -d =)
export API_TOKEN=sk-canary-7f3a9b41 JWT="e30.$claims.c2lnbmF0dXJl" HMAC_KEY=hmac-canary-5a6b9c \
    JWT_KEY=jwt-canary-0123456789abcdefghijk
cat >helper.sh <<'SH'
#!/bin/sh
n=$(($(cat count 2>/dev/null || echo 0) + 1))
echo $n >count
printf '{"Authorization":"Bearer helper-canary-%s"}' $n
SH
chmod +x helper.sh
at="\"type\":\"http\",\"url\":\"http://127.0.0.1:$port"
cat >.mcp.json <<END
{"mcpServers":{
"bearer":{$at/mcp","headers":{"Authorization":"Bearer \${API_TOKEN}"}},
"over":{$at/rejects","headers":{"Authorization":"Bearer \${JWT}"}},
"made":{$at/mcp","auth":[{"type":"jwt","algorithm":"HS256","key":"\${JWT_KEY}","claims":{"sub":"me"}},
  {"type":"hmac","key":"\${HMAC_KEY}","keyId":"me"}]},
"unset":{$at/mcp","headers":{"Authorization":"Bearer \${NOT_SET}"}},
"helper":{$at/fresh","headersHelper":"./helper.sh"}}}
END

# traces LINE…: stderr is these lines, each behind "countersign: "; the server's address is written ORIGIN.
traces() {
    local line wanted=
    for line in "$@"; do wanted+="countersign: $line"$'\n'; done
    [ "${err//http:\/\/127.0.0.1:$port/ORIGIN}"$'\n' = "$wanted" ] || problem "not the trace: $err"
}
know_secrets "$API_TOKEN" "$JWT" "$JWT_KEY" "$HMAC_KEY" helper-canary-1 helper-canary-2
acquired=('acquire ORIGIN first' 'acquired ORIGIN generation 1')
session=('header MCP-Protocol-Version ***' 'header Mcp-Session-Id ***' 'header Authorization ***')
# A session on PATH after its first request: `initialized`, the call, the end.
rest() {
    more=("sends POST ORIGIN/$1" 'header Accept ***' 'header Content-Type ***' "${session[@]}" 'answered 202 '
        "sends POST ORIGIN/$1" 'header Accept ***' 'header Content-Type ***' "${session[@]}" 'answered 200 '
        "sends DELETE ORIGIN/$1" "${session[@]}" 'answered 204 ')
}
first=('header Accept ***' 'header Content-Type ***' 'header Authorization ***')

run 0 headers bearer --debug --redact
traces "${acquired[@]}" 'writes Authorization: Bearer ***'
hides_all
run 0 --debug call bearer tools/list
rest mcp
traces "${acquired[@]}" 'sends POST ORIGIN/mcp' "${first[@]}" 'answered 200 ' "${more[@]}"
hides_all

run 0 headers made --debug --redact
[[ $err == *'writes Authorization: Bearer ***'* && $err == *'writes X-Signature: ***'* ]] || problem "$err"
hides_all
run 0 call made tools/list --debug
[[ $err == *'header X-Signature ***'* ]] || problem "$err"
hides_all

# The helper is run again after a 401, and the trace says why.
run 0 call helper tools/list --debug
rest fresh
ran=('run server "helper": headersHelper ' 'acquired ORIGIN generation 1')
again=('run server "helper": headersHelper ' 'acquired ORIGIN generation 2')
traces 'acquire ORIGIN first' "${ran[@]}" 'sends POST ORIGIN/fresh' "${first[@]}" 'answered 401 ' \
    'refused ORIGIN generation 1: the server answered 401' 'acquire ORIGIN refused' "${again[@]}" \
    'sends POST ORIGIN/fresh' "${first[@]}" 'answered 200 ' "${more[@]}"
hides_all
[ "$(cat count)" = 2 ] || problem "the helper ran $(cat count) times"

# A token whose time is over is sent once: nothing newer could come of the same variable.
run 1 call over tools/list --debug
traces "${acquired[@]}" 'sends POST ORIGIN/rejects' "${first[@]}" 'answered 401 ' \
    "server \"over\": ORIGIN answered 401 to this credential; it can't be renewed here: check that it is current and meant for this server"
hides_all

run 1 headers unset --debug
traces 'acquire ORIGIN first' 'failed ORIGIN not_mine' \
    'server "unset": headers.Authorization: variable NOT_SET is not set; set it, or give a default: ${NOT_SET:-…}'
hides_all
finish
