#!/usr/bin/env bash
# udp-echo.sh: makes ../udp-echo.pcapng, a UDP echo service on port 1234 under steady, bursty and odd-sized load.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_net
client_up nodad
net_ready
echo_up
forget_neighbours
capture_start nano
# Every length from the smallest frame a wire carries without padding to full size, one flow.
send "$cli" 192.0.2.2 --first-source-port 40000 --count 120 --sizes 60-1514 --gap-us 1000
# Bursts from 64 flows, then fewer and longer bursts of 64-byte frames (60 without FCS), then full-size ones.
send "$cli" 192.0.2.2 --first-source-port 41000 --flows 64 --count 800 --burst 32 --gap-us 8000 --seed 2
send "$cli" 192.0.2.2 --first-source-port 42000 --flows 32 --count 1024 --sizes 60 --burst 128 --gap-us 20000 --seed 3
send "$cli" 192.0.2.2 --first-source-port 43000 --flows 16 --count 256 --sizes 1514 --burst 64 --gap-us 20000 --seed 4
# Payloads of 0, 1 and 17 bytes, which a wire pads; datagrams over the MTU, which arrive as fragments.
send "$cli" 192.0.2.2 --first-source-port 44000 --flows 3 --count 12 --sizes 42,43,59,60 --gap-us 500
send "$cli" 192.0.2.2 --first-source-port 45000 --flows 4 --count 12 --sizes 1515,3000,8000 --gap-us 2000
# The same service over IPv6.
send "$cli" 2001:db8:0:1::2 --first-source-port 46000 --flows 16 --count 200 --burst 8 --gap-us 4000 --seed 5
capture_stop udp-echo.pcapng
