# Sourced by tests/interop/run: HTTP Digest against Apache (MD5) and lighttpd (SHA-256, SHA-512-256, user names hashed), each in a folder of
# its own on a port of loopback, and curl beside our client.
install_packages apache2-bin lighttpd curl openssl
digest_client=${client%/*}/interop_digest
site=$work/digest
mkdir -p "$site/www/long" "$site/www/short" "$site/www/once" "$site/www/hashed" "$site/www/half"
for page in "$site"/www/*; do echo page >"$page/page"; done
realm='the realm @ here' user=Mufasa password='Circle of: "Life"' other='Jäsøn Doe'
hash_of() { printf %s "$2" | openssl dgst "-$1" -r | cut -d' ' -f1; }
for name in "$user" "$other"; do
    printf '%s:%s:%s\n' "$name" "$realm" "$(hash_of md5 "$name:$realm:$password")" >>"$site/md5"
    # The two hashes are of one length, so each has a realm of its own.
    for hash in sha256 sha512-256; do
        printf '%s:%s:%s:%s\n' "$name" "$realm $hash" "$(hash_of $hash "$name:$realm $hash:$password")" "$(hash_of $hash "$name:$realm $hash")" >>"$site/sha"
    done
done
chmod -R a+rX "$work"

apache_config() { # PORT
    cat <<CONF
ServerRoot "$site"
ServerName localhost
Listen 127.0.0.1:$1
PidFile "$site/apache.pid"
ErrorLog "$site/apache.log"
DefaultRuntimeDir "$site"
$(for module in mpm_prefork:mpm_prefork authn_core:authn_core authn_file:authn_file authz_core:authz_core authz_user:authz_user auth_digest:auth_digest; do
        echo "LoadModule ${module%:*}_module /usr/lib/apache2/modules/mod_${module#*:}.so"
    done)
User nobody
Group nogroup
DocumentRoot "$site/www"
<Location "/">
    AuthType Digest
    AuthName "$realm"
    AuthDigestProvider file
    AuthUserFile "$site/md5"
    Require valid-user
    AuthDigestNonceLifetime 300
</Location>
<Location "/short">
    AuthDigestNonceLifetime 1
</Location>
<Location "/once">
    AuthDigestNonceLifetime 0
</Location>
CONF
}
lighttpd_config() { # PORT
    cat <<CONF
server.modules = ("mod_auth", "mod_authn_file")
server.document-root = "$site/www"
server.bind = "127.0.0.1"
server.port = $1
server.errorlog = "$site/lighttpd.log"
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "$site/sha"
auth.require = (
    "/hashed" => ("method" => "digest", "realm" => "$realm sha256", "algorithm" => "SHA-256", "userhash" => "enable", "require" => "valid-user"),
    "/half" => ("method" => "digest", "realm" => "$realm sha512-256", "algorithm" => "SHA-512-256", "userhash" => "enable", "require" => "valid-user")
)
CONF
}
# started NAME COMMAND…: on a port that is free by then, which is put into $port; the process into $pid.
started() {
    local name=$1 tries
    shift
    for ((tries = 0; tries < 20; ++tries)); do
        port=$((20000 + RANDOM % 20000))
        "${name}_config" $port >"$site/$name.conf"
        "$@" "$site/$name.conf" >"$site/$name.out" 2>&1 6>&- &
        pid=$!
        for ((turn = 0; turn < 100; ++turn)); do
            kill -0 $pid 2>/dev/null || break
            curl -s -o /dev/null "http://127.0.0.1:$port/" && return 0
            sleep 0.05
        done
        kill $pid 2>/dev/null
        wait $pid 2>/dev/null
    done
    cat "$site/$name".* >&2
    return 1
}
stopped() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }
# asked OUTPUT PATH COUNT [USER [PASSWORD [BODY]]]
asked() {
    local said
    said=$("$digest_client" "http://127.0.0.1:$port$2" "${4:-$user}" "${5:-$password}" "$3" ${6:+"$6"} 2>&1)
    [[ $said == $1 ]] || complain "$2 $3 ${4:-}: '$said', not '$1'"
}
# curl_says STATUS PATH USER
curl_says() {
    local said
    said=$(curl -s -o /dev/null -w '%{http_code}' --digest -u "$3:$password" "http://127.0.0.1:$port$2")
    [ "$said" = "$1" ] || complain "curl: $2 $3: $said"
}
refused="http://127.0.0.1:* answered 401 to this credential; it can't be renewed here: check that it is current and meant for this server"

if started apache /usr/sbin/apache2 -X -f; then
    apache=$pid
    case_of "Digest: Apache, MD5: one 401, then an answer with each request"
    asked '200 200 200 200 (5 sent, 1 bare)' /long/page 4
    curl_says 200 /long/page "$user"
    over
    case_of "Digest: Apache: a body, a query, a page that is not there"
    asked '200 200 (3 sent, 1 bare)' /long/page 2 "$user" "$password" 'some body'
    asked '200 200 (3 sent, 1 bare)' '/long/page?a=b%20c&d=%22e%22,f' 2
    asked '404 404 (3 sent, 1 bare)' /long/none 2
    over
    case_of "Digest: Apache: a user name that is not ASCII"
    asked '200 200 (3 sent, 1 bare)' /long/page 2 "$other"
    curl_says 200 /long/page "$other"
    over
    case_of "Digest: Apache: a wrong password is refused after one try, an unknown user too"
    asked "$refused (2 sent, 1 bare)" /long/page 1 "$user" wrong
    asked "$refused (2 sent, 1 bare)" /long/page 1 nobody
    curl_says 401 /long/page nobody
    over
    case_of "Digest: Apache: a nonce that has run out is renewed"
    asked '200 200 200 (5 sent, 1 bare)' /short/page 2+1600
    over
    case_of "Digest: Apache: nonces for one request each, the next one named with each answer"
    asked '200 200 200 200 (5 sent, 1 bare)' /once/page 4
    over
    stopped "$apache"
else
    case_of "Digest: Apache starts"
    complain "it does not"
    over
fi
if started lighttpd /usr/sbin/lighttpd -D -f; then
    lighttpd=$pid
    case_of "Digest: lighttpd, SHA-256 with user names hashed"
    asked '200 200 200 200 (5 sent, 1 bare)' /hashed/page 4
    asked '200 200 (3 sent, 1 bare)' /hashed/page 2 "$other"
    curl_says 200 /hashed/page "$user"
    over
    case_of "Digest: lighttpd, SHA-512-256"
    asked '200 200 200 200 (5 sent, 1 bare)' /half/page 4
    asked '200 200 (3 sent, 1 bare)' /half/page 2 "$other"
    over
    case_of "Digest: lighttpd: a wrong password is refused after one try"
    asked "$refused (2 sent, 1 bare)" /hashed/page 1 "$user" wrong
    over
    case_of "Digest: lighttpd did ask for SHA-256 and hashed names"
    head=$(curl -sS -D - -o /dev/null "http://127.0.0.1:$port/hashed/page")
    [[ $head == *'algorithm="SHA-256"'* || $head == *algorithm=SHA-256* ]] || complain "it offers '$head'"
    [[ $head == *userhash=true* ]] || complain "no userhash: '$head'"
    over
    stopped "$lighttpd"
else
    case_of "Digest: lighttpd starts"
    complain "it does not"
    over
fi
