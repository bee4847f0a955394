# `login`: a browser, a pasted address, a client by itself; and what can go wrong with each.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
provide
config notes '' fixed "\"oauth\":{\"callbackPort\":${origin##*:}}" here '"oauth":{"redirectHost":"localhost"}' \
    given '"headers":{"Authorization":"Bearer x"}' nowhere '"url":"http://127.0.0.1:1/mcp"' \
    machine '"oauth":{"grantType":"client_credentials","clientId":"ci","clientSecret":"${CI_SECRET}","scopes":"notes:read"}' \
    bound '"oauth":{"dpop":true,"profile":"bound"}'

# Nobody is signed in: the line that does it, and nothing is left behind.
tool 3 notes read_note
says 'server "notes" wants a credential, and the config gives none; to sign in: countersign login notes'
run 3 call notes tools/list --config ./servers.json
[[ $err == *'to sign in: countersign login notes --config ./servers.json' ]] || problem "$err"
[ ! -e home/.local ] || problem 'who only reads makes a folder'
run 3 headers here
says 'to sign in: countersign login here'

# By the browser: who, where and what for is said before. It is told nothing but the page.
COUNTERSIGN_KEY_FILE= TOKEN=canary-7f3a9b41 run 0 login notes
! grep -E 'COUNTERSIGN|canary' seen || problem 'the browser sees our environment'
grep -qxF 'arguments: 1' seen || problem "the browser: $(cat seen)"
grep -qxE 'descriptors: 0 1 2( 255)?( 3)?' seen || problem "the browser: $(cat seen)"
[ -z "$out" ] || problem "stdout: $out"
says "signs in to server \"notes\", $mcp" "at $issuer" 'for notes:read offline_access' "$issuer/authorize?" \
    "signed in to server \"notes\": $issuer, scopes notes:read offline_access, until 20"
[ "$(stat -c %a home/.local/state/countersign home/.local/state/countersign/key | tr '\n' ' ')" = '700 600 ' ] ||
    problem "modes: $(ls -la home/.local/state/countersign)"
state notes signed_in
tool 0 notes read_note
run 0 call notes tools/list --protocol 2026-07-28
counts 1 registered
grep -q 'You can close this window' page || problem "the page: $(cat page)"

# More is needed: the line says so; what was granted before stays.
tool 3 notes write_note
says 'server "notes" wants more scope than was granted; to sign in: countersign login notes --scope notes:write'
run 0 login notes --scope notes:write
says 'scopes notes:write notes:read offline_access'
tool 0 notes write_note
tool 0 notes read_note
run 0 login notes
says 'notes:write'
counts 1 registered # the same client

# Secrets: headers shows the token, nothing else does.
run 0 headers notes --format lines
token=${out#Authorization: Bearer }
[ ${#token} -gt 20 ] || problem "headers: $out"
run 0 call notes tools/list --debug
says 'header Authorization ***'
hides "$token"
run 0 headers notes --redact
prints '{"Authorization":"Bearer ***"}'
run 0 login notes --debug
hides "$token"
grep -rqF "$token" home && problem 'the token stands in the state folder'

# The browser can't reach this machine: the address is pasted. Other lines do no harm, nor does the end of input.
begin notes --no-browser
back=$(curl -s --noproxy '*' -o /dev/null -w '%{redirect_url}' "$page")
printf 'no address\n%s\n' "$back" >&"$typed"
ended 0
says 'signed in to server "notes"'
begin notes --no-browser
exec {typed}>&- # end of input
exec {typed}>/dev/null
curl -sL --noproxy '*' -o page "$page"
ended 0

begin notes # with no standard input at all
ended 0
"$program" login notes <&- >out 2>err || problem "without standard input: $(cat err)"

# Denied; nobody comes; interrupted; the port is free again afterwards.
control set -G -d user=denies
run 1 login notes
says 'server "notes": ' 'access_denied'
tool 0 notes read_note # the login from before is as it was
control set -G -d user=approves
run 1 login notes --no-browser --timeout 1
says 'nobody came back within 1 s'
begin notes --no-browser
redirect=$(sed -nE 's/.*redirect_uri=([^&]*).*/\1/p' <<<"$page" | sed 's/%3A/:/g; s#%2F#/#g')
kill -INT "$waiting"
ended 130
says 'interrupted'
! curl -s --noproxy '*' -o /dev/null "$redirect" || problem 'the port is still taken'

# The port is taken; another host.
run 1 login fixed
says "${origin##*:}"
BROWSER=$folder/gone run 1 login notes --timeout 1
says 'Open this page' 'nobody came back within 1 s'
run 0 login here
grep -q 'redirect_uri=http%3A%2F%2Flocalhost%3A' err || problem "redirectHost: $err"

# A client by itself; its secret is in no output.
control client -d '{"client_id":"ci","client_secret":"secret-canary-77","token_endpoint_auth_method":"client_secret_basic","grant_types":["client_credentials"]}'
export CI_SECRET=secret-canary-77
reset_counts
run 0 login machine --debug
says 'signed in to server "machine"' 'scopes notes:read'
hides secret-canary-77
counts 1 'token_issued client_credentials'
unset CI_SECRET
run 1 login machine
says 'oauth.clientSecret: variable CI_SECRET is not set'

# Bound to a key.
control set -G -d dpop=accepted
run 0 login bound
tool 0 bound read_note
run 0 headers bound --redact
prints '{"Authorization":"DPoP ***","DPoP":"***"}'
run 0 status bound --json
[[ $out == *'"dpop":true,"profile":"bound"}]}' ]] || problem "$out"

# What is not to be signed in to.
run 2 login given
says 'server "given" is given its Authorization by the config; there is nothing to sign in to'
run 1 login nowhere
says 'could not be reached'
# An API key that is refused is told as that; where a login is meant to stand beside it, the entry says so.
config notes '' keyed '"headers":{"X-API-Key":"key-canary-51"}' both '"headers":{"X-API-Key":"key-canary-51"},"oauth":{"profile":"both"}'
run 2 login keyed
says 'server "keyed" is given its credential by the config, which has no "oauth" beside it; there is nothing to sign in to'
run 1 call keyed tools/list --debug
says 'answered 401 to this credential'
! grep -q 'well-known' err || problem "a refused key leads to a discovery: $err"
hides key-canary-51
run 0 login both
tool 0 both read_note
serve
echo "{\"mcpServers\":{\"open\":{\"type\":\"http\",\"url\":\"http://127.0.0.1:$port/mcp\"},\"child\":{\"command\":\"true\"}}}" >open.json
run 2 login open --config open.json
says 'server "open" answers whoever asks'
run 2 login child --config open.json
says 'there is nothing to sign in to'
run 2 login nots
says 'did you mean "notes"?'
finish
