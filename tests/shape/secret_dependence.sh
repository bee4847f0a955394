# No branch and no address depends on a secret in hashes, HMAC, HKDF, ChaCha20-Poly1305, base64, hex and comparison, as each
# compiler optimises them: Valgrind takes the secrets for undefined. It knows neither SHA instructions nor AVX-512, so of
# SHA-256 it sees the path without them, and of base64 SSSE3 and plain C++; the others are not verified.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
for level in -O1 -O2 -O3; do
    "$CXX" -std=c++20 "$level" -g1 "${warnings[@]}" -I"$include" "$root/tests/shape/secret_dependence.cpp" -o "$work/program" || exit 1
    valgrind -q --error-exitcode=9 "$work/program" >"$work/said" 2>&1 || complain "$level: $(cat "$work/said")"
    valgrind -q --error-exitcode=9 "$work/program" leak >"$work/said" 2>&1
    [ $? = 9 ] || complain "$level: a branch on a secret was not told: $(cat "$work/said")"
done
verdict
