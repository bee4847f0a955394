# The samples of the design compile as they are written, with all warnings, also without exceptions and RTTI, and do what
# they say.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
for flags in "" "-fno-exceptions -fno-rtti"; do
    # shellcheck disable=SC2086 # the flags are words
    "$CXX" -std=c++20 -O1 $flags "${warnings[@]}" -I"$include" "$root/tests/shape/design_samples.cpp" -o "$work/samples" -pthread ||
        { complain "the samples do not compile${flags:+ with $flags}"; continue; }
    "$work/samples" || complain "$? things that the samples say are not so${flags:+ with $flags}"
done
verdict
