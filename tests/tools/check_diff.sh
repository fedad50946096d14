#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares specs with what they were saved to, and with their versions in real git repositories.
set -euo pipefail
export LC_ALL=C NO_COLOR=1 TERM=dumb

if (($# != 2)); then
  echo "usage: check_diff.sh ICPLAN ROOT" >&2
  exit 2
fi
icplan=$(readlink -f "$1")
root=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() {
  echo "$*"
  failed=1
}
# expect CODE COMMAND...: leaves what it printed in $work/out and $work/err.
expect() {
  local wanted=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" || code=$?
  if [[ $code != "$wanted" ]]; then complain "$*: exit code $code instead of $wanted: $(cat "$work/err")"; fi
}
# says TEXT: on standard error.
says() { grep -qF -- "$1" "$work/err" || complain "standard error lacks '$1': $(cat "$work/err")"; }
prints() { grep -qF -- "$1" "$work/out" || complain "standard output lacks '$1': $(cat "$work/out")"; }
silent() { if [[ -s $work/out ]]; then complain "$1 prints: $(head -3 "$work/out")"; fi; }

# Every example that can be planned, against the folder that it is saved to.
cd "$root"
saved=0
while IFS= read -r spec; do
  rm -rf "$work/saved"
  "$icplan" plan "$spec" --quiet -o "$work/saved" >/dev/null 2>&1 || true
  if [[ ! -f $work/saved/plan.json ]]; then continue; fi
  saved=$((saved + 1))
  expect 0 "$icplan" diff "$spec" "$work/saved" --exit-code
  silent "$spec against its saved plan"
done < <(find examples -name '*.json' -not -path '*/refused/*' | sort)
if ((saved < 20)); then complain "only $saved examples were saved"; fi

# A saved plan whose files do not belong together, or that lacks one.
"$icplan" plan examples/tiny/cluster.json --quiet -o "$work/saved"
cp -r "$work/saved" "$work/spoilt"
sed -i 's/DAC/AOC/' "$work/spoilt/cables.csv"
expect 1 "$icplan" diff "$work/spoilt" examples/tiny/cluster.json
says 'error[IC7101]'
rm "$work/spoilt/cables.csv"
expect 2 "$icplan" diff examples/tiny/cluster.json "$work/spoilt/plan.json" --exit-code
says 'cables.csv cannot be read'
cp -r "$work/saved" "$work/edited"
sed -i 's/"racks": 2,/"racks": 3,/' "$work/edited/plan.json"
expect 1 "$icplan" diff "$work/edited" examples/tiny/cluster.json
says 'error[IC7102]'
# What nothing else contradicts: the digest of the document does.
rm -r "$work/edited"
cp -r "$work/saved" "$work/edited"
sed -i 's/"power_max_w": [0-9]/&1/' "$work/edited/plan.json"
expect 1 "$icplan" validate "$work/edited"
prints 'plan.json was changed after it was written'
expect 1 "$icplan" diff "$work/edited" examples/tiny/cluster.json
says 'plan.json was changed after it was written'
expect 0 "$icplan" validate "$work/saved"
expect 3 "$icplan" diff no-such-file.json examples/tiny/cluster.json
expect 2 "$icplan" diff - - </dev/null
expect 2 "$icplan" diff examples/tiny/cluster.json

# With real git.
command -v git >/dev/null || exit "$failed"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
commit() { git -c user.name=n -c user.email=e@example.invalid commit -q -a -m "$1"; }
mkdir -p "$work/repository/site dir/lists"
cd "$work/repository"
git init -q .
cat >"site dir/cluster.json" <<'SPEC'
{ "name": "site", "catalogs": ["lists/parts.json"],
  "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ],
  "media": { "prices": "../prices.csv" } }
SPEC
echo '{ "format": "icplan.catalog/1", "parts": [] }' >"site dir/lists/parts.json"
printf 'part,unit_price_usd,date\nnvidia-dgx-h100,1000,2026-01-01\n' >prices.csv
git add -A
commit first
spec="site dir/cluster.json"
expect 0 "$icplan" validate "$spec"
expect 0 "$icplan" diff "$spec" --git HEAD --exit-code
silent "an unchanged spec"
# The price list of the revision, not of the working tree.
sed -i 's/,1000,/,1100,/' prices.csv
expect 1 "$icplan" diff "$spec" --git HEAD --exit-code
prints '$1,000.00 -> $1,100.00'
commit prices
sed -i 's/"count": 4/"count": 8/' "$spec"
commit nodes
expect 0 "$icplan" diff "$spec" --git HEAD
silent "a committed spec"
expect 0 "$icplan" diff "$spec" --git HEAD~1 --format md
prints '## Plan: `HEAD~1:site dir/cluster.json` → `site dir/cluster.json`'
prints '| `+` | nodes gpu | `nvidia-dgx-h100` | 4 | 8 | +4 |'
cd "site dir"
expect 0 "$icplan" diff cluster.json --git HEAD~1
prints 'nodes gpu'
expect 0 "$icplan" diff "../$spec" --git HEAD~1 --format md
prints '## Plan: `HEAD~1:../site dir/cluster.json` → `../site dir/cluster.json`'
cd ..
expect 0 "$icplan" diff "./site dir/../$spec" --git HEAD~1 --format md
prints '## Plan: `HEAD~1:site dir/cluster.json` → `site dir/cluster.json`'
expect 0 "$icplan" diff "$work/repository/$spec" --git HEAD~2 --format md
prints '## Plan: `HEAD~2:cluster.json` → `cluster.json`'
prints 'nodes gpu'
# What hooks, aliases and rebase --exec set names a repository, not the folder: the file of the same name in the root is another one.
sed 's/"count": 8/"count": 2/' "$spec" >cluster.json
git add cluster.json
commit 'a spec of the same name in the root'
git init -q "$work/other"
for variables in "GIT_DIR=$PWD/.git" "GIT_DIR=$work/other/.git" "GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD GIT_PREFIX= GIT_INDEX_FILE=.git/index" \
  "GIT_OBJECT_DIRECTORY=$work/other/.git/objects" "GIT_COMMON_DIR=$work/other/.git"; do
  read -ra words <<<"$variables"
  expect 0 env "${words[@]}" "$icplan" diff "$spec" --git HEAD --exit-code
  silent "with $variables, a committed spec"
done
git rm -q --cached cluster.json
rm cluster.json
commit 'one spec'
# Settings by environment are no repository's: they remain.
expect 3 env GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.bare GIT_CONFIG_VALUE_0=nonsense "$icplan" diff "$spec" --git HEAD
# A catalog that the revision does not have is a finding of that side.
git rm -q --cached "site dir/lists/parts.json"
commit 'no catalog'
expect 1 "$icplan" diff "$spec" --git HEAD
says 'cannot be read'
# What was asked for is wrong.
expect 2 "$icplan" diff "$spec" --git no-such-revision
says 'git knows no revision `no-such-revision`'
expect 2 "$icplan" diff "$spec" --git=--output=/tmp/x
says 'a revision does not begin with -'
expect 2 "$icplan" diff "$spec" --git 'HEAD; touch pwned'
cp "$spec" new.json
expect 2 "$icplan" diff new.json --git HEAD
says 'new.json is not in revision `HEAD`'
expect 2 "$icplan" diff "$spec" "$spec" --git HEAD
expect 2 "$icplan" diff - --git HEAD </dev/null
# The machine is.
mkdir "$work/bare"
cp "$spec" "$work/bare/cluster.json"
cd "$work/bare"
expect 3 env GIT_CEILING_DIRECTORIES="$work" "$icplan" diff cluster.json --git HEAD
says 'is in no git repository'
expect 2 env GIT_CEILING_DIRECTORIES="$work" "$icplan" diff cluster.json --git HEAD --exit-code
expect 3 env PATH=/nonexistent "$icplan" diff cluster.json --git HEAD
says 'git, which is not installed'
cd "$work/repository"
if [[ -e pwned || -n $(git status --porcelain --untracked-files=no) ]]; then complain "something was written: $(git status --porcelain)"; fi

if ((failed)); then exit 1; fi
echo "$saved examples are what they were saved to; revisions of git compare"
