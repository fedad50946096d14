#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stops icplan while it writes, and checks that nothing half-written stays: either all four files are there or none.
#
#   check_interrupt.sh BINARY
set -euo pipefail

binary=${1:?usage: check_interrupt.sh BINARY}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/cluster.json" <<'SPEC'
{ "name": "interrupted",
  "nodes":   [ { "model": "nvidia-dgx-h100", "count": 8192, "unit": 32, "nodes_per_rack": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] }
SPEC

stopped=0
for signal in TERM INT HUP; do
  for seconds in 0.05 0.1 0.2 0.3 0.5 0.8; do
    rm -rf "$work/out"
    timeout -s "$signal" "$seconds" "$binary" plan "$work/cluster.json" -q -o "$work/out" && continue
    stopped=$((stopped + 1))
    left=$({ ls -A "$work/out" 2>/dev/null || true; } | wc -l)
    if ((left != 0 && left != 4)); then
      echo "after SIG$signal at $seconds s:"
      ls -A "$work/out"
      exit 1
    fi
  done
done
if ((stopped == 0)); then
  echo "no run was stopped in time"
  exit 1
fi
echo "$stopped stopped runs left nothing half-written"
