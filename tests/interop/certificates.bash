# Sourced by tests/interop/run.

# make_certificates FOLDER: an authority `ours`; of it `here`, a server on loopback, and the clients `me` and `other`; `lone`, a
# client that vouches for itself. Each NAME.pem with its NAME.key.
make_certificates() {
    (
        mkdir -p "$1" && cd "$1" || exit 1
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        alone() { key "$1" && openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 2 -out "$1.pem"; }
        signed() { # NAME SUBJECT-ALT-NAME
            key "$1" && openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr" &&
                openssl x509 -req -in "$1.csr" -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -out "$1.pem" \
                    -extfile <(echo "subjectAltName=$2") 2>/dev/null
        }
        alone ours && alone lone && signed here IP:127.0.0.1 && signed me DNS:me && signed other DNS:other
    ) || die "openssl could not make certificates"
}
