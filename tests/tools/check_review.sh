#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A change of a cluster as reviewers and CI see it, with real git: the textconv driver, the comment, SARIF, what docs/ci.md says, the action.
#
#   check_review.sh [--refresh] BINARY   77 where git is not installed; --refresh rewrites the expectations in tests/review
set -euo pipefail
export LC_ALL=C TZ=UTC NO_COLOR=1 TERM=dumb

command -v git >/dev/null || { echo "git is not installed"; exit 77; }
refresh=0
if [[ ${1-} == --refresh ]]; then refresh=1 && shift; fi
icplan=$(readlink -f "$1")
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
  echo "FAILED: $*"
  failed=1
}
# same NAME: what stands in $work/NAME is what tests/review/NAME says.
same() {
  if ((refresh)); then cp "$work/$1" "$root/tests/review/$1" && return; fi
  diff -u --label "expected $1" --label "actual $1" "$root/tests/review/$1" "$work/$1" || fail "$1 differs"
}
# wants CODE COMMAND...: what it prints goes to $work/out.
wants() {
  local code=$1 actual=0
  shift
  "$@" >"$work/out" 2>"$work/err" || actual=$?
  ((actual == code)) || { fail "exit code $actual instead of $code: $*"; cat "$work/out" "$work/err"; }
}
# block FILE LANGUAGE N: the Nth fenced block of that language.
block() { awk -v want="$2" -v nth="$3" '/^```/ { if (open) { open = 0 } else { open = 1; n += $0 == "```" want; next } } open && n == nth && !done { print } !open && n == nth { done = 1 }' "$1"; }
# scalar KEY N: the Nth block scalar `KEY: |` of the YAML text on standard input, without its indentation.
scalar() { awk -v key="$1" -v nth="$2" '
  on && /[^ ]/ { match($0, /^ */); if (RLENGTH <= depth) on = 0; else { if (!cut) cut = RLENGTH; print substr($0, cut + 1) } }
  !on && $0 ~ "^ *(- )?" key ": *\\|$" { if (++n == nth) { match($0, /^ */); depth = RLENGTH; on = 1; cut = 0 } }'; }

mkdir -p "$work/bin" "$work/repo/cluster"
ln -s "$icplan" "$work/bin/icplan"
export PATH="$work/bin:$PATH"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_AUTHOR_DATE="2027-01-01T00:00:00Z" GIT_COMMITTER_DATE="2027-01-01T00:00:00Z"
cd "$work/repo"
git init -q -b main .
cp "$root/tests/review/cluster.json" "$root/tests/review/prices.csv" cluster/
block "$root/docs/ci.md" gitattributes 1 >.gitattributes
wants 0 icplan plan -q -o cluster/plan cluster/cluster.json
git add -A
git commit -qm "A pod of 31 nodes"

echo "== one number changes, and git diff shows the rows of the bill of materials"
bash -e <<<"$(block "$root/docs/ci.md" sh 2)"
sed -i 's/"count": 31/"count": 32/' cluster/cluster.json
git diff -- cluster/cluster.json | grep -v '^index ' >"$work/git-diff.txt"
same git-diff.txt
grep -q '^-gpu.*,31,' "$work/git-diff.txt" || grep -q '^-.*nvidia-dgx-h100.*31' "$work/git-diff.txt" || fail "git diff shows no row of 31 nodes"
git diff --no-textconv -- cluster/cluster.json | grep -q '"count": 32' || fail "--no-textconv does not show the spec"

echo "== files of a plan change in few lines"
wants 0 icplan plan -q -o cluster/plan cluster/cluster.json
git diff --numstat -- cluster/plan | sort -k3 >"$work/numstat.txt"
same numstat.txt
git commit -qam "One node more"

echo "== the comment of a pull request"
wants 0 icplan diff --git HEAD~1 --format md cluster/cluster.json
cp "$work/out" "$work/comment.md"
same comment.md
wants 0 icplan diff --git HEAD --format md cluster/cluster.json
[[ ! -s $work/out ]] || fail "a comment where nothing changed"
wants 1 icplan diff --git HEAD~1 --fail-on 'gpus>+1' cluster/cluster.json
wants 0 icplan diff --git HEAD~1 --fail-on 'gpus>+8' cluster/cluster.json

echo "== the steps of docs/ci.md run as they stand"
block "$root/docs/ci.md" yaml 2 | scalar run 1 >"$work/run.sh"
[[ -s $work/run.sh ]] || fail "docs/ci.md has no step"
: >"$work/summary"
wants 0 env BASE=HEAD~1 GITHUB_STEP_SUMMARY="$work/summary" bash -e "$work/run.sh"
[[ $(head -n 1 "$work/summary") == $(head -n 1 "$work/comment.md") ]] || fail "the summary is not the comment"
block "$root/docs/ci.md" yaml 3 | sed -n '/^  script:/,/^  artifacts:/s/^    - //p' >"$work/gitlab.sh"
[[ $(wc -l <"$work/gitlab.sh") == 3 ]] || fail "the job of GitLab has not three lines"
wants 0 env CI_MERGE_REQUEST_DIFF_BASE_SHA="$(git rev-parse HEAD~1)" bash -e "$work/gitlab.sh"
for file in gl-code-quality-report.json icplan-junit.xml icplan-diff.md; do [[ -s $file ]] || fail "the job of GitLab leaves no $file"; done
rm -f gl-code-quality-report.json icplan-junit.xml icplan-diff.md
block "$root/docs/ci.md" sh 1 >.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit

echo "== a design above its rack power budget"
sed -i 's/"max_rack_power_kw": 45/"max_rack_power_kw": 40/' cluster/cluster.json
line=$(grep -n max_rack_power_kw cluster/cluster.json | cut -d: -f1)
wants 1 icplan validate --format sarif cluster/cluster.json
grep -A4 '"ruleId": "IC6001"' "$work/out" | grep -q "\"uri\": \"cluster/cluster.json\".*\"startLine\": $line," || fail "SARIF does not name line $line"
git add -A
wants 1 git commit -qm "Too hot"
wants 0 git commit -q --no-verify -m "Too hot"

echo "== the action"
cat >"$work/bin/gh" <<'GH'
#!/bin/sh
echo "gh $*" >>"$GH_LOG"
GH
chmod +x "$work/bin/gh"
export GITHUB_ACTION_PATH=$root/.github/actions/check GITHUB_PATH=$work/path GITHUB_OUTPUT=$work/output GITHUB_STEP_SUMMARY=$work/summary RUNNER_TEMP=$work/temp GH_LOG=$work/gh.log
mkdir -p "$work/temp"
: >"$GITHUB_OUTPUT" >"$GITHUB_STEP_SUMMARY" >"$GITHUB_PATH"
for step in 1 2 3; do scalar run "$step" <"$GITHUB_ACTION_PATH/action.yml" >"$work/step$step.sh"; done
wants 0 bash -e "$work/step1.sh"
[[ ! -s $GITHUB_PATH ]] || fail "the action builds although icplan is there"
export ICPLAN_SPEC=cluster/cluster.json ICPLAN_BASE=HEAD~2 ICPLAN_OPTIONS="" ICPLAN_FAIL_ON="gpus>+100 cost>+1USD"
wants 1 bash -e "$work/step2.sh"
grep -q "^::error file=cluster/cluster.json,line=$line," "$work/out" || fail "no annotation on line $line"
comment=$(sed -n 's/^comment=//p' "$GITHUB_OUTPUT")
sarif=$(sed -n 's/^sarif=//p' "$GITHUB_OUTPUT")
[[ -s $sarif && -s $comment ]] || fail "the action leaves no SARIF log or no comment"
cmp -s "$comment" "$GITHUB_STEP_SUMMARY" || fail "the summary of the action is not its comment"
wants 0 env ICPLAN_COMMENT="$comment" ICPLAN_PULL=7 bash -e "$work/step3.sh"
grep -q "^gh pr comment 7 --edit-last --body-file $comment" "$GH_LOG" || fail "no comment is written"
wants 0 env ICPLAN_BASE= ICPLAN_OPTIONS="--warn limit_exceeded" bash -e "$work/step2.sh"
wants 1 env ICPLAN_BASE= ICPLAN_OPTIONS="--warn IC6001 --strict" bash -e "$work/step2.sh"

echo "== pre-commit"
if command -v pre-commit >/dev/null; then
  wants 0 pre-commit validate-manifest "$root/.pre-commit-hooks.yaml"
else
  echo "pre-commit is not installed: its manifest is not checked"
fi
((failed == 0)) || exit 1
((refresh)) || echo "all as expected"
