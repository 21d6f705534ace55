#!/usr/bin/env python3
# vlan_tap.py PARENT VLAN NAME: a VLAN interface in user space.
# Role     TAP interface NAME; what the kernel sends on it leaves PARENT with an 802.1Q tag, and
#          frames of that VLAN that arrive at PARENT enter at NAME without their tag
# Why      works on kernels built without 802.1Q interfaces; on the wire nothing differs
import fcntl
import os
import select
import socket
import struct
import sys

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 0x0003, 263, 8, 23
TP_STATUS_VLAN_VALID = 1 << 4
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000

parent, vlan, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
wire.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
wire.bind((parent, 0x0003))
tag = struct.pack("!HH", 0x8100, vlan)


def vlan_of(ancillary):
    """The kernel takes the tag off before it hands us the frame and reports it beside the data."""
    for level, kind, data in ancillary:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, _ = struct.unpack("IIIHHHH", data[:20])
            return tci & 0xFFF if status & TP_STATUS_VLAN_VALID else None
    return None


while True:
    for ready in select.select([tap, wire], [], [])[0]:
        try:
            if ready is tap:
                frame = os.read(tap, 65536)
                wire.send(frame[:12] + tag + frame[12:])
            else:
                frame, ancillary, _, _ = wire.recvmsg(65536, 256)
                if vlan_of(ancillary) == vlan:
                    os.write(tap, frame)
        except OSError as error:  # an interface that is not up yet loses the frame, as a cable would
            print(f"vlan_tap.py: {name}: {error}", file=sys.stderr)
