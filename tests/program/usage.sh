# What is not understood is exit 2, with the nearest word that would be, and nothing on stdout.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
echo '{"mcpServers":{"github":{"type":"http","url":"https://h/mcp"}}}' >.mcp.json

run 0 --version
[[ $out =~ ^countersign\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || problem "version: $out"
for arguments in --help -h 'list --help' 'headers --help' '--help nonsense'; do
    run 0 $arguments
    [[ $out == *"usage: countersign COMMAND"* ]] || problem "help of '$arguments': $out"
    [ -z "$err" ] || problem "help says on stderr: $err"
done

run 2
says 'which command? list, headers, call, login, exec or demo'
run 2 lst
says 'there is no command lst; did you mean list?'
run 2 zzzzzzzz
says 'there is no command zzzzzzzz; see countersign --help'
run 2 bridge
says 'usage: countersign bridge NAME, or bridge --url URL'
run 2 bridge github --url https://h/mcp
run 2 bridge github --cert c.pem
says 'usage: countersign bridge'
run 2 login
says 'usage: countersign login NAME [--scope S]'
run 2 login github --url https://h/mcp
for seconds in 0 86401 1.5 x ''; do
    run 2 login github --timeout "$seconds"
    says '--timeout'
done
run 2 call github ping --scope a
says '--scope means nothing to call'
run 2 list --jsno
says 'there is no option --jsno; did you mean --json?'
run 2 list --frmat=lines
says 'there is no option --frmat; did you mean --format?'
run 2 list -x
says 'there is no option -x'
run 2 list --redact
says '--redact means nothing to list'
run 2 demo --config f
says '--config means nothing to demo'
run 2 headers
says 'usage: countersign headers NAME'
run 2 headers a b
says 'usage: countersign headers NAME'
run 2 call github
says 'usage: countersign call NAME METHOD'
run 2 headers github --method
says '--method takes one value'
run 2 list --config a --config b
says '--config takes one value'
run 2 headers github --format jsn
says '--format is json, lines or curl; did you mean json?'
run 2 call github x --protocol 1999-01-01
says '--protocol is 2025-11-25 or 2026-07-28'
run 2 headers githb
says 'no server is named "githb"; did you mean "github"?'
run 2 call githb tools/list
says 'no server is named "githb"; did you mean "github"?'
run 2 call github x '{'
says 'PARAMS: JSON line 1, column 2: expected a name in double quotes'
run 2 call github x '[{"a":1}]'
says 'PARAMS: JSON line 1, column 1: expected an object, found an array'

# Options stand before or after the command.
mv .mcp.json f.json
run 0 --json list --config f.json
before=$out
run 0 list --config f.json --json
prints "$before"
run 0 --config=f.json list --json
prints "$before"

# A result that can't be written is a failure.
"$program" list --config f.json >/dev/full 2>err
[ $? = 1 ] || problem 'a full disk is exit 1'
err=$(cat err)
says "can't be written"
# A signal ends it as it ends others: 128 + 13.
(set -o pipefail; { sleep 0.2; "$program" list --config f.json 2>/dev/null; echo $? >code; } | true)
[ "$(cat code)" = 141 ] || problem "a reader that went away: $(cat code)"
finish
