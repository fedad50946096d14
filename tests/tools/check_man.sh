#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Has man, groff and mandoc read every man page, and takes no warning. Exits with 77 where none of them is installed.
#
#   check_man.sh FOLDER          the pages in it
#   check_man.sh --self-check    prove on throw-away pages that it can fail
set -euo pipefail
export LC_ALL=C.UTF-8 MANWIDTH=100

# judge PAGE: what the programs complain of. Pages have no date, because nothing that is built knows the time.
judge() {
  if command -v groff >/dev/null; then groff -man -ww -Tutf8 -z "$1" 2>&1; fi
  if command -v mandoc >/dev/null; then mandoc -T lint -W warning "$1" 2>&1 | grep -v 'missing date' || true; fi
  # Without its formatter, man can only find pages.
  if command -v man >/dev/null && command -v groff >/dev/null; then man --warnings -E UTF-8 -l "$1" 2>&1 >/dev/null; fi
}

check_all() {
  local page name text heading bad=0 pages=0
  for page in "$1"/*.1; do
    if [[ ! -f $page ]]; then continue; fi
    pages=$((pages + 1))
    name=${page##*/}
    text=$(judge "$page" || true)
    if [[ -n $text ]]; then
      echo "$name: $text"
      bad=$((bad + 1))
    fi
    for heading in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' ENVIRONMENT FILES 'SEE ALSO'; do
      if ! grep -qxF ".SH $heading" "$page"; then
        echo "$name has no $heading"
        bad=$((bad + 1))
      fi
    done
    # Markdown that was not understood would show.
    if grep -nE '\]\(|\*\*|<!--|\\\(ga' "$page"; then
      echo "$name has Markdown left in it"
      bad=$((bad + 1))
    fi
  done
  echo "$pages man pages, $bad complaints"
  ((bad == 0 && pages > 0))
}

self_check() {
  local place failed=0 heading
  place=$(mktemp -d)
  mkdir "$place/man"
  {
    echo '.TH X 1 "" "x" "x"'
    for heading in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' ENVIRONMENT FILES 'SEE ALSO'; do printf '.SH %s\nx \\- y\n' "$heading"; done
  } >"$place/man/x.1"
  check_all "$place/man" >/dev/null || { echo "a good page is refused"; failed=1; }
  cp "$place/man/x.1" "$place/good"
  printf '.nosuchrequest\n' >>"$place/man/x.1"
  if check_all "$place/man" >/dev/null; then echo "an unknown request is taken"; failed=1; fi
  sed '/EXIT STATUS/d' "$place/good" >"$place/man/x.1"
  if check_all "$place/man" >/dev/null; then echo "a page without exit status is taken"; failed=1; fi
  { cat "$place/good"; echo 'see [this](that)'; } >"$place/man/x.1"
  if check_all "$place/man" >/dev/null; then echo "Markdown is taken"; failed=1; fi
  rm -rf "$place"
  if ((failed == 0)); then echo "it fails when it should"; fi
  return $failed
}

if ! command -v groff >/dev/null && ! command -v mandoc >/dev/null; then
  echo "neither groff nor mandoc is installed"
  exit 77
fi
if [[ ${1-} == --self-check ]]; then
  self_check
  exit
fi
check_all "${1?usage: check_man.sh FOLDER}"
