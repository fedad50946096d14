#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares what icplan prints and writes with what it should.
#
#   run.sh [--refresh] BINARY [CASE...]   run all cases, or the named ones; --refresh rewrites their expectations
#   run.sh --self-check                   prove on a throw-away command that the runner can fail
#
# A case is a folder beside this script:
#   cmd      the arguments, on one line, run from the repository's root; quotes group words, {out} is an empty
#            folder to write to, a line that starts with # is a comment
#   before   the arguments of a command that is run first, which may write to {out} (absent: none)
#   stdin    what the command reads (absent: nothing)
#   stdout   what it prints (absent: nothing)
#   stderr   what it prints there (absent: nothing)
#   exit     its exit code (absent: 0)
#   files/   what {out} must hold: each file in here is compared, others in {out} are not looked at.
#            For a new one make an empty file of that name and refresh.
set -euo pipefail
export LC_ALL=C TZ=UTC NO_COLOR=1 TERM=dumb

script=$(readlink -f "${BASH_SOURCE[0]}")
golden=${script%/*}
root=$(cd "$golden/../.." && pwd -P)
refresh=0
work=

usage() {
  echo "usage: run.sh [--refresh] BINARY [CASE...]" >&2
  exit 2
}

# same EXPECTED ACTUAL LABEL: an absent expectation is an empty one.
same() {
  local expected=$1
  if [[ ! -e $expected ]]; then expected=/dev/null; fi
  if cmp -s "$expected" "$2"; then return 0; fi
  diff -u --label "expected $3" --label "actual $3" "$expected" "$2" >"$work/diff" || true
  head -n 60 "$work/diff"
  return 1
}

# keep ACTUAL EXPECTED: writes the expectation, or removes it when it would be empty.
keep() {
  if [[ -s $1 ]]; then
    cp "$1" "$2"
  else
    rm -f "$2"
  fi
}

# run_case NAME: leaves what happened in $work and compares or keeps it.
run_case() {
  local name=$1 folder=$golden/$1 code=0 wanted=0 file stream failed=0 input=/dev/null
  local -a args=()
  if [[ ! -f $folder/cmd ]]; then
    echo "no such case: $name"
    return 1
  fi
  if [[ -f $folder/files ]]; then
    echo "files must be a folder, not a list"
    return 1
  fi
  rm -rf "${work:?}"/*
  mkdir "$work/out"
  if [[ -f $folder/before ]]; then
    mapfile -d '' args < <(grep -v '^#' "$folder/before" | xargs -r printf '%s\0')
    args=("${args[@]//'{out}'/$work/out}")
    if ! (cd "$root" && exec "$binary" "${args[@]}" </dev/null >/dev/null 2>"$work/stderr"); then
      echo "the command in $name/before failed"
      cat "$work/stderr"
      return 1
    fi
  fi
  mapfile -d '' args < <(grep -v '^#' "$folder/cmd" | xargs -r printf '%s\0')
  if ((${#args[@]} == 0)); then
    echo "no arguments in $name/cmd"
    return 1
  fi
  args=("${args[@]//'{out}'/$work/out}")
  if [[ -f $folder/stdin ]]; then input=$folder/stdin; fi
  (cd "$root" && exec "$binary" "${args[@]}" <"$input" >"$work/stdout" 2>"$work/stderr") || code=$?
  sed -i "s|$work/out|{out}|g" "$work/stdout" "$work/stderr"

  if ((refresh)); then
    # 126 and above: it could not be started, or a signal ended it. That is nothing to expect.
    if ((code >= 126)); then
      echo "ended with $code; the expectations stay as they are"
      cat "$work/stderr"
      return 1
    fi
    keep "$work/stdout" "$folder/stdout"
    keep "$work/stderr" "$folder/stderr"
    if ((code != 0)); then echo "$code" >"$folder/exit"; else rm -f "$folder/exit"; fi
  else
    if [[ -f $folder/exit ]]; then wanted=$(<"$folder/exit"); fi
    if [[ $code != "$wanted" ]]; then
      echo "exit code $code instead of $wanted"
      failed=1
    fi
    for stream in stdout stderr; do same "$folder/$stream" "$work/$stream" "$stream" || failed=1; done
  fi

  if [[ -d $folder/files ]]; then
    while IFS= read -r -d '' file; do
      file=${file#"$folder/files/"}
      if [[ ! -f $work/out/$file ]]; then
        echo "$file was not written"
        failed=1
      elif ((refresh)); then
        cp "$work/out/$file" "$folder/files/$file"
      else
        same "$folder/files/$file" "$work/out/$file" "$file" || failed=1
      fi
    done < <(find "$folder/files" -type f -print0 | sort -z)
  fi
  return $failed
}

run_cases() {
  local passed=0 failed=0 name
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if (($# == 0)); then
    local cmd
    for cmd in "$golden"/*/cmd; do
      if [[ -f $cmd ]]; then
        cmd=${cmd%/cmd}
        set -- "$@" "${cmd##*/}"
      fi
    done
  fi
  for name in "$@"; do
    if run_case "$name" >"$work.log" 2>&1; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAILED $name"
      sed 's/^/  /' "$work.log"
    fi
    rm -f "$work.log"
  done
  echo "$passed passed, $failed failed"
  ((failed == 0 && passed > 0))
}

# A command that prints its arguments, complains, writes a file and ends with the code it is given.
self_check() {
  local place failed=0 case
  place=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$place'" EXIT
  mkdir -p "$place/tests/golden/one/files"
  cp "$script" "$place/tests/golden/run.sh"
  cat >"$place/tool" <<'TOOL'
#!/bin/sh
printf '%s\n' "$@"
echo complaint >&2
echo written >"$2/note.txt"
exit "$1"
TOOL
  chmod +x "$place/tool"
  case=$place/tests/golden/one
  run_here() { "$place/tests/golden/run.sh" "$@" >"$place/log" 2>&1; }
  expect() { # VERDICT LINE WHAT
    local verdict=fails
    if run_here "$place/tool"; then verdict=passes; fi
    if [[ $verdict != "$1" || $(tail -n 1 "$place/log") != "$2" ]]; then
      echo "$3: $verdict, but $1 was expected, and \"$2\""
      cat "$place/log"
      failed=1
    fi
  }

  rm -rf "$case"
  expect fails "0 passed, 0 failed" "no case"
  mkdir -p "$case/files"
  echo "3 {out} 'two words'" >"$case/cmd"
  : >"$case/files/note.txt"
  expect fails "0 passed, 1 failed" "a case without expectations"
  run_here --refresh "$place/tool" || failed=1
  expect passes "1 passed, 0 failed" "a refreshed case"
  for wrong in stdout stderr exit files/note.txt; do
    cp -r "$case" "$place/saved"
    if [[ $wrong == exit ]]; then echo 4 >"$case/exit"; else echo more >>"$case/$wrong"; fi
    expect fails "0 passed, 1 failed" "a wrong $wrong"
    rm -rf "$case" && mv "$place/saved" "$case"
  done
  rm "$case/stderr"
  expect fails "0 passed, 1 failed" "an unexpected stderr"
  echo "complaint" >"$case/stderr"
  : >"$case/files/absent.txt"
  expect fails "0 passed, 1 failed" "a file that was not written"
  if ((failed == 0)); then echo "the runner fails when it should"; fi
  return $failed
}

while [[ ${1-} == -* ]]; do
  case $1 in
    --refresh) refresh=1 ;;
    --self-check) self_check && exit 0 || exit 1 ;;
    *) usage ;;
  esac
  shift
done
if (($# == 0)); then usage; fi
binary=$(readlink -f "$1")
shift
if [[ ! -x $binary ]]; then
  echo "run.sh: no such program: $binary" >&2
  exit 2
fi
run_cases "$@"
