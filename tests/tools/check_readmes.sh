#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands of READMEs that quote output, and looks for every quoted line in what is printed.
#
#   check_readmes.sh ICPLAN FOLDER          all README.md under FOLDER of this repository
#   check_readmes.sh --run ICPLAN FOLDER... all .md under the folders: also run the commands that quote nothing
#   check_readmes.sh --self-check           prove on a throw-away command that it can fail
#
# An indented line that starts with `icplan` is a command; the indented lines right after it are quoted, `...` stands for lines left out.
# How many blanks part two cells does not matter.
# With --run, lines are run by bash in a copy of the repository's examples, page by page, one after the other; each must end with 0, or with
# what it says of itself, as in `icplan validate bad.json # exits 1`. The copy is a git repository whose HEAD~1 lacks examples/README.md.
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

# run_all ICPLAN FOLDER..., from the repository's root
run_all() {
  local program=$1 page line wanted code=0 failed=0 commands=0 quoted=0 place
  shift
  place=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$place'" EXIT
  mkdir "$place/bin"
  ln -s "$program" "$place/bin/icplan"
  while IFS= read -r page; do
    rm -rf "$place/work"
    mkdir "$place/work"
    cp -r examples catalogs "$place/work"
    if command -v git >/dev/null; then history_of "$place/work"; fi
    while IFS= read -r line; do
      if [[ $line == icplan\ * ]]; then
        wanted=0
        if [[ $line =~ '# exits '([0-9]+)$ ]]; then wanted=${BASH_REMATCH[1]}; fi
        code=0
        (cd "$place/work" && PATH=$place/bin:$PATH bash -euc "$line" >"$place/printed" 2>"$place/complaints" </dev/null) || code=$?
        commands=$((commands + 1))
        if [[ $code != "$wanted" ]]; then
          echo "$page: exit code $code instead of $wanted: $line"
          head -n 5 "$place/complaints"
          failed=$((failed + 1))
        fi
        cat "$place/complaints" >>"$place/printed"
        squeeze <"$place/printed" >"$place/squeezed"
        continue
      fi
      line=$(squeeze <<<"$line")
      if [[ -z $line || $line == ... ]]; then continue; fi
      quoted=$((quoted + 1))
      if ! grep -qxF -- "$line" "$place/squeezed"; then
        echo "$page quotes what the command does not print: $line"
        failed=$((failed + 1))
      fi
    done < <(all_lines "$page")
  done < <(find "$@" -name '*.md' | sort)
  echo "$commands commands and $quoted quoted lines, $failed of them wrong"
  ((failed == 0 && commands > 0))
}

# all_lines PAGE: its commands, each followed by the lines that are quoted after it. Generated sections have none.
all_lines() {
  awk '
    /^<!-- generated: / { generated = 1 }
    /^<!-- end of generated/ { generated = 0; command = 0; next }
    generated { next }
    /^    icplan / { command = 1; print substr($0, 5); next }
    /^    / && command { print substr($0, 5); next }
    /^$/ { next }
    { command = 0 }' "$1"
}

history_of() {
  local -a as=(-c user.name=reader -c user.email=reader@example.org -c commit.gpgsign=false)
  (
    cd "$1"
    git init -q .
    git add -A
    git rm -q --cached examples/README.md
    git "${as[@]}" commit -qm first
    git add -A
    git "${as[@]}" commit -qm second
  )
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
  (cd "$place" && mkdir catalogs docs && touch examples/README.md)
  printf 'text\n\n    icplan plan\n    GPUs  8\n' >"$place/docs/a.md"
  (cd "$place" && run_all "$place/tool" docs >/dev/null) || { echo "a true page is refused"; failed=1; }
  printf '    icplan plan # exits 1\n' >"$place/docs/a.md"
  if (cd "$place" && run_all "$place/tool" docs >/dev/null); then echo "a wrong exit code is taken"; failed=1; fi
  printf '    icplan plan\n    GPUs  9\n' >"$place/docs/a.md"
  if (cd "$place" && run_all "$place/tool" docs >/dev/null); then echo "a false quote of a page is taken"; failed=1; fi
  rm -rf "$place"
  if ((failed == 0)); then echo "it fails when it should"; fi
  return $failed
}

if [[ ${1-} == --self-check ]]; then
  self_check
  exit
fi
run=0
if [[ ${1-} == --run ]]; then run=1 && shift; fi
if (($# < 2 || ($# > 2 && !run))); then
  echo "usage: check_readmes.sh ICPLAN FOLDER | --run ICPLAN FOLDER..." >&2
  exit 2
fi
program=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "$0")")/../.."
if ((run)); then run_all "$program" "${@:2}"; else check_all "$program" "$2"; fi
