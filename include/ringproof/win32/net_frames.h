// net_frames.h: the headers of frames.
// Role     netiodef.h
// Shapes   fields in network byte order, as they are on the wire
// Errors   a layout that differs from Windows fails to compile
// Source   Windows: netiodef.h; RFC 791, 792, 826, 8200, 4443, 9293
#pragma once

#include "ringproof/win32/net_link.h"
#include "ringproof/win32/net_socket_types.h"

#define ETH_LENGTH_OF_HEADER 14
#define ETH_LENGTH_OF_VLAN_HEADER 4
#define ETH_LENGTH_OF_SNAP_HEADER 8
#define ETHERNET_TYPE_MINIMUM 0x0600
#define ETHERNET_TYPE_IPV4 0x0800
#define ETHERNET_TYPE_ARP 0x0806
#define ETHERNET_TYPE_802_1Q 0x8100
#define ETHERNET_TYPE_IPV6 0x86dd
#define EUI48_BROADCAST_INIT \
  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }

typedef struct _SNAP_HEADER {
  UINT8 Dsap;
  UINT8 Ssap;
  UINT8 Control;
  UINT8 Oui[3];
  UINT16 Type;
} SNAP_HEADER, *PSNAP_HEADER;

typedef struct _ETHERNET_HEADER {
  DL_EUI48 Destination;
  DL_EUI48 Source;
  __extension__ union {
    UINT16 Type;    // Ethernet
    UINT16 Length;  // IEEE 802.3
  };
} ETHERNET_HEADER, *PETHERNET_HEADER;

typedef struct _VLAN_TAG {
  __extension__ union {
    UINT16 Tag;
    struct {
      UINT16 VID : 12;
      UINT16 CFI : 1;
      UINT16 User_Priority : 3;
    };
  };
  UINT16 Type;
} VLAN_TAG;

#define IP_VER_MASK 0xF0
#define IPV4_VERSION 4
#define IPV4_DEFAULT_VERHLEN ((IPV4_VERSION << 4) | (sizeof(IPV4_HEADER) / sizeof(UINT32)))
#define IPV4_TOS_MASK 0xFC
#define MAX_IPV4_PACKET 65535
#define MAX_IPV4_PAYLOAD (MAX_IPV4_PACKET - sizeof(IPV4_HEADER))
#define MAX_IPV4_HLEN 60
#define IPV4_MINIMUM_MTU 576
#define MAX_IP_OPTIONS_LENGTH ((0xF * sizeof(UINT32)) - sizeof(IPV4_HEADER))
#define IP4_OFF_MASK 0xff1f

__extension__ typedef struct _IPV4_HEADER {
  union {
    UINT8 VersionAndHeaderLength;
    struct {
      UINT8 HeaderLength : 4;
      UINT8 Version : 4;
    };
  };
  union {
    UINT8 TypeOfServiceAndEcnField;
    struct {
      UINT8 EcnField : 2;
      UINT8 TypeOfService : 6;
    };
  };
  UINT16 TotalLength;
  UINT16 Identification;
  union {
    UINT16 FlagsAndOffset;
    struct {
      UINT16 DontUse1 : 5;
      UINT16 MoreFragments : 1;
      UINT16 DontFragment : 1;
      UINT16 Reserved : 1;
      UINT16 DontUse2 : 8;
    };
  };
  UINT8 TimeToLive;
  UINT8 Protocol;
  UINT16 HeaderChecksum;
  IN_ADDR SourceAddress;
  IN_ADDR DestinationAddress;
} IPV4_HEADER, *PIPV4_HEADER;

static inline UCHAR Ip4HeaderLengthInBytes(const IPV4_HEADER* Header) {
  return (UCHAR)(Header->HeaderLength << 2);
}

typedef struct _ARP_HEADER {
  USHORT HardwareAddressSpace;
  USHORT ProtocolAddressSpace;
  UCHAR HardwareAddressLength;
  UCHAR ProtocolAddressLength;
  USHORT Opcode;
  __extension__ UCHAR SenderHardwareAddress[0];
} ARP_HEADER, *PARP_HEADER;

typedef enum { ARP_REQUEST = 1, ARP_RESPONSE = 2 } ARP_OPCODE;
typedef enum { ARP_HW_ENET = 1, ARP_HW_802 = 6 } ARP_HARDWARE_TYPE;

typedef struct _ICMP_HEADER {
  UINT8 Type;
  UINT8 Code;
  UINT16 Checksum;
} ICMP_HEADER, *PICMP_HEADER, ICMPV4_HEADER, *PICMPV4_HEADER, ICMPV6_HEADER, *PICMPV6_HEADER;

typedef struct _ICMP_MESSAGE {
  ICMP_HEADER Header;
  union {
    UINT32 Data32[1];
    UINT16 Data16[2];
    UINT8 Data8[4];
  } Data;
} ICMP_MESSAGE, *PICMP_MESSAGE, ICMPV4_MESSAGE, *PICMPV4_MESSAGE, ICMPV6_MESSAGE, *PICMPV6_MESSAGE;

typedef enum {
  ICMP4_ECHO_REPLY = 0,
  ICMP4_DST_UNREACH = 3,
  ICMP4_SOURCE_QUENCH = 4,
  ICMP4_REDIRECT = 5,
  ICMP4_ECHO_REQUEST = 8,
  ICMP4_ROUTER_ADVERT = 9,
  ICMP4_ROUTER_SOLICIT = 10,
  ICMP4_TIME_EXCEEDED = 11,
  ICMP4_PARAM_PROB = 12,
  ICMP4_TIMESTAMP_REQUEST = 13,
  ICMP4_TIMESTAMP_REPLY = 14,
  ICMP4_MASK_REQUEST = 17,
  ICMP4_MASK_REPLY = 18
} ICMP4_TYPE,
    *PICMP4_TYPE;

typedef enum {
  ICMP6_DST_UNREACH = 1,
  ICMP6_PACKET_TOO_BIG = 2,
  ICMP6_TIME_EXCEEDED = 3,
  ICMP6_PARAM_PROB = 4,
  ICMP6_ECHO_REQUEST = 128,
  ICMP6_ECHO_REPLY = 129,
  ICMP6_MEMBERSHIP_QUERY = 130,
  ICMP6_MEMBERSHIP_REPORT = 131,
  ICMP6_MEMBERSHIP_REDUCTION = 132,
  ND_ROUTER_SOLICIT = 133,
  ND_ROUTER_ADVERT = 134,
  ND_NEIGHBOR_SOLICIT = 135,
  ND_NEIGHBOR_ADVERT = 136,
  ND_REDIRECT = 137,
  ICMP6_V2_MEMBERSHIP_REPORT = 143
} ICMP6_TYPE,
    *PICMP6_TYPE;

// Version in the first four bits of the first byte.
#define IPV6_VERSION 0x60
#define IPV6_TRAFFIC_CLASS_MASK 0x0000C00F
#define IPV6_ECN_MASK 0x00003000
#define IPV6_FLOW_LABEL_MASK 0xFFFF0F00
#define MAX_IPV6_PAYLOAD 65535
#define IPV6_MINIMUM_MTU 1280

typedef struct _IPV6_HEADER {
  UINT32 VersionClassFlow;
  UINT16 PayloadLength;
  UINT8 NextHeader;
  UINT8 HopLimit;
  IN6_ADDR SourceAddress;
  IN6_ADDR DestinationAddress;
} IPV6_HEADER, *PIPV6_HEADER;

__extension__ typedef struct _IPV6_FRAGMENT_HEADER {
  UINT8 NextHeader;
  UINT8 Reserved;
  union {
    struct {
      UINT16 DontUse1 : 8;
      UINT16 MoreFragments : 1;
      UINT16 ReservedBits : 2;
      UINT16 DontUse2 : 5;
    };
    UINT16 OffsetAndFlags;
  };
  UINT32 Id;
} IPV6_FRAGMENT_HEADER, *PIPV6_FRAGMENT_HEADER;

typedef struct _IPV6_EXTENSION_HEADER {
  UINT8 NextHeader;
  UINT8 Length;
} IPV6_EXTENSION_HEADER, *PIPV6_EXTENSION_HEADER;

typedef struct _IPV6_ROUTING_HEADER {
  UCHAR NextHeader;
  UCHAR Length;
  UCHAR RoutingType;
  UCHAR SegmentsLeft;
  UCHAR Reserved[4];
} IPV6_ROUTING_HEADER, *PIPV6_ROUTING_HEADER;

typedef UINT32 SEQ_NUM, *PSEQ_NUM;

#define TH_MAX_LEN (0x0F << 2)
#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20
#define TH_ECE 0x40
#define TH_CWR 0x80
#define TH_OPT_EOL 0x00
#define TH_OPT_NOP 0x01
#define TH_OPT_MSS 0x02
#define TH_OPT_WS 0x03
#define TH_OPT_SACK_PERMITTED 0x04
#define TH_OPT_SACK 0x05
#define TH_OPT_TS 0x08

#pragma pack(push, 1)

typedef struct tcp_hdr {
  UINT16 th_sport;
  UINT16 th_dport;
  SEQ_NUM th_seq;
  SEQ_NUM th_ack;
  UINT8 th_x2 : 4;
  UINT8 th_len : 4;  // in 32-bit words
  UINT8 th_flags;
  UINT16 th_win;
  UINT16 th_sum;
  UINT16 th_urp;
} TCP_HDR, *PTCP_HDR;

typedef struct tcp_opt_mss {
  UINT8 Kind;
  UINT8 Length;
  UINT16 Mss;
} TCP_OPT_MSS;

typedef struct tcp_opt_ws {
  UINT8 Kind;
  UINT8 Length;
  UINT8 ShiftCnt;
} TCP_OPT_WS;

typedef struct tcp_opt_sack_permitted {
  UINT8 Kind;
  UINT8 Length;
} TCP_OPT_SACK_PERMITTED;

typedef struct tcp_opt_ts {
  UINT8 Kind;
  UINT8 Length;
  UINT32 Val;
  UINT32 EcR;
} TCP_OPT_TS;

#pragma pack(pop)

C_ASSERT(sizeof(ETHERNET_HEADER) == ETH_LENGTH_OF_HEADER && sizeof(SNAP_HEADER) == ETH_LENGTH_OF_SNAP_HEADER);
C_ASSERT(sizeof(VLAN_TAG) == ETH_LENGTH_OF_VLAN_HEADER && sizeof(ARP_HEADER) == 8);
C_ASSERT(sizeof(IPV4_HEADER) == 20 && sizeof(IPV6_HEADER) == 40 && sizeof(TCP_HDR) == 20);
C_ASSERT(sizeof(IPV6_FRAGMENT_HEADER) == 8 && sizeof(ICMP_MESSAGE) == 8);
