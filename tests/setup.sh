# Sourced by examples/run, tests/run and bench/run: packages and builds. The caller has set `root`.
# Everything said here goes to stderr; the output of the tools goes to .build/logs/.

say() { printf 'countersign: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# open_build_folder: makes .build/logs, or says why it can't be written.
open_build_folder() {
    mkdir -p "$root/.build/logs" 2>/dev/null && [ -w "$root/.build" ] && [ -w "$root/.build/logs" ] ||
        die "cannot write to $root/.build, where everything is built: make it writable, or use a copy of the repository that is yours"
}

# show_failure LOG WHAT: the end of a log, then the sentence.
show_failure() {
    tail -n 40 "$1" >&2
    say "$2; the whole log is $1"
}

# install_packages NAME…: installs those that Debian's package database does not list.
install_packages() {
    command -v dpkg-query >/dev/null || return 0 # another system: the build says what it misses
    local status missing=() name log="$root/.build/logs/install.log"
    status=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
    for name in "$@"; do
        [[ $'\n'$status$'\n' == *$'\n'"installed $name"$'\n'* ]] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "these packages are missing: ${missing[*]}; as root, type: apt-get install ${missing[*]}"
        as_root=(sudo)
        [ -t 2 ] || as_root=(sudo -n) # nobody is there to type a password
    fi
    say "installing ${missing[*]}"
    # Two scripts of ours must not meet in apt's lists, whose lock apt does not wait for.
    (
        flock 9
        "${as_root[@]}" apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
                --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
    ) 9>"$root/.build/install.lock" </dev/null >"$log" 2>&1 || {
        show_failure "$log" "could not install ${missing[*]}"
        exit 1
    }
}

# configure PRESET LOG [OPTION…]: CMake's configuration under .build/PRESET; false when it fails.
configure() {
    local preset=$1 log=$2 cache="$root/.build/$1/CMakeCache.txt"
    shift 2
    # A folder that was configured at another path cannot be used again.
    if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        rm -rf "$root/.build/$preset"
    fi
    if [ ! -f "$cache" ] && command -v ninja >/dev/null; then
        set -- -G Ninja "$@"
    fi
    (cd "$root" && cmake --preset "$preset" "$@") </dev/null >>"$log" 2>&1
}

# build PRESET LOG [TARGET…]: false when it fails.
build() {
    local preset=$1 log=$2
    shift 2
    [ $# -eq 0 ] || set -- --target "$@"
    cmake --build "$root/.build/$preset" -j "$jobs" "$@" </dev/null >>"$log" 2>&1
}

jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
