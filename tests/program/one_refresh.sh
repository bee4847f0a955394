# Eight processes meet one expired token, and the token endpoint takes 300 ms: one of them refreshes it, nobody fails.
# COUNTERSIGN_ROUNDS says how often; 50 take about a minute.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"

rounds=${COUNTERSIGN_ROUNDS:-3}
provide access_lifetime=3600000
config notes ''
run 0 login notes
for round in $(seq "$rounds"); do
    control expire
    reset_counts
    control fault -G -d path=/token -d latency=300
    all=()
    for number in $(seq 8); do
        "$program" call notes tools/list >"out.$number" 2>"err.$number" &
        all[number]=$!
    done
    for number in $(seq 8); do
        wait "${all[number]}" || problem "round $round, call $number of 8: exit $?: $(cat "err.$number")"
    done
    counts 1 'request \/token'
    counts 0 reuse_detected
done
finish
