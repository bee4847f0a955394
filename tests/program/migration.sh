# docs/migration.md does what it says: its files are made, its commands run, in the order of the page.
#     <!-- file: NAME -->   the fence behind it is that file
#     <!-- is: NAME -->     that file is the fence by now
#     <!-- run: CODE -->    the fence is run and ends so
#     <!-- folder: NAME --> what follows happens in a new repository
. "$COUNTERSIGN_SOURCE_DIR/tests/program/checks.bash"
page=$COUNTERSIGN_SOURCE_DIR/docs/migration.md
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=a@b
unset API_TOKEN API_KEY SECRET_KEY JWT_KEY
countersign() { "$program" "$@"; }
export program
export -f countersign

enter() {
    mkdir -p "$folder/$1" && cd "$folder/$1" && git init -q . || exit 1
    printf 'a plugin\n' >README.md
}
enter first

step= argument= block= number=0 runs=0
while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    if [ -n "$block" ]; then
        if [ "$line" != '```' ]; then
            printf '%s\n' "$line" >>"$folder/block"
            continue
        fi
        case $step in
        file) cp "$folder/block" "$argument" ;;
        is) diff "$folder/block" "$argument" >&2 || problem "$page:$number: $argument is not what the page shows" ;;
        run)
            runs=$((runs + 1))
            bash -e "$folder/block" >"$folder/said" 2>&1 </dev/null
            code=$?
            [ "$code" = "$argument" ] || problem "$page:$number: exit $code, not $argument: $(cat "$folder/said")"
            ! grep -q hardcoded-token "$folder/said" || problem "$page:$number: the credential is shown"
            cp "$folder/said" "$folder/said.$runs"
            ;;
        esac
        step= block=
        continue
    fi
    case $line in
    '<!-- file: '* | '<!-- is: '* | '<!-- run: '*)
        step=${line#'<!-- '} argument=${step#*: } argument=${argument%' -->'} step=${step%%:*}
        ;;
    '<!-- folder: '*) argument=${line#*: } && enter "${argument%' -->'}" ;;
    '```'?*)
        [ -z "$step" ] || { block=1 && : >"$folder/block"; }
        ;;
    esac
done <"$page"
[ "$runs" = 10 ] || problem "only $runs blocks were run"

# What the steps are for.
cd "$folder/first" || exit 1
grep -q '\[hardcoded-secret\]' "$folder/said.1" || problem "lint: $(cat "$folder/said.1")"
grep -q '^export API_TOKEN=' "$folder/said.2" || problem "lint --fix: $(cat "$folder/said.2")"
[ "$(cat "$folder/said.4")" = '{"Authorization":"Bearer ***"}' ] || problem "headers: $(cat "$folder/said.4")"
[ ! -s "$folder/said.5" ] || problem "lint: $(cat "$folder/said.5")"
[ "$(git show --format= --name-only HEAD)" = $'.gitignore\n.mcp.json\nREADME.md' ] || problem "committed: $(git show --stat HEAD)"
[ ! -s "$folder/said.6" ] || problem "git status: $(cat "$folder/said.6")"
! git grep -q hardcoded-token HEAD || problem 'the credential is in git'
grep -qx 'API_TOKEN=sk-hardcoded-token' .env || problem 'the credential is lost'
grep -q 'export API_TOKEN="your-token-here"' README.md || problem 'the README does not name the variable'
countersign headers api --env-file prod.env | grep -q '"Bearer production-token"' || problem 'prod.env is not used'
[ "$(cat "$folder/said.8")" = '{"X-Timestamp":"***","X-Signature":"***","X-API-Key":"***"}' ] ||
    problem "the helper: $(cat "$folder/said.8")"
[ "$(cat "$folder/said.10")" = '{"Authorization":"Bearer ***"}' ] || problem "the JWT: $(cat "$folder/said.10")"
[ ! -s "$folder/said.9" ] || problem "the signature: $(cat "$folder/said.9")"
cd "$folder" && finish
