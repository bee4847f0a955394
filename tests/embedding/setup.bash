# Sourced by the scripts beside this file. ctest gives COUNTERSIGN_SOURCE_DIR, COUNTERSIGN_VERSION and CXX.
set -eu
here=$COUNTERSIGN_SOURCE_DIR/tests/embedding
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-$(command -v ninja >/dev/null && echo Ninja || echo "Unix Makefiles")}
unset countersign_DIR CMAKE_PREFIX_PATH PKG_CONFIG_PATH

# install_into PREFIX: what a packager does, on a machine without libcurl, Boost, OpenSSL and libsecret.
install_into() {
    cmake -S "$COUNTERSIGN_SOURCE_DIR" -B "$work/package" -DCMAKE_INSTALL_PREFIX="$work/staged" \
        -DCOUNTERSIGN_TESTS=OFF -DCOUNTERSIGN_EXAMPLES=OFF -DCOUNTERSIGN_CURL=OFF -DCOUNTERSIGN_BEAST=OFF \
        -DCOUNTERSIGN_OPENSSL=OFF -DCOUNTERSIGN_LIBSECRET=OFF
    cmake --install "$work/package"
    mv "$work/staged" "$1" # nothing installed may know where it was put first
}

# consume PROJECT [OPTION…]: configures and builds the project into $work/PROJECT.
consume() {
    local project=$1
    shift
    rm -rf "${work:?}/$project"
    cmake -S "$here/$project" -B "$work/$project" "$@"
    cmake --build "$work/$project"
}

# refuses SENTENCE COMMAND…: the command must fail and say the sentence, however it is wrapped.
refuses() {
    local sentence=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "succeeded, but must be refused: $*"
        return 1
    fi
    said=$(tr -s ' \n' ' ' <<<"$said")
    [[ $said == *"$sentence"* ]] || { printf 'expected: %s\nsaid: %s\n' "$sentence" "$said"; return 1; }
}
