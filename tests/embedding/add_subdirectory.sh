# A source tree inside another project: no tests, no flags and no libraries come along.
. "$COUNTERSIGN_SOURCE_DIR/tests/embedding/setup.bash"
tree=(-DCOUNTERSIGN_SOURCE_DIR="$COUNTERSIGN_SOURCE_DIR")

consume add_subdirectory "${tree[@]}" -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON -DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON
"$work/add_subdirectory/consumer"

# Nothing of ours lands in the parent's installation.
cmake --install "$work/add_subdirectory" --prefix "$work/parent"
[ ! -e "$work/parent" ]

consume add_subdirectory "${tree[@]}" -DCOUNTERSIGN_CURL=ON -DCOUNTERSIGN_BEAST=ON
"$work/add_subdirectory/with_curl"
"$work/add_subdirectory/with_beast"
