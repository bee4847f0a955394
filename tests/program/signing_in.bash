# Sourced after provider.bash, for tests of the program with logins.
export COUNTERSIGN_CONFIG=$folder/servers.json BROWSER=$folder/browser

# A browser that follows the page back to the program; what it was given is in seen.
cat >browser <<END
#!/usr/bin/env bash
open=(/proc/\$\$/fd/*)
{
    env
    echo "arguments: \$#"
    echo "descriptors: \${open[*]##*/}"
} >'$folder/seen'
exec curl -sSL --noproxy '*' -o '$folder/page' "\$1"
END
chmod 700 browser

# config NAME MEMBERS [NAME MEMBERS]…: entries of type http; without a "url" that of the protected server.
config() {
    local comma=
    {
        printf '{"mcpServers":{'
        while [ $# -gt 0 ]; do
            printf '%s"%s":{"type":"http"' "$comma" "$1"
            [[ $2 == *'"url"'* ]] || printf ',"url":"%s"' "$mcp"
            printf '%s}' "${2:+,$2}"
            comma=,
            shift 2
        done
        echo '}}'
    } >servers.json
}
# tool CODE NAME TOOL: calls a tool, as `run` does.
tool() { run "$1" call "$2" tools/call "{\"name\":\"$3\",\"arguments\":{\"text\":\"x\"}}"; }
# state NAME WANTED
state() {
    local found
    found=$("$program" status "$1" --json 2>err | sed -nE 's/.*"state":"([a-z_]*)".*/\1/p')
    err=$(cat err)
    [ "$found" = "$2" ] || problem "the state of $1 is $found, not $2; stderr: $err"
}
# reset_counts: what happened is forgotten.
reset_counts() { control clear; }
# begin ARGUMENT…: a login that waits, its standard input in $typed, its number in $waiting; the page is in $page.
begin() {
    mkfifo typed.$$
    "$program" login "$@" <typed.$$ >out 2>err &
    waiting=$!
    exec {typed}>typed.$$
    rm typed.$$
    until page=$(grep -oE 'http://[^ ]*/authorize\?[^ ]*' err); do
        kill -0 "$waiting" 2>/dev/null || break
        sleep 0.02
    done
}
# ended CODE: how it must end.
ended() {
    local code
    wait "$waiting"
    code=$?
    exec {typed}>&-
    out=$(cat out) err=$(cat err)
    [ "$code" = "$1" ] || problem "the login ended with $code, not $1: $err"
    [ -z "$out" ] || problem "login says on stdout: $out"
}
