#!/usr/bin/env bash
# Installs what the build and the tests need from Debian, if it is missing. Quiet unless it fails.
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ccache verilator libsystemc-dev nlohmann-json3-dev libgtest-dev libbenchmark-dev libpcap-dev
  libcli11-dev libfmt-dev libboost-context-dev libpugixml-dev zlib1g-dev help2man dpkg-dev file
)
if [ "${1:-}" = "test" ]; then
  packages+=(python3 clang clang-format clang-tidy lld libclang-rt-dev yosys z3 cvc5 tshark libxdp-dev)
fi

missing=()
for package in "${packages[@]}"; do
  if ! dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$'; then
    missing+=("$package")
  fi
done
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "ringproof: these Debian packages are missing; install them as root: ${missing[*]}" >&2
  exit 1
fi

echo "ringproof: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  apt-get update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1
}
if ! install; then
  sleep 5
  if ! install; then
    cat "$log" >&2
    echo "ringproof: apt-get could not install: ${missing[*]}" >&2
    exit 1
  fi
fi
