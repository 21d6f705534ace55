#!/usr/bin/env bash
# check.sh: what the captures hold, counted from the files with tshark and capinfos.
#   check.sh [FILE...]          prints the table (default: all captures beside this directory)
#   check.sh --readme           compares the table with the one in README.md
#   check.sh --sound [FILE...]  checks order, sizes, checksums and that no machine information is left
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
traces=$(dirname "$here")
captures=(http.pcapng dns-ping.pcap udp-echo.pcapng ipv6-vlan.pcapng mixed.pcapng)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in tshark capinfos; do
  command -v "$tool" >/dev/null || { echo "check.sh: missing: $tool" >&2; exit 1; }
done

# Every frame is looked at as it arrived: fragments are not put together again, except to check a checksum.
shark() {
  HOME=$work XDG_CONFIG_HOME=$work tshark -n -o ip.defragment:FALSE -o ipv6.defragment:FALSE \
    -o tcp.desegment_tcp_streams:FALSE "$@" 2>/dev/null
}

column() { # column FILE: one "name<TAB>value" line per row of the table
  local file=$1
  printf 'file bytes\t%s\n' "$(stat -c %s "$file")"
  shark -r "$file" -T fields -E occurrence=f -E separator='|' \
    -e frame.len -e frame.time_epoch -e frame.protocols -e vlan.id -e ip.proto -e ipv6.nxt \
    -e ip.flags.mf -e ip.frag_offset -e ipv6.fraghdr.offset -e udp.srcport -e udp.dstport \
    -e tcp.srcport -e tcp.dstport -e eth.dst -e arp.opcode |
    awk -F'|' '
      function row(name, value) { printf "%s\t%s\n", name, value }
      {
        frames++; bytes += $1
        if (min == "" || $1 < min) min = $1
        if ($1 > max) max = $1
        if ($1 < 60) short++
        if ($1 == 1514) full++
        # Whole seconds and nanoseconds apart: together they do not fit a double.
        split($2, time, ".")
        if (frames == 1) first = time[1]
        now = (time[1] - first) * 1000000000 + substr(time[2] "000000000", 1, 9)
        if (frames == 1) start = now
        else if (gap == "" || now - before < gap) gap = now - before
        before = now
        split($14, mac, ":")
        if (mac[1] == "ff") broadcast++; else if (mac[1] ~ /[13579bdf]$/) multicast++
        tagged = $4 != ""
        vlan += tagged
        if ($15 != "") arp++
        error = $3 ~ /:icmp(v6)?:ip/
        four = $5 != "" && $3 !~ /:ipv6:.*:ip:/
        six = $6 != "" && !four
        v4 += four; v6 += six
        fragment4 = four && ($7 == 1 || $7 == "True" || $8 + 0 > 0)
        fragment6 = six && $9 != ""
        frag4 += fragment4; frag6 += fragment6
        if (four && $5 == 1) icmp++
        if (six && ($6 == 58 || $3 ~ /:icmpv6/)) icmp6++
        tcp += (!error && $12 != "")
        udp = !error && $10 != ""
        udps += udp
        if (udp && ($10 == 53 || $11 == 53)) dns++
        if (!error && $12 != "" && ($12 == 53 || $13 == 53)) dns++
        if (udp && $11 == 1234) {
          echo++
          if (tagged) echo_vlan++; else if (four) echo4++; else echo6++
          if (!(($10) in seen)) { seen[$10] = 1; ports++ }
          if (emin == "" || $1 < emin) emin = $1
          if ($1 > emax) emax = $1
          if (fragment4 || fragment6) echo_frag++
        }
      }
      END {
        row("frames", frames)
        row("frame bytes", bytes)
        row("duration [s]", sprintf("%.3f", (now - start) / 1e9))
        row("smallest frame [bytes]", min)
        row("largest frame [bytes]", max)
        row("frames below 60 bytes", short + 0)
        row("frames of 1514 bytes", full + 0)
        row("shortest gap [ns]", gap)
        row("broadcast", broadcast + 0)
        row("multicast", multicast + 0)
        row("VLAN-tagged", vlan + 0)
        row("ARP", arp + 0)
        row("IPv4", v4 + 0)
        row("IPv6", v6 + 0)
        row("IPv4 fragments", frag4 + 0)
        row("IPv6 fragments", frag6 + 0)
        row("TCP", tcp + 0)
        row("UDP", udps + 0)
        row("ICMP", icmp + 0)
        row("ICMPv6", icmp6 + 0)
        row("DNS (over UDP or TCP)", dns + 0)
        row("UDP to port 1234", echo + 0)
        row("... share of frames [%]", sprintf("%.1f", 100 * echo / frames))
        row("... over IPv4, untagged", echo4 + 0)
        row("... over IPv6, untagged", echo6 + 0)
        row("... VLAN-tagged", echo_vlan + 0)
        row("... first fragments", echo_frag + 0)
        row("... source ports", ports + 0)
        row("... smallest frame [bytes]", emin == "" ? "-" : emin)
        row("... largest frame [bytes]", emax == "" ? "-" : emax)
      }'
}

table() {
  local file columns=()
  for file in "$@"; do
    [ -r "$file" ] || { echo "check.sh: cannot read $file" >&2; exit 1; }
    column "$file" >"$work/$(basename "$file").column"
    columns+=("$work/$(basename "$file").column")
  done
  awk -F'\t' '
    FNR == 1 { n++; file = FILENAME; sub(/.*\//, "", file); sub(/\.column$/, "", file); head = head " " file " |"; rule = rule " ---: |" }
    n == 1 { order[++rows] = $1 }
    { cell[$1] = cell[$1] " " $2 " |" }
    END {
      print "| |" head
      print "| --- |" rule
      for (i = 1; i <= rows; i++) print "| " order[i] " |" cell[order[i]]
    }' "${columns[@]}"
}

checksums() { # checksums FILE STATUS: frames in which some checksum has that status (0 bad, 1 good)
  HOME=$work XDG_CONFIG_HOME=$work tshark -n -r "$1" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
    -o tcp.check_checksum:TRUE -Y "ip.checksum.status == $2 || udp.checksum.status == $2 ||
    tcp.checksum.status == $2 || icmp.checksum.status == $2 || icmpv6.checksum.status == $2" 2>/dev/null | wc -l
}

sound() { # sound FILE: says what is wrong with it, and fails then
  local file=$1 name info wrong=()
  [ -r "$file" ] || { echo "check.sh: cannot read $file" >&2; return 1; }
  name=$(basename "$file")
  info=$(capinfos -M "$file")
  grep -q '^Strict time order: *True' <<<"$info" || wrong+=("frames out of time order")
  grep -qE '^File encapsulation: *(Ethernet|ether)$' <<<"$info" || wrong+=("not Ethernet")
  grep -q '^Number of interfaces in file: 1$' <<<"$info" || wrong+=("not one interface")
  grep -qE '^(Capture hardware|Capture oper-sys|Capture comment|Packet comment)|^ *(Name|Description|Hardware|Operating system|Comment) =' \
    <<<"$info" && wrong+=("machine information or a comment in the file")
  [ "$(stat -c %s "$file")" -lt 2000000 ] || wrong+=("2 MB or more")
  [ "$(shark -r "$file" -Y 'frame.len > 1514 || frame.cap_len != frame.len' | wc -l)" -eq 0 ] || wrong+=("a frame too long or cut")
  [ "$(shark -r "$file" -Y 'eth.src != 02:00:00:00:00:01' | wc -l)" -eq 0 ] || wrong+=("a frame from an unknown sender")
  [ "$(shark -r "$file" -Y 'eth.dst.ig == 0 && eth.dst != 02:00:00:00:00:02' | wc -l)" -eq 0 ] || wrong+=("a frame to somebody else")
  [ "$(shark -r "$file" -Y '(ip && !(ip.addr == 192.0.2.0/24 || ip.addr == 198.51.100.0/24)) ||
    (ipv6 && !(ipv6.addr == 2001:db8::/32 || ipv6.addr == fe80::/10 || ipv6.src == ::))' | wc -l)" -eq 0 ] ||
    wrong+=("an address that is not for documentation")
  [ "$(checksums "$file" 0)" -eq 0 ] || wrong+=("wrong checksums")
  [ "$(checksums "$file" 1)" -gt 0 ] || wrong+=("no checksum could be verified")
  [ "$(shark -r "$file" -Y '_ws.malformed' | wc -l)" -eq 0 ] || wrong+=("a malformed frame")
  if [ ${#wrong[@]} -gt 0 ]; then
    printf "$name: %s\n" "${wrong[@]}" >&2
    return 1
  fi
  echo "$name: sound"
}

mode=table
case ${1:-} in
  --sound) mode=sound; shift ;;
  --readme) mode=readme; shift ;;
  -*) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
[ $# -gt 0 ] || set -- "${captures[@]/#/$traces/}"

case $mode in
  table) table "$@" ;;
  readme)
    table "$@" >"$work/table"
    sed -n '/^| | http/,/^$/p' "$traces/README.md" | sed '/^$/d' | diff "$work/table" - && echo "README.md: the table is right"
    ;;
  sound)
    status=0
    for file in "$@"; do sound "$file" || status=1; done
    exit $status
    ;;
esac
