# Installed, moved and found by CMake: alone, with libcurl or Boost on request, and refused with a sentence.
. "$COUNTERSIGN_SOURCE_DIR/tests/embedding/setup.bash"
install_into "$work/prefix"
diff -r "$COUNTERSIGN_SOURCE_DIR/include/countersign" "$work/prefix/include/countersign"
found=(-DVERSION="$COUNTERSIGN_VERSION" -DCMAKE_PREFIX_PATH="$work/prefix")
no_curl=(-DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON)
no_boost=(-DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON)

consume find_package "${found[@]}" "${no_curl[@]}"
"$work/find_package/consumer"
[ ! -e "$work/find_package/with_curl" ]

consume find_package "${found[@]}" "-DCOMPONENTS=COMPONENTS;curl"
"$work/find_package/with_curl"

consume find_package "${found[@]}" "${no_curl[@]}" "-DCOMPONENTS=OPTIONAL_COMPONENTS;curl"
[ ! -e "$work/find_package/with_curl" ]

consume find_package "${found[@]}" "${no_curl[@]}" "-DCOMPONENTS=COMPONENTS;beast"
"$work/find_package/with_beast"

consume find_package "${found[@]}" "${no_boost[@]}" "-DCOMPONENTS=OPTIONAL_COMPONENTS;beast"
[ ! -e "$work/find_package/with_beast" ]

refuses "the component beast needs Boost's headers and OpenSSL" \
    consume find_package "${found[@]}" "${no_boost[@]}" "-DCOMPONENTS=COMPONENTS;beast"
refuses "the component curl needs libcurl" \
    consume find_package "${found[@]}" "${no_curl[@]}" "-DCOMPONENTS=COMPONENTS;curl"
consume find_package "${found[@]}" "${no_curl[@]}" "${no_boost[@]}" "-DCOMPONENTS=COMPONENTS;openssl"
"$work/find_package/with_openssl"

refuses "the component openssl needs OpenSSL 3" \
    consume find_package "${found[@]}" -DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON "-DCOMPONENTS=COMPONENTS;openssl"
consume find_package "${found[@]}" "-DCOMPONENTS=COMPONENTS;libsecret"
"$work/find_package/with_libsecret"
refuses "the component libsecret needs libsecret 0.20 and pkg-config" \
    consume find_package "${found[@]}" -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON "-DCOMPONENTS=COMPONENTS;libsecret"
refuses "there is no component crul; there are: curl, beast, openssl, libsecret" \
    consume find_package "${found[@]}" "-DCOMPONENTS=COMPONENTS;crul"
