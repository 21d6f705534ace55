#!/usr/bin/env bash
# all.sh: makes all captures again, as root. They differ from the ones here in times, ports and interleaving.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for capture in http dns-ping udp-echo ipv6-vlan mixed; do "$here/$capture.sh"; done
