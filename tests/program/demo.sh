# `demo`: every row is answered, and refused by 401 once a byte of a secret is flipped; no secret is shown.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
declare -A tools=([environment]='add_note find_notes')
run 0 demo
for name in bearer api-key custom basic digest helper hmac hmac-body jwt message-signature message-signature-key dotenv tenant-header tenant-url websocket environment; do
    line=$(grep -E "^$name " out) || problem "no row for $name"
    [[ $line == *"tools: ${tools[$name]-$name} "* ]] || problem "not answered: $line"
    [[ $line =~ (401, )*401$ ]] || problem "a flipped byte was not refused: $line"
done
# row NAME KIND: what the row of a login says, without its time.
row() { grep -E "^$1 +$2 " out | sed -E 's/  +/|/g; s/\|[0-9.]+ ms\|/|/'; }
while read -r line; do
    IFS='|' read -r name kind headers answered <<<"$line"
    found=$(row "$name" "$kind")
    [ "$found" = "$line|401" ] || problem "no such row: $line; there is: $found"
done <<'ROWS'
oauth|OAuth: signed in|Authorization: Bearer ***|200, tools: read_note write_note
oauth|OAuth: expired, renewed|Authorization: Bearer ***|200, buy milk
oauth|OAuth: more scope|Authorization: Bearer ***|200, written
oauth|OAuth: signed out|Authorization: Bearer ***|401
oauth-dpop|OAuth: bound to a key|Authorization: DPoP ***, DPoP: ***|200, tools: read_note write_note
oauth-robot|OAuth: no person|Authorization: Bearer ***|200, tools: read_note write_note
ROWS
[ "$(wc -l <out)" = 24 ] || problem "the table is not a head, a rule and twenty-two rows: $out"
# What the provider saw: a client registered itself for each login, and asked for more as the same one. (A
# machine that is slow may renew more often than once.)
says '"event":"refreshed"'
for event in registered:2 code_issued:3 reuse_detected:0 revoked:2; do
    [ "$(grep -c "demo provider: .*\"event\":\"${event%:*}\"" err)" = "${event#*:}" ] ||
        problem "not ${event#*:} times: ${event%:*}"
done
for name in bearer api-key custom basic digest helper hmac hmac-body jwt message-signature message-signature-key dotenv tenant-header tenant-url websocket database; do
    says "$name accepted" "$name refused: "
done
! grep -qE '(tok|key|env|helped|signer|signing|sec|auth|user|tenant|alice|horse|carol|sesame|ws|acme|db|pw)-[0-9a-f]{8}' out err ||
    problem 'a secret is shown'
! grep -qE 'robot-[0-9a-f]{8}|(access|refresh|code)-[A-Za-z0-9_-]{20}' out err || problem 'a token is shown'
finish
