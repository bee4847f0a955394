# `demo`: every row is answered, and refused by 401 once a byte of a secret is flipped; no secret is shown.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
declare -A tools=([environment]='add_note find_notes')
run 0 demo
for name in bearer api-key custom basic helper hmac hmac-body jwt dotenv tenant-header tenant-url websocket environment; do
    line=$(grep -E "^$name " out) || problem "no row for $name"
    [[ $line == *"tools: ${tools[$name]-$name} "* ]] || problem "not answered: $line"
    [[ $line =~ (401, )*401$ ]] || problem "a flipped byte was not refused: $line"
done
[ "$(wc -l <out)" = 15 ] || problem "the table is not a head, a rule and thirteen rows: $out"
for name in bearer api-key custom basic helper hmac hmac-body jwt dotenv tenant-header tenant-url websocket database; do
    says "$name accepted" "$name refused: "
done
! grep -qE '(tok|key|env|helped|signer|signing|sec|auth|user|tenant|alice|horse|ws|acme|db|pw)-[0-9a-f]{8}' out err ||
    problem 'a secret is shown'
finish
