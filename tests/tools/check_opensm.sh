#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lets InfiniBand's own subnet manager judge planned fabrics. From nothing but the cable schedule of a plan it builds the fabric in a simulator
# (ibsim), has opensm recognise it as a fat tree and route it, and has ibdmchk follow the routes between all hosts.
#
#   check_opensm.sh BINARY
#
# Exit code 77: the programs are not installed. On Debian: opensm, ibsim-utils, ibutils.
set -euo pipefail
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin

binary=$(readlink -f "${1:?usage: check_opensm.sh BINARY}")
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

simulator_library=
for file in /usr/lib/*/umad2sim/libumad2sim.so /usr/lib64/umad2sim/libumad2sim.so /usr/lib/umad2sim/libumad2sim.so; do
  if [[ -f $file ]]; then simulator_library=$file; fi
done
if ! command -v opensm >/dev/null || ! command -v ibsim >/dev/null || [[ -z $simulator_library ]]; then
  echo "opensm and ibsim are not installed: skipped"
  exit 77
fi
if ! command -v ibdmchk >/dev/null; then
  echo "ibdmchk (package ibutils) is not installed: skipped"
  exit 77
fi

work=$(mktemp -d)
simulator=
stop_simulator() {
  if [[ -z $simulator ]]; then return 0; fi
  kill "$simulator" 2>/dev/null || true
  wait "$simulator" 2>/dev/null || true
  simulator=
}
trap 'stop_simulator; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
# The simulator's clients write beside themselves. ibdmchk ends with a crash once it has printed its verdict.
cd "$work"
ulimit -c 0
export IBSIM_SOCKNAME=icplan-$$ OSM_TMP_DIR=$work OSM_CACHE_DIR=$work

cat >parts.json <<'PARTS'
{ "format": "icplan.catalog/1",
  "sources": { "test": { "title": "made up for this test", "url": null } },
  "parts": [
    { "id": "switch-8", "kind": "switch", "manufacturer": "generic", "name": "switch with 8 ports", "basis": "generic", "source": "test",
      "rack_units": 1, "protocols": ["infiniband"],
      "ports": [ { "name": "fabric", "cages": 4, "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 100, "modes": [ { "ports": 2, "gbps": 400 } ] } ] },
    { "id": "switch-16", "kind": "switch", "manufacturer": "generic", "name": "switch with 16 ports", "basis": "generic", "source": "test",
      "rack_units": 1, "protocols": ["infiniband"],
      "ports": [ { "name": "fabric", "cages": 8, "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 100, "modes": [ { "ports": 2, "gbps": 400 } ] } ] },
    { "id": "node-2", "kind": "node", "manufacturer": "generic", "name": "node with two ports", "basis": "generic", "source": "test", "rack_units": 1,
      "ports": [ { "name": "compute", "nics": 2, "cages": 1, "form": "osfp", "top": "rhs", "lanes": 8, "lane_gbps": 100,
                   "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ] } ] }
PARTS

fail() {
  echo "$name: $1" >&2
  exit 1
}

# simulate NETLIST: starts the simulator and waits until it listens.
simulate() {
  local hosts switches ports try
  hosts=$(grep -c '^Ca' "$1")
  switches=$(grep -c '^Switch' "$1")
  ports=$(awk '/^Switch/ { ports = $2 } END { print ports + 1 }' "$1")
  # The timeout is for the case that this script is killed.
  timeout 120 ibsim -s -n -N $((hosts + switches + 8)) -S $((switches + 8)) -P $((switches * ports + hosts * 3 + 64)) "$1" >ibsim.log 2>&1 &
  simulator=$!
  for ((try = 0; try < 300; try++)); do
    if grep -q "@$IBSIM_SOCKNAME:ctl" /proc/net/unix; then return 0; fi
    kill -0 "$simulator" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 3 ibsim.log >&2
  fail "the simulator did not start"
}

# route NETLIST [ROOTS]: one sweep of opensm with its fat-tree engine. Its exit code says nothing: it falls back to another engine in silence.
route() {
  local -a named=()
  if (($# == 2)); then named=(-a "$2"); fi
  rm -f opensm* guid2* neighbors
  simulate "$1"
  # Without a simulator it would wait for ever, and not heed a mere SIGTERM.
  timeout -k 2 60 env LD_PRELOAD="$simulator_library" opensm -F /dev/null -o -e -R ftree "${named[@]}" -D 0x43 -f "$work/opensm.log" \
    --dump_files_dir "$work" >opensm.out 2>&1 || true
  stop_simulator
}

# told TEXT: whether opensm's log says so.
told() { grep -qF -- "$1" opensm.log; }

# judge HOSTS SWITCHES_AT_RANK_0 SWITCHES_AT_RANK_1...: what opensm and ibdmchk must say of a sound fabric.
judge() {
  local hosts=$1 rank=0 switches
  shift
  if grep ' ERR ' opensm.log >&2; then fail "opensm reports an error"; fi
  told 'ftree tables configured on all switches' || fail "opensm does not route it as a fat tree"
  told 'SUBNET UP' || fail "opensm does not bring the subnet up"
  told "Fabric has $hosts CAs, $hosts CA ports ($hosts of them CNs)" || fail "opensm does not count $hosts hosts"
  told "FatTree rank (roots to leaf switches): $#" || fail "opensm does not count $# tiers"
  for switches in "$@"; do
    told "Fabric has $switches switches at rank $rank" ||
      fail "opensm does not count $switches switches at rank $rank"
    rank=$((rank + 1))
  done
  (ibdmchk -s opensm-subnet.lst -f opensm.fdbs -m opensm.mcfdbs >ibdmchk.out || true) 2>/dev/null
  if grep '^-E-' ibdmchk.out >&2; then fail "ibdmchk reports an error"; fi
  grep -q "^-I- Scanned:$((hosts * (hosts - 1))) CA to CA paths" ibdmchk.out || fail "ibdmchk does not find a route between all $hosts hosts"
  grep -q '^-I- no credit loops found' ibdmchk.out || fail "ibdmchk does not call it free of credit loops"
}

# cables NODES FABRIC EXPECTED: plans, and puts the schedule into cables.csv.
cables() {
  echo "{ \"name\": \"proof\", \"nodes\": [ { $1 } ], \"fabrics\": [ { \"name\": \"compute\", $2 } ], \"expected\": { $3 } }" >spec.json
  "$binary" cables spec.json --catalog parts.json >cables.csv 2>plan.log || {
    cat plan.log >&2
    fail "icplan does not plan it as expected"
  }
}

# prove NAME HOSTS LEAVES SPINES CORES NODES FABRIC: plans the fabric, and has every plane judged. HOSTS are node ports; all counts are of one plane.
# $planes: how many. $roots: tell opensm which switches are the roots.
planes=1
roots=no
cases=0
prove() {
  local name=$1 hosts=$2 leaves=$3 spines=$4 cores=$5 plane expected
  local -a ranks=("$spines" "$leaves")
  expected="\"compute.leaf\": $((leaves * planes)), \"compute.spine\": $((spines * planes))"
  if ((cores > 0)); then
    ranks=("$cores" "${ranks[@]}")
    expected="$expected, \"compute.core\": $((cores * planes))"
  fi
  cables "$6" "$7" "$expected"
  for ((plane = 1; plane <= planes; plane++)); do
    awk -f "$here/ibsim_netlist.awk" -v "plane=$plane" -v roots=roots.txt cables.csv >fabric.net
    if [[ $roots == yes ]]; then route fabric.net roots.txt; else route fabric.net; fi
    judge "$hosts" "${ranks[@]}"
  done
  cases=$((cases + 1))
  echo "$name: $hosts hosts, ${ranks[*]} switches by rank"
}

# must_refuse NAME PROGRAM: damages the schedule with awk; opensm must not take the fabric for a fat tree any more.
must_refuse() {
  local name=$1
  awk -F, -v OFS=, "$2" cables.csv >damaged.csv
  if cmp -s cables.csv damaged.csv; then fail "the schedule was not damaged"; fi
  awk -f "$here/ibsim_netlist.awk" damaged.csv >fabric.net
  route fabric.net
  told 'SUBNET UP' || fail "opensm did not run"
  if told 'ftree tables configured' || ! told "Fabric topology hasn't been identified as FatTree"; then fail "opensm was expected to refuse it"; fi
  echo "$name: refused"
}

dgx='"model": "nvidia-dgx-h100", "unit": 32, "count":'
rails='"topology": "rail-optimized", "leaf": "nvidia-qm9700"'
tree='"topology": "fat-tree", "leaf": "nvidia-qm9700"'
prove "1 scalable unit" 256 8 4 0 "$dgx 32" "$rails"
prove "3 scalable units" 768 24 16 0 "$dgx 96" "$rails"
prove "4 scalable units less one node" 1016 32 16 0 "$dgx 127" "$rails"
prove "1 scalable unit and 1 node" 264 16 8 0 "$dgx 33" "$rails"
prove "rails 3:1" 480 16 4 0 '"model": "nvidia-dgx-h100", "count": 60' "$rails, \"oversubscription\": 3"
prove "fat tree" 800 25 16 0 '"model": "nvidia-dgx-h100", "count": 100' "$tree"
prove "fat tree, nodes on two leaves" 800 26 16 0 '"model": "nvidia-dgx-h100", "count": 100' "$tree, \"homing\": 2"
planes=2
prove "2 planes" 256 8 4 0 "$dgx 64" "$rails, \"planes\": 2"
planes=1

small='"topology": "fat-tree", "leaf": "switch-8"'
prove "3 tiers" 126 32 32 16 '"model": "node-2", "count": 63' "$small"
prove "3 tiers, spines 2:1" 128 32 32 8 '"model": "node-2", "count": 64' "$small, \"oversubscription\": { \"spine\": 2 }"
prove "3 tiers of rails" 320 40 40 32 '"model": "node-2", "count": 160, "unit": 8' '"topology": "rail-optimized", "leaf": "switch-16"'

# A leaf without nodes and a smaller last pod are no fat tree to opensm unless it is told the roots. Then it counts ranks and routes, but no longer
# compares the switches of a rank.
roots=yes
prove "a leaf without nodes" 264 10 8 0 '"model": "nvidia-dgx-h100", "unit": 20, "count": 33' "$tree"
prove "a last pod of one leaf" 100 25 25 16 '"model": "node-2", "count": 50' "$small"
prove "9 scalable units" 2304 72 72 40 "$dgx 288" "$rails"
roots=no

# That it can fail: the same with cables where they do not belong. Columns 15 and 22 are from_device and to_device.
# shellcheck disable=SC2016 # these are awk's dollars
{
  prove "2 scalable units" 512 16 8 0 "$dgx 64" "$rails"
  must_refuse "two uplinks swapped" '
    $15 == "compute-leaf-0001" && $22 == "compute-spine-0001" && !first { first = NR }
    $15 == "compute-leaf-0002" && $22 == "compute-spine-0002" && !second { second = NR }
    { row[NR] = $0 }
    END {
      for (i = 1; i <= NR; i++) {
        $0 = row[i == first ? second : i == second ? first : i]
        cage = $23; port = $24; to = $22
        $0 = row[i]
        $22 = to; $23 = cage; $24 = port
        print
      }
    }'
  must_refuse "an uplink missing" '!($15 == "compute-leaf-0001" && $22 == "compute-spine-0001" && !gone++)'
}
name="a port used twice"
awk '{ print } NR == 2 { print }' cables.csv >damaged.csv
if awk -f "$here/ibsim_netlist.awk" damaged.csv >fabric.net 2>awk.log || ! grep -q 'is used twice' awk.log; then fail "not noticed"; fi
echo "$cases fabrics are fat trees to opensm"
