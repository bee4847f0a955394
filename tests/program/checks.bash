# Sourced by the tests of the program. Each runs in an empty folder of its own, with nothing of the caller's
# environment that the program looks at.
set -u
: "${COUNTERSIGN_PROGRAM:?the path of the program}"
program=$COUNTERSIGN_PROGRAM
folder=$(mktemp -d) && cd "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home XDG_CONFIG_HOME=$folder/home/.config no_proxy='*'
unset COUNTERSIGN_CONFIG COUNTERSIGN_HOME COUNTERSIGN_KEY COUNTERSIGN_KEY_FILE XDG_STATE_HOME
unset DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR DISPLAY WAYLAND_DISPLAY # the caller's keychain is none of ours
mkdir -p "$HOME"
problems=0

problem() {
    printf 'line %s: %s\n' "${BASH_LINENO[-2]}" "$1"
    problems=$((problems + 1))
}

# run CODE ARGUMENT…: runs the program; its output is in $out and $err (files out and err). Where CODE is
# that of a failure, nothing may stand on standard output.
run() {
    local wanted=$1 code
    shift
    "$program" "$@" >out 2>err </dev/null
    code=$?
    out=$(cat out) err=$(cat err)
    [ "$code" = "$wanted" ] || problem "countersign $*: exit $code, not $wanted; stderr: $err"
    [ "$wanted" = 0 ] || [ ! -s out ] || problem "countersign $*: failed, and said on stdout: $out"
}

# tells CODE ARGUMENT…: as `run`, of a command that prints what it finds, and fails where it finds something.
tells() {
    local wanted=$1 code
    shift
    "$program" "$@" >out 2>err </dev/null
    code=$?
    out=$(cat out) err=$(cat err)
    [ "$code" = "$wanted" ] || problem "countersign $*: exit $code, not $wanted; $out $err"
}

# says TEXT…: each stands on stderr.
says() {
    local text
    for text in "$@"; do
        [[ $err == *"$text"* ]] || problem "stderr lacks: $text; it is: $err"
    done
}
# prints TEXT: stdout is exactly that and a line end.
prints() {
    [ "$out" = "$1" ] || problem "stdout is not: $1; it is: $out"
}
# hides TEXT: neither stdout, stderr nor any file named holds it, nor a piece of 8 bytes of it.
hides() {
    local secret=$1 at file
    shift
    for file in out err "$@"; do
        for ((at = 0; at + 8 <= ${#secret}; at += 1)); do
            grep -qF -- "${secret:at:8}" "$file" || continue
            problem "$file holds a piece of the secret"
            break
        done
    done
}

# know_secrets SECRET…: for hides_all: every piece of 8 bytes, as it is, in hex, percent-encoded, and in base64 from each
# of three bytes on.
know_secrets() {
    local secret hex text at skipped
    for secret in "$@"; do
        hex=$(printf %s "$secret" | od -An -v -tx1 | tr -d '\n')
        for text in "$secret" "${hex// /}" "${hex// /%}" \
            $(for skipped in 0 1 2; do printf %s "${secret:skipped}" | openssl base64 -A | tr -d =; echo; done); do
            for ((at = 0; at + 8 <= ${#text}; at += 1)); do printf '%s\n' "${text:at:8}"; done
        done
    done >pieces
    [ -s pieces ] || problem 'no secret is known'
}
# hides_all [FILE…]: neither stdout, stderr nor any file named holds one of the pieces.
hides_all() {
    ! grep -qiFf pieces out err "$@" || problem "a piece of a secret: $(grep -iFf pieces out err "$@")"
}

# serve: starts the test's server; its port is in $port, its log in the file log.
serve() {
    : "${COUNTERSIGN_TEST_SERVER:?the path of the test server}"
    coproc server { exec "$COUNTERSIGN_TEST_SERVER" "$folder/log"; }
    read -r port <&"${server[0]}" || exit 1
}

finish() {
    [ "$problems" -eq 0 ] || exit 1
}
