#!/usr/bin/env bash
# Configures and builds one preset; prints the compiler's words only when something fails.
# usage: cmake/build.sh PRESET [TARGETS…]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
target=()
[ "$#" -gt 0 ] && target=(--target "$@")

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "ringproof: building ($preset)" >&2
if ! { cmake --preset "$preset" && cmake --build --preset "$preset" "${target[@]}"; } >"$log" 2>&1; then
  grep -vE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 200 >&2
  echo "ringproof: the build failed" >&2
  exit 1
fi
