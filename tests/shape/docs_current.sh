#!/usr/bin/env bash
# Every C++ snippet of README and docs/ is a region of a tested example, by name:
#     <!-- example: FILE REGION -->   followed by a ```cpp fence
# where examples/FILE holds the lines between `// [REGION]` and `// [/REGION]`. Fails where they differ, and on a C++
# snippet that names no example. `--fix` writes the regions into the pages.
set -u
cd "${COUNTERSIGN_SOURCE_DIR:-$(dirname "$0")/../..}" || exit 2
fix=${1:-}

region() { # FILE NAME: the lines, moved to the left margin
  awk -v open="// [$2]" -v close_="// [/$2]" '
    { text = $0; sub(/^ +/, "", text) }
    text == close_ { inside = 0 }
    inside { line[++n] = $0; match($0, /^ */); if ($0 != "" && (least == "" || RLENGTH < least)) least = RLENGTH }
    text == open { inside = 1 }
    END { for (i = 1; i <= n; ++i) print substr(line[i], least + 1) }' "examples/$1"
}

status=0 snippets=0
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT
for page in README.md docs/*.md docs/*/*.md; do
  [ -f "$page" ] || continue
  : >"$scratch/page"
  marker= fence=
  while IFS= read -r line || [ -n "$line" ]; do
    if [ -n "$fence" ]; then # inside a snippet: dropped, the region stands in its place
      [ "$line" = '```' ] && fence= && printf '%s\n' "$line" >>"$scratch/page"
      continue
    fi
    if [ "$line" = '```cpp' ]; then
      if [ -z "$marker" ]; then
        echo "$page: a C++ snippet that is no region of an example" >&2
        status=1
      else
        read -r file name <<<"$marker"
        printf '%s\n' "$line" >>"$scratch/page"
        region "$file" "$name" >"$scratch/region"
        if [ ! -s "$scratch/region" ]; then
          echo "$page: examples/$file has no region [$name]" >&2
          status=1
        fi
        cat "$scratch/region" >>"$scratch/page"
        snippets=$((snippets + 1)) marker= fence=1
        continue
      fi
    fi
    case $line in
      '<!-- example: '*' -->') marker=${line#'<!-- example: '} marker=${marker%' -->'} ;;
      '') ;;
      *) marker= ;;
    esac
    printf '%s\n' "$line" >>"$scratch/page"
  done <"$page"
  if ! cmp -s "$page" "$scratch/page"; then
    if [ "$fix" = --fix ]; then
      cat "$scratch/page" >"$page"
      echo "$page: rewritten"
    else
      echo "$page: a snippet differs from its example; run tests/shape/docs_current.sh --fix" >&2
      diff "$page" "$scratch/page" >&2
      status=1
    fi
  fi
done
echo "$snippets snippets are regions of examples"
exit $status
