#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the action runs in the checkout of the cluster's repository: annotations and a SARIF log, then what the change costs.
#
#   ICPLAN_SPEC      the spec
#   ICPLAN_BASE      the revision to compare with; empty: none
#   ICPLAN_OPTIONS   more options of icplan validate, separated by blanks
#   ICPLAN_FAIL_ON   thresholds of icplan diff, separated by blanks
#
# Exit codes: 0 fine; 1 the spec has errors or a threshold is exceeded; 2 and 3 as icplan's.
set -uo pipefail

read -ra options <<<"${ICPLAN_OPTIONS-}"
read -ra thresholds <<<"${ICPLAN_FAIL_ON-}"
folder=${RUNNER_TEMP:-$(mktemp -d)}
sarif=$folder/icplan.sarif
comment=$folder/icplan.md
worst=0

# keep CODE: the worst exit code is that of the action.
keep() {
  if (($1 > worst)); then worst=$1; fi
}

icplan validate --format github "${options[@]}" "$ICPLAN_SPEC"
keep $?
icplan validate --format sarif -o "$sarif" "${options[@]}" "$ICPLAN_SPEC" 2>/dev/null
echo "sarif=$sarif" >>"$GITHUB_OUTPUT"

if [[ -n ${ICPLAN_BASE-} ]]; then
  fail_on=()
  for threshold in "${thresholds[@]}"; do fail_on+=(--fail-on "$threshold"); done
  icplan diff --format md --git "$ICPLAN_BASE" "${fail_on[@]}" "$ICPLAN_SPEC" >"$comment"
  keep $?
  cat "$comment" >>"$GITHUB_STEP_SUMMARY"
  echo "comment=$comment" >>"$GITHUB_OUTPUT"
fi
exit "$worst"
