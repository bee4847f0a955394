# `login`, and calls without it, where nobody is asked: a secret, a key, an assertion of somebody trusted.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/signing_in.bash"
for key in robot idp; do openssl ecparam -name prime256v1 -genkey -noout -out $key.pem && chmod 600 $key.pem; done
openssl ec -in idp.pem -pubout -out idp.pub 2>/dev/null
provide
config machine '"oauth":{"grantType":"client_credentials","clientId":"ci","clientSecret":"${CI_SECRET}","profile":"machine","scopes":"notes:read"}' \
    robot '"oauth":{"grantType":"client_credentials","clientId":"robot","privateKeyFile":"robot.pem","profile":"robot"}' \
    lost '"oauth":{"grantType":"client_credentials","clientId":"robot","privateKeyFile":"gone.pem"}' \
    agent '"oauth":{"grantType":"jwt_bearer","clientId":"agent","assertionFile":"assertion.jwt","profile":"agent"}' \
    screen '"oauth":{"grantType":"device_code","clientId":"tv"}'
urn=urn:ietf:params:oauth
read -r x y <<<"$(coordinates robot.pem)"
control client -d '{"client_id":"ci","client_secret":"s:e c/r+e%t&canary","token_endpoint_auth_method":"client_secret_basic","grant_types":["client_credentials"]}'
control client -d "{\"client_id\":\"robot\",\"token_endpoint_auth_method\":\"private_key_jwt\",\"grant_types\":[\"client_credentials\"],\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$x\",\"y\":\"$y\"}]}}"
control client -d "{\"client_id\":\"agent\",\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"$urn:grant-type:jwt-bearer\"]}"
control 'trust?issuer=https://work.example' --data-binary @idp.pub
assertion() {
    jwt idp.pem '{"alg":"ES256","typ":"JWT"}' \
        "{\"iss\":\"https://work.example\",\"sub\":\"alice\",\"aud\":\"$issuer\",\"exp\":$(($(date +%s) + 60)),\"jti\":\"$(openssl rand -hex 12)\"}" >assertion.jwt
    chmod 600 assertion.jwt
}

# A call needs no login before it: nobody is asked.
export CI_SECRET='s:e c/r+e%t&canary'
run 0 call machine tools/list --debug
hides "$CI_SECRET"
tool 0 machine read_note
counts 1 'token_issued client_credentials'
state machine signed_in
control expire
tool 0 machine read_note
counts 2 'token_issued client_credentials'
run 0 login machine
says 'signed in to server "machine"' 'scopes notes:read'
counts 3 'token_issued client_credentials'
CI_SECRET=wrong run 1 login machine
says 'invalid_client'
tool 0 machine read_note # what was there serves on
run 0 logout machine
tool 0 machine read_note

run 0 login robot --debug
says 'signed in to server "robot"'
tool 0 robot read_note
run 1 login lost
says 'server "lost": oauth.privateKeyFile: '

assertion
run 0 login agent
counts 1 'token_issued jwt-bearer'
tool 0 agent read_note
assertion # a new one, for a server that takes each once
control expire
tool 0 agent read_note
rm assertion.jwt
control expire
tool 1 agent read_note
says 'assertion'

run 1 login screen
says 'the authorization server gives no codes for other devices'
state screen sign_in_needed
counts 0 authorize
finish
