# The authorization server of examples/: clients with keys, proofs of possession, grants on somebody's word.
# The signatures are openssl's.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/provider.bash"
for key in own other; do openssl ecparam -name prime256v1 -genkey -noout -out $key.pem; done
provide
now=$(date +%s)
urn=urn:ietf:params:oauth
jti() { openssl rand -hex 12; }

# private_key_jwt.
read -r x y <<<"$(coordinates own.pem)"
jwk="{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$x\",\"y\":\"$y\"}"
control client -d "{\"client_id\":\"robot\",\"token_endpoint_auth_method\":\"private_key_jwt\",
    \"grant_types\":[\"client_credentials\"],\"jwks\":{\"keys\":[$jwk]}}"
es256='{"alg":"ES256","typ":"JWT"}'
claims() { printf '{"iss":"%s","sub":"%s","aud":"%s","exp":%s,"jti":"%s"}' "$1" "$2" "$3" "$4" "$(jti)"; }
by_key() {
    token client_credentials "resource=$mcp" "client_assertion_type=$urn:client-assertion-type:jwt-bearer" \
        "client_assertion=$1"
}
good=$(jwt own.pem "$es256" "$(claims robot robot "$issuer" $((now + 60)))")
by_key "$good"
answers 200 access_token
call read_note && answers 200
by_key "$good"
answers 400 invalid_client 'jti'
by_key "$(jwt other.pem "$es256" "$(claims robot robot "$issuer" $((now + 60)))")"
answers 400 invalid_client 'signature'
by_key "$(jwt own.pem "$es256" "$(claims robot robot "$issuer/token" $((now + 60)))")"
answers 400 invalid_client 'aud'
by_key "$(jwt own.pem "$es256" "$(claims robot robot "$issuer" $((now - 1)))")"
answers 400 invalid_client 'of now'
by_key "$(jwt own.pem "$es256" "$(claims other robot "$issuer" $((now + 60)))")"
answers 400 invalid_client 'iss'
by_key "$(jwt own.pem '{"alg":"none"}' "$(claims robot robot "$issuer" $((now + 60)))")"
answers 400 invalid_client 'signature'
by_key "${good%?}" && answers 400 invalid_client

# DPoP. RFC 9449 §4.3, point by point.
control 'set?dpop=required'
ask "$issuer/.well-known/oauth-authorization-server"
answers 200 '"dpop_signing_alg_values_supported":["ES256"'
ask "$mcp" -d '{}' && answers 401 'WWW-Authenticate: DPoP ' 'algs="ES256'
hash() { printf %s "$1" | openssl dgst -sha256 -binary | url64; }
# proof METHOD URL [MORE-CLAIMS [KEY [HEADER-MEMBERS]]]
proof() {
    local key=${4-own} header=${5-'"typ":"dpop+jwt","alg":"ES256"'} px py
    read -r px py <<<"$(coordinates "$key.pem")"
    jwt "$key.pem" "{$header,\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$px\",\"y\":\"$py\"}}" \
        "{\"jti\":\"$(jti)\",\"htm\":\"$1\",\"htu\":\"$2\",\"iat\":$(date +%s)${3:+,$3}}"
}
register
sign_in && answers 400 invalid_dpop_proof
proof_head="{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":$jwk}"
to_token="\"htm\":\"POST\",\"htu\":\"$issuer/token\""
for wrong in "$(proof GET "$issuer/token")" "$(proof POST "$issuer/other")" nonsense \
    "$(proof POST "$issuer/token" '' own '"typ":"JWT","alg":"ES256"')" \
    "$(proof POST "$issuer/token" '' own '"typ":"dpop+jwt","alg":"none"')" \
    "$(jwt other.pem "$proof_head" "{\"jti\":\"1\",$to_token,\"iat\":$now}")" \
    "$(jwt own.pem "$proof_head" "{\"jti\":\"2\",$to_token,\"iat\":$((now - 400))}")" \
    "$(jwt own.pem "$proof_head" "{$to_token,\"iat\":$now}")"; do
    authorize
    redeem -H "DPoP: $wrong" && answers 400 invalid_dpop_proof
done
authorize
once=$(proof POST "$issuer/token")
redeem -H "DPoP: $once"
answers 200 '"token_type":"DPoP"' '"refresh_token"'
held=$refresh bound=$access
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp" "\"ath\":\"$(hash "$bound")\"")"
answers 200 'buy milk'
call read_note "Authorization: Bearer $bound" && answers 401 invalid_token
call read_note "Authorization: DPoP $bound" && answers 401 invalid_dpop_proof
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp")" && answers 401 invalid_dpop_proof ath
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp" "\"ath\":\"$(hash "$bound")\"" other)"
answers 401 'another key'
same=$(proof POST "$mcp" "\"ath\":\"$(hash "$bound")\"")
call read_note "Authorization: DPoP $bound" "DPoP: $same" && answers 200
call read_note "Authorization: DPoP $bound" "DPoP: $same" && answers 401 jti
renew "$held" -H "DPoP: $(proof POST "$issuer/token" '' other)" && answers 400 'another key'
renew "$held" -H "DPoP: $once" && answers 400 jti
renew "$held" -H "DPoP: $(proof POST "$issuer/token")" && answers 200 '"token_type":"DPoP"'
thumb=$(hash "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"$x\",\"y\":\"$y\"}")
authorize "dpop_jkt=$thumb"
redeem -H "DPoP: $(proof POST "$issuer/token" '' other)" && answers 400 dpop_jkt
authorize "dpop_jkt=$thumb"
redeem -H "DPoP: $(proof POST "$issuer/token")" && answers 200

# Nonces, of each server its own.
control 'set?dpop_nonce=1'
nonce() { sed -n 's/^DPoP-Nonce: //p' <<<"$head"; }
authorize
redeem -H "DPoP: $(proof POST "$issuer/token")"
answers 400 use_dpop_nonce 'DPoP-Nonce: '
ours=$(nonce)
redeem -H "DPoP: $(proof POST "$issuer/token" "\"nonce\":\"$ours\"")"
answers 200 access_token
bound=$access
ath="\"ath\":\"$(hash "$bound")\""
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp" "$ath,\"nonce\":\"$ours\"")"
answers 401 'error="use_dpop_nonce"'
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp" "$ath,\"nonce\":\"$(nonce)\"")"
answers 200
control nonce
call read_note "Authorization: DPoP $bound" "DPoP: $(proof POST "$mcp" "$ath,\"nonce\":\"$(nonce)\"")"
answers 401 'error="use_dpop_nonce"'
control 'set?dpop=off&dpop_nonce=0'

# jwt-bearer: on the word of who is trusted.
openssl ec -in own.pem -pubout -out own.pub 2>/dev/null
control 'trust?issuer=https://work.example' --data-binary @own.pub
control client -d "{\"client_id\":\"agent\",\"token_endpoint_auth_method\":\"none\",
    \"grant_types\":[\"$urn:grant-type:jwt-bearer\",\"$urn:grant-type:token-exchange\"]}"
# on_word KEY ISSUER AUDIENCE EXPIRES
on_word() {
    token $urn:grant-type:jwt-bearer client_id=agent "resource=$mcp" \
        "assertion=$(jwt "$1.pem" "$es256" "$(claims "$2" alice "$3" "$4")")"
}
on_word own https://work.example "$issuer" $((now + 60))
answers 200 access_token
call read_note && answers 200
on_word own https://else.example "$issuer" $((now + 60)) && answers 400 invalid_grant trusted
on_word other https://work.example "$issuer" $((now + 60)) && answers 400 invalid_grant signature
on_word own https://work.example https://else.example $((now + 60)) && answers 400 invalid_grant audience
on_word own https://work.example "$issuer" $((now - 1)) && answers 400 invalid_grant expired
counts 1 'token_issued jwt-bearer'

# Token exchange: one's own token for another with less.
register && sign_in 'scope=notes:read notes:write'
exchange() {
    token $urn:grant-type:token-exchange client_id=agent "resource=$mcp" \
        "subject_token_type=$urn:token-type:access_token" "$@"
}
subject=$access
exchange "subject_token=$subject" scope=notes:read
answers 200 '"issued_token_type":"urn:ietf:params:oauth:token-type:access_token"' '"scope":"notes:read"'
call write_note && answers 403
exchange subject_token=none && answers 400 invalid_request

# A grant that one server carries to another (ID-JAG): this one is the identity provider, the next the server.
control 'id_token?client=agent'
id_token=$body idp=$issuer
there=$(curl -s "$issuer/jwks")
provide
control "trust?issuer=$idp" -d "$there"
for name in agent thief; do
    control client -d "{\"client_id\":\"$name\",\"client_secret\":\"s\",\"grant_types\":[\"$urn:grant-type:jwt-bearer\"]}"
done
ask "$idp/token" -d grant_type=$urn:grant-type:token-exchange -d client_id=agent \
    -d requested_token_type=$urn:token-type:id-jag -d subject_token_type=$urn:token-type:id_token \
    -d "subject_token=$id_token" -d "audience=$issuer" -d "resource=$mcp" -d scope=notes:read
answers 200 '"issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"' '"token_type":"N_A"'
carried=$(member access_token)
token $urn:grant-type:jwt-bearer -u agent:s "assertion=$carried"
answers 200 '"scope":"notes:read"'
call read_note && answers 200
token $urn:grant-type:jwt-bearer -u agent:s "assertion=$carried" scope=notes:write && answers 400 invalid_scope
token $urn:grant-type:jwt-bearer -u thief:s "assertion=$carried" && answers 400 invalid_grant "another client"
finish
