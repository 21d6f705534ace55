#!/usr/bin/env bash
# Installs what is missing, builds, and runs build/ringproof with the arguments given here.
# Without arguments it replays the bundled capture through the echo application.
set -euo pipefail
top=$(cd "$(dirname "$0")" && pwd)

"$top/cmake/install-packages.sh"
"$top/cmake/build.sh" release ringproof applications
if [ "$#" -gt 0 ]; then
  exec "$top/build/ringproof" "$@"
fi
cd "$top"
exec build/ringproof replay traces/mixed.pcapng --app xskfwd --seed 1 --out out/demo -- 1 4
