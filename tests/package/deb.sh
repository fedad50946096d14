#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs the build as a Debian package, twice, and looks at it: the same bytes, what it names and holds, no build path. Then installs it into an
# empty root and runs it there. Exits with 77 where cpack or dpkg's tools are missing.
#
#   deb.sh BUILD-FOLDER SOURCE-FOLDER WORK-FOLDER VERSION
set -euo pipefail
export LC_ALL=C

for tool in cpack dpkg-deb dpkg-shlibdeps; do
  if ! command -v "$tool" >/dev/null; then
    echo "$tool is not installed"
    exit 77
  fi
done
build=$1 source=$2 work=$3 version=$4
failed=0
complain() {
  echo "$*"
  failed=$((failed + 1))
}

# pack FOLDER TIMEZONE: leaves the package in FOLDER.
pack() (
  export SOURCE_DATE_EPOCH=1700000000 TZ=$2
  umask 022
  if ! cpack -G DEB --config "$build/CPackConfig.cmake" -B "$1" >"$1.log" 2>&1; then
    cat "$1.log"
    exit 1
  fi
)

rm -rf "$work"
mkdir -p "$work"
pack "$work/first" UTC
pack "$work/second" Asia/Tokyo
packages=("$work"/first/*.deb)
package=${packages[0]}
if ((${#packages[@]} != 1)); then complain "cpack wrote ${#packages[@]} packages"; fi
cmp "$package" "$work/second/${package##*/}" || complain "packing twice does not give the same bytes"

field() { dpkg-deb --field "$package" "$1"; }
expect() { if [[ $2 != "$3" ]]; then complain "$1 is '$2' instead of '$3'"; fi; }
expect Package "$(field Package)" icplan
expect Version "$(field Version)" "$version"
expect Architecture "$(field Architecture)" "$(dpkg --print-architecture)"
for library in libc6 libstdc++6; do
  if [[ $(field Depends) != *"$library"* ]]; then complain "Depends lacks $library: $(field Depends)"; fi
done

dpkg-deb --contents "$package" >"$work/contents"
holds() { if ! grep -qE " \./$1\$" "$work/contents"; then complain "the package lacks $1"; fi; }
holds usr/bin/icplan
holds usr/share/icplan/catalogs/schema/cluster.schema.json
holds 'usr/share/man/man1/icplan\.1(\.gz)?'
holds 'usr/share/man/man1/icplan-bom\.1(\.gz)?'
holds usr/share/bash-completion/completions/icplan
holds usr/share/zsh/site-functions/_icplan
holds usr/share/fish/vendor_completions.d/icplan.fish
holds usr/share/doc/icplan/copyright
holds usr/share/doc/icplan/changelog.gz
holds usr/share/doc/icplan/docs/commands/bom.md
holds usr/share/doc/icplan/examples/tiny/cluster.json
if grep -E 'usr/include|\.a$|/cmake/|icplan-docs$' "$work/contents"; then complain "the package holds what only developers need"; fi
if grep -vE '^[-dl][rwx-]+ root/root ' "$work/contents"; then complain "not everything belongs to root"; fi
if grep -vE '^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxrwxrwx) ' "$work/contents"; then complain "unusual permissions"; fi
if grep -E '^-rwx' "$work/contents" | grep -v ' ./usr/bin/icplan$' | grep -v '\.so'; then complain "more is executable than the command"; fi
# 2023-11-14 22:13:20 UTC is the time that was asked for.
if TZ=UTC dpkg-deb --contents "$package" | grep -v ' 2023-11-14 22:13 '; then complain "a file bears another time than SOURCE_DATE_EPOCH"; fi

root=$work/root
mkdir "$root"
dpkg-deb -x "$package" "$root"
if grep -rlF -e "$build" -e "$source" "$root"; then complain "these name the folder that they were built in"; fi

# Unpacked, it runs from where it is: it finds its catalogs beside itself.
(cd "$root/usr/share/doc/icplan" && env -i "$root/usr/bin/icplan" plan examples/tiny/cluster.json) >"$work/unpacked"
(cd "$source" && env -i "$build/bin/icplan" plan examples/tiny/cluster.json) >"$work/wanted"
cmp "$work/unpacked" "$work/wanted" || complain "the packed command prints something else"

# In a root that has nothing but the package and the libraries that it names.
if ((EUID == 0)); then
  clean=$work/clean
  mkdir -p "$clean/var/lib/dpkg/info" "$clean/var/lib/dpkg/updates"
  touch "$clean/var/lib/dpkg/status" "$clean/var/lib/dpkg/available"
  dpkg --root="$clean" --force-depends --force-not-root --no-triggers -i "$package" >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log"; complain "dpkg does not install it"; }
  while read -r library; do
    mkdir -p "$clean${library%/*}"
    cp -L "$library" "$clean$library"
  done < <(ldd "$clean/usr/bin/icplan" | grep -oE '/[^ ]+')
  # There is no /proc in it to tell the command where it is.
  mkdir -p "$clean/proc/self"
  ln -s /usr/bin/icplan "$clean/proc/self/exe"
  if chroot "$clean" /usr/bin/icplan --version >/dev/null 2>"$work/chroot.log"; then
    chroot "$clean" /usr/bin/icplan plan /usr/share/doc/icplan/examples/tiny/cluster.json >"$work/installed"
    cmp "$work/installed" "$work/wanted" || complain "the installed command prints something else"
    chroot "$clean" /usr/bin/icplan schema cluster | cmp - "$source/catalogs/schema/cluster.schema.json" || complain "the installed schema is another"
  else
    complain "it does not run in a clean root: $(cat "$work/chroot.log")"
  fi
fi

if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error "$package" || complain "lintian finds errors"
fi
echo "$(wc -l <"$work/contents") entries, $failed complaints"
((failed == 0))
