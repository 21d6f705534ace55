#!/usr/bin/env bash
# dns-ping.sh: makes ../dns-ping.pcap (classic pcap, microseconds): DNS, ping of many sizes with fragments, ARP.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need dnsmasq dig ping arping ss
make_net
client_up nodad
net_ready
dns_up
forget_neighbours
capture_start micro
on "$cli" arping -q -i cli0 -c 3 -W 0.05 192.0.2.2
for i in {1..30}; do printf 'h%s.example.org A\nh%s.example.org AAAA\n' "$i" "$i"; done >"$work/names"
for i in {1..10}; do printf 'h%s.example.net A\nh%s.example.net AAAA\n' "$i" "$i"; done >>"$work/names"
query -f "$work/names"
query example.org MX example.org TXT missing.example.org A long.example.net TXT
query +tcp h1.example.org A
query -x 192.0.2.101
# 1472 fills a frame, 1473 is the first that does not; the last three arrive as fragments.
for size in 0 1 18 56 512 1000 1472 1473 3000 8000; do
  on "$cli" ping -q -n -i 0.01 -c 5 -s "$size" 192.0.2.2 >/dev/null
done
# A ping that the server sends: replies arrive.
on "$srv" ping -q -n -i 0.01 -c 5 192.0.2.1 >/dev/null
on "$cli" ping -q -n -i 0.01 -c 5 -s 1000 2001:db8:0:1::2 >/dev/null
query -p 5353 +tries=1 +time=1 h1.example.org A || true # nobody listens there
capture_stop dns-ping.pcap
