# Sourced after checks.bash, for tests of the bridge.

# cross ARGUMENT…: starts a bridge; its input is $to, its output $from, its number $bridge.
cross() {
    mkfifo to from
    "$program" bridge "$@" <to >from 2>err &
    bridge=$!
    exec {to}>to {from}<from
    rm to from
}
# tell LINE…: to the server.
tell() { printf '%s\n' "$@" >&"$to"; }
# hear: the next line, in $line.
hear() { IFS= read -r -t 20 -u "$from" line || { line=; problem "nothing came; stderr: $(cat err)"; }; }
# hears LINE…: they come next, in this order. hears_among LINE…: in any.
hears() {
    local wanted
    for wanted in "$@"; do
        hear
        [ "$line" = "$wanted" ] || problem "heard $line, not $wanted"
    done
}
hears_among() {
    local wanted=("$@") got=()
    for _ in "$@"; do
        hear
        got+=("$line")
    done
    [ "$(printf '%s\n' "${wanted[@]}" | sort)" = "$(printf '%s\n' "${got[@]}" | sort)" ] ||
        problem "heard ${got[*]:0:20}, not ${wanted[*]:0:20}"
}
# leave CODE: input ends, nothing more comes, and the bridge ends so.
leave() {
    local code rest
    exec {to}>&-
    rest=$(timeout 20 cat <&"$from")
    [ -z "$rest" ] || problem "at the end: ${rest:0:500}"
    wait "$bridge"
    code=$?
    exec {from}<&-
    err=$(cat err)
    [ "$code" = "$1" ] || problem "the bridge ended with $code, not $1: $err"
}

rpc() { printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}' "$1" "$2" "${3-{\}}"; }
use() { rpc "$1" tools/call "{\"name\":\"$2\"}"; }
said() { printf '{"jsonrpc":"2.0","id":%s,"result":{"said":"%s"}}' "$1" "$2"; }
refused() { printf '{"jsonrpc":"2.0","id":%s,"error":{"code":%s,"message":"%s"}}' "$1" "$2" "$3"; }
initialized='{"jsonrpc":"2.0","method":"notifications/initialized"}'
# greet: opens a session.
greet() {
    tell "$(rpc 0 initialize '{"protocolVersion":"2025-11-25"}')"
    hear
    [[ $line == '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"20'* ]] || problem "initialize: $line"
    tell "$initialized"
}
# fails NAME TEXT…: the client is told so, twice, and the bridge stays; a passphrase is told nowhere.
fails() {
    local name=$1 text
    shift
    cross "$name"
    tell "$(rpc 1 initialize)" "$(rpc 2 tools/list)"
    hear
    hear
    for text in '"error":{"code":-32000,"message":"server \"'"$name"'\": ' "$@"; do
        [[ $line == *"$text"* ]] || problem "$name: lacks $text: $line"
    done
    leave 0
    ! grep -q canary <<<"$line$err" || problem "$name tells the passphrase"
}
