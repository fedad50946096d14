#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands of READMEs that quote output, and looks for every quoted line in what is printed.
#
#   check_readmes.sh ICPLAN FOLDER    all README.md under FOLDER of this repository
#   check_readmes.sh --self-check     prove on a throw-away command that it can fail
#
# An indented line that starts with `icplan` is a command; the indented lines right after it are quoted, `...` stands for lines left out.
# How many blanks part two cells does not matter.
set -euo pipefail
export LC_ALL=C NO_COLOR=1 TERM=dumb

# quotes README: "command" and "line" records, of commands that have quoted lines.
quotes() {
  awk '
    /^    icplan / { command = substr($0, 5); next }
    /^    / && command != "" { if (command != said) print "command\t" command; said = command; print "line\t" substr($0, 5); next }
    /^$/ { next }
    { command = ""; said = "" }' "$1"
}

squeeze() { sed 's/[[:space:]]\+/ /g; s/^ //; s/ $//'; }

# check_all ICPLAN FOLDER, from the repository's root
check_all() {
  local program=$1 readme kind text missing=0 lines=0 printed
  local -a words=()
  printed=$(mktemp)
  # shellcheck disable=SC2064
  trap "rm -f '$printed'" EXIT
  while IFS= read -r readme; do
    while IFS=$'\t' read -r kind text; do
      if [[ $kind == command ]]; then
        mapfile -d '' words < <(xargs -r printf '%s\0' <<<"${text#icplan }")
        { "$program" "${words[@]}" 2>&1 </dev/null || true; } | squeeze >"$printed"
        continue
      fi
      text=$(squeeze <<<"$text")
      if [[ -z $text || $text == ... ]]; then continue; fi
      lines=$((lines + 1))
      if ! grep -qxF -- "$text" "$printed"; then
        echo "$readme quotes what the command does not print: $text"
        missing=$((missing + 1))
      fi
    done < <(quotes "$readme")
  done < <(find "$2" -name README.md | sort)
  echo "$lines quoted lines, $missing of them not printed"
  ((missing == 0 && lines > 0))
}

self_check() {
  local place failed=0
  place=$(mktemp -d)
  mkdir "$place/examples"
  printf '#!/bin/sh\necho "GPUs   8"\necho "$1"\n' >"$place/tool"
  chmod +x "$place/tool"
  printf 'text\n\n    icplan plan\n    GPUs  8\n    ...\n    plan\n' >"$place/examples/README.md"
  (cd "$place" && check_all "$place/tool" examples >/dev/null) || { echo "true quotes are refused"; failed=1; }
  printf '    icplan plan\n    GPUs  9\n' >"$place/examples/README.md"
  if (cd "$place" && check_all "$place/tool" examples >/dev/null); then echo "a false quote is taken"; failed=1; fi
  printf '    icplan plan\n\nGPUs  9\n' >"$place/examples/README.md"
  if (cd "$place" && check_all "$place/tool" examples >/dev/null); then echo "no quote at all is taken"; failed=1; fi
  rm -rf "$place"
  if ((failed == 0)); then echo "it fails when it should"; fi
  return $failed
}

if [[ ${1-} == --self-check ]]; then
  self_check
  exit
fi
if (($# != 2)); then
  echo "usage: check_readmes.sh ICPLAN FOLDER" >&2
  exit 2
fi
program=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "$0")")/../.."
check_all "$program" "$2"
