#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the action runs in the checkout of the cluster's repository: annotations and a SARIF log, then what the change costs.
#
#   ICPLAN_SPEC      the spec
#   ICPLAN_BASE      the revision to compare with; empty: none
#   ICPLAN_OPTIONS   more options of icplan validate, separated by blanks
#   ICPLAN_FAIL_ON   thresholds of icplan diff, separated by blanks
#
# A spec that BASE does not have, or that cannot be planned there, is no failure: there is nothing to compare with, and the bill of materials is
# told instead. Thresholds are judged wherever both versions can be planned.
#
# Exit codes: 0 fine; 1 the spec has errors or a threshold is exceeded; 2 and 3 as icplan's.
set -uo pipefail

# Blanks and line ends separate; there is no NUL, so that `read` takes all lines and fails.
read -rd '' -a options <<<"${ICPLAN_OPTIONS-}" || true
read -rd '' -a thresholds <<<"${ICPLAN_FAIL_ON-}" || true
folder=${RUNNER_TEMP:-$(mktemp -d)}
# Several specs of one job have files of their own.
name=icplan-$(tr -c 'A-Za-z0-9._-' '-' <<<"$ICPLAN_SPEC" | cut -c1-100)$(cksum <<<"$ICPLAN_SPEC" | cut -d' ' -f1)
sarif=$folder/$name.sarif
comment=$folder/$name.md
bill=$folder/icplan-bom.md
complaints=$folder/icplan-complaints.txt
worst=0

# keep CODE: the worst exit code is that of the action.
keep() {
  if (($1 > worst)); then worst=$1; fi
}

# in_base: whether BASE has the spec. Of a revision that git does not know nothing can be said: icplan diff refuses it.
in_base() {
  local at=(git -C "$(dirname -- "$ICPLAN_SPEC")")
  ! "${at[@]}" rev-parse --verify --quiet "$ICPLAN_BASE^{commit}" >/dev/null 2>&1 ||
    "${at[@]}" cat-file -e "$ICPLAN_BASE:./$(basename -- "$ICPLAN_SPEC")" 2>/dev/null
}

heading() { echo "## Plan: \`$ICPLAN_SPEC\` $1"; }

# alone WHAT WHY: in place of a comparison, the bill of materials of the spec where it can be planned.
alone() {
  heading "$1"
  printf '\n%s\n' "$2"
  if [[ -s $bill ]]; then
    # Below the heading of the comment.
    sed -e '1{/^# /d}' -e 's/^## /### /' "$bill"
  else
    printf '\nThis version cannot be planned: its errors are annotations of the change.\n'
  fi
}

compare() {
  local code=0 fail_on=() threshold
  for threshold in "${thresholds[@]}"; do fail_on+=(--fail-on "$threshold"); done
  icplan bom --format md "$ICPLAN_SPEC" >"$bill" 2>/dev/null
  if ! in_base; then
    alone "is new" "\`$ICPLAN_BASE\` does not have it, so there is nothing to compare with." >"$comment"
    return
  fi
  # Without thresholds, 1 says that a version cannot be planned.
  icplan diff --format md --git "$ICPLAN_BASE" "$ICPLAN_SPEC" >"$comment" 2>"$complaints" || code=$?
  if ((code == 0)); then
    icplan diff --format md --git "$ICPLAN_BASE" "${fail_on[@]}" "$ICPLAN_SPEC" >"$comment" || code=$?
    keep "$code"
    if ((code < 2)); then return; fi
  elif ((code == 1)) && [[ -s $bill ]]; then
    cat "$complaints" >&2
    alone "cannot be compared" "The version in \`$ICPLAN_BASE\` cannot be planned, so there is nothing to compare with." >"$comment"
    return
  else
    cat "$complaints" >&2
    keep "$code"
  fi
  if ((code == 1)); then
    { heading "cannot be planned" && printf '\nIts errors are annotations of the change.\n'; } >"$comment"
  else
    { heading "is not compared" && printf '\nThe log of the job says why.\n'; } >"$comment"
  fi
}

icplan validate --format github "${options[@]}" "$ICPLAN_SPEC"
keep $?
icplan validate --format sarif -o "$sarif" "${options[@]}" "$ICPLAN_SPEC" 2>/dev/null
echo "sarif=$sarif" >>"$GITHUB_OUTPUT"

if [[ -n ${ICPLAN_BASE-} ]]; then
  compare
  cat "$comment" >>"$GITHUB_STEP_SUMMARY"
  echo "comment=$comment" >>"$GITHUB_OUTPUT"
fi
exit "$worst"
