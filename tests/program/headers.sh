# `headers`: what is written, in three forms, and every way in which it is refused.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
cat >f.json <<'JSON'
{"mcpServers":{
  "bearer":{"type":"http","url":"https://h.example/mcp","headers":{"Authorization":"Bearer ${TOKEN}"}},
  "pair":{"type":"sse","url":"https://h.example/mcp",
    "headers":{"X-Key":"${TOKEN}","X-Quote":"a\"b\\c\td","X-Empty":""}},
  "basic":{"type":"http","url":"https://h.example/mcp",
    "auth":{"type":"basic","user":"Aladdin","password":"open sesame"}},
  "socket":{"type":"ws","url":"wss://h.example/mcp","headers":{"X-Key":"${TOKEN}"}},
  "tenant":{"type":"http","url":"https://${TENANT}.h.example/mcp","headers":{"X-Key":"${TOKEN}"}},
  "clear":{"type":"http","url":"http://h.example/mcp","headers":{"X-Key":"${TOKEN}"}},
  "allowed":{"type":"http","url":"http://h.example/mcp","allowHttp":true,"headers":{"X-Key":"${TOKEN}"}},
  "loopback":{"type":"http","url":"http://127.0.0.1:1/mcp","headers":{"X-Key":"${TOKEN}"}},
  "none":{"type":"http","url":"https://h.example/mcp"},
  "dashes":{"type":"http","url":"https://h.example/mcp","headers":{"X-Key":"${API-TOKEN}"}},
  "twice":{"type":"http","url":"https://h.example/mcp","headers":{"X-Key":"${TOKEN}${TOKEN}"}},
  "stdio":{"command":"c","env":{"A":"${TOKEN}"}},
  "later":{"type":"http","url":"https://h.example/mcp","oauth":{}},
  "jwt":{"type":"http","url":"https://h.example/mcp",
    "auth":{"type":"jwt","algorithm":"HS256","key":"k","claims":{}}}
}}
JSON
export COUNTERSIGN_CONFIG=f.json TOKEN=canary-7f3a9b41

run 0 headers bearer
prints '{"Authorization":"Bearer canary-7f3a9b41"}'
[ -z "$err" ] || problem "stderr: $err"
run 0 headers pair
prints '{"X-Key":"canary-7f3a9b41","X-Quote":"a\"b\\c\td","X-Empty":""}'
run 0 headers pair --format lines
prints $'X-Key: canary-7f3a9b41\nX-Quote: a"b\\c\td\nX-Empty: '
run 0 headers pair --format curl
prints $'header = "X-Key: canary-7f3a9b41"\nheader = "X-Quote: a\\"b\\\\c\\td"\nheader = "X-Empty;"'
run 0 headers basic
prints '{"Authorization":"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}'
run 0 headers socket
prints '{"X-Key":"canary-7f3a9b41"}'
run 0 headers none
prints '{}'
run 0 headers none --format lines
prints ''
run 0 headers loopback
run 0 headers allowed
run 0 headers bearer --method GET --url https://h.example/other --body-file f.json
prints '{"Authorization":"Bearer canary-7f3a9b41"}'

run 0 headers bearer --redact
prints '{"Authorization":"Bearer ***"}'
hides canary-7f3a9b41
run 0 headers pair --redact --format lines
prints $'X-Key: ***\nX-Quote: ***\nX-Empty: ***'
run 0 headers bearer --redact --debug
says 'Authorization: Bearer ***'
hides canary-7f3a9b41

run 1 headers clear
says 'server "clear": url: http://h.example would carry the credential in the clear' '"allowHttp": true'
hides canary-7f3a9b41
run 1 headers bearer --url https://other.example/mcp
says 'server "bearer": url: the request goes to another origin than https://h.example'
hides canary-7f3a9b41
run 1 headers bearer --url http://h.example/mcp
run 1 headers bearer --url nonsense
run 1 headers bearer --body-file none
says '--body-file: file none: there is none'
run 1 headers stdio
says 'server "stdio": url: a stdio server has none; its credentials are environment variables'
run 3 headers later
says 'server "later" wants somebody to sign in, and nobody is; to sign in: countersign login later'
run 1 headers jwt
says 'server "jwt": auth: minted_jwt: HS256: the key has 1 bytes, and needs 32 at least'
run 1 headers dashes
says 'server "dashes": headers.X-Key: "${" stands here, but no variable'

# An unset variable is named with field and server, and the template is never sent.
run 1 headers tenant
says 'server "tenant": url: variable TENANT is not set'
TENANT='evil.example/' run 1 headers tenant
says 'server "tenant": url: variable TENANT stands in the host'
hides evil.example/
TENANT=acme-canary run 1 headers tenant --url https://other.example/
says 'another origin than https://${TENANT}.h.example/mcp'
hides acme-canary
TENANT=acme-canary run 0 headers tenant
unset TOKEN
run 1 headers bearer
says 'server "bearer": headers.Authorization: variable TOKEN is not set'
TOKEN='' run 1 headers bearer
says 'server "bearer": headers.Authorization: variable TOKEN is set but empty'
for broken in $'canary-7f3a9b41\n' $'canary-7f3a9b41\r\nX-Evil: 1' $'canary-\x01-7f3a9b41'; do
    TOKEN=$broken run 1 headers pair
    says 'server "pair": headers.X-Key: variable TOKEN holds'
    hides canary-7f3a9b41
done
TOKEN='Bearer canary-7f3a9b41' run 1 headers bearer
says 'the token already begins with "Bearer "'
hides canary-7f3a9b41
TOKEN='canary 7f3a9b41' run 1 headers bearer
says 'no bearer token has'
hides 'canary 7f3a9b41'
TOKEN=$(head -c 65537 /dev/zero | tr '\0' a) run 1 headers twice
says 'server "twice": headers.X-Key: longer than 131072 bytes'
finish
