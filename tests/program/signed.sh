# `headers` of signing servers, compared with what openssl makes of the same.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
cat >f.json <<'JSON'
{"mcpServers":{
  "founding":{"type":"http","url":"https://h.example/mcp","auth":{"type":"hmac","key":"${SECRET_KEY}","keyId":"${API_KEY}"}},
  "whole":{"type":"http","url":"https://h.example/mcp","auth":{"type":"hmac","algorithm":"sha512","encoding":"base64",
    "key":"${SECRET_KEY}","timestamp":"unix","message":"{timestamp}.{nonce}.{method}.{path}.{query}.{host}.{header:x-extra}.{body}",
    "headers":{"X-T":"{timestamp}","X-N":"{nonce}","X-Sig":"v1,{signature}"}},"headers":{"X-Extra":"more"}},
  "digest":{"type":"http","url":"https://h.example/mcp","auth":{"type":"hmac","algorithm":"sha256","encoding":"base64",
    "key":"${SECRET_KEY}","message":"{digest}","headers":{"Digest":"SHA-256={digest}","X-Sig":"{signature}"}}},
  "token":{"type":"http","url":"https://h.example/mcp","auth":{"type":"jwt","algorithm":"HS512","key":"${JWT_KEY}",
    "claims":{"iss":"${API_KEY}","nested":{"roles":["a","b"]},"n":1.50},"ttl":60}},
  "typo":{"type":"http","url":"https://h.example/mcp","auth":{"type":"hmac","key":"k","message":"{timestmap}"}},
  "es256":{"type":"http","url":"https://h.example/mcp","auth":{"type":"jwt","algorithm":"ES256","key":"${JWT_KEY}","claims":{}}},
  "none":{"type":"http","url":"https://h.example/mcp","auth":{"type":"jwt","algorithm":"none","key":"${JWT_KEY}","claims":{}}},
  "unset":{"type":"http","url":"https://h.example/mcp","auth":{"type":"jwt","algorithm":"HS256","key":"${JWT_KEY}","claims":{"sub":"${NOBODY}"}}}
}}
JSON
export COUNTERSIGN_CONFIG=f.json SECRET_KEY=canary-7f3a9b41 API_KEY=key-id
export JWT_KEY=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
value() { sed -n "s/^$1: //p" out; }

# The founding document's own pipeline.
run 0 headers founding --format lines
TIMESTAMP=$(value X-Timestamp)
SIGNATURE=$(echo -n "$TIMESTAMP" | openssl dgst -sha256 -hmac "$SECRET_KEY" | cut -d' ' -f2)
prints "X-Timestamp: $TIMESTAMP
X-Signature: $SIGNATURE
X-API-Key: $API_KEY"
[[ $TIMESTAMP =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\+00:00$ ]] || problem "not as date -Iseconds writes it: $TIMESTAMP"

printf '{"a":"b\n"}' >body
run 0 headers whole --format lines --method PUT --url 'https://h.example/a/b%2Fc?x=1&y=%20' --body-file body
{ printf '%s.%s.PUT./a/b%%2Fc.x=1&y=%%20.h.example.more.' "$(value X-T)" "$(value X-N)"; cat body; } >message
wanted="v1,$(openssl dgst -sha512 -hmac "$SECRET_KEY" -binary message | base64 -w0)"
[ "$(value X-Sig)" = "$wanted" ] || problem "signed $(value X-Sig), openssl makes $wanted"
first=$(value X-N)
run 0 headers whole --format lines
[ "$(value X-N)" != "$first" ] || problem 'the same nonce twice'

run 0 headers digest --format lines --body-file body
digest=$(openssl dgst -sha256 -binary body | base64 -w0)
[ "$(value Digest)" = "SHA-256=$digest" ] || problem "digest $(value Digest)"
[ "$(value X-Sig)" = "$(printf %s "$digest" | openssl dgst -sha256 -hmac "$SECRET_KEY" -binary | base64 -w0)" ] || problem 'the digest is signed otherwise'

run 0 headers token --format lines
token=$(value Authorization) token=${token#Bearer }
signed=${token%.*}
wanted=$(printf %s "$signed" | openssl dgst -sha512 -hmac "$JWT_KEY" -binary | base64 -w0 | tr -d = | tr '+/' '-_')
[ "${token##*.}" = "$wanted" ] || problem "openssl signs the token otherwise"
part=$(printf %s "${signed#*.}" | tr -- '-_' '+/') && while [ $((${#part} % 4)) -ne 0 ]; do part=$part=; done
claims=$(printf %s "$part" | base64 -d)
[[ $claims == *'"iss":"key-id"'* && $claims == *'"nested":{"roles":["a","b"]}'* && $claims == *'"n":1.50'* ]] || problem "claims: $claims"
exp=${claims#*\"exp\":} exp=${exp%%[,\}]*}
left=$((exp - $(date +%s)))
[ "$left" -le 60 ] && [ "$left" -ge 50 ] || problem "expires in $left s"

run 0 headers founding --redact
prints '{"X-Timestamp":"***","X-Signature":"***","X-API-Key":"***"}'
run 1 headers typo
says 'server "typo": auth: hmac_signature: message' 'did you mean'
run 1 headers es256
says 'server "es256": auth: ' 'ES256' 'private key'
run 1 headers none
says 'server "none": auth: '
run 1 headers unset
says 'server "unset": auth.claims: sub: variable NOBODY is not set'
for name in typo es256 none unset; do run 1 headers $name; hides "$JWT_KEY"; done
finish
