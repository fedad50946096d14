#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks in docs/commands for everything that --help says: a page for each command, and in it the text of the command and of each of its options.
#
#   check_help.sh ICPLAN          the pages of this repository
#   check_help.sh --self-check    prove on a throw-away command that it can fail
set -euo pipefail
export LC_ALL=C NO_COLOR=1 TERM=dumb COLUMNS=200

# Words without marks of Markdown and line breaks, so that only the text counts.
plain() { tr -d '`\\' | tr -s ' \n' '  '; }

# help_texts: the sentences of a --help on standard input, one a line: what the command does, then each option's words and help. CLI11 starts
# an option two blanks from the left and goes on further to the right.
help_texts() {
  awk '
    function flush() { if (text != "") print text; text = "" }
    /^Usage:/ || /^[A-Z][a-z]+:$/ { flush(); section = $1; next }
    /^Exit codes:/ { flush(); section = ""; next }
    section == "" && NF && !described { print; described = 1; next }
    (section == "Options:" || section == "Positionals:") && /^  [^ ]/ {
      flush()
      option = $1; sub(/,.*/, "", option); if (section == "Options:") print option
      line = $0; sub(/^  [^ ]+( [^ ]+)* {2,}/, "", line); if (line != $0) text = line
      next
    }
    (section == "Options:" || section == "Positionals:") && /^      / { line = $0; sub(/^ +/, "", line); text = text == "" ? line : text " " line }
    END { flush() }'
}

# subcommands HELP-TEXT
subcommands() { awk '/^Subcommands:$/ { on = 1; next } on && /^  [a-z]/ { print $1 }'; }

checked=0
missing=0

# check_command PROGRAM WORD...
check_command() {
  local program=$1 page text below
  shift
  local name=${*// /-}
  page=docs/commands/${name// /-}.md
  if [[ ! -f $page ]]; then
    echo "icplan $* has no page: run ./dev docs, then describe the command in $page"
    missing=$((missing + 1))
    return
  fi
  local known
  known=$(plain <"$page")
  while IFS= read -r text; do
    text=$(plain <<<"$text")
    text=${text%% }
    checked=$((checked + 1))
    if [[ $known != *"$text"* ]]; then
      echo "$page lacks what icplan $* --help says: $text"
      missing=$((missing + 1))
    fi
  done < <("$program" "$@" --help | help_texts)
  while IFS= read -r below; do check_command "$program" "$@" "$below"; done < <("$program" "$@" --help | subcommands)
}

check_all() {
  local command
  while IFS= read -r command; do check_command "$1" "$command"; done < <("$1" --help | subcommands)
  echo "$checked texts of --help, $missing of them not in docs/commands"
  ((missing == 0 && checked > 0))
}

self_check() {
  local place failed=0
  place=$(mktemp -d)
  mkdir -p "$place/docs/commands"
  cat >"$place/tool" <<'TOOL'
#!/bin/sh
if [ "$1" = --help ]; then printf 'top\nUsage: tool\n\nSubcommands:\n  one   Does one\n'; exit; fi
printf 'Does one\nUsage: tool one\n\nPositionals:\n  spec SPEC    The spec\n\nOptions:\n  -h,--help     Help me\n  --far FILE\n                Goes far\n                away\n\nExit codes: 0 fine.\n'
TOOL
  chmod +x "$place/tool"
  here() { (cd "$place" && checked=0 && missing=0 && check_all "$place/tool" >/dev/null); }
  if here; then echo "a missing page is taken"; failed=1; fi
  printf 'Does one.\n\n`-h` Help me; `--far FILE` Goes far\naway; The spec\n' >"$place/docs/commands/one.md"
  here || { echo "a true page is refused"; failed=1; }
  printf 'Does one. -h Help me; --far Goes far; The spec\n' >"$place/docs/commands/one.md"
  if here; then echo "a help that is not in the page is taken"; failed=1; fi
  printf 'Does one. -h Help me; Goes far away; The spec\n' >"$place/docs/commands/one.md"
  if here; then echo "an option that is not in the page is taken"; failed=1; fi
  rm -rf "$place"
  if ((failed == 0)); then echo "it fails when it should"; fi
  return $failed
}

if [[ ${1-} == --self-check ]]; then
  self_check
  exit
fi
program=$(readlink -f "${1?usage: check_help.sh ICPLAN}")
cd "$(dirname "$(readlink -f "$0")")/../.."
check_all "$program"
