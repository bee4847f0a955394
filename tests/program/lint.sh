# `lint`: each item of what not to do is found in a planted tree, nothing in a clean one; --fix loses nothing and keeps
# every other byte.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=a@b
unset API_TOKEN API_KEY DB_PASSWORD

# Made here, from pieces: no scanner finds one in this repository.
drawn=Zq8Lm2Xc7Vb4Nn1Kj6Hg3Fd9Sa5Po0We
github=ghp_$drawn
token=sk-hardcoded-$drawn

# lint CODE ARGUMENT…
lint() {
    tells "$1" lint "${@:2}"
    for secret in "$drawn" canary-7f3a9b hunter2-4ever cl13nt-s3cr3t-x; do hides "$secret"; done
}
# finds PLACE RULE
finds() { grep -qE "^$1: (error|warning|info): .* \[$2\]$" out || problem "not found: $1 $2; of that rule: $(grep -F "[$2]" out)"; }
finds_no() { ! grep -qE "^$1: .* \[$2\]$" out || problem "found: $1 $2"; }

tree() {
    mkdir "$folder/$1" && cd "$folder/$1" && git init -q . || exit 1
    printf 'out\nerr\n' >>.git/info/exclude
}

# -- what not to do
tree planted
cat >.mcp.json <<JSON
{
  "mcpServers": {
    "api": {
      "type": "http",
      "url": "http://api.example.com/mcp",
      "headers": { "Authorization": "Bearer $token", "X-Workspace-ID": "\${WORKSPACE_ID}" }
    },
    "bare": { "type": "http", "url": "https://h/mcp?token=canary-7f3a9b", "headers": { "Authorization": "$github" } },
    "wiki": { "type": "http", "url": "https://127.0.0.1:1/mcp", "headers": { "Authorization": "Basic \${WIKI}" } },
    "jwt": { "type": "http", "url": "https://h/mcp",
      "auth": { "type": "jwt", "algorithm": "HS256", "key": "\${JWT_KEY:-canary-7f3a9b}", "claims": {}, "ttl": 9999999 } },
    "db": { "command": "python", "env": { "DB_PASSWORD": "hunter2-4ever" }, "envFile": "prod.secrets" },
    "login": { "type": "http", "url": "https://h", "oauth": { "clientId": "c", "clientSecret": "cl13nt-s3cr3t-x" } }
  }
}
JSON
echo "curl -H \"Authorization: Bearer $github\" https://api.example.com" >README.md
mkdir -p scripts .claude-plugin
cat >scripts/get.sh <<'SH'
#!/bin/bash
set -x
echo "using $API_TOKEN"
curl -v -H "Authorization: Bearer $API_TOKEN" http://api.example.com/mcp
SH
echo "{\"name\": \"p\", \"apiKey\": \"$github\"}" >.claude-plugin/plugin.json
echo "const key = '$github'; console.log(process.env.API_KEY)" >main.js
echo X=1 >.env
echo X=1 >prod.secrets
echo x >id_rsa
git add .env id_rsa main.js
chmod 600 id_rsa prod.secrets
chmod 644 .env
lint 1
finds .mcp.json:5:15 insecure-url                       # Use HTTP instead of HTTPS
finds .mcp.json:6:45 hardcoded-secret                   # Hardcode tokens
finds .mcp.json:6:111 undocumented-variable             # Document required variables
finds .mcp.json:8:59 secret-in-url
finds .mcp.json:8:106 token-without-scheme              # Token in wrong format
finds .mcp.json:9:96 basic-by-hand                      # Let OAuth handle authentication
finds .mcp.json:11:73 secret-in-default
finds .mcp.json:11:111 long-lived-token                 # Implement token rotation
finds .mcp.json:12:59 hardcoded-secret                  # Use environment variables
finds .mcp.json:13:97 client-secret-in-file
finds README.md:1:32 secret-in-documentation            # Share tokens in documentation
finds .claude-plugin/plugin.json:1:26 secret-in-file    # Store tokens in plugin files
finds main.js:1:14 secret-in-file
finds main.js:1:[0-9]+ logs-secret                      # Log tokens
finds scripts/get.sh:2:1 logs-secret
finds scripts/get.sh:3:14 logs-secret
finds scripts/get.sh:4:1 logs-secret
finds scripts/get.sh:4:47 insecure-url
finds .env:1:1 env-file-tracked                         # Commit tokens to git
finds .env:1:1 secret-file-readable
finds prod.secrets:1:1 env-file-not-ignored
finds id_rsa:1:1 secret-file-tracked
count=$(grep -c '^[^ ]' out)

lint 1 --json
[ "$(wc -l <out)" = 1 ] || problem 'JSON of more than one line'
[ "$(grep -o '{"file":' out | wc -l)" = "$count" ] || problem "JSON tells another number than $count"
[[ $out == '[{"file":".claude-plugin/plugin.json","line":1,"column":26,"rule":"secret-in-file","severity":"error","message":"a GitHub token of 36 bytes stands in the file","fix":"'* ]] ||
    problem "JSON: $out"

# A path instead of all.
lint 1 README.md
[ "$(grep -c '^[^ ]' out)" = 1 ] || problem "more than the README: $out"
lint 1 README.md . ./README.md
[ "$(grep -c '^[^ ]' out)" = "$count" ] || problem 'told twice'
lint 1 scripts main.js
finds_no '\.env:.*' '.*'
finds main.js:1:14 secret-in-file
(cd scripts && lint 1 && finds_no 'README.*' x)
run 1 lint nowhere
says 'nowhere: there is no such file or folder'
run 2 lint --fix=all
says '--fix is --fix or --fix=oauth'

# Nothing is written into a `.env` that git has.
cp .mcp.json before.json && cp .env before.env
lint 1 --fix
says '.env: git tracks it'
cmp -s .mcp.json before.json && cmp -s .env before.env || problem 'changed although .env is tracked'
rm before.json before.env

# -- --fix
git rm -q --cached .env
git -c core.hooksPath=/dev/null commit -qm planted
chmod 640 .mcp.json
cp .mcp.json before.json && echo before.json >>.git/info/exclude
API_TOKEN=other lint 1 --fix
says 'moved 6 out of .mcp.json' 'added .env to .gitignore' 'added /prod.secrets to .gitignore'
cp out fixed
for name in API_TOKEN_2 BARE_TOKEN BARE_TOKEN_2 JWT_KEY DB_PASSWORD LOGIN_CLIENT_SECRET; do
    grep -q "^export $name=" fixed || problem "no line sets $name: $(cat fixed)"
done
finds_no '.*' hardcoded-secret
finds_no '.*' env-file-not-ignored
[ "$(stat -c %a .mcp.json .env)" = $'640\n600' ] || problem "modes: $(stat -c '%a %n' .mcp.json .env)"
[ "$(head -n 1 .env)" = X=1 ] || problem ".env lost what stood in it: $(cat .env)"
git check-ignore -q .env && git check-ignore -q prod.secrets || problem 'git would add them'
# Every other byte: put back, it is the old file.
sed -e "s/\${API_TOKEN_2}/$token/; s/\${BARE_TOKEN_2}/$github/; s/\${BARE_TOKEN}/canary-7f3a9b/; s/\${JWT_KEY}/\${JWT_KEY:-canary-7f3a9b}/" \
    -e 's/${DB_PASSWORD}/hunter2-4ever/; s/${LOGIN_CLIENT_SECRET}/cl13nt-s3cr3t-x/' .mcp.json | cmp - before.json ||
    problem "the config is not what it was: $(cat .mcp.json)"
# The lines work as they stand, from anywhere.
(
    cd / && eval "$(grep '^export ' "$folder/planted/fixed")"
    [ "$API_TOKEN_2" = "$token" ] && [ "$DB_PASSWORD" = hunter2-4ever ] && [ "$BARE_TOKEN_2" = "$github" ]
) || problem 'the lines do not set the variables'
(
    set -a; . ./.env; set +a
    WORKSPACE_ID=w "$program" headers bare >headers && grep -qF "$github" headers
) || problem 'the config does not work with its variables'
rm -f headers before.json fixed
# Once more: nothing is left to be moved.
cp .mcp.json .env .git/
lint 1 --fix
cmp -s .mcp.json .git/.mcp.json && cmp -s .env .git/.env && ! grep -q ^export out || problem 'fixed a second time'

# -- values that a shell or a dotenv reader could take for something else
tree quoting
odd='a b$c`d"e'\''f\g#h!'
escaped=${odd//\\/\\\\}
printf '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"%s","X-A-Token":"p q#r$s"}}}}' \
    "${escaped//\"/\\\"}" >.mcp.json
lint 1 --fix
(
    eval "$(grep '^export ' out)"
    [ "$API_KEY" = "$odd" ] && [ "$API_A_TOKEN" = 'p q#r$s' ]
) || problem "odd values: $(cat .env)"
run 0 headers api --env-file .env --format lines
prints "X-Key: $odd"$'\n''X-A-Token: p q#r$s'

# -- a run that ended half way, with the value in `.env` already, is gone on with
tree again
echo '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"canary-7f3a9b"}}}}' >.mcp.json
printf 'A=$B\nexport API_KEY="canary-7f3a9b"' >.env
cp .env .git/
lint 1 --fix
cmp -s .env .git/.env || problem "written twice: $(cat .env)"
grep -q '"X-Key":"${API_KEY}"' .mcp.json || problem "another name: $(cat .mcp.json)"

# -- a file that can't be replaced
if [ "$(id -u)" != 0 ]; then
    tree readonly
    echo '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"canary-7f3a9b"}}}}' >.mcp.json
    echo .env >.git/info/exclude && chmod 500 .
    "$program" lint --fix >/dev/null 2>"$folder/said" && problem 'a folder that is not to be written to'
    chmod 700 . && grep -q canary .mcp.json || problem 'the credential is lost'
fi

# -- what is right
tree clean
cat >.mcp.json <<'JSON'
{
  "mcpServers": {
    "api": {
      "type": "http",
      "url": "https://${TENANT_ID}.example.com/mcp",
      "headers": { "Authorization": "Bearer ${API_TOKEN}", "X-API-Secret": "${API_SECRET}", "X-Region": "${REGION:-eu-1}" }
    },
    "helper": { "type": "sse", "url": "https://api.example.com", "headersHelper": "${CLAUDE_PLUGIN_ROOT}/scripts/get-headers.sh" },
    "local": { "type": "ws", "url": "ws://127.0.0.1:8080/mcp" },
    "wiki": { "type": "http", "url": "https://127.0.0.1:1/mcp", "auth": { "type": "basic", "user": "${WIKI_USER}", "password": "${WIKI_PASSWORD}" } },
    "login": { "type": "http", "url": "https://h/mcp", "oauth": { "clientId": "c", "clientSecret": "${CLIENT_SECRET}" } },
    "database": { "command": "python", "args": ["-m", "mcp_server_db"], "envFile": ".env",
      "env": { "DATABASE_URL": "${DATABASE_URL}", "DB_USER": "${DB_USER}", "DB_PASSWORD": "${DB_PASSWORD}" } }
  }
}
JSON
mkdir scripts
cat >scripts/get-headers.sh <<'SH'
#!/bin/bash
# Generate dynamic authentication headers
TIMESTAMP=$(date -Iseconds)
SIGNATURE=$(echo -n "$TIMESTAMP" | openssl dgst -sha256 -hmac "$SECRET_KEY" | cut -d' ' -f2)
JWT=$(generate-jwt-token)
echo "{\"Authorization\": \"Bearer $JWT\"}"
cat <<EOF
{
  "X-Timestamp": "$TIMESTAMP",
  "X-Signature": "$SIGNATURE",
  "X-API-Key": "$API_KEY"
}
EOF
SH
"$program" env >README.md || problem 'env failed'
cat >>README.md <<'MD'
    curl -H "Authorization: Bearer $API_TOKEN" https://api.example.com/mcp/health
    export API_TOKEN="your-secret-here"
    "Authorization": "Bearer sk-abc123..."
MD
cp README.md .env.example
echo .env >.gitignore
echo DB_PASSWORD=hunter2-4ever >.env
chmod 600 .env
git add -A
lint 0
prints ''
[ -z "$err" ] || problem "a clean tree, and it says: $err"
lint 0 --json
prints '[]'
lint 0 --fix
prints ''
git diff --quiet || problem '--fix changed a clean tree'

# -- without git; what is not looked at is said
mkdir "$folder/plain" && cd "$folder/plain" || exit 1
echo '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"${A_KEY}"}}}}' >.mcp.json
mkdir -p node_modules/x src
echo "$github" >node_modules/x/a.txt
echo "$github" >src/a.txt
head -c 1048577 /dev/zero | tr '\0' a >src/long.txt
head -c 1048576 /dev/zero | tr '\0' a >src/limit.txt
printf '%s\0' "$github" >src/binary
ln -s "$folder/planted/README.md" src/link.md
lint 1
[ "$(grep -c '^[^ ]' out)" = 1 ] && finds src/a.txt:1:1 secret-in-documentation
says 'folders named node_modules' '1 files longer than 1048576 bytes' '1 binary files'
echo '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"canary-7f3a9b"}}}}' >.mcp.json
lint 1 --fix
says 'added .env to .gitignore'
echo '{"mcpServers":{"api":{"type":"http","url":"https://h/mcp","headers":{"X-Key":"hunter2-4ever"}}}}' >.mcp.json
lint 1 --fix
[ "$(cat .gitignore)" = .env ] || problem ".gitignore: $(cat .gitignore)"
[ "$(cat .env)" = $'API_KEY=canary-7f3a9b\nAPI_KEY_2=hunter2-4ever' ] || problem ".env: $(cat .env)"
head -c 1048577 /dev/zero | tr '\0' ' ' >long.json
lint 1 --config long.json
finds long.json:1:1 invalid-config
mkdir "$folder/empty" && cd "$folder/empty" || exit 1
run 1 lint
says 'there is no config'

# -- nothing of a repository's own settings is run
tree hostile
git config core.fsmonitor "touch $folder/pwned; false"
echo '{"mcpServers":{}}' >.mcp.json
lint 0
[ ! -e "$folder/pwned" ] || problem 'a program of the repository was run'

# -- this repository
cd "$COUNTERSIGN_SOURCE_DIR" && "$program" lint . >"$folder/own" 2>&1 || problem "this repository: $(cat "$folder/own")"
cd "$folder" || exit 1
finish
