#!/usr/bin/env bash
# http.sh: makes ../http.pcapng, HTTP in both roles: the server answers requests and takes uploads
# (requests, acknowledgements and uploaded data arrive), and downloads from the other host (large data frames arrive).
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need nginx curl ss
make_net
client_up nodad
net_ready
web_up "$srv" 80
web_up "$cli" 8080
forget_neighbours
capture_start nano
# Small transfers: one connection for many requests, a connection for each, one after a missing file.
fetch "$cli" "http://192.0.2.2/tiny.txt" "http://192.0.2.2/small.html?[1-30]"
for i in 1 2 3 4 5 6; do fetch "$cli" "http://192.0.2.2/page.html?$i"; done
fetch "$cli" "http://192.0.2.2/missing.html" "http://192.0.2.2/medium.txt"
# Large ones in all directions, one at a time and in parallel.
fetch "$cli" "http://192.0.2.2/large.bin"
fetch "$cli" -Z "http://192.0.2.2/large.bin?[1-4]"
fetch "$cli" -T "$work/web-$cli/files/large.bin" "http://192.0.2.2/up/a.bin"
fetch "$cli" -T "$work/web-$cli/files/medium.txt" "http://192.0.2.2/up/b.txt"
fetch "$srv" "http://192.0.2.1:8080/huge.bin"
fetch "$srv" -Z "http://192.0.2.1:8080/medium.txt?[1-4]"
# And over IPv6.
fetch "$cli" -g "http://[2001:db8:0:1::2]/page.html" "http://[2001:db8:0:1::2]/large.bin"
fetch "$srv" -g "http://[2001:db8:0:1::1]:8080/medium.txt"
capture_stop http.pcapng
