#!/usr/bin/env python3
# udp_send.py: sends bursts of UDP datagrams from several source ports to an echo service and checks the echoes.
# Units    frame sizes in bytes from the Ethernet header to the end of the payload, without FCS
# Errors   an echo missing after 2 s or different from what was sent -> exit status 1
import argparse
import random
import select
import socket
import sys
import time

# A classic mix: mostly small, some medium, some full-size frames.
MIX = [60] * 5 + [64] * 4 + [90, 128, 128, 200, 256, 350, 512, 570, 594, 800, 1024, 1280, 1500, 1514]


def frame_sizes(text, count, rng, headers):
    if text == "mix":  # room for the line that names sequence number and flow
        return [max(rng.choice(MIX), headers + 18) for _ in range(count)]
    if "-" in text:  # FIRST-LAST: evenly spread, both ends included
        first, last = (int(part) for part in text.split("-"))
        return [first + (last - first) * i // max(count - 1, 1) for i in range(count)]
    listed = [int(part) for part in text.split(",")]
    return [listed[i % len(listed)] for i in range(count)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=1234)
    parser.add_argument("--first-source-port", type=int, default=40000)
    parser.add_argument("--flows", type=int, default=1, help="number of source ports")
    parser.add_argument("--count", type=int, default=100, help="datagrams in all")
    parser.add_argument("--sizes", default="mix", help="mix, FIRST-LAST, or a list with commas [bytes]")
    parser.add_argument("--burst", type=int, default=1, help="datagrams sent back to back")
    parser.add_argument("--gap-us", type=int, default=1000, help="from burst to burst")
    parser.add_argument("--tagged", action="store_true", help="frame sizes include a VLAN tag")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    rng = random.Random(args.seed)
    six = ":" in args.address
    headers = 14 + (4 if args.tagged else 0) + (40 if six else 20) + 8
    socks = []
    for i in range(args.flows):
        sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.bind(("::" if six else "0.0.0.0", args.first_source_port + i))
        sock.connect((args.address, args.port))
        socks.append(sock)

    waiting = {sock: [] for sock in socks}
    sent = echoed = 0

    def collect(seconds):
        nonlocal echoed
        for sock in select.select(socks, [], [], seconds)[0]:
            data = sock.recv(65536)
            if data not in waiting[sock]:
                sys.exit("udp_send.py: an echo differs from what was sent")
            waiting[sock].remove(data)
            echoed += 1

    next_burst = time.monotonic()
    for size in frame_sizes(args.sizes, args.count, rng, headers):
        if sent % args.burst == 0:
            next_burst += args.gap_us / 1e6
            while (left := next_burst - time.monotonic()) > 0:
                collect(left)
        flow = rng.randrange(args.flows) if sent >= args.flows else sent
        text = b"%08d flow %02d " % (sent, flow)
        payload = (text + bytes(range(32, 127)) * (size // 95 + 1))[: max(size - headers, 0)]
        waiting[socks[flow]].append(payload)
        socks[flow].send(payload)
        sent += 1
    deadline = time.monotonic() + 2
    while echoed < sent and (left := deadline - time.monotonic()) > 0:
        collect(left)
    print(f"{args.address}: sent {sent}, echoed {echoed}")
    if echoed != sent:
        sys.exit("udp_send.py: echoes are missing")


main()
