# `env`: the section of a README, for one server or for all.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
cat >.mcp.json <<'JSON'
{"mcpServers":{
  "api":{"type":"http","url":"https://api.example.com/mcp",
    "headers":{"Authorization":"Bearer ${API_TOKEN}","X-API-Secret":"${API_SECRET}"}},
  "database":{"command":"python","args":["-m","mcp_server_db"],
    "env":{"DATABASE_URL":"${DATABASE_URL}","DB_USER":"${DB_USER}","DB_PASSWORD":"${DB_PASSWORD}"}}
}}
JSON
export API_TOKEN=canary-7f3a9b
run 0 env api
[[ $out == '## Setup'$'\n\n''### Required Environment Variables'$'\n'* ]] || problem "env api: $out"
[[ $out == *$'\n''export API_TOKEN="your-token-here"'$'\n''export API_SECRET="your-secret-here"'$'\n'* ]] || problem "env api: $out"
[[ $out == *'### Obtaining Tokens'*'### Token Permissions'* ]] || problem "env api: $out"
hides canary-7f3a9b
run 0 env database
[[ $out == '## Database Configuration'* ]] || problem "env database: $out"
# What the page says works: the file that it shows, loaded by the lines that it shows.
sed -n '/^Or create/,/^```$/{/^[A-Z_]*=/p}' out >shown
sed -n '/^Or create/,/^Keep/{/^[A-Z_]*=/p}' out >.env
sed -n '/^Keep/,$p' out | sed -n '/^```bash$/,/^```$/{/^```/d;p}' >load
bash -c '. ./load; env' >loaded 2>&1
for line in DATABASE_URL=postgresql://localhost:5432/mydb DB_USER=myuser DB_PASSWORD=mypassword; do
    grep -qxF "$line" loaded || problem "loading .env does not give $line: $(cat loaded)"
done
[ "$(stat -c %a .env)" = 600 ] && grep -qx .env .gitignore || problem 'the lines do not protect .env'
run 0 env
[[ $out == '## Setup: api'*'## Database Configuration'* ]] || problem "env: $out"
run 2 env databse
says 'did you mean "database"?'
run 2 env a b
says 'usage: countersign env [NAME]'
echo '{}' >empty.json
run 0 env --config empty.json
prints ''
says 'names no server'
finish
