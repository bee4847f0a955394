# docs/complaints.md names a test for each complaint, and each test, case and code that it names is there.
. "$(dirname "${BASH_SOURCE[0]}")/frame.bash" || exit 1
page=$root/docs/complaints.md

names=0 last=0
while IFS='|' read -r _ number complaint here shown _; do
    number=${number// /} complaint=${complaint# }
    case $number in
    [0-9]*)
        [ "$number" -eq $((last + 1)) ] || complain "number $number comes after $last"
        last=$number
        ;;
    '') ;; # one more of the same number
    *) continue ;; # the head of the table
    esac
    # `T/room/file.cpp:case`, or a script
    tests=$(grep -oE '`T/[^`]*`' <<<"$shown" | tr -d '`')
    [ -n "$tests" ] || complain "no test is named for: $complaint"
    for test in $tests; do
        file=$root/tests/${test#T/} case=
        [[ $test != *:* ]] || { file=${file%%:*} case=${test##*:}; }
        [ -f "$file" ] || { complain "$test: there is no such file"; continue; }
        names=$((names + 1))
        [[ $file == *.cpp ]] || continue
        [ -n "$case" ] || complain "$test names no case"
        grep -qE "^ *BOOST_(AUTO|DATA|FIXTURE)_TEST_CASE\($case[,)]" "$file" || complain "$test: there is no such case"
    done
    # `code` of doctor
    for code in $(grep -oE '`[a-z]+_[a-z]+`' <<<"$here" | tr -d '`' | grep -vE '^(invalid_grant|invalid_request|tolerate_slash|expires_in)$'); do
        grep -q "^| \`$code\` |" "$root/docs/troubleshooting.md" || complain "doctor says no $code"
    done
done < <(grep '^|' "$page" | grep -v '^|---')
[ "$last" -eq 14 ] || complain "$last complaints, not 14"
echo "$names tests for $last complaints"
verdict
