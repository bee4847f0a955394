# Sourced after checks.bash: certificates made with openssl.

# key NAME: an unencrypted key in NAME.key.
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
# authority NAME: one who vouches for others, in NAME.pem.
authority() {
    key "$1"
    openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 2 -out "$1.pem"
}
# certificate NAME AUTHORITY SUBJECT-ALT-NAME [DAYS]
certificate() {
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "${4:-2}" -out "$1.pem" \
        -extfile <(echo "subjectAltName=$3") 2>/dev/null
}
