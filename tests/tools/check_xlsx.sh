#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes a bill of materials as a workbook and opens it again: the parts are in it, and two runs at different times give the same bytes.
#
#   check_xlsx.sh ICPLAN CMAKE     exit 77: this build cannot write workbooks
set -euo pipefail

icplan=$1
cmake=$2
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
spec=$root/examples/tiny/cluster.json

code=0
"$icplan" bom "$spec" --quiet --format xlsx -o "$work/first.xlsx" 2>"$work/stderr" || code=$?
if [[ $code == 2 ]] && grep -q 'libxlsxwriter-dev' "$work/stderr"; then
  echo "this build has no libxlsxwriter"
  exit 77
fi
if [[ $code != 0 ]]; then
  echo "exit code $code"
  cat "$work/stderr"
  exit 1
fi

# Times in ZIP archives step by two seconds.
sleep 2.1
"$icplan" bom "$spec" --quiet --format xlsx -o "$work/second.xlsx"
cmp "$work/first.xlsx" "$work/second.xlsx" || {
  echo "two runs differ"
  exit 1
}

mkdir "$work/open"
(cd "$work/open" && "$cmake" -E tar xf "$work/first.xlsx")
for text in nvidia-qm9700 quantity manufacturer 'bill of materials'; do
  grep -rqF "$text" "$work/open/xl" || {
    echo "the workbook does not hold: $text"
    exit 1
  }
done
# Quantities are numbers.
grep -qE '<c r="E2"( s="[0-9]+")?><v>4</v></c>' "$work/open/xl/worksheets/sheet1.xml" || {
  echo "cell E2 is not the number 4"
  exit 1
}

code=0
"$icplan" bom "$spec" --quiet --format xlsx >"$work/stdout" 2>"$work/stderr" || code=$?
if [[ $code != 2 || -s $work/stdout ]]; then
  echo "a workbook without -o ends with $code"
  exit 1
fi
echo "the workbook opens and is the same twice"
