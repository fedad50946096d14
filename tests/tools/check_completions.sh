#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Asks the completions what they propose: bash by calling its function as bash would, fish by its own command, zsh for its syntax. The latter two
# only where they are installed.
#
#   check_completions.sh FOLDER [ICPLAN]
set -euo pipefail
export LC_ALL=C

folder=$(readlink -f "${1?usage: check_completions.sh FOLDER ICPLAN}")
program=$(readlink -f "${2?usage: check_completions.sh FOLDER ICPLAN}")
failed=0
asked=0
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
touch cluster.json other.csv
mkdir installed

# shellcheck disable=SC1091
source "$folder/icplan.bash"

# propose WORD...: what bash proposes for the last word, in one line.
propose() {
  COMP_WORDS=("$@")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _icplan icplan "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  echo "${COMPREPLY[*]-}"
}

# expect WANTED WORD...
expect() {
  local wanted=$1 got
  shift
  got=$(propose "$@")
  asked=$((asked + 1))
  if [[ $got != "$wanted" ]]; then
    echo "$*: bash proposes '$got' instead of '$wanted'"
    failed=$((failed + 1))
  fi
}

all=$("$program" --help | awk '/^Subcommands:$/ { on = 1; next } on && /^  [a-z]/ { printf "%s%s", mark, $1; mark = " " }')
expect "$all" icplan ''
expect 'cables catalog' icplan ca
expect '--help --version' icplan --
expect 'list show lint' icplan catalog ''
expect 'list lint' icplan catalog li
expect 'text md csv xlsx' icplan bom --format ''
expect 'csv' icplan bom cluster.json --format c
expect 'text md csv xlsx' icplan bom --format =
expect 'csv' icplan bom --format = c
expect '--format' icplan bom --form
expect '--format' icplan bom cluster.json --form
expect 'cluster.json' icplan plan cl
expect '' icplan plan cluster.json o
expect 'cluster.json' icplan plan --format json cl
expect 'cluster.json' icplan plan --format = json cl
expect 'other.csv' icplan plan --prices o
expect 'installed' icplan plan --baseline ''
expect 'other.csv' icplan compare cluster.json ot
expect 'IC1012' icplan explain IC1012
expect 'cluster.json' icplan explain IC1012 cl
expect 'plan' icplan schema pl
expect 'simgrid' icplan export cluster.json --to ''

# Every command and every option that --help names is proposed.
for command in $all; do
  printed=$("$program" "$command" --help)
  mapfile -t long < <(grep -oE '^  (-[a-zA-Z],)?--[a-z-]+' <<<"$printed" | grep -oE -- '--[a-z-]+')
  proposed=" $(propose icplan "$command" --) "
  for option in "${long[@]}"; do
    asked=$((asked + 1))
    if [[ $proposed != *" $option "* ]]; then
      echo "icplan $command: bash does not propose $option"
      failed=$((failed + 1))
    fi
  done
done

if command -v zsh >/dev/null; then
  asked=$((asked + 1))
  zsh -n "$folder/_icplan" || failed=$((failed + 1))
fi
if command -v fish >/dev/null; then
  export HOME=$place XDG_CONFIG_HOME=$place/config XDG_DATA_HOME=$place/data
  fish --no-execute "$folder/icplan.fish" || failed=$((failed + 1))
  # expect_fish WANTED LINE
  expect_fish() {
    local got
    got=$(fish --no-config -c "source $folder/icplan.fish; complete -C '$2'" | cut -f 1 | sort | tr '\n' ' ')
    asked=$((asked + 1))
    if [[ ${got% } != "$1" ]]; then
      echo "$2: fish proposes '$got' instead of '$1'"
      failed=$((failed + 1))
    fi
  }
  expect_fish 'cables catalog' 'icplan ca'
  expect_fish 'csv md text xlsx' 'icplan bom --format '
  expect_fish 'lint list show' 'icplan catalog '
  expect_fish 'cluster.json' 'icplan plan cl'
  expect_fish 'plan' 'icplan schema pl'
  expect_fish 'other.csv' 'icplan plan --prices o'
fi
echo "$asked questions, $failed of them answered wrongly"
((failed == 0))
