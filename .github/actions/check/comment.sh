#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the comparison as the one comment of the pull request for this spec, or brings that comment up to date.
#
#   ICPLAN_SPEC        the spec: its comment is known by the line that names it
#   ICPLAN_COMMENT     the comparison; an empty file: the plan does not change
#   ICPLAN_PULL        the number of the pull request
#   GITHUB_REPOSITORY  owner/name; GH_TOKEN is for gh
#
# Exit codes: 0 written, or nothing to write; else gh's.
set -euo pipefail

if [[ -z ${ICPLAN_PULL-} ]]; then
  echo "no pull request: no comment is written"
  exit 0
fi
comments=repos/$GITHUB_REPOSITORY/issues/$ICPLAN_PULL/comments
export ICPLAN_MARKER="<!-- icplan: $ICPLAN_SPEC -->"
body=$(mktemp)
trap 'rm -f "$body"' EXIT

# Only what the token of the job wrote: people may quote such a comment. Every page prints its own lines.
found=$(gh api "$comments" --paginate --jq '.[] | select(.user.type == "Bot" and (.body | split("\n")[0] | rtrimstr("\r")) == env.ICPLAN_MARKER) | .id')
id=${found%%$'\n'*}

if [[ ! -s $ICPLAN_COMMENT && -z $id ]]; then exit 0; fi
# GitHub takes 65,536 characters; the summary of the job takes more.
most=60000
{
  printf '%s\n' "$ICPLAN_MARKER"
  if [[ ! -s $ICPLAN_COMMENT ]]; then
    printf '%s\n\n%s\n' "## Plan: \`$ICPLAN_SPEC\` does not change" "This version comes to the same plan as that in the base."
  elif (($(wc -c <"$ICPLAN_COMMENT") > most)); then
    printf 'Too long for a comment: the summary of the job has all of it.\n\n'
    head -c "$most" "$ICPLAN_COMMENT" | sed '$d'
  else
    cat "$ICPLAN_COMMENT"
  fi
} >"$body"
if [[ -n $id ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" --silent
else
  gh api --method POST "$comments" -F "body=@$body" --silent
fi
