# Installed, moved and found by pkg-config; a plain compiler call with the two flags it prints.
. "$COUNTERSIGN_SOURCE_DIR/tests/embedding/setup.bash"
install_into "$work/prefix"
export PKG_CONFIG_PATH=$work/prefix/share/pkgconfig
pkg-config --exact-version="$COUNTERSIGN_VERSION" countersign
# shellcheck disable=SC2046 # the flags are words
"$CXX" -std=c++20 $(pkg-config --cflags countersign) "$here"/consumer/*.cpp \
    -o "$work/consumer" $(pkg-config --libs countersign)
"$work/consumer"
# No library is linked, and none has to be there.
libs=$(pkg-config --static --libs countersign)
[ "${libs// /}" = -pthread ]
[ -z "$(pkg-config --print-requires --print-requires-private countersign)" ]
