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
  "message":{"type":"http","url":"https://h.example/mcp","auth":{"type":"http_signature","key":"${SECRET_KEY}","keyId":"${API_KEY}",
    "components":["@method","@target-uri","content-digest","x-extra"],"tag":"t"},"headers":{"X-Extra":"more"}},
  "message-key":{"type":"http","url":"https://h.example/mcp","auth":{"type":"http_signature","algorithm":"ecdsa-p256-sha256",
    "keyFile":"own.pem","passphrase":"${PASS}","components":["@method"],"created":false}},
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

run 0 headers message --format lines --method PUT --url 'https://h.example/a/b%2Fc?x=1' --body-file body
input=$(value Signature-Input) input=${input#sig1=}
[[ $input == '("@method" "@target-uri" "content-digest" "x-extra");created='*';keyid="key-id";tag="t"' ]] || problem "signs $input"
[ "$(value Content-Digest)" = "sha-256=:$(openssl dgst -sha256 -binary body | base64 -w0):" ] || problem "digest $(value Content-Digest)"
printf '"@method": PUT\n"@target-uri": https://h.example/a/b%%2Fc?x=1\n"content-digest": %s\n"x-extra": more\n"@signature-params": %s' \
    "$(value Content-Digest)" "$input" >message
[ "$(value Signature)" = "sig1=:$(openssl dgst -sha256 -hmac "$SECRET_KEY" -binary message | base64 -w0):" ] || problem 'the message is signed otherwise'

# By a key of its own, encrypted; R and S side by side, which openssl wants in DER.
export PASS=canary-pass-7f3a
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -v2 aes256 -passout env:PASS -out own.pem 2>/dev/null
chmod 600 own.pem
run 0 headers message-key --format lines
prints_like() { grep -qE "$1" out || problem "nothing like $1 in: $(cat out)"; }
prints_like '^Signature-Input: sig1=\("@method"\)$'
raw=$(value Signature | sed 's/^sig1=:\(.*\):$/\1/' | base64 -d | od -An -v -tx1 | tr -d ' \n')
integer() { local hex; hex=$(sed 's/^\(00\)*//' <<<"$1"); [[ $hex =~ ^[0-7] ]] || hex=00$hex; printf '02%02x%s' $((${#hex} / 2)) "$hex"; }
parts=$(integer "${raw:0:64}")$(integer "${raw:64}")
printf '30%02x%s' $((${#parts} / 2)) "$parts" | sed 's/../\\x&/g' | xargs -0 printf >signature
printf '"@method": POST\n"@signature-params": ("@method")' >message
openssl dgst -sha256 -verify <(openssl pkey -in own.pem -passin env:PASS -pubout 2>/dev/null) -signature signature message >/dev/null || problem 'openssl does not verify it'
PASS=wrong-canary run 1 headers message-key
says 'server "message-key": auth.keyFile: ' 'passphrase'
hides canary
run 0 list --json
[[ $(cat out) == *'"name":"message"'*'"auth":["header","http_signature"]'* ]] || problem "list: $(cat out)"

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
