#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spoils a copy of docs/ in every way that icplan-docs must see, and mends it as ./dev docs does.
#
#   check_generated.sh ICPLAN-DOCS
set -euo pipefail
export LC_ALL=C

program=$(readlink -f "${1?usage: check_generated.sh ICPLAN-DOCS}")
cd "$(dirname "$(readlink -f "$0")")/../.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
failed=0

# spoilt WANTED COMMAND...: runs the command in a fresh copy; check must then fail and print a line that has WANTED in it.
spoilt() {
  local wanted=$1
  shift
  rm -rf "$place/copy"
  mkdir -p "$place/copy/catalogs"
  cp -r docs "$place/copy"
  cp -r catalogs/schema "$place/copy/catalogs"
  (cd "$place/copy" && "$@")
  if "$program" check "$place/copy" >"$place/said"; then
    echo "it sees nothing wrong after: $*"
    failed=$((failed + 1))
  elif ! grep -qF -- "$wanted" "$place/said"; then
    echo "it does not say '$wanted' after: $*"
    cat "$place/said"
    failed=$((failed + 1))
  fi
}

spoilt 'docs/commands/bom.md: does not exist; run ./dev docs' rm docs/commands/bom.md
spoilt 'docs/commands/bom.md: is not what icplan says of itself; run ./dev docs' sed -i 's/^| `--baseline DIR`.*/| gone | gone |/' docs/commands/bom.md
spoilt 'docs/commands/bom.md: needs a line `<!-- generated: options -->`' sed -i '/generated: options/d' docs/commands/bom.md
spoilt 'docs/commands/labels.md: says nothing about the command' sed -i '/^One row of CSV/,/^$/d' docs/commands/labels.md
spoilt 'docs/commands/bom.md: has no indented line under `## Examples`' sed -i '/^    icplan bom ex/d' docs/commands/bom.md
spoilt 'docs/commands/stray.md: icplan has no such command or document' cp docs/commands/bom.md docs/commands/stray.md
spoilt 'docs/reference/stray.md: icplan has no such command or document' cp docs/reference/power.md docs/reference/stray.md
spoilt 'docs/reference/power.md: does not exist' rm docs/reference/power.md
spoilt 'docs/commands.md: is not what icplan says of itself' sed -i '/^| \[`icplan bom`/d' docs/commands.md
spoilt 'docs/findings.md: is not what icplan says of itself' sed -i 's/IC1012/IC1013/' docs/findings.md
spoilt 'docs/spec-reference.md: is not what icplan says of itself' sed -i 's/"nodes_per_rack"/"nodes_in_rack"/' catalogs/schema/cluster.schema.json

# A page that is gone, and one that is out of date, are written anew; the second time there is nothing to write.
rm -rf "$place/copy/docs"
cp -r docs "$place/copy"
cp -r catalogs/schema "$place/copy/catalogs"
rm "$place/copy/docs/findings.md"
sed -i 's/^| `--baseline DIR`.*/| gone | gone |/' "$place/copy/docs/commands/bom.md"
"$program" pages "$place/copy" >"$place/said"
if [[ $(grep -c '^wrote ' "$place/said") != 2 ]]; then
  cat "$place/said"
  failed=$((failed + 1))
fi
if ! diff -r docs "$place/copy/docs"; then
  echo "what it writes is not what is committed"
  failed=$((failed + 1))
fi
echo "$failed of 13 wrong"
((failed == 0))
