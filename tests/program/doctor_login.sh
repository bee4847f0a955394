# `doctor`: what keeps a login from being used, each against a real authorization server.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
provide
serve
config api '"oauth":{}' late "\"url\":\"http://127.0.0.1:$port/late\",\"headers\":{\"Authorization\":\"Bearer \${TOKEN}\"}" \
    open "\"url\":\"http://127.0.0.1:$port/mcp\",\"oauth\":{}" clear '"url":"http://h.example/mcp","oauth":{}'
export TOKEN=canary-7f3a9b41
files=home/.local/state/countersign
# finds NAME CODE WHERE TEXT…: the first problem; each text stands in what is printed.
finds() {
    "$program" doctor "$1" >out 2>err </dev/null
    local code=$? text
    out=$(cat out)
    [ "$code" = 1 ] || problem "doctor $1: exit $code"
    [[ $out == "$2: $3: "* ]] || problem "doctor $1: not $2 at $3: $out"
    for text in "${@:4}"; do
        [[ $out == *"$text"* ]] || problem "doctor $1 lacks: $text; it says: $out"
    done
}
fault() { control fault -G -d "path=$1" -d times=99 "${@:2}"; }
mended() { control fault -G -d "path=$1" -d times=0; }

# Before anybody has signed in.
finds api sign_in_needed oauth 'nobody is signed in' 'fix: sign in: countersign login api'
run 0 doctor open
says 'no problem found'
finds clear insecure_http url
fault /.well-known/oauth-authorization-server -d status=500
finds api metadata_missing url "$issuer"
fault /.well-known/oauth-authorization-server -d status=200 -d type=application/json -d 'body={"issuer":"http://127.0.0.1:9"}'
finds api metadata_wrong url "$issuer" 'another issuer'
mended /.well-known/oauth-authorization-server
fault /.well-known/oauth-protected-resource/mcp -d status=200 -d type=application/json \
    -d 'body={"resource":"https://other.example/mcp","authorization_servers":["https://other.example"]}'
finds api metadata_wrong url
mended /.well-known/oauth-protected-resource/mcp

# Somebody has: all is well, and stays so where the token is renewed.
run 0 login api
run 0 doctor api
says 'no problem found'
control expire
run 0 doctor api
counts 1 refreshed

# A token that was made a moment ago is refused as well.
fault /mcp -d status=401
finds api login_loop oauth 'a token that was made a moment ago is refused'
mended /mcp
run 0 doctor api

# The server ends the login; the client is deleted.
control revoke
control expire
finds api login_expired oauth 'fix: sign in: countersign login api'
finds api sign_in_needed oauth 'the server refused the login'
run 0 login api
control forget -G -d "client=$("$program" status api --json | sed -nE 's/.*"client_id":"([^"]*)".*/\1/p')"
control expire
finds api client_unknown oauth.clientId 'countersign login api'
run 0 login api # it registers anew
run 0 doctor api

# No refresh token, and the time is over.
control set -G -d refresh_tokens=0 -d expires_in=1
run 0 login api
until=$(($(date +%s) + 2))
until [ "$(date +%s)" -ge $until ]; do sleep 0.1; done
state api expired
finds api login_expired oauth 'came without a refresh token' 'countersign login api'
control set -G -d refresh_tokens=1 -d expires_in=

# Another port than was registered.
run 0 login api
sed 's/"oauth":{}/"oauth":{"callbackPort":4321}/' servers.json >other.json
fault /mcp -d status=401
COUNTERSIGN_CONFIG=other.json finds api login_loop oauth 'redirect_mismatch: oauth.callbackPort: the client was registered with the address http://127.0.0.1:'
mended /mcp
COUNTERSIGN_CONFIG=other.json run 0 doctor api
sed 's/"oauth":{}/"oauth":{"callbackPort":4321,"clientId":"c"}/' servers.json >other.json
COUNTERSIGN_CONFIG=other.json finds api redirect_mismatch oauth.callbackPort 'register the new address'

# The store.
COUNTERSIGN_KEY=$(head -c 32 /dev/urandom | url64) finds api store_unusable 'state folder' 'another key' 'COUNTERSIGN_KEY'
chmod 644 "$files"/*.login
finds api store_insecure 'state folder' 'chmod 600'
chmod 600 "$files"/*.login
run 0 doctor api
run 0 doctor api --json
prints '{"problems":[]}'

# The clock, beside what it may be the cause of.
finds late credential_rejected headers.Authorization "clock_off: clock: this machine's clock is about " 'ahead of the server'
hides "$TOKEN"
finish
