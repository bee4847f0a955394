# Logins that go on: renewed by whoever needs them, once; told by `status`; handed back by `logout`.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
provide
serve
config notes '' work '"oauth":{"profile":"work"}' open "\"url\":\"http://127.0.0.1:$port/mcp\""
files=home/.local/state/countersign
run 0 logout notes
says 'server "notes": nobody is signed in'
[ ! -e "$files" ] || problem 'logout makes a folder'

# A token that has expired at the server is renewed by a call, and by nobody twice.
run 0 login notes
reset_counts
control expire
tool 0 notes read_note
counts 1 refreshed
counts 1 'request /token'
# twenty_at_once: each must succeed, with one refresh.
twenty_at_once() {
    reset_counts
    for number in $(seq 20); do
        "$program" call notes tools/list >out.$number 2>err.$number </dev/null &
        all[number]=$!
    done
    for number in $(seq 20); do
        wait "${all[number]}" || problem "$1: call $number of 20: exit $?: $(cat err.$number)"
        grep -q '"tools":\[' out.$number || problem "$1: call $number: $(cat out.$number)"
    done
    counts 1 refreshed
    counts 1 'request /token'
    counts 0 reuse_detected
}
control expire
twenty_at_once 'refused tokens'
# One whose time is over, as far as we know.
control set -G -d expires_in=1
run 0 login notes
until=$(($(date +%s) + 2))
until [ "$(date +%s)" -ge $until ]; do sleep 0.1; done
control set -G -d expires_in=
state notes signed_in
twenty_at_once 'expired tokens'

# Twenty first logins make one key.
rm -rf "$files"
for number in $(seq 20); do
    "$program" login work --no-browser --timeout 1 >/dev/null 2>err.$number </dev/null &
    all[number]=$!
done
for number in $(seq 20); do wait "${all[number]}"; done
[ "$(wc -c <$files/key)" = 44 ] || problem "the key: $(ls -la $files)"
! grep -l 'another key' err.* || problem 'two keys were made'

# Nobody is signed in any more at the server.
run 0 login notes
control revoke
control expire
tool 3 notes read_note
says 'server "notes" ' 'to sign in: countersign login notes'
state notes sign_in_needed
run 3 headers notes
run 0 login notes
tool 0 notes read_note

# status: each entry, and what is no entry of its own.
run 0 status --json notes
for member in '"state":"signed_in"' "\"issuer\":\"$issuer\"" "\"resource\":\"$mcp\"" '"client_id":"client-' \
    '"scopes":["notes:read"' '"expires_at":"20' '"refreshable":true' '"dpop":false' '"profile":""'; do
    [[ $out == *"$member"* ]] || problem "status lacks $member: $out"
done
run 0 status --json work
[[ $out == *'"state":"sign_in_needed","issuer":null,"resource":null,"client_id":null,"scopes":[],"expires_at":null,"refreshable":false,"dpop":false,"profile":"work"}]}' ]] ||
    problem "$out"

# Another key: an error, and everything as it was.
sum=$(cat "$files"/*.login | cksum)
other=$(head -c 32 /dev/urandom | url64)
COUNTERSIGN_KEY=$other run 0 call open ping
COUNTERSIGN_KEY=$other state notes invalid
says 'server "notes": ' 'another key'
COUNTERSIGN_KEY=$other run 1 call notes tools/list
says 'another key'
COUNTERSIGN_KEY=short run 1 login notes
says 'COUNTERSIGN_KEY: '
[ "$sum" = "$(cat "$files"/*.login | cksum)" ] || problem 'another key: the file has changed'
tool 0 notes read_note
# With a key of one's own none is made; a file of it serves too.
export COUNTERSIGN_HOME=$folder/elsewhere
COUNTERSIGN_KEY=$other run 0 login notes
[ ! -e elsewhere/key ] || problem 'a key was made beside COUNTERSIGN_KEY'
echo "$other" >key.txt && chmod 600 key.txt
COUNTERSIGN_KEY_FILE=key.txt run 0 call notes tools/list
chmod 644 key.txt
COUNTERSIGN_KEY_FILE=key.txt run 1 call notes tools/list
says 'COUNTERSIGN_KEY_FILE: others may read or change it; chmod 600 it'
COUNTERSIGN_KEY_FILE=none.txt run 1 call notes tools/list
says 'COUNTERSIGN_KEY_FILE: '

# A damaged record is told once, and set aside.
printf x | dd of="$(ls elsewhere/*.login)" bs=1 seek=60 conv=notrunc 2>/dev/null
COUNTERSIGN_KEY=$other state notes invalid
says 'server "notes": ' 'corrupt-'
COUNTERSIGN_KEY=$other state notes ready
[ -e elsewhere/*.corrupt-1 ] || problem "not kept: $(ls elsewhere)"
COUNTERSIGN_KEY=$other run 0 login notes

# A folder that others may enter, and one that can't be made.
chmod 755 elsewhere
COUNTERSIGN_KEY=$other run 1 call notes tools/list
says 'chmod 700'
COUNTERSIGN_KEY=$other state work invalid
says 'chmod 700'
COUNTERSIGN_KEY=$other run 0 call open ping
COUNTERSIGN_HOME=/proc/none run 1 login notes
says '/proc/none'
COUNTERSIGN_HOME=/proc/none run 0 call open ping
COUNTERSIGN_HOME=$folder/servers.json run 0 call open ping
unset COUNTERSIGN_HOME

# logout: revoked, and forgotten in any case.
reset_counts
run 0 logout notes
says 'signed out, and the tokens are revoked'
counts 2 'request /revoke'
state notes ready
tool 3 notes read_note
run 0 logout notes
says 'nobody is signed in'
run 0 login notes
control fault -G -d path=/revoke -d status=503 -d times=9
run 1 logout notes
says 'server "notes": ' 'forgotten here, but not revoked'
control fault -G -d path=/revoke -d times=0
state notes ready
run 2 logout nots
says 'did you mean "notes"?'
finish
