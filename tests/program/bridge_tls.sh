# Client certificates: the bridge, and `call`, in front of nginx that lets nobody in without one.
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/bridge.bash"
. "$COUNTERSIGN_SOURCE_DIR/tests/program/certificates.bash"
: "${COUNTERSIGN_MCP_SERVER:?the path of the MCP server}"
root=$COUNTERSIGN_SOURCE_DIR
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || (. "$root/tests/setup.sh" && open_build_folder && install_packages nginx-light) || exit 1

authority ours
authority others
certificate here ours IP:127.0.0.1
certificate elsewhere ours DNS:elsewhere.example
certificate old ours IP:127.0.0.1 -1
certificate me ours DNS:me
certificate stranger others DNS:stranger
openssl ec -in me.key -aes256 -passout pass:canary-7f3a9b41 -out locked.key 2>/dev/null
cat me.pem me.key >both.pem

coproc server { exec "$COUNTERSIGN_MCP_SERVER" "$folder/log"; }
read -r port <&"${server[0]}" || exit 1
site() { # NAME PORT
    echo "server { listen 127.0.0.1:$2 ssl; ssl_certificate $folder/$1.pem; ssl_certificate_key $folder/$1.key;
        ssl_client_certificate $folder/ours.pem; ssl_verify_client on; client_max_body_size 32m;
        location / { proxy_pass http://127.0.0.1:$port; proxy_buffering off; proxy_http_version 1.1; } }"
}
for try in 1 2 3 4 5 6 7 8 9; do
    base=$((20000 + RANDOM % 30000))
    {
        echo "daemon off; pid $folder/nginx.pid; error_log $folder/nginx.log; events {} http { access_log off;"
        for path in client_body proxy fastcgi uwsgi scgi; do echo "${path}_temp_path $folder/$path;"; done
        site here $base
        site elsewhere $((base + 1))
        site old $((base + 2))
        echo '}'
    } >nginx.conf
    nginx -p "$folder" -c "$folder/nginx.conf" 2>nginx.err &
    nginx=$!
    trap 'kill $nginx 2>/dev/null; wait $nginx; rm -rf "$folder"' EXIT
    until [ -s nginx.pid ] || ! kill -0 $nginx 2>/dev/null; do sleep 0.02; done
    kill -0 $nginx 2>/dev/null && break
done
url=https://127.0.0.1:$base/mcp
server() { printf '"%s":{"type":"http","url":"https://127.0.0.1:%s/mcp","tls":{"ca":"ours.pem"%s}}' "$1" $((base + $2)) "${3:+,$3}"; }
mine='"cert":"me.pem","key":"me.key"'
cat >f.json <<END
{"mcpServers":{$(server notes 0 "$mine"),$(server both 0 '"cert":"both.pem"'),$(server bare 0),
$(server locked 0 '"cert":"me.pem","key":"locked.key","passphrase":"${WORD}"'),$(server open 0 '"cert":"me.pem","key":"locked.key"'),
$(server keyless 0 '"cert":"me.pem"'),$(server strange 0 '"cert":"stranger.pem","key":"stranger.key"'),
$(server gone 0 '"cert":"none.pem","key":"me.key"'),$(server elsewhere 1 "$mine"),$(server old 2 "$mine"),
"unknown":{"type":"http","url":"$url","tls":{$mine}}}}
END
export COUNTERSIGN_CONFIG=f.json WORD=canary-7f3a9b41

# goes ARGUMENT…: a session, a stream and an answer.
goes() {
    cross "$@"
    greet
    tell "$(use 1 ask)"
    while hear && [[ $line == *notifications/message* ]]; do :; done
    tell '{"jsonrpc":"2.0","id":"q-1","result":{}}'
    while hear && [[ $line == *notifications/message* ]]; do :; done
    [ "$line" = "$(said 1 q-1)" ] || problem "$*: $line"
    exec {to}>&-
    exec {to}>/dev/null
    cat <&"$from" >/dev/null
    leave 0
}
goes notes
goes both
goes locked
goes --url "$url" --cert me.pem --key me.key --cacert ours.pem
API_URL=$url goes --cert "$folder/me.pem" --key "$folder/me.key" --cacert "$folder/ours.pem"
COUNTERSIGN_TLS_PASSPHRASE=$WORD goes --url "$url" --cert me.pem --key locked.key --cacert ours.pem
run 0 call notes tools/list
hides canary-7f3a9b41

fails bare 'the server answered HTTP 400'
fails strange 'the server answered HTTP 400'
fails keyless 'key'
fails gone 'none.pem'
fails elsewhere 'subject'
fails old 'certificate has expired'
fails unknown 'certificate'
WORD=wrong-canary fails locked 'locked.key'
fails open 'locked.key'
run 1 bridge --url "$url" --key me.key
says 'tls: a key without a certificate'
finish
