# SPDX-License-Identifier: Apache-2.0
# Turns the cable schedule of one InfiniBand fabric (CSV) into a netlist for ibsim.
#
#   awk -f ibsim_netlist.awk [-v plane=N] [-v roots=FILE] cables.csv >fabric.net
#
# Hosts stand first, because opensm attaches to the first device of the file. Each NIC port becomes an adapter of its own, as in a DGX, named
# "gpu-0001 HCA-3". FILE gets the GUIDs of the switches that no link leads up from.

function fail(reason) {
  print FILENAME ":" FNR ": " reason >"/dev/stderr"
  failed = 1
  exit 1
}

function add_end(end, device, cage, port) {
  if ((device, cage, port) in used) fail(device " cage " cage " port " port " is used twice")
  used[device, cage, port] = 1
  if (!(device in guids)) {
    devices[++device_count] = device
    # Far from those that ibsim deals out to the adapters itself, and within 31 bits for every awk.
    guids[device] = 1073741824 + 256 * device_count
  }
  # Cages of a switch are bare numbers, those of a node carry the name of their port group.
  if (cage ~ /^[0-9]+$/) is_switch[device] = 1
  sub(/^.*-/, "", cage)
  end_device[end] = device
  end_cage[end] = cage + 0
  end_port[end] = port + 0
  if (end_port[end] > cage_ports) cage_ports = end_port[end]
}

function peer(end) { return end % 2 ? end + 1 : end - 1 }

BEGIN { FS = "," }

FNR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  if (!("plane" in column && "from_device" in column && "to_port" in column)) fail("not a cable schedule")
  next
}

plane == "" || $column["plane"] == plane {
  add_end(++ends, $column["from_device"], $column["from_cage"], $column["from_port"])
  add_end(++ends, $column["to_device"], $column["to_cage"], $column["to_port"])
  has_uplink[$column["from_device"]] = 1
}

END {
  if (failed) exit 1
  # Ports of a device are numbered through: cage by cage, as many to a cage as the fullest cage of the schedule has.
  for (end = 1; end <= ends; end++) {
    device = end_device[end]
    number[end] = (end_cage[end] - 1) * cage_ports + end_port[end]
    if (!(device in is_switch)) address[end] = sprintf("\"H-%016x\"[1]", 268435456 + end)
    else address[end] = sprintf("\"S-%016x\"[%d]", guids[device], number[end])
    if (device in is_switch && number[end] > switch_ports) switch_ports = number[end]
  }
  for (end = 1; end <= ends; end++) {
    if (!(end_device[end] in is_switch)) {
      printf "Ca\t1 \"H-%016x\"\t# \"%s HCA-%d\"\n[1]\t%s\n\n", 268435456 + end, end_device[end], number[end], address[peer(end)]
    } else {
      lines[end_device[end]] = lines[end_device[end]] sprintf("[%d]\t%s\n", number[end], address[peer(end)])
    }
  }
  for (i = 1; i <= device_count; i++) {
    device = devices[i]
    if (!(device in is_switch)) continue
    printf "switchguid=0x%x\nSwitch\t%d \"S-%016x\"\t# \"%s\"\n%s\n", guids[device], switch_ports, guids[device], device, lines[device]
    if (roots != "" && !(device in has_uplink)) printf "0x%x\n", guids[device] >roots
  }
}
