#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reads the #include lines under include/, src/ and apps/ and fails on one that points upwards or where it must not.
#
#   check_includes.sh ROOT          check the tree at ROOT
#   check_includes.sh --self-check  prove on small bad trees that the check can fail
set -euo pipefail
export LC_ALL=C

# Lower rooms first: a room includes itself and what stands to its left.
rooms="base diag json catalog spec fabric place cabling plan analysis report exchange apps"

# Prints every offence as file:line: reason; fails when there is one, or when there is nothing to check.
check() {
  local root=$1 folder
  local -a folders=() files=()
  for folder in include src apps; do
    if [[ -d $root/$folder ]]; then folders+=("$folder"); fi
  done
  if ((${#folders[@]} > 0)); then
    mapfile -t files < <(cd "$root" && find "${folders[@]}" -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.def' -o -name '*.h' \) | sort)
  fi
  if ((${#files[@]} == 0)); then
    echo "$root: no sources to check"
    return 1
  fi
  (cd "$root" && awk -v rooms="$rooms" '
    function room_of(path,    part, n) {
      n = split(path, part, "/")
      if (part[1] == "apps") return "apps"
      if (part[1] == "src" && n > 2) return part[2]
      if (part[1] == "include" && part[2] == "icplan" && n > 3) return part[3]
      return ""
    }
    function fail(reason) { printf "%s:%d: %s\n", FILENAME, FNR, reason; failed = 1 }
    BEGIN { count = split(rooms, name, " "); for (i = 1; i <= count; i++) rank[name[i]] = i }
    FNR == 1 {
      files++
      room = room_of(FILENAME)
      # A header beside the rooms may use them all, as the apps do, and only the apps may use it.
      if (room == "" && FILENAME ~ /^include\/icplan\/[^\/]+$/) room = "apps"
      if (!(room in rank)) { fail("not in a known room"); room = "apps" }
    }
    /^[ \t]*#[ \t]*include[ \t]*["<]/ {
      includes++
      angled = $0 ~ /^[ \t]*#[ \t]*include[ \t]*</
      target = $0
      sub(/^[^"<]*["<]/, "", target)
      sub(/[">].*$/, "", target)

      top = target
      sub(/\/.*$/, "", top)
      if (FILENAME ~ /^include\// && top ~ /^(fmt|nlohmann|spdlog|CLI)$/) fail("public headers include no " top)
      else if (top == "nlohmann" && FILENAME !~ /^src\/json\//) fail("nlohmann lives in src/json only")
      else if (top ~ /^(CLI|spdlog)$/ && room != "apps") fail(top " lives in apps/ only")
      else if (FILENAME ~ /^include\// && angled && target !~ /^(icplan\/.*|[a-z_0-9]+)$/) fail("public headers include the standard library only, not " target)

      if (target == "icplan/version.hpp") next
      path = target
      while (sub(/^\.\.?\//, "", path)) { }
      sub(/^(src|include)\//, "", path)
      beside = path ~ /^icplan\/[^\/]+$/
      sub(/^icplan\//, "", path)
      to = path
      if (beside) to = "apps"
      else if (!sub(/\/.*$/, "", to)) next
      if (!(to in rank)) { if (target ~ /^icplan\//) fail("unknown room " to); next }
      if (rank[to] > rank[room]) fail(room " includes the upper room " to ": " target)
    }
    END {
      if (failed) exit 1
      printf "%d includes in %d files point downwards\n", includes, files
    }' "${files[@]}")
}

self_check() {
  local work rejected=0 failed=0
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT

  # tree FILE LINE: a sound tree and one more line.
  tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree"/{include/icplan/{base,fabric},src/{base,json,fabric},apps/icplan}
    printf '#pragma once\n#include <string>\n' >"$work/tree/include/icplan/base/text.hpp"
    printf '#pragma once\n#include "icplan/base/text.hpp"\n' >"$work/tree/include/icplan/fabric/network.hpp"
    printf '#include "fabric/local.hpp"\n#include "local.hpp"\n#include <fmt/format.h>\n' >"$work/tree/src/fabric/network.cpp"
    printf '#include <nlohmann/json.hpp>\n#include "icplan/version.hpp"\n' >"$work/tree/src/json/parse.cpp"
    printf '#include <CLI/CLI.hpp>\n#include <spdlog/spdlog.h>\n#include "icplan/fabric/network.hpp"\n' >"$work/tree/apps/icplan/main.cpp"
    if (($# == 2)); then mkdir -p "$work/tree/$(dirname "$1")" && printf '%s\n' "$2" >>"$work/tree/$1"; fi
  }
  must_fail() {
    tree "$@"
    if check "$work/tree" >"$work/out"; then
      echo "not noticed: $1: $2"
      failed=1
    else
      rejected=$((rejected + 1))
    fi
  }

  tree
  if ! check "$work/tree" >"$work/out"; then
    echo "a sound tree was refused:"
    cat "$work/out"
    failed=1
  fi
  must_fail include/icplan/base/text.hpp '#include "icplan/fabric/network.hpp"'
  must_fail include/icplan/base/text.hpp '#include <icplan/fabric/network.hpp>'
  must_fail src/base/text.cpp '  #  include "fabric/local.hpp"'
  must_fail src/base/text.cpp '#include "../fabric/local.hpp"'
  must_fail src/fabric/network.cpp '#include "../../apps/icplan/cli.hpp"'
  must_fail src/fabric/network.cpp '#include "icplan/icplan.hpp"'
  must_fail src/fabric/network.cpp '#include "icplan/attic/network.hpp"'
  must_fail src/attic/network.cpp '#include <string>'
  must_fail src/fabric/network.cpp '#include <nlohmann/json.hpp>'
  must_fail apps/icplan/main.cpp '#include <nlohmann/json.hpp>'
  must_fail src/json/parse.cpp '#include <spdlog/spdlog.h>'
  must_fail src/json/parse.cpp '#include "CLI/CLI.hpp"'
  must_fail include/icplan/fabric/network.hpp '#include <fmt/core.h>'
  must_fail include/icplan/json/value.hpp '#include <nlohmann/json_fwd.hpp>'
  must_fail include/icplan/base/text.hpp '#include <sys/stat.h>'
  mkdir -p "$work/empty"
  if check "$work/empty" >"$work/out"; then
    echo "not noticed: a tree without sources"
    failed=1
  fi
  echo "$rejected bad trees refused"
  return $failed
}

case ${1-} in
  --self-check) self_check ;;
  "" | -*) echo "usage: check_includes.sh ROOT | --self-check" >&2 && exit 2 ;;
  *) check "$1" ;;
esac
