#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Manners at the terminal and in pipes: colour, widths and progress on a terminal alone, silence where nobody reads on, `-` for standard streams, and
# the same --quiet, --verbose and --timings everywhere.
#
#   check_terminal.sh ICPLAN     exit 77: there is no `script`, which makes a terminal; everything else was checked
set -euo pipefail
export LC_ALL=C TZ=UTC TERM=xterm
unset NO_COLOR COLUMNS

icplan=$(readlink -f "${1:?usage: check_terminal.sh ICPLAN}")
cd "$(dirname "$(readlink -f "$0")")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A spec that has warnings, one that searches for a better placement, one that has errors, and one with many rows.
spec=examples/media-bands/cluster.json
searched=examples/uneven-floor/cluster.json
broken=examples/broken/cluster.json
large=examples/superpod-h100-4su/cluster.json
escape=$'\e'
failures=0

fail() {
  echo "check_terminal: $*"
  failures=$((failures + 1))
}

# code WANTED COMMAND...: runs it; what it printed is in $work/out and $work/err.
code() {
  local wanted=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" || code=$?
  if ((code != wanted)); then
    fail "exit code $code in place of $wanted: $*"
    head -n 5 "$work/err"
  fi
}

quiet_errors() { [[ ! -s $work/err ]] || fail "not silent: $* $(head -n 1 "$work/err")"; }
says() { grep -qF -- "$1" "$work/err" || fail "does not say \`$1\` but: $(head -n 3 "$work/err")"; }

cable=$("$icplan" cables "$spec" -q | awk -F, 'NR == 2 { print $1 }')

# Each with what it needs beside the spec.
planning=("plan" "bom" "cables" "labels" "trays" "bandwidth" "latency" "workloads" "power" "cost" "failures" "export --to simgrid" "validate")

check_pipes() {
  # A reader that leaves ends the writer as it ends cat: by the signal, without a word, even under a parent that ignores it.
  local code=0
  "$icplan" cables "$large" 2>"$work/err" | true || code=${PIPESTATUS[0]}
  ((code == 141)) || fail "exit code $code in place of 141 in a pipe that nobody reads"
  quiet_errors "in a pipe that nobody reads"
  code=0
  (trap '' PIPE && exec "$icplan" cables "$large" 2>"$work/err") | true || code=${PIPESTATUS[0]}
  ((code == 141)) || fail "exit code $code in place of 141 where the parent ignores SIGPIPE"
  quiet_errors "where the parent ignores SIGPIPE"
}

check_full_disk() {
  local -a commands=("cables $spec -q" "plan $spec -q --format json" "bom $spec -q -o -" "diff $large $spec" "schema cluster" "explain" "catalog list" "--help" "plan --help" "--version")
  local command
  for command in "${commands[@]}"; do
    local exit_code=0
    # shellcheck disable=SC2086 # words
    "$icplan" $command >/dev/full 2>"$work/err" || exit_code=$?
    ((exit_code == 3)) || fail "exit code $exit_code in place of 3 on a full disk: $command"
    says "cannot write to standard output"
    exit_code=0
    # shellcheck disable=SC2086
    "$icplan" $command >&- 2>"$work/err" || exit_code=$?
    ((exit_code == 3)) || fail "exit code $exit_code in place of 3 with standard output closed: $command"
  done
  code 3 "$icplan" plan - <&-
  says "cannot read standard input"
}

# The signal that a file beyond its limit brings leaves nothing behind, nor does any other that ends the program.
check_partial_files() {
  local exit_code=0
  { (ulimit -f 8 && exec "$icplan" plan "$large" -q -o "$work/limited") || exit_code=$?; } 2>"$work/err"
  ((exit_code > 128)) || fail "exit code $exit_code where a file may not grow"
  [[ -z $(ls -A "$work/limited") ]] || fail "left behind: $(ls -A "$work/limited")"
  (trap '' XFSZ && ulimit -f 8 && exec "$icplan" plan "$large" -q -o "$work/limited" 2>"$work/err") && fail "a file grew beyond its limit"
  says "cannot write"
  [[ -z $(ls -A "$work/limited") ]] || fail "left behind after an error: $(ls -A "$work/limited")"
}

check_dashes() {
  local command
  for command in "${planning[@]}"; do
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$spec" -q
    mv "$work/out" "$work/wanted"
    # shellcheck disable=SC2086
    code 0 "$icplan" $command - -q <"$spec"
    cmp -s "$work/out" "$work/wanted" || fail "$command prints something else for standard input"
    # shellcheck disable=SC2086
    code 2 "$icplan" $command - --prices - <"$spec"
    says "standard input can be read only once"
  done
  code 0 "$icplan" compare "$spec" - -q <"$large"
  # shellcheck disable=SC2094 # nothing writes it
  code 0 "$icplan" diff "$spec" - <"$spec"
  [[ ! -s $work/out ]] || fail "diff finds a change between a spec and itself on standard input"
  code 0 "$icplan" explain "$cable" - -q <"$spec"
  for command in "compare - -" "diff - -" "validate - -"; do
    # shellcheck disable=SC2086
    code 2 "$icplan" $command <"$spec"
    says "standard input can be read only once"
  done
  printf 'part,length_m,unit_price_usd\nnvidia-qm9700,,1234.5\n' >"$work/prices.csv"
  code 0 "$icplan" bom "$large" -q --prices - <"$work/prices.csv"
  grep -q '1234.50' "$work/out" || fail "the price list on standard input is not used"

  for command in "bom $spec -q --format csv" "export --to simgrid $spec -q"; do
    # shellcheck disable=SC2086
    code 0 "$icplan" $command
    mv "$work/out" "$work/wanted"
    # shellcheck disable=SC2086
    code 0 "$icplan" $command -o -
    cmp -s "$work/out" "$work/wanted" || fail "$command -o - does not print what $command does"
  done
  [[ ! -e ./- ]] || fail "there is a file named -"
  code 2 "$icplan" plan "$spec" -q -o -
  says "needs the name of a folder"
}

check_same_everywhere() {
  local command
  for command in "${planning[@]}" "compare $spec" "diff $spec" "explain $cable"; do
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$spec" -q
    cp "$work/out" "$work/wanted"
    quiet_errors "$command -q"
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$spec" -q --timings
    cmp -s "$work/out" "$work/wanted" || fail "$command --timings prints another product"
    [[ $(head -n 1 "$work/err") == "$spec" ]] || fail "$command --timings does not begin with the spec"
    local stage
    for stage in catalog spec fabric placement cabling bom check output; do
      grep -qE "^$stage +[0-9]+ +[0-9]+\.[0-9]{3} ms$" "$work/err" || fail "$command --timings has no stage $stage"
    done
    [[ $(tail -n 1 "$work/err") == output* ]] || fail "$command --timings does not end with the output"
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$spec" -q --verbose
    cmp -s "$work/out" "$work/wanted" || fail "$command --verbose prints another product"
    for stage in catalog spec fabric placement cabling bom check output; do
      grep -qE "^icplan: $stage: [0-9]+ in [0-9]+ us$" "$work/err" || fail "$command --verbose has no stage $stage"
    done
    ! grep -qv '^icplan: ' "$work/err" || fail "$command --verbose says more than its log: $(grep -v '^icplan: ' "$work/err" | head -n 1)"
    # A refused spec is told with errors alone, and with everything where nobody asked for quiet.
    # shellcheck disable=SC2086
    code 1 "$icplan" $command "$broken" -q
    if [[ $command == validate ]]; then mv "$work/out" "$work/err"; fi
    says "error["
    if [[ $command != validate ]] && grep -qE '^(warning|note)\[' "$work/err"; then fail "$command -q tells more than errors"; fi
  done
  # Warnings of a plan go to standard error where the product does not list them.
  for command in "${planning[@]}" "compare $spec"; do
    if [[ $command == plan || $command == validate ]]; then continue; fi
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$spec"
    grep -q '^warning\[' "$work/err" || fail "$command does not warn"
  done
}

# Neither colour nor what comes and goes where nobody looks on.
check_files() {
  local command
  for command in "plan" "bom" "validate" "failures"; do
    # shellcheck disable=SC2086
    code 0 "$icplan" $command "$searched"
    ! grep -qF "$escape" "$work/out" "$work/err" || fail "$command commands a terminal that is none"
  done
  code 1 "$icplan" validate "$broken"
  ! grep -qF "$escape" "$work/out" "$work/err" || fail "validate colours a file"
  COLUMNS=40 "$icplan" bom "$large" >"$work/narrow"
  code 0 "$icplan" bom "$large"
  cmp -s "$work/out" "$work/narrow" || fail "COLUMNS changes what a file gets"
}

# terminal COLUMNS COMMAND: runs it on a terminal of so many columns, standard output and standard error alike.
terminal() {
  local columns=$1
  shift
  script -qec "stty cols $columns rows 50 -onlcr && $*" /dev/null </dev/null >"$work/out" || true
}
longest() { awk '{ if (length($0) > most) most = length($0) } END { print most + 0 }' "$work/out"; }

check_terminals() {
  terminal 100 "$icplan validate $broken"
  grep -qF "${escape}[1;31merror" "$work/out" || fail "validate has no colour on a terminal"
  for variable in NO_COLOR=1 TERM=dumb; do
    terminal 100 "env $variable $icplan validate $broken"
    grep -q '^error\[' "$work/out" || fail "validate prints nothing on a terminal with $variable"
    ! grep -qF "$escape" "$work/out" || fail "validate has colour with $variable"
  done
  terminal 100 "env NO_COLOR= $icplan validate $broken"
  grep -qF "${escape}[1;31merror" "$work/out" || fail "an empty NO_COLOR takes the colour"

  # As wide as it is, a table is what a file gets; narrower, it still has every part and figure.
  local command columns
  for command in "bom $large" "plan $large" "cables --format text $large" "power $large" "compare $large $searched" "catalog list module" "explain $cable $spec"; do
    # shellcheck disable=SC2086
    code 0 "$icplan" $command
    mv "$work/out" "$work/wanted"
    [[ -s $work/wanted ]] || fail "$command prints nothing"
    terminal 4000 "$icplan $command 2>/dev/null"
    cmp -s "$work/out" "$work/wanted" || fail "$command prints something else on a wide terminal"
  done
  code 0 "$icplan" bom "$large" -q
  grep -oE '[0-9][0-9,.]*' "$work/out" | sort >"$work/wanted"
  for columns in 90 80; do
    terminal "$columns" "$icplan bom $large -q"
    (($(longest) <= columns)) || fail "bom takes $(longest) columns of $columns"
    grep -oE '[0-9][0-9,.]*' "$work/out" | sort | cmp -s - "$work/wanted" || fail "bom lost or broke figures at $columns columns"
  done
  terminal 100 "$icplan diff $large $spec"
  grep -qF "${escape}[31m  - " "$work/out" || fail "diff has no colour on a terminal"
  terminal 100 "env NO_COLOR=1 $icplan diff $large $spec"
  ! grep -qF "$escape" "$work/out" || fail "diff has colour with NO_COLOR"
  terminal 70 "$icplan bom $large -q | cat"
  (($(longest) > 70)) || fail "bom is narrow in a pipe"

  terminal 100 "$icplan bom $searched 2>&1 >/dev/null"
  grep -qE 'optimize [0-9]+ %' "$work/out" || fail "no progress on a terminal"
  for command in "env TERM=dumb $icplan bom $searched" "$icplan bom $searched -q" "$icplan bom $searched -v"; do
    terminal 100 "$command 2>&1 >/dev/null"
    ! grep -qE 'optimize [0-9]+ %' "$work/out" || fail "progress for: $command"
  done
  terminal 100 "$icplan bom $large -q --format xlsx -o -"
  grep -qE 'workbook is no text|libxlsxwriter' "$work/out" || fail "a workbook goes to a terminal"
}

check_pipes
check_full_disk
check_partial_files
check_dashes
check_same_everywhere
check_files
skipped=0
if command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
  check_terminals
else
  echo "there is no \`script\`, or it does not get a terminal"
  skipped=77
fi
if ((failures > 0)); then
  echo "check_terminal: $failures failures"
  exit 1
fi
exit "$skipped"
