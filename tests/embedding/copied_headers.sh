# The folder include/ dropped into a project that knows nothing else.
. "$COUNTERSIGN_SOURCE_DIR/tests/embedding/setup.bash"
cp -r "$COUNTERSIGN_SOURCE_DIR/include" "$work/vendored"
"$CXX" -std=c++20 -I"$work/vendored" "$here"/consumer/*.cpp -o "$work/consumer"
"$work/consumer"
