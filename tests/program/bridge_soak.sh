# Two bridges on one store, whose tokens live for three seconds: no call fails, however long it goes on, each token is renewed
# once, and neither bridge grows. COUNTERSIGN_SOAK_SECONDS says how long; an hour is 3600.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"

lasts=${COUNTERSIGN_SOAK_SECONDS:-8}
at_once=5                 # calls of each bridge in a round
most_growth=16384         # kB of resident memory, over all
provide
control 'set?access_lifetime=3000'
config notes ''
run 0 login notes
for one in 1 2; do
    cross notes
    tos[one]=$to froms[one]=$from bridges[one]=$bridge
    greet
    mv err err.$one # it goes on writing there
done
# each COMMAND…: with $to, $from and $bridge of one bridge after the other.
each() {
    for one in 1 2; do
        to=${tos[one]} from=${froms[one]} bridge=${bridges[one]}
        "$@"
    done
}
ask_some() {
    local i
    for ((i = 0; i < at_once; ++i)); do tell "$(use "$((calls + i))" read_note)"; done
}
hear_some() {
    local i
    for ((i = 0; i < at_once; ++i)); do
        hear
        [[ $line == *'"result":{"content":[{"type":"text","text":"'* ]] && continue
        errors=$((errors + 1))
        problem "after $((SECONDS - begun)) s: $line"
    done
    calls=$((calls + at_once))
}
resident() { sed -nE 's/^VmRSS:\s*([0-9]+) kB/\1/p' "/proc/$bridge/status"; }

# What happened so far; the server forgets it, or it would grow itself.
renewed=0 reused=0
take_counts() {
    local all
    all=$(curl -s "$origin/counters")
    renewed=$((renewed + $(grep -oE '"request /token":[0-9]+' <<<"$all" | grep -oE '[0-9]+$' || echo 0)))
    reused=$((reused + $(grep -oE '"reuse_detected":[0-9]+' <<<"$all" | grep -oE '[0-9]+$' || echo 0)))
    reset_counts
}

calls=0 errors=0 begun=$SECONDS rounds=0 at_start=
reset_counts
exec {never}<> <(:)
while [ $((SECONDS - begun)) -lt "$lasts" ] && [ "$errors" -lt 20 ]; do
    each ask_some
    each hear_some
    rounds=$((rounds + 1))
    [ $((rounds % 500)) -ne 0 ] || take_counts
    [ $rounds -ne 10 ] || at_start=$(each resident)
    read -r -t 0.2 -u "$never"
done
took=$((SECONDS - begun))
take_counts
at_end=$(each resident)
exec {tos[1]}>&- {tos[2]}>&- # the second bridge has the first one's input too
for one in 1 2; do
    from=${froms[one]} bridge=${bridges[one]}
    exec {to}>/dev/null
    cp err.$one err
    leave 0
    [ ! -s err.$one ] || problem "stderr of bridge $one: $(head -c 2000 err.$one)"
done
echo "$took s, $((calls)) calls, $errors errors; POSTs to /token: $renewed, replaced tokens used again: $reused;" \
    "resident kB of each bridge after 10 rounds: $(echo $at_start), at the end: $(echo $at_end)"

[ "$errors" -eq 0 ] || problem "$errors of $calls calls failed"
[ "$reused" -eq 0 ] || problem "a replaced refresh token was used $reused times"
# A token is renewed at half its life, by whichever bridge is there first; what is left of it counts as its life for the other.
[ "$renewed" -ge $((took / 4)) ] && [ "$renewed" -le $((took * 3 / 2 + 2)) ] || problem "$renewed renewals in $took s"
read -r -d '' -a before <<<"$at_start"
read -r -d '' -a after <<<"$at_end"
for one in 0 1; do
    [ $((after[one] - before[one])) -le $most_growth ] || problem "bridge $((one + 1)) grew from ${before[one]} to ${after[one]} kB"
done
finish
