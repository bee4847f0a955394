#!/bin/sh
# A helper of a config: prints the headers of the next request as one JSON object. What a real one asks a
# vault or a login tool for stands in a variable here.
set -eu
token=$DEMO_HELPER_TOKEN
cat <<EOF
{
  "Authorization": "Bearer $token",
  "X-Timestamp": "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}
EOF
