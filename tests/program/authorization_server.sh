# The authorization server of examples/, the partner of other tests: asked by curl, with PKCE of openssl's.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
provide

# What it says of itself.
ask "$mcp" -d "$(rpc 1 initialize)"
metadata=${mcp%/mcp}/.well-known/oauth-protected-resource/mcp
answers 401 "WWW-Authenticate: Bearer scope=\"notes:read\", resource_metadata=\"$metadata\""
ask "$metadata"
answers 200 "\"resource\":\"$mcp\"" "\"authorization_servers\":[\"$issuer\"]"
ask "$issuer/.well-known/oauth-authorization-server"
answers 200 "\"issuer\":\"$issuer\"" '"code_challenge_methods_supported":["S256"]' '"registration_endpoint"'
ask "$issuer/.well-known/openid-configuration"
answers 404

# The code flow.
register
answers 201 '"token_endpoint_auth_method":"none"'
authorize
answers 302 "Location: $back?code=" "&state=s1&iss=$(sed 's#:#%3A#g; s#/#%2F#g' <<<"$issuer")"
redeem
answers 200 'Cache-Control: no-store' '"token_type":"Bearer"' '"expires_in":3600' '"scope":"notes:read"' \
    '"refresh_token"'
first=$access family=$refresh
call read_note
answers 200 '"resultType":"complete"' 'buy milk'
counts 1 'token_issued authorization_code'
redeem # a code is good once; what was issued on it ends
answers 400 invalid_grant
access=$first
call read_note
answers 401 'error="invalid_token"' 'revoked'
counts 1 code_reused

# What a code is bound to. Each guess spends it.
for wrong in code_verifier=wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong \
    redirect_uri=http://127.0.0.1:4322/back code=code-none; do
    authorize
    spent=$code
    ask "$issuer/token" -d grant_type=authorization_code -d "client_id=$client" -d "code=$code" \
        -d "redirect_uri=$back" -d "code_verifier=$verifier" -d "resource=$mcp" -d "$wrong"
    answers 400 invalid_request # there twice
    [[ $wrong == code_v* ]] && verifier=${wrong#*=}
    [[ $wrong == code=* ]] && code=${wrong#*=}
    if [[ $wrong == redirect* ]]; then
        token authorization_code "client_id=$client" "code=$code" "$wrong" "code_verifier=$verifier" \
            "resource=$mcp"
    else
        redeem
    fi
    answers 400 invalid_grant
    [[ $wrong == code=* ]] && continue
    code=$spent
    redeem
    answers 400 invalid_grant 'used before'
done
authorize
token authorization_code "client_id=$client" "code=$code" "redirect_uri=$back" "code_verifier=$verifier" \
    "resource=${mcp}x"
answers 400 invalid_target
authorize
token authorization_code "client_id=$client" "code=$code" "redirect_uri=$back" "code_verifier=$verifier"
answers 400 invalid_target
authorize
own=$client
register
redeem
answers 400 invalid_grant "another client"
client=$own

# The authorization endpoint.
authorize client_id=nobody
answers 400 'not known'
for uri in http://127.0.0.1:4321/other http://localhost:4321/back https://evil.example/back \
    http://127.0.0.1:4321.evil.example/back; do
    authorize "redirect_uri=$uri"
    answers 400 'redirect URI'
done
authorize code_challenge_method=plain && answers 302 error=invalid_request
authorize code_challenge= && answers 302 error=invalid_request
authorize resource=http://127.0.0.1:1/mcp && answers 302 error=invalid_target
authorize resource= && answers 302 error=invalid_target
authorize scope=notes:all && answers 302 error=invalid_scope '&state=s1&iss='
authorize response_type=token && answers 302 error=unsupported_response_type
counts 6 authorize_refused
control 'set?user=denies'
authorize
answers 302 error=access_denied
counts 1 denied
control 'set?user=page'
authorize
answers 200 '<a id="approve"'
link=$(sed -nE 's/.*id="approve" href="([^"]*)".*/\1/p; ' <<<"$body" | sed 's/&amp;/\&/')
ask "$link"
answers 302 "$back?code="
find_code
redeem && answers 200 access_token
ask "$link"
answers 400 'answered before'
control 'set?user=approves&iss_text=https://evil.example'
authorize && answers 302 'iss=https%3A%2F%2Fevil.example'
control 'set?iss_text='

# Rotation, and the end of all when a replaced token comes back.
sign_in
old=$refresh
renew "$old"
answers 200 '"refresh_token"' '"access_token"'
[ "$refresh" != "$old" ] || problem 'the refresh token was not rotated'
new=$refresh last=$access
call read_note && answers 200
renew "$old"
answers 400 invalid_grant 'used before'
renew "$new"
answers 400 invalid_grant
access=$last
call read_note && answers 401
counts 1 'refreshed refresh_token'
counts 1 reuse_detected
sign_in
control 'set?grace=60000'
old=$refresh
renew "$old" && answers 200
renew "$old" && answers 200 # two who met; the second is within the grace
counts 1 reuse_detected
control 'set?grace=0&rotation=0'
sign_in
renew "$refresh"
answers 200
[ -z "$refresh" ] || problem 'a refresh token was given without rotation'
control 'set?rotation=1'
sign_in
old=$refresh
renew "$old" scope=notes:write && answers 400 invalid_scope
token refresh_token "client_id=$client" "refresh_token=$old" && answers 400 invalid_target

# Time. Nobody waits: the clock of the tokens is turned.
sign_in
control expire
call read_note && answers 401 expired
control 'set?access_lifetime=3000'
sign_in && answers 200 '"expires_in":3,'
control 'set?access_lifetime=500'
sign_in && answers 200 '"expires_in":1,'
control 'set?expires_in=none'
sign_in
[[ $body != *expires_in* ]] || problem 'expires_in is there'
control 'set?expires_in="3600"'
sign_in && answers 200 '"expires_in":"3600"'
control 'set?expires_in=&access_lifetime=3600000'

# A token for somebody else is worth nothing here.
elsewhere=http://127.0.0.1:1/mcp
control "set?other_resource=$elsewhere"
authorize "resource=$elsewhere"
token authorization_code "client_id=$client" "code=$code" "redirect_uri=$back" "code_verifier=$verifier" \
    "resource=$elsewhere"
answers 200 access_token
call read_note && answers 401 'another resource'

# Step-up.
sign_in
call write_note
answers 403 'error="insufficient_scope"' 'scope="notes:write"' 'resource_metadata='
sign_in 'scope=notes:read notes:write'
call write_note && answers 200 written
control 'set?insatiable=1'
call write_note && answers 403
control 'set?insatiable=0'

# Revocation.
sign_in
ask "$issuer/revoke" -d "client_id=$client" -d "token=$access" -d token_type_hint=access_token
answers 200
call read_note && answers 401
renew "$refresh" && answers 200
held=$refresh
own=$client
register
ask "$issuer/revoke" -d "client_id=$client" -d "token=$held" && answers 400 invalid_grant
client=$own
ask "$issuer/revoke" -d "client_id=$client" -d "token=$held" -d token_type_hint=refresh_token && answers 200
call read_note && answers 401
renew "$held" && answers 400 invalid_grant
ask "$issuer/revoke" -d "client_id=$client" -d token=none && answers 200
ask "$issuer/revoke" -d client_id=nobody -d token=none && answers 401 invalid_client
counts 1 'revoked refresh_token'

# Clients.
register '"token_endpoint_auth_method":"client_secret_basic"'
sign_in && answers 400 invalid_client
# curl sends what Basic says it sends: no byte of these needs to be encoded.
authorize
token authorization_code "code=$code" "redirect_uri=$back" "code_verifier=$verifier" "resource=$mcp" \
    -u "$client:$client_secret"
answers 200 access_token
renew "$refresh" -u "$client:wrong" && answers 401 invalid_client 'WWW-Authenticate: Basic'
renew none "client_secret=$client_secret" && answers 400 invalid_client
register '"token_endpoint_auth_method":"client_secret_post"'
sign_in && answers 400 invalid_client
authorize
redeem "client_secret=$client_secret" && answers 200
token client_credentials "client_id=$client" "client_secret=$client_secret" "resource=$mcp"
answers 400 unauthorized_client
control client -d '{"client_id":"robot:1+1","client_secret":"s%:e+c r","grant_types":["client_credentials"]}'
token client_credentials "resource=$mcp" -u 'robot%3A1%2B1:s%25%3Ae%2Bc+r'
answers 200 access_token '"scope":"notes:read"'
[ -z "$refresh" ] || problem 'a client got a refresh token'
call read_note && answers 200
for uri in 'http://example.com/back' 'https://example.com/back#x' 'javascript:alert(1)'; do
    ask "$issuer/register" -d "{\"redirect_uris\":[\"$uri\"]}" && answers 400 invalid_redirect_uri
done
ask "$issuer/register" -d '{"redirect_uris":["http://127.0.0.1/back"],"application_type":"web"}'
answers 400 invalid_redirect_uri
control 'set?registration=0'
register && answers 403 'ask its operator'
ask "$issuer/.well-known/oauth-authorization-server"
[[ $body != *registration_endpoint* ]] || problem 'registration is offered'
control 'set?registration=1&documents=1'
client=https://app.example/client.json
control "document?client_id=$client" -d "{\"client_id\":\"$client\",\"token_endpoint_auth_method\":\"none\",
    \"redirect_uris\":[\"http://127.0.0.1/back\"]}"
sign_in && answers 200
[ -z "$refresh" ] || problem 'a refresh token for who did not register the grant'
control "forget?client=$client" && control 'set?documents=0'
authorize && answers 400 'not known'

# Faults.
register && sign_in
control 'fault?path=/token&times=2&status=503&retry_after=7'
renew "$refresh" && answers 503 'Retry-After: 7'
control 'fault?path=/token&status=502&type=text/html&body=<h1>Bad+Gateway</h1>'
keep=$refresh
renew none && answers 502 '<h1>Bad Gateway</h1>'
control 'fault?path=/token&close=1'
renew none
[ "$curled" = 52 ] || problem "the connection was not closed: curl says $curled"
sign_in
keep=$refresh
control 'fault?path=/token&close=1&handled=1' # the answer is lost, the token is spent
renew "$keep"
[ "$curled" = 52 ] || problem "the connection was not closed: curl says $curled"
renew "$keep" && answers 400 'used before'
control 'fault?path=/token&latency=120'
before=$(date +%s%N)
renew none && answers 400
(($(date +%s%N) - before >= 120000000)) || problem 'no latency'
counts 2 "fault closed"

# The 2025 wire.
sign_in
auth="Authorization: Bearer $access"
ask "$mcp" -H "$auth" -d "$(rpc 1 initialize)"
answers 200 'Content-Type: text/event-stream' '"protocolVersion":"2025-11-25"' 'Mcp-Session-Id: session-'
session=$(sed -n 's/^Mcp-Session-Id: //p' <<<"$head")
in_session=(-H "$auth" -H "Mcp-Session-Id: $session" -H 'MCP-Protocol-Version: 2025-11-25')
ask "$mcp" "${in_session[@]}" -d '{"jsonrpc":"2.0","method":"notifications/initialized"}' && answers 202
control 'set?replies=json'
ask "$mcp" "${in_session[@]}" -d "$(rpc '"b"' tools/list)"
answers 200 'Content-Type: application/json' '"id":"b"' write_note
ask "$mcp" "${in_session[@]}" -d "$(rpc 2 none)" && answers 200 -32601
ask "$mcp" "${in_session[@]}" -X DELETE && answers 204
ask "$mcp" "${in_session[@]}" -d "$(rpc 3 tools/list)" && answers 404 'no such session'
ask "$mcp" && answers 405

# One flipped byte.
last=${access: -1}
access=${access%?}$([ "$last" = A ] && echo B || echo A)
call read_note && answers 401 'no such token'

# No token stands in the log.
ask "$origin/events"
! grep -qE '(access|refresh|code)-[A-Za-z0-9_-]{20}' <<<"$body" || problem 'a token is in the log'
counts "$(grep -c '"event":"call"' <<<"$body")" call

# It ends with its standard input.
exec {provider}>&-
for ((i = 0; i < 100; ++i)); do curl -s -o /dev/null "$issuer" || break; sleep 0.05; done
((i < 100)) || problem 'it goes on without its standard input'
finish
