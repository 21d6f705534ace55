#!/usr/bin/env bash
# Installs the package on a Debian that has nothing else, runs a bundled program, and builds and runs another one.
# usage: try_on_clean_machine.sh BUILD_FOLDER     as root, with debootstrap and a mirror
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
suite=bookworm
mirror=http://deb.debian.org/debian

for tool in debootstrap lintian; do
  command -v "$tool" >/dev/null || { echo "ringproof: expected $tool of Debian, found none" >&2; exit 1; }
done
deb=$(ls -t "$build"/ringproof_*.deb | head -n 1)
echo "ringproof: $(basename "$deb")"
lintian --fail-on error,warning "$deb"

root=$(mktemp -d)
trap 'umount -q "$root/proc" || true; rm -rf --one-file-system "$root"' EXIT
log=$root.log
run() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }; }
quietly debootstrap --variant=minbase "$suite" "$root" "$mirror"
mount -t proc proc "$root/proc"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp "$deb" "$root/root/ringproof.deb"
# Its dependencies alone, and nothing that is only recommended.
quietly run apt-get install -y --no-install-recommends /root/ringproof.deb

run ringproof --version
run ringproof replay /usr/share/ringproof/traces/mixed.pcapng --app xskfwd --seed 1 --out /root/out -- 1 4 >"$root/root/installed"
(cd "$source" && "$build/ringproof" replay traces/mixed.pcapng --app xskfwd --seed 1 -- 1 4) >"$root/root/here"
for file in installed here; do grep -o 'result hash [0-9a-f]*' "$root/root/$file" >"$root/root/$file.hash"; done
cmp "$root/root/installed.hash" "$root/root/here.hash"

cp "$source"/testbench/packaging/outside/*.c "$source/testbench/packaging/outside/machine.cc" \
  "$source/testbench/apps/behaviour/one_socket.h" "$root/root/"
run sh -ec 'cd /root
  cc -shared -fPIC receives.c greeting.c -o receives.so $(pkg-config --cflags --libs ringproof)
  ringproof replay /usr/share/ringproof/traces/udp-echo.pcapng --app ./receives.so -- 10 >received
  grep -q "^received 10, " received
  c++ -std=c++20 machine.cc -o machine $(pkg-config --cflags --libs ringproof)
  test "$(./machine)" = "passed 1"'
quietly run apt-get purge -y ringproof
left=$(run find / -xdev -path /root -prune -o -path /proc -prune -o -name '*ringproof*' -print)
[ -z "$left" ] || { echo "ringproof: expected nothing after the purge, got $left" >&2; exit 1; }
echo "ringproof: the package works on a clean Debian $suite"
