#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Follows the links of all pages within the repository: the file must be there, and in a page the heading too.
#
#   check_links.sh [FOLDER]
#   check_links.sh --self-check    prove on throw-away pages that it can fail
set -euo pipefail
export LC_ALL=C

# anchors PAGE: its headings as GitHub makes addresses of them, and with -1, -2 where one comes again.
anchors() {
  awk '
    /^```/ { fenced = !fenced; next }
    !fenced && /^#+ / {
      text = tolower($0); sub(/^#+ +/, "", text); gsub(/\]\([^)]*\)/, "", text); gsub(/[^a-z0-9 _-]/, "", text); gsub(/ /, "-", text)
      if (seen[text]++) text = text "-" seen[text] - 1
      print text
    }' "$1"
}

# links PAGE: the targets of its links, but those to other places and those within code.
links() {
  awk '/^```/ { fenced = !fenced; next } !fenced && !/^    / { gsub(/`[^`]*`/, "`"); print }' "$1" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' | grep -vE '^(https?|mailto):' || true
}

check_all() {
  local page target file anchor broken=0 followed=0
  while IFS= read -r page; do
    while IFS= read -r target; do
      followed=$((followed + 1))
      file=${target%%#*}
      anchor=
      if [[ $target == *#* ]]; then anchor=${target#*#}; fi
      if [[ -z $file ]]; then file=$page; else file=${page%/*}/$file; fi
      if [[ ! -e $file ]]; then
        echo "$page: there is no $target"
        broken=$((broken + 1))
      elif [[ -n $anchor && $file == *.md ]] && ! anchors "$file" | grep -qxF -- "$anchor"; then
        echo "$page: there is no heading for $target"
        broken=$((broken + 1))
      fi
    done < <(links "$page")
  done < <(find "$1" \( -name build -o -name .git -o -name golden \) -prune -o -name '*.md' -print | sort)
  echo "$followed links, $broken of them broken"
  ((broken == 0 && followed > 0))
}

self_check() {
  local place failed=0
  place=$(mktemp -d)
  printf '# A b, `c`\n\n[here](#a-b-c) [there](other.md#two) `[no](link)`\n' >"$place/page.md"
  printf '# One\n\n## Two\n' >"$place/other.md"
  check_all "$place" >/dev/null || { echo "good links are refused"; failed=1; }
  printf '[there](other.md#three)\n' >"$place/page.md"
  if check_all "$place" >/dev/null; then echo "a missing heading is taken"; failed=1; fi
  printf '[there](absent.md)\n' >"$place/page.md"
  if check_all "$place" >/dev/null; then echo "a missing page is taken"; failed=1; fi
  rm -rf "$place"
  if ((failed == 0)); then echo "it fails when it should"; fi
  return $failed
}

if [[ ${1-} == --self-check ]]; then
  self_check
  exit
fi
cd "${1-$(dirname "$(readlink -f "$0")")/../..}"
check_all .
