#!/usr/bin/env bash
# ipv6-vlan.sh: makes ../ipv6-vlan.pcapng: IPv6 from the moment the client's link comes up (duplicate address
# detection, listener reports, router solicitations), ping, UDP to 1234, fragments; the same and IPv4 inside VLAN 7.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need ping arping ss
make_net
echo_up
capture_start nano
client_up dad
vlan_up dad
net_ready
forget_neighbours
for size in 0 56 1000 1452 1453 3000; do
  on "$cli" ping -q -n -i 0.01 -c 5 -s "$size" 2001:db8:0:1::2 >/dev/null
done
on "$cli" ping -q -n -i 0.01 -c 3 ff02::1%cli0 >/dev/null
send "$cli" 2001:db8:0:1::2 --first-source-port 40000 --flows 24 --count 300 --burst 6 --gap-us 3000 --seed 6
send "$cli" 2001:db8:0:1::2 --first-source-port 40100 --count 50 --sizes 62-1514 --gap-us 500
send "$cli" 2001:db8:0:1::2 --first-source-port 40200 --count 4 --sizes 1515,4000 --gap-us 500
# Inside the VLAN.
on "$cli" arping -q -i cli0.7 -c 2 -W 0.05 198.51.100.2
for size in 0 56 1000 1468 3000; do
  on "$cli" ping -q -n -i 0.01 -c 5 -s "$size" 198.51.100.2 >/dev/null
done
on "$cli" ping -q -n -i 0.01 -c 5 -s 1000 2001:db8:0:7::2 >/dev/null
send "$cli" 198.51.100.2 --tagged --first-source-port 41000 --flows 16 --count 200 --burst 4 --gap-us 2000 --seed 7
send "$cli" 198.51.100.2 --tagged --first-source-port 41100 --count 50 --sizes 64-1514 --gap-us 500
send "$cli" 2001:db8:0:7::2 --tagged --first-source-port 42000 --flows 8 --count 60 --burst 4 --gap-us 2000 --seed 8
capture_stop ipv6-vlan.pcapng
