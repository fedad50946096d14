#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every template of `icplan init` plans without an error as it comes, and the options do what they say.
set -euo pipefail
export LC_ALL=C NO_COLOR=1 TERM=dumb

if (($# != 1)); then
  echo "usage: check_init.sh ICPLAN" >&2
  exit 2
fi
icplan=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
complain() {
  echo "$*"
  failed=1
}
# expect CODE COMMAND...
expect() {
  local wanted=$1 code=0
  shift
  "$@" >out 2>err || code=$?
  if [[ $code != "$wanted" ]]; then complain "$*: exit code $code instead of $wanted: $(cat err)"; fi
}

"$icplan" init --list >list
mapfile -t names < <(awk '/^  [a-z]/ && $1 != "template" && $1 != "without" { print $1 }' list)
if ((${#names[@]} < 6)); then complain "only ${#names[@]} templates in the list"; fi
for name in "${names[@]}"; do
  "$icplan" init "$name" >"$name.json"
  if [[ $(grep -c '^ *//' "$name.json") -lt 5 ]]; then complain "$name hardly explains itself"; fi
  expect 0 "$icplan" plan - <"$name.json"
  if ! grep -q '^Totals' out; then complain "$name: no plan"; fi
  expect 0 "$icplan" validate "$name.json"
  # Another number of nodes than it was written for: `expected` goes, everything else stays.
  "$icplan" init "$name" --nodes 12 --name 'two "words"' >changed.json
  if [[ $(diff "$name.json" changed.json | grep -c '^>') -gt 3 ]]; then complain "$name: --nodes and --name change more than they should"; fi
  grep -q '"name": "two \\"words\\""' changed.json || complain "$name: --name does not name it"
  grep -q '"count": 12' changed.json || complain "$name: --nodes does not count"
  expect 0 "$icplan" validate changed.json
done
# What comments offer in place of something works where it is put.
# instead TEMPLATE OLD NEW
instead() {
  grep -qF "$4" "$1.json" || complain "$1 does not offer $4 any more"
  awk -v old="$2" -v new="$3" '{ at = index($0, old); if (at && $0 !~ /^ *\/\//) { $0 = substr($0, 1, at - 1) new substr($0, at + length(old)); done = 1 } print } END { exit !done }' "$1.json" >other.json ||
    complain "$1 does not hold $2"
  expect 0 "$icplan" validate other.json
}
torus='{ "kind": "torus", "dims": [4, 4, 4] }'
instead rail-pod '"rail-optimized"' "$torus" "$torus"
for word in fat-tree rail-only dual-tor multi-plane; do instead rail-pod '"rail-optimized"' "\"$word\"" "\"$word\""; done
torus='{ "kind": "torus", "dims": [6, 6, 6] }'
instead dragonfly '{ "kind": "dragonfly", "a": 32, "p": 16, "h": 16, "g": 3 }' "$torus" "$torus"
planes='"topology": { "kind": "multi-plane", "of": "fat-tree" }'
instead dual-plane-ethernet '"topology": "dual-tor"' "\"planes\": 2, $planes" "$planes"

"$icplan" init >default.json
cmp -s default.json "${names[0]}.json" || complain "the first of the list is not the default"

expect 0 "$icplan" init -o new/spec.json
cmp -s default.json new/spec.json || complain "-o writes something else"
echo mine >mine.json
expect 2 "$icplan" init -o mine.json
[[ $(<mine.json) == mine ]] || complain "a file was written over without --force"
ln -s nowhere dangling.json
expect 2 "$icplan" init -o dangling.json
expect 0 "$icplan" init -o mine.json --force
cmp -s default.json mine.json || complain "--force does not write"
expect 2 "$icplan" init rail-pdo
grep -q 'did you mean `rail-pod`' err || complain "the nearest template is not named: $(cat err)"
expect 2 "$icplan" init ../templates/rail-pod
expect 2 "$icplan" init --nodes 0
expect 2 "$icplan" init --name ''
if ((failed == 0)); then echo "${#names[@]} templates plan"; fi
exit $failed
