#!/usr/bin/env bash
# Usage: bench/bridge.sh [--quick]   What `countersign bridge` adds to a message, in time and memory, against the same messages
# sent by countersign's own transports. Server, client and bridge are on this machine.
self=$(readlink -f "${BASH_SOURCE[0]}")
root=${self%/*/*}
. "$root/tests/setup.sh"

calls=2000
case ${1:-} in
'') ;;
--quick) calls=200 ;;
*) die "there is no option $1; there is --quick" ;;
esac
"$root/examples/run" --version >/dev/null || exit 1 # builds the program
driver=$root/.build/bench/bridge_driver source=$root/bench/bridge/driver.cpp
mkdir -p "${driver%/*}" || exit 1
if [ ! -x "$driver" ] || [ -n "$(find "$source" "$root/include" -newer "$driver" -print -quit)" ]; then
    log=$root/.build/logs/bench_bridge.log
    ${CXX:-g++} -std=c++20 -O2 -I"$root/include" "$source" -o "$driver" -lcurl -lssl -lcrypto -pthread >"$log" 2>&1 ||
        { show_failure "$log" "the build failed"; exit 1; }
fi
exec "$driver" "$root/.build/bin/countersign" "$calls"
