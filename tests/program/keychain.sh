# The key of the logins in the desktop's keychain, a real one on a session bus of its own; and where it can't be had.
command -v gnome-keyring-daemon dbus-run-session >/dev/null || { echo 'needs gnome-keyring and dbus'; exit 1; }
[ -n "${KEYCHAIN_BUS-}" ] || exec dbus-run-session -- env KEYCHAIN_BUS=1 bash "$0"
bus=$DBUS_SESSION_BUS_ADDRESS
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
"$program" --version >/dev/null || exit 1
mkdir -m 700 run && export XDG_RUNTIME_DIR=$folder/run DBUS_SESSION_BUS_ADDRESS=$bus
state=$folder/home/.local/state/countersign

# keyring PASSWORD: starts it anew; without a password it stays locked.
keyring() {
    [ -z "${daemon-}" ] || { kill "$daemon" && wait "$daemon"; } 2>/dev/null
    until ! on_bus; do sleep 0.02; done
    local unlock=()
    [ -z "$1" ] || unlock=(--unlock)
    gnome-keyring-daemon --foreground --components=secrets "${unlock[@]}" <<<"$1" >keyring.log 2>&1 &
    daemon=$!
    until on_bus; do sleep 0.02; done
}
on_bus() {
    dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true'
}
kept_in_file="the key of your logins is kept in $state/key"
files() { (cd "$state" && find . -type f -name "$1" | wc -l); }

provide
control client -d '{"client_id":"ci","client_secret":"s-canary-4711","token_endpoint_auth_method":"client_secret_basic","grant_types":["client_credentials"]}'
export CI_SECRET=s-canary-4711
machine='"oauth":{"grantType":"client_credentials","clientId":"ci","clientSecret":"${CI_SECRET}","scopes":"notes:read","profile":'
config notes '' later '"oauth":{"profile":"later"}' one "$machine\"1\"}" two "$machine\"2\"}" three "$machine\"3\"}" \
    four "$machine\"4\"}"

# Who has no login wakes no keychain: one that does not answer costs nothing.
keyring open
kill -STOP "$daemon"
began=$SECONDS
state one sign_in_needed
[ $((SECONDS - began)) -lt 4 ] || problem 'status waits for a keychain'
kill -CONT "$daemon"

# The key is made in the keychain, by one of the processes that come at once, and found by all that follow.
pids=()
for name in one two three four; do
    "$program" login $name >$name.out 2>$name.err &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || problem "logins at once: $(cat ./*.err)"; done
! grep -h 'key' one.err two.err three.err four.err || problem 'the keychain needs no word'
run 0 login notes
for name in notes one two three four; do
    state $name signed_in
    tool 0 $name read_note
done
[ "$(files key) $(stat -c %a "$state/keychain")" = '0 600' ] || problem "files: $(ls -la "$state")"

# Locked: what is kept can't be read, and that is told; it is not "nobody is signed in".
keyring ''
locked='the key of your logins is in the keychain: keychain: it is locked; unlock it in your desktop'
tool 1 notes read_note
says "$locked"
run 0 headers notes
prints '{}'
says "no login is looked at: $locked"
state notes ready
says "no login is looked at: $locked"
run 1 headers one
says "$locked"
state one invalid
says "server \"one\": $locked"
out=$("$program" doctor one 2>/dev/null)
[[ $out == *store_unusable*"$locked"*'unlock the keychain'* ]] || problem "doctor: $out"
[ "$(files key)" = 0 ] || problem 'who reads makes a key'
# A login made now has its key in a file, and says so; once.
run 0 login later
says 'keychain: it is locked' "$kept_in_file" 'signed in to server "later"'
[ "$(stat -c %a "$state/key")" = 600 ] || problem "mode: $(stat -c %a "$state/key")"
tool 0 later read_note
[ -z "$err" ] || problem "a key that is there is used without a word: $err"
tool 1 notes read_note
says "$locked"

# Unlocked again: both keys serve, each for what was kept with it, also when that is renewed and forgotten.
keyring open
tool 0 notes read_note
tool 0 later read_note
control expire
tool 0 notes read_note
tool 0 later read_note
state notes signed_in
run 0 logout one
state one sign_in_needed
run 0 login one
state one signed_in

# No session bus: the file's logins serve on, and the keychain's say why they do not.
unset DBUS_SESSION_BUS_ADDRESS
tool 0 later read_note
[ -z "$err" ] || problem "stderr: $err"
tool 1 notes read_note
says 'the key of your logins is in the keychain: keychain: there is no session bus (DBUS_SESSION_BUS_ADDRESS)'
export COUNTERSIGN_HOME=$folder/plain
run 0 login notes
says "there is no keychain; the key of your logins is kept in $folder/plain/key"
run 0 login later
! grep -q 'keychain' err || problem "said twice: $err"
# What was made with a file stays with it, where a keychain comes later.
export DBUS_SESSION_BUS_ADDRESS=$bus
tool 0 notes read_note
run 0 login one
state one signed_in
[ ! -e plain/keychain ] || problem 'the keychain was asked'

# A key of the user's own wins, and nothing is asked or made. A folder may be named by any path to it.
export COUNTERSIGN_HOME=$folder/own COUNTERSIGN_KEY=$(head -c 32 /dev/urandom | basenc --base64url)
kill -STOP "$daemon"
run 0 login notes
tool 0 notes read_note
kill -CONT "$daemon"
[ ! -e own/keychain ] && [ ! -e own/key ] || problem "files: $(ls own)"
unset COUNTERSIGN_KEY
mkdir 'zu Hause ✓' && export COUNTERSIGN_HOME='zu Hause ✓/../zu Hause ✓/logins/'
run 0 login notes
[ -e 'zu Hause ✓/logins/keychain' ] || problem 'the keychain was not used'
COUNTERSIGN_HOME="$folder/zu Hause ✓/logins" tool 0 notes read_note

# The keychain was made anew: the logins are lost, and that is said.
rm -rf home/.local/share/keyrings
keyring open
tool 1 notes read_note
says 'the keychain has lost the key of the logins in' 'sign in again'
kill "$daemon"
finish
