#!/usr/bin/env bash
# mixed.sh: makes ../mixed.pcapng: one server that is asked for everything at once for about a second.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need nginx curl dnsmasq dig ping arping ss
make_net
client_up nodad
vlan_up nodad
net_ready
echo_up
web_up "$srv" 80
web_up "$cli" 8080
dns_up
for i in {1..20}; do printf 'h%s.example.org A\nh%s.example.org AAAA\n' "$i" "$i"; done >"$work/names"
for i in {1..10}; do printf 'h%s.example.net A\n' "$i"; done >>"$work/names"

browse() {
  local i
  fetch "$cli" "http://192.0.2.2/tiny.txt" "http://192.0.2.2/small.html?[1-20]" "http://192.0.2.2/medium.txt"
  fetch "$cli" -Z "http://192.0.2.2/page.html?[1-6]" "http://192.0.2.2/large.bin"
  for i in {1..12}; do fetch "$cli" "http://192.0.2.2/small.html?$i"; done
  fetch "$cli" --limit-rate 4M "http://192.0.2.2/huge.bin?[1-2]"
  fetch "$cli" -g "http://[2001:db8:0:1::2]/page.html" "http://[2001:db8:0:1::2]/medium.txt"
}
upload() {
  fetch "$cli" -T "$work/web-$cli/files/medium.txt" "http://192.0.2.2/up/a.txt"
  fetch "$cli" -T "$work/web-$cli/files/large.bin" "http://192.0.2.2/up/b.bin"
}
download() {
  fetch "$srv" --limit-rate 1M "http://192.0.2.1:8080/large.bin"
  fetch "$srv" -Z "http://192.0.2.1:8080/medium.txt?[1-2]"
}
pings() {
  local size
  for size in 0 56 1000 1472 3000; do on "$cli" ping -q -n -i 0.01 -c 15 -s "$size" 192.0.2.2; done
  on "$srv" ping -q -n -i 0.01 -c 5 192.0.2.1
}
pings_six() {
  local size
  for size in 56 1000 3000; do on "$cli" ping -q -n -i 0.01 -c 8 -s "$size" 2001:db8:0:1::2; done
  on "$cli" ping -q -n -i 0.01 -c 6 198.51.100.2
  on "$cli" ping -q -n -i 0.01 -c 4 -s 1000 2001:db8:0:7::2
}
echo_steady() {
  send "$cli" 192.0.2.2 --first-source-port 40000 --flows 24 --count 400 --burst 4 --gap-us 9000 --seed 11
}
echo_bursts() {
  send "$cli" 192.0.2.2 --first-source-port 41000 --flows 32 --count 320 --burst 32 --gap-us 80000 --seed 12
  send "$cli" 192.0.2.2 --first-source-port 42000 --count 4 --sizes 3000 --gap-us 1000
}
echo_six() {
  send "$cli" 2001:db8:0:1::2 --first-source-port 43000 --flows 12 --count 112 --burst 4 --gap-us 20000 --seed 13
}
echo_vlan() {
  send "$cli" 198.51.100.2 --tagged --first-source-port 44000 --flows 8 --count 48 --burst 2 --gap-us 20000 --seed 14
  send "$cli" 2001:db8:0:7::2 --tagged --first-source-port 44100 --flows 2 --count 16 --gap-us 5000 --seed 15
}

sleep 4 # lets the router solicitations and listener reports of the new links pass
forget_neighbours
capture_start nano
also echo_steady
also echo_bursts
also echo_six
also echo_vlan
also browse
also upload
also download
also pings
also pings_six
also query -f "$work/names"
also query +tcp long.example.net TXT
also on "$cli" arping -q -i cli0 -c 4 -W 0.2 192.0.2.2
all_done
capture_stop mixed.pcapng
