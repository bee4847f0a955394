# Two units that include everything link and agree, and the headers bring nothing that runs before main or at exit.
. "$COUNTERSIGN_SOURCE_DIR/tests/embedding/setup.bash"
compile() { "$CXX" -std=c++20 -I"$COUNTERSIGN_SOURCE_DIR/include" "$@"; }
units="$here/two_units"

for flags in "-O0" "-O2" "-O0 -fno-exceptions -fno-rtti"; do
    # shellcheck disable=SC2086 # the flags are words
    compile $flags "$units/one.cpp" "$units/other.cpp" -o "$work/two_units" -pthread
    "$work/two_units" || { echo "with $flags the units see different things"; exit 1; }
done

# absent PATTERN WHAT: no symbol of the unit matches.
absent() {
    local found
    found=$(nm -C "$work/unit.o" | grep -E "$1") || return 0
    printf 'the headers bring %s:\n%s\n' "$2" "$found"
    exit 1
}
# Where the compiler can, all inline functions are looked at, not only those that are used.
everything=-fkeep-inline-functions
compile $everything -fsyntax-only -x c++ - </dev/null 2>"$work/said" && [ ! -s "$work/said" ] || everything=
compile -O0 $everything -c "$units/other.cpp" -o "$work/unit.o"
nm -C "$work/unit.o" | grep -q 'countersign::.*secret::reveal' || { echo "the unit holds nothing to look at"; exit 1; }
absent '_GLOBAL__sub_I|__cxx_global_var_init|__static_initialization_and_destruction' 'a static initialiser'
absent '__cxa_atexit|__cxa_thread_atexit| atexit$' 'something that runs at exit'
absent '__cxa_guard_acquire' 'a local static that is initialised at run time'
absent '__tls_get_addr|TLS (init|wrapper)' 'a thread-local'

# What can be written and outlives a call. One of ours is known: what the processor can do, asked once.
writable=$(objdump -t -C "$work/unit.o" | grep -E '[[:space:]]\.(bss|data|tbss|tdata)(\.|[[:space:]])' |
    grep -vE '\.data\.rel\.ro|[[:space:]]d[[:space:]]|DW\.ref\.|std::__|processor_answer' || true)
[ -z "$writable" ] || { printf 'the headers bring global state:\n%s\n' "$writable"; exit 1; }
