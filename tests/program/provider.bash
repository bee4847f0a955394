# Sourced after checks.bash: the authorization server of examples/, asked by curl and openssl alone.
: "${COUNTERSIGN_AUTHORIZATION_SERVER:?the path of the authorization server}"
back=http://127.0.0.1:4321/back # where a code is sent; nobody listens there

# provide [NAME=VALUE…]: starts one; its URLs are in $issuer, $mcp and $origin. It ends with this script.
provide() {
    local line
    : >provider.urls
    exec {provider}> >(exec "$COUNTERSIGN_AUTHORIZATION_SERVER" "$@" >provider.urls)
    until line=$(cat provider.urls) && [[ $line == *} ]]; do sleep 0.02; done
    issuer=$(member issuer "$line") mcp=$(member mcp "$line") origin=$(member control "$line")
    origin=${origin%/control}
    rm provider.urls
}
# member NAME [TEXT]: a member's value, of the last body or of a text; a string without its quotes.
member() { sed -nE 's/.*"'"$1"'":("([^"]*)"|([^",}]*)).*/\2\3/p' <<<"${2-$body}" | head -n 1; }
# ask CURL-ARGUMENT…: sets $status, $head and $body.
ask() {
    status=$(curl -s -D head -o body -w '%{http_code}' "$@")
    curled=$?
    head=$(tr -d '\r' <head) body=$(cat body)
    : >head >body
}
# control WHAT [CURL-ARGUMENT…]
control() {
    ask "$origin/control/$1" "${@:2}"
    [ "$status" = 200 ] || problem "control $1: $body"
}
# answers STATUS [TEXT…]: the last answer's; each text stands in its head or body.
answers() {
    local text
    [ "$status" = "$1" ] || problem "answered $status, not $1: $body"
    for text in "${@:2}"; do
        [[ $head$body == *"$text"* ]] || problem "the answer lacks $text: $head $body"
    done
}
# counts N WHAT: so often it happened.
counts() {
    local found
    found=$(curl -s "$origin/counters" | grep -oE "\"$2\":[0-9]+" | grep -oE '[0-9]+$')
    [ "${found:-0}" = "$1" ] || problem "$2: ${found:-0} times, not $1"
}

url64() { openssl base64 -A | tr '+/' '-_' | tr -d =; }

# register [JSON-MEMBERS]: a public client, its id in $client.
register() {
    local grants='"grant_types":["authorization_code","refresh_token"]'
    local method='"token_endpoint_auth_method":"none"'
    ask "$issuer/register" -d "{\"redirect_uris\":[\"http://127.0.0.1/back\"],$grants,${1-$method}}"
    client=$(member client_id) client_secret=$(member client_secret)
}
# authorize [NAME=VALUE…]: asks for a code, in $code; a value replaces the usual one, an empty one leaves the
# name out. Where the browser is sent is in $location.
authorize() {
    local -A of=([response_type]=code [client_id]=$client [redirect_uri]=$back [state]=s1 [resource]=$mcp
        [code_challenge_method]=S256 [scope]=notes:read)
    local arguments=() name pair
    verifier=$(openssl rand 48 | url64)
    of[code_challenge]=$(printf %s "$verifier" | openssl dgst -sha256 -binary | url64)
    for pair in "$@"; do of[${pair%%=*}]=${pair#*=}; done
    for name in "${!of[@]}"; do
        [ -z "${of[$name]}" ] || arguments+=(--data-urlencode "$name=${of[$name]}")
    done
    ask -G "$issuer/authorize" "${arguments[@]}"
    find_code
}
find_code() {
    location=$(sed -n 's/^Location: //p' <<<"$head")
    code=$(sed -nE 's/.*[?&]code=([^&]*).*/\1/p' <<<"$location")
}
# token GRANT [NAME=VALUE… | -CURL-ARGUMENT VALUE…]: tokens in $access and $refresh.
token() {
    local arguments=(--data-urlencode "grant_type=$1")
    shift
    while [ $# -gt 0 ]; do
        if [[ $1 == -* ]]; then
            arguments+=("$1" "$2")
            shift
        else
            arguments+=(--data-urlencode "$1")
        fi
        shift
    done
    ask "$issuer/token" "${arguments[@]}"
    access=$(member access_token) refresh=$(member refresh_token)
}
redeem() {
    token authorization_code "client_id=$client" "code=$code" "redirect_uri=$back" "code_verifier=$verifier" \
        "resource=$mcp" "$@"
}
renew() { token refresh_token "client_id=$client" "refresh_token=$1" "resource=$mcp" "${@:2}"; }
sign_in() { authorize "$@" && redeem; }

# rpc ID METHOD [PARAMS]
rpc() { printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}' "$1" "$2" "${3-{\}}"; }
# call TOOL [CURL-ARGUMENT…]: on the 2026 wire, with $access.
call() {
    local at=io.modelcontextprotocol
    local meta="\"_meta\":{\"$at/protocolVersion\":\"2026-07-28\",\"$at/clientCapabilities\":{}}"
    local scheme=("Authorization: Bearer $access")
    [ $# -le 1 ] || scheme=("${@:2}")
    ask "$mcp" "${scheme[@]/#/-H}" -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' \
        -H "Mcp-Name: $1" -d "$(rpc 1 tools/call "{\"name\":\"$1\",$meta}")"
}

# coordinates KEYFILE: x and y of a P-256 key.
coordinates() {
    local point
    point=$(openssl ec -in "$1" -pubout -outform DER 2>/dev/null | tail -c 64 | od -An -v -tx1 | tr -d ' \n')
    printf '%s %s\n' "$(hex64 "${point:0:64}")" "$(hex64 "${point:64}")"
}
hex64() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" | url64; }
# jwt KEYFILE HEADER CLAIMS: signed with ES256.
jwt() {
    local text half numbers
    text=$(printf %s "$2" | url64).$(printf %s "$3" | url64)
    # openssl writes DER; a JWS has the two numbers side by side.
    numbers=$(printf %s "$text" | openssl dgst -sha256 -sign "$1" | openssl asn1parse -inform DER |
        sed -n 's/.*INTEGER *://p')
    printf '%s.' "$text"
    hex64 "$(for half in $numbers; do printf '%64s' "$half" | tr ' ' 0; done)"
}
