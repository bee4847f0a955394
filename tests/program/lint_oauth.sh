# `lint` and `lint --fix=oauth`: a password with each request, to a server where somebody could sign in.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
provide
serve
unset COUNTERSIGN_CONFIG
mkdir project && cd project || exit 1
write() {
    cat >.mcp.json <<END
{"mcpServers": {
  "notes": {"type": "http", "url": "$mcp",
            "headers": {"X-Tenant": "blue", "Authorization": "Basic \${NOTES_BASIC}"}},
  "both": {"type": "http", "url": "$mcp", "auth": [{"type": "basic", "user": "\${WIKI_USER}", "password": "\${WIKI_PASSWORD}"}]},
  "old": {"type": "http", "url": "http://127.0.0.1:$port/mcp", "headers": {"Authorization": "Basic \${OLD_BASIC}"}},
  "away": {"type": "http", "url": "http://127.0.0.1:1/mcp", "headers": {"Authorization": "Basic \${OLD_BASIC}"}},
  "unset": {"type": "http", "url": "\${NO_SUCH_URL}", "headers": {"Authorization": "Basic \${OLD_BASIC}"}},
  "token": {"type": "http", "url": "$mcp", "headers": {"Authorization": "Bearer \${API_TOKEN}"}}
}}
END
}
write
chmod 640 .mcp.json
# lint CODE [ARGUMENT…]: findings in $out.
lint() {
    tells "$1" lint "${@:2}"
    rm -f out err
}
rule=basic-where-oauth

# What it says, and that nothing is sent along.
export NOTES_BASIC=canary-7f3a9b41 WIKI_USER=me WIKI_PASSWORD=canary-51f20c77 OLD_BASIC=b2xkOmNhbmFyeQ==
reset_counts
lint 1 --debug
[ "$(grep -c "\[$rule\]" <<<"$out")" = 2 ] || problem "findings: $out"
[[ $out == *".mcp.json:3:62: warning: server \"notes\": a password goes with each request, and somebody could sign in at $issuer [$rule]"* ]] ||
    problem "findings: $out"
[[ $out == *"server \"both\": a password"* ]] || problem "findings: $out"
[[ $err != *'header Authorization'* ]] || problem 'a credential is sent to find out'
[[ $out$err != *canary* ]] || problem 'a value is shown'
counts 0 registered
lint 1 --json
[[ $out == *"\"line\":3,\"column\":62,\"rule\":\"$rule\",\"severity\":\"warning\""* ]] || problem "json: $out"
# A config that was only met, and not named, has its servers left alone.
lint 1 .
[[ $out != *$rule* ]] || problem 'servers of any file are asked'
lint 1 .mcp.json
[[ $out == *$rule* ]] || problem "the file that was named: $out"

# The fix: these two, every other byte and the mode stay; what is not needed any more is said.
lint 1 --fix=oauth
[[ $out != *$rule* ]] || problem "left: $out"
says '.mcp.json: server "notes" is signed in to now; to do that: countersign login notes' 'countersign login both' \
    'does not need NOTES_BASIC any more' 'does not need WIKI_PASSWORD any more'
[[ $err != *'need OLD_BASIC'* ]] || problem "$err"
[ "$(stat -c %a .mcp.json)" = 640 ] || problem "mode: $(stat -c %a .mcp.json)"
cp .mcp.json fixed
write
sed -e 's/{"X-Tenant": "blue", "Authorization": "Basic ${NOTES_BASIC}"}/{"X-Tenant": "blue"}, "oauth": {}/' \
    -e 's/"auth": \[{"type": "basic", [^]]*\]/"oauth": {}/' .mcp.json | cmp - fixed || problem "the config: $(cat fixed)"
mv fixed .mcp.json
# And it works.
cd "$folder" && export COUNTERSIGN_CONFIG=$folder/project/.mcp.json
run 0 login notes
tool 0 notes read_note
cd project && unset COUNTERSIGN_CONFIG
# Once more: nothing is left to do.
cp .mcp.json "$folder/again"
lint 1 --fix=oauth
cmp -s .mcp.json "$folder/again" || problem 'fixed a second time'
[ -z "$err" ] || problem "stderr: $err"

# A config that can't be used is told, and stays as it is.
echo '{"mcpServers":{"a":{"type":"http","url":"'"$mcp"'","headers":{"Authorization":"Basic x y"},"timeout":"no"}}}' >.mcp.json
cp .mcp.json "$folder/again"
lint 1 --fix=oauth
cmp -s .mcp.json "$folder/again" || problem 'changed a config that nobody can use'
finish
