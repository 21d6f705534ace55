# shellcheck shell=bash
# lib.sh: the two-host network that every capture script here uses; sourced, not run.
# Role     two network namespaces joined by a veth pair, capture at the server's end, checks of the result
# Shapes   client: cli0 192.0.2.1, 2001:db8:0:1::1, MAC 02:00:00:00:00:01
#          server: srv0 192.0.2.2, 2001:db8:0:1::2, MAC 02:00:00:00:00:02
#          VLAN 7: 198.51.100.1 and .2, 2001:db8:0:7::1 and ::2, same MACs
# Errors   any failing command ends the script; nothing replaces a capture that failed its checks

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
traces=$(dirname "$here")
python=${PYTHON:-python3}
cli=rp-cli-$$
srv=rp-srv-$$
work=$(mktemp -d)
pids=()

# Ends what this script started, by process id, and removes the two namespaces it created.
cleanup() {
  local status=$? pid
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  ip netns del "$cli" 2>/dev/null || true
  ip netns del "$srv" 2>/dev/null || true
  rm -rf "$work"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || { echo "${0##*/}: missing: ${missing[*]}" >&2; exit 1; }
}

on() { # on NAMESPACE COMMAND...: runs it there
  ip netns exec "$@"
}

start() { # start NAMESPACE COMMAND...: runs it there until the script ends; `ip` becomes the command and keeps the id
  ip netns exec "$@" >>"$work/programs.log" 2>&1 &
  pids+=($!)
}

wait_for() { # wait_for WHAT COMMAND...: polls for up to 10 s
  local what=$1 i
  shift
  for ((i = 0; i < 200; i++)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.05
  done
  echo "${0##*/}: gave up waiting for $what" >&2
  cat "$work/programs.log" >&2 || true
  exit 1
}

# What a real wire would show needs the sender to cut segments and fill in checksums itself.
no_offloads() { # no_offloads NAMESPACE INTERFACE
  on "$1" ethtool -K "$2" tso off gso off gro off sg off tx off rx off >/dev/null 2>&1 || true
  local left
  left=$(on "$1" ethtool -k "$2" | grep -E \
    '^(tcp-segmentation|generic-segmentation|generic-receive|tx-checksumming|rx-checksumming).*: on$' || true)
  [ -z "$left" ] || { echo "offloads of $2 stay on: $left" >&2; exit 1; }
}

# Both ends exist afterwards; the client's end is still down, so that a script can capture it coming up.
make_net() {
  need ip ethtool tcpdump editcap reordercap tshark capinfos "$python"
  ip netns add "$cli"
  ip netns add "$srv"
  ip link add cli0 netns "$cli" address 02:00:00:00:00:01 type veth \
    peer name srv0 netns "$srv" address 02:00:00:00:00:02
  no_offloads "$cli" cli0
  no_offloads "$srv" srv0
  on "$cli" ip link set lo up
  on "$srv" ip link set lo up
  on "$srv" ip link set srv0 up
  on "$srv" ip addr add 192.0.2.2/24 dev srv0
  on "$srv" ip addr add 2001:db8:0:1::2/64 dev srv0 nodad
}

client_up() { # client_up dad|nodad: with dad the client first asks whether its IPv6 address is taken
  on "$cli" ip link set cli0 up
  on "$cli" ip addr add 192.0.2.1/24 dev cli0
  local flags=()
  [ "$1" = dad ] || flags=(nodad)
  on "$cli" ip addr add 2001:db8:0:1::1/64 dev cli0 "${flags[@]}"
}

link_local_ready() { # no address of the namespace is tentative any more
  [ -z "$(ip -n "$1" -6 addr show tentative)" ]
}

net_ready() {
  wait_for "IPv6 addresses" link_local_ready "$cli"
  wait_for "IPv6 addresses" link_local_ready "$srv"
}

# VLAN 7 at both ends as TAP interfaces whose frames vlan_tap.py tags and untags.
vlan_up() {
  start "$srv" "$python" "$here/vlan_tap.py" srv0 7 srv0.7
  start "$cli" "$python" "$here/vlan_tap.py" cli0 7 cli0.7
  wait_for "VLAN interfaces" ip -n "$srv" link show srv0.7
  wait_for "VLAN interfaces" ip -n "$cli" link show cli0.7
  vlan_end "$srv" srv0.7 02:00:00:00:00:02 2 nodad
  vlan_end "$cli" cli0.7 02:00:00:00:00:01 1 "$1"
}

vlan_end() { # vlan_end NAMESPACE INTERFACE MAC HOST dad|nodad
  local flags=()
  [ "$5" = dad ] || flags=(nodad)
  # 1496 keeps a tagged frame within 1514 bytes.
  on "$1" ip link set "$2" address "$3" mtu 1496 up
  on "$1" ip addr add "198.51.100.$4/24" dev "$2"
  on "$1" ip addr add "2001:db8:0:7::$4/64" dev "$2" "${flags[@]}"
}

forget_neighbours() { # so that the capture holds ARP and neighbour discovery
  on "$cli" ip neigh flush all
  on "$srv" ip neigh flush all
}

echo_up() {
  start "$srv" "$python" "$here/udp_echo.py" 1234
  wait_for "UDP echo" udp_listens "$srv" 1234
}

udp_listens() { on "$1" ss -Hlun "sport = :$2" | grep -q .; }
tcp_listens() { on "$1" ss -Hltn "sport = :$2" | grep -q .; }

send() { # send NAMESPACE ARGUMENTS-OF-udp_send.py
  local ns=$1
  shift
  on "$ns" "$python" "$here/udp_send.py" "$@"
}

web_up() { # web_up NAMESPACE PORT: an nginx with small to large files; PUT below /up/ is accepted
  local root=$work/web-$1
  mkdir -p "$root/files/up" "$root/tmp"
  "$python" "$here/web_files.py" "$root/files"
  cat >"$root/nginx.conf" <<CONF
user root;
daemon off;
worker_processes 1;
pid $root/nginx.pid;
error_log $root/error.log;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  types { text/html html; text/plain txt; application/octet-stream bin; }
  client_body_temp_path $root/tmp;
  proxy_temp_path $root/tmp;
  fastcgi_temp_path $root/tmp;
  uwsgi_temp_path $root/tmp;
  scgi_temp_path $root/tmp;
  server {
    listen $2;
    listen [::]:$2;
    root $root/files;
    client_max_body_size 4m;
    location /up/ { dav_methods PUT DELETE; }
  }
}
CONF
  start "$1" nginx -p "$root" -c "$root/nginx.conf" -e "$root/error.log"
  wait_for "nginx" tcp_listens "$1" "$2"
}

fetch() { # fetch NAMESPACE CURL-ARGUMENTS: body thrown away
  local ns=$1
  shift
  on "$ns" curl -q -sS --noproxy '*' --output-dir "$work/fetched-$ns" --create-dirs --remote-name-all "$@"
}

# The server's dnsmasq answers for example.org and asks the client's host, which answers for example.net.
dns_up() {
  local common=(--no-daemon --conf-file=/dev/null --no-resolv --no-hosts --no-poll --bind-interfaces
    --except-interface=lo --user=root --pid-file= --cache-size=0)
  local org=("--mx-host=example.org,h1.example.org,10" "--txt-record=example.org,v=spf1 -all") net=() i long
  for ((i = 1; i <= 40; i++)); do
    org+=("--host-record=h$i.example.org,192.0.2.$((100 + i)),2001:db8:0:1::$((100 + i))")
    net+=("--host-record=h$i.example.net,198.51.100.$((100 + i)),2001:db8:0:7::$((100 + i))")
  done
  long=$(printf 'ringproof %.0s' {1..24})
  net+=("--txt-record=long.example.net,$long,$long,$long,$long")
  start "$srv" dnsmasq "${common[@]}" "${org[@]}" --server=/example.net/192.0.2.1
  start "$cli" dnsmasq "${common[@]}" "${net[@]}"
  wait_for "DNS server" udp_listens "$srv" 53
  wait_for "DNS server" udp_listens "$cli" 53
}

query() { # query DIG-ARGUMENTS: from the client to the server
  (cd "$work" && HOME=$work on "$cli" dig -r @192.0.2.2 +tries=1 +time=2 "$@" >>"$work/dig.log")
}

tcpdump_pid=
capture_start() { # capture_start nano|micro: frames that arrive at the server's interface
  # Not through on(): $! has to be tcpdump's own id.
  ip netns exec "$srv" tcpdump -i srv0 -Q in -p -n -s 0 -B 32768 -Z root --time-stamp-precision="$1" \
    -w "$work/raw.pcap" 2>"$work/tcpdump.log" &
  tcpdump_pid=$!
  pids+=("$tcpdump_pid")
  wait_for "tcpdump" grep -q '^tcpdump: listening' "$work/tcpdump.log"
}

capture_stop() { # capture_stop NAME.pcap|NAME.pcapng: checks the capture and puts it in place
  local name=$1 type=pcapng
  [ "${name##*.}" = pcapng ] || type=pcap
  sleep 1.5 # the kernel hands over a partly filled block only after a second
  kill -TERM "$tcpdump_pid" # bash starts background programs with SIGINT ignored
  wait "$tcpdump_pid" || true
  if ! grep -q '^0 packets dropped by kernel' "$work/tcpdump.log"; then
    cat "$work/tcpdump.log" >&2
    exit 1
  fi
  # Two processors can hand frames to tcpdump a few microseconds out of the order of their timestamps.
  reordercap "$work/raw.pcap" "$work/ordered" >"$work/reorder.log"
  cat "$work/reorder.log"
  # editcap writes its own name and version into a pcapng section header and nothing about the machine.
  editcap -F "$type" "$work/ordered" "$work/$name"
  "$here/check.sh" --sound "$work/$name"
  cp "$work/$name" "$traces/$name"
  "$here/check.sh" "$traces/$name"
}

in_parallel=()
also() { # also COMMAND...: runs it beside the others until all_done
  "$@" >>"$work/programs.log" 2>&1 &
  in_parallel+=($!)
  pids+=($!)
}

all_done() { # fails if one of them failed
  local pid
  for pid in "${in_parallel[@]}"; do
    wait "$pid" || { cat "$work/programs.log" >&2; exit 1; }
  done
  in_parallel=()
}
