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
wants 0 env CI_MERGE_REQUEST_DIFF_BASE_SHA="$(git rev-parse HEAD~1)" bash -eo pipefail "$work/gitlab.sh"
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
# gh as the action needs it: the comments of one pull request, of which a page holds two.
cat >"$work/bin/gh" <<'GH'
#!/usr/bin/env bash
set -euo pipefail
echo "gh $*" >>"$GH_LOG"
[[ $1 == api && -n $GH_TOKEN ]] || exit 1
shift
method=GET filter=. body='' path='' pages=1
while (($#)); do
  case $1 in
    --method) method=$2 && shift ;;
    --jq) filter=$2 && shift ;;
    -F) body=${2#body=@} && shift ;;
    --paginate) pages=9 ;;
    --silent) ;;
    -*) exit 1 ;;
    *) path=$1 ;;
  esac
  shift
done
case "$method $path" in
  "GET repos/owner/name/issues/7/comments")
    for ((page = 0; page < pages; ++page)); do jq ".[$page * 2:$page * 2 + 2]" "$GH_COMMENTS" | jq -r "$filter"; done
    exit ;;
  "POST repos/owner/name/issues/7/comments")
    jq --rawfile body "$body" '. + [{ id: (100 + length), user: { type: "Bot" }, body: $body }]' "$GH_COMMENTS" >"$GH_COMMENTS.new" ;;
  "PATCH repos/owner/name/issues/comments/"*)
    jq --rawfile body "$body" --argjson id "${path##*/}" 'if any(.[]; .id == $id) then map(if .id == $id then .body = $body else . end) else error("404") end' \
      "$GH_COMMENTS" >"$GH_COMMENTS.new" ;;
  *) exit 1 ;;
esac
mv "$GH_COMMENTS.new" "$GH_COMMENTS"
GH
chmod +x "$work/bin/gh"
export GITHUB_ACTION_PATH=$root/.github/actions/check GITHUB_PATH=$work/path GITHUB_OUTPUT=$work/output GITHUB_STEP_SUMMARY=$work/summary RUNNER_TEMP=$work/temp
export GITHUB_REPOSITORY=owner/name GH_TOKEN=t GH_LOG=$work/gh.log GH_COMMENTS=$work/comments.json ICPLAN_PULL=7
mkdir -p "$work/temp"
for step in 1 2; do scalar run "$step" <"$GITHUB_ACTION_PATH/action.yml" >"$work/step$step.sh"; done
scalar run 3 <"$GITHUB_ACTION_PATH/action.yml" >"$work/step3.sh"
for name in SPEC BASE OPTIONS FAIL_ON COMMENT PULL; do
  grep -q "^ *ICPLAN_$name: " "$GITHUB_ACTION_PATH/action.yml" || fail "action.yml hands no ICPLAN_$name over"
done
# check CODE [VARIABLE=VALUE...]: the step of the action; $comment and $sarif are the files that it leaves.
check() {
  local code=$1
  shift
  : >"$GITHUB_OUTPUT"
  : >"$GITHUB_STEP_SUMMARY"
  wants "$code" env "$@" bash -e "$work/step2.sh"
  comment=$(sed -n 's/^comment=//p' "$GITHUB_OUTPUT")
  sarif=$(sed -n 's/^sarif=//p' "$GITHUB_OUTPUT")
}
says() { grep -qF -- "$1" "$comment" || { fail "the comment lacks: $1"; cat "$comment"; }; }
lacks() { ! grep -qF -- "$1" "$comment" || { fail "the comment has: $1"; cat "$comment"; }; }
: >"$GITHUB_PATH"
wants 0 bash -e "$work/step1.sh"
[[ ! -s $GITHUB_PATH ]] || fail "the action builds although icplan is there"
export ICPLAN_SPEC=cluster/cluster.json ICPLAN_BASE=HEAD~2 ICPLAN_OPTIONS="" ICPLAN_FAIL_ON=$'gpus>+100\n'" cost>+1USD"
check 1
grep -q "^::error file=cluster/cluster.json,line=$line," "$work/out" || fail "no annotation on line $line"
[[ -s $sarif && -s $comment ]] || fail "the action leaves no SARIF log or no comment"
cmp -s "$comment" "$GITHUB_STEP_SUMMARY" || fail "the summary of the action is not its comment"
says '## Plan: `HEAD~2:cluster/cluster.json` → `cluster/cluster.json`'
check 0 ICPLAN_BASE= ICPLAN_OPTIONS="--warn limit_exceeded"
[[ -z $comment ]] || fail "a comment although there is no base"
check 1 ICPLAN_BASE= ICPLAN_OPTIONS="--warn IC6001 --strict"
# Thresholds are judged whatever the spec's own errors, and fail alone.
check 0 ICPLAN_OPTIONS="--warn IC6001" ICPLAN_FAIL_ON="gpus>+8"
check 1 ICPLAN_OPTIONS="--warn IC6001" ICPLAN_FAIL_ON="gpus>+7"
grep -q "gpus>+7" "$work/err" || fail "a threshold is not told"
check 1 ICPLAN_FAIL_ON="gpus>+7"
grep -q "gpus>+7" "$work/err" || fail "a threshold is not judged where the spec has errors"
# What is wrong with the action's own inputs is no new spec, and no unchanged plan.
check 2 ICPLAN_BASE=no-such-revision
says 'is not compared'
check 2 ICPLAN_FAIL_ON="nonsense"
says 'is not compared'
check 0 ICPLAN_BASE=HEAD ICPLAN_OPTIONS="--warn IC6001"
[[ -n $comment && ! -s $comment ]] || fail "an unchanged plan is told"

echo "== a new spec, and a base that cannot be planned"
git checkout -q -b broken HEAD~1
sed -i 's/nvidia-qm9700/nvidia-nope/' cluster/cluster.json
git commit -q --no-verify -am "A switch that nobody makes"
check 1 ICPLAN_BASE=HEAD~1
says '## Plan: `cluster/cluster.json` cannot be planned'
lacks 'Bill of materials'
check 1 ICPLAN_BASE=HEAD
git checkout -q HEAD~1 -- cluster/cluster.json
mkdir -p "new one"
cp cluster/cluster.json cluster/prices.csv "new one"
git add -A
git commit -q --no-verify -m "Mend it, and a second cluster"
check 0 ICPLAN_BASE=HEAD~1
says '## Plan: `cluster/cluster.json` cannot be compared'
says 'The version in `HEAD~1` cannot be planned, so there is nothing to compare with.'
says '### Bill of materials'
says '| nvidia-dgx-h100 | node |'
grep -q 'nvidia-nope' "$work/err" || fail "the log does not say why the base cannot be planned"
check 0 ICPLAN_BASE=HEAD~1 ICPLAN_SPEC="new one/cluster.json"
says '## Plan: `new one/cluster.json` is new'
says '| nvidia-dgx-h100 | node |'
sed -i 's/"max_rack_power_kw": 45/"max_rack_power_kw": 40/' "new one/cluster.json"
check 1 ICPLAN_BASE=HEAD~1 ICPLAN_SPEC="new one/cluster.json"
says '| nvidia-dgx-h100 | node |'
sed -i 's/nvidia-qm9700/nvidia-nope/' "new one/cluster.json"
check 1 ICPLAN_BASE=HEAD~1 ICPLAN_SPEC="new one/cluster.json"
says 'is new'
says 'This version cannot be planned'
git checkout -q -- .

echo "== without the action, and GitLab"
: >"$work/summary"
wants 0 env BASE=HEAD~1 GITHUB_STEP_SUMMARY="$work/summary" bash -e "$work/run.sh"
wants 128 env BASE=no-such-revision GITHUB_STEP_SUMMARY="$work/summary" bash -e "$work/run.sh"
sed 's|cluster/cluster\.json|"new one/cluster.json"|g' "$work/run.sh" >"$work/run-new.sh"
wants 0 env BASE=HEAD~1 GITHUB_STEP_SUMMARY="$work/summary" bash -e "$work/run-new.sh"
[[ ! -s $work/summary ]] || fail "a comparison with nothing"
sed -i "s/cost>+5%/gpus>-1/" "$work/run.sh"
wants 1 env BASE=HEAD~2 GITHUB_STEP_SUMMARY="$work/summary" bash -e "$work/run.sh"
grep -qF "gpus>-1" "$work/err" || fail "the step without the action judges no threshold"
# gitlab CODE SCRIPT: the runner's shell stops at the first line that fails, pipes included. Every report is there nonetheless.
gitlab() {
  rm -f gl-code-quality-report.json icplan-junit.xml icplan-diff.md
  wants "$1" env CI_MERGE_REQUEST_DIFF_BASE_SHA="$(git rev-parse "$3")" bash -eo pipefail "$2"
  for file in gl-code-quality-report.json icplan-junit.xml icplan-diff.md; do [[ -e $file ]] || fail "the job of GitLab leaves no $file"; done
}
sed 's|cluster/cluster\.json|"new one/cluster.json"|g' "$work/gitlab.sh" >"$work/gitlab-new.sh"
gitlab 0 "$work/gitlab.sh" HEAD~1
grep -q '## Bill of materials' icplan-diff.md || fail "GitLab: no bill of materials where the base cannot be planned"
gitlab 0 "$work/gitlab-new.sh" HEAD~1
grep -q '## Bill of materials' icplan-diff.md || fail "GitLab: no bill of materials of a new spec"
sed -i 's/nvidia-qm9700/nvidia-nope/' cluster/cluster.json
gitlab 1 "$work/gitlab.sh" HEAD
rm -f gl-code-quality-report.json icplan-junit.xml icplan-diff.md
git checkout -q -- .

echo "== the git hook judges what is staged"
odd='wörk "a" $(b)'
mkdir -p "$odd"
cp cluster/prices.csv "$odd"
cp cluster/cluster.json "$odd/my cluster.json"
git add -A
wants 0 git commit -qm "An odd name"
sed -i 's/nvidia-qm9700/nvidia-nope/' "$odd/my cluster.json"
git add -A
git show "HEAD:$odd/my cluster.json" >"$odd/my cluster.json"
wants 1 git commit -qm "Bad in the index, good in the working tree"
grep -qF "refused: $odd/my cluster.json, as it is staged" "$work/err" || fail "the hook does not name the spec"
git add -A
sed -i 's/nvidia-qm9700/nvidia-nope/' "$odd/my cluster.json"
echo >>.gitattributes
git add .gitattributes
echo ' ' >>cluster/cluster.json
git add cluster/cluster.json
wants 0 git commit -qm "Good in the index, bad in the working tree"
# One of many suffices, the first as well as the last; a spec that goes is not judged.
git show "HEAD:$odd/my cluster.json" >"$odd/my cluster.json"
echo ' ' >>"$odd/my cluster.json"
sed -i 's/nvidia-qm9700/nvidia-nope/' cluster/cluster.json
git add -A
wants 1 git commit -qm "One of two"
git checkout -q HEAD -- .
git rm -q "$odd/my cluster.json"
wants 0 git commit -qm "One goes"

echo "== comments"
if command -v jq >/dev/null; then
  # comments N: how many there are.
  comments() { [[ $(jq length "$GH_COMMENTS") == "$1" ]] || { fail "$(jq length "$GH_COMMENTS") comments instead of $1"; jq . "$GH_COMMENTS"; }; }
  # told ID: what comment ID says.
  told() { jq -r --argjson id "$1" '.[] | select(.id == $id) | .body' "$GH_COMMENTS"; }
  write() { wants 0 env ICPLAN_COMMENT="$work/$1" bash -e "$work/step3.sh"; }
  : >"$work/empty.md"
  jq -n '[range(3) | { id: ., user: { type: "User" }, body: "<!-- icplan: cluster/cluster.json -->\nquoted" }, { id: (10 + .), user: { type: "Bot" }, body: "coverage" }]' >"$GH_COMMENTS"
  cp "$GH_COMMENTS" "$work/others.json"
  write empty.md
  comments 6
  write comment.md
  comments 7
  [[ $(told 106) == "<!-- icplan: cluster/cluster.json -->"$'\n'"$(cat "$work/comment.md")" ]] || fail "the comment is not the comparison"
  ICPLAN_SPEC="new one/cluster.json" write comment.md
  comments 8
  echo "## Plan: another push" >"$work/push.md"
  write push.md
  comments 8
  [[ $(told 106) == "<!-- icplan: cluster/cluster.json -->"$'\n'"## Plan: another push" ]] || fail "the comment is not brought up to date"
  [[ $(told 107) == "<!-- icplan: new one/cluster.json -->"$'\n'"$(cat "$work/comment.md")" ]] || fail "the comment of another spec is gone"
  write empty.md
  comments 8
  grep -qF '## Plan: `cluster/cluster.json` does not change' <(told 106) || fail "the comment does not say that the plan does not change"
  for _ in {1..9}; do head -c 9000 /dev/zero | tr '\0' x && echo; done >"$work/long.md"
  write long.md
  (($(told 106 | wc -c) < 65536)) || fail "the comment is longer than GitHub takes"
  grep -qF 'the summary of the job has all of it' <(told 106) || fail "the comment does not say that it is cut"
  cmp -s <(jq '.[0:6]' "$GH_COMMENTS") <(jq . "$work/others.json") || fail "comments of others are changed"
  : >"$GH_LOG"
  ICPLAN_PULL='' write comment.md
  [[ ! -s $GH_LOG ]] || fail "a comment without a pull request"
  wants 1 env GH_TOKEN= ICPLAN_COMMENT="$work/comment.md" bash -e "$work/step3.sh"
else
  echo "jq is not installed: comments are not checked"
fi

echo "== pre-commit"
if command -v pre-commit >/dev/null; then
  wants 0 pre-commit validate-manifest "$root/.pre-commit-hooks.yaml"
else
  echo "pre-commit is not installed: its manifest is not checked"
fi
((failed == 0)) || exit 1
((refresh)) || echo "all as expected"
