// program.h: rules of an XDP program.
// Role     a program is a list of rules; the first rule whose match holds decides what happens to the frame
// Shapes   ports and addresses in network byte order; a port set is one bit per port,
//          XDP_PORT_SET_BUFFER_SIZE bytes
// Source   docs of the XDP for Windows API, section "program.h"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

// The comment names the member of XDP_MATCH_PATTERN that the rule reads.
typedef enum _XDP_MATCH_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_MATCH_ALL = 0,
  XDP_MATCH_UDP = 1,
  XDP_MATCH_UDP_DST = 2,                    // Port
  XDP_MATCH_IPV4_DST_MASK = 3,              // IpMask
  XDP_MATCH_IPV6_DST_MASK = 4,              // IpMask
  XDP_MATCH_QUIC_FLOW_SRC_CID = 5,          // QuicFlow
  XDP_MATCH_QUIC_FLOW_DST_CID = 6,          // QuicFlow
  XDP_MATCH_IPV4_UDP_TUPLE = 7,             // Tuple
  XDP_MATCH_IPV6_UDP_TUPLE = 8,             // Tuple
  XDP_MATCH_UDP_PORT_SET = 9,               // PortSet
  XDP_MATCH_IPV4_UDP_PORT_SET = 10,         // IpPortSet
  XDP_MATCH_IPV6_UDP_PORT_SET = 11,         // IpPortSet
  XDP_MATCH_IPV4_TCP_PORT_SET = 12,         // IpPortSet
  XDP_MATCH_IPV6_TCP_PORT_SET = 13,         // IpPortSet
  XDP_MATCH_TCP_DST = 14,                   // Port
  XDP_MATCH_TCP_QUIC_FLOW_SRC_CID = 15,     // QuicFlow
  XDP_MATCH_TCP_QUIC_FLOW_DST_CID = 16,     // QuicFlow
  XDP_MATCH_TCP_CONTROL_DST = 17,           // Port
  XDP_MATCH_IP_NEXT_HEADER = 18,            // NextHeader
  XDP_MATCH_INNER_IPV4_DST_MASK_UDP = 19,   // IpMask
  XDP_MATCH_INNER_IPV6_DST_MASK_UDP = 20,   // IpMask
  XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST = 21,  // IpMask, its address
  XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST = 22,  // IpMask, its address
} XDP_MATCH_TYPE;

typedef union _XDP_INET_ADDR {
  IN_ADDR Ipv4;
  IN6_ADDR Ipv6;
} XDP_INET_ADDR;

typedef struct _XDP_IP_ADDRESS_MASK {
  XDP_INET_ADDR Mask;
  XDP_INET_ADDR Address;
} XDP_IP_ADDRESS_MASK;

typedef struct _XDP_TUPLE {
  XDP_INET_ADDR SourceAddress;
  XDP_INET_ADDR DestinationAddress;
  UINT16 SourcePort;
  UINT16 DestinationPort;
} XDP_TUPLE;

#define XDP_QUIC_MAX_CID_LENGTH 20

typedef struct _XDP_QUIC_FLOW {
  UINT16 UdpPort;
  UCHAR CidLength;
  UCHAR CidOffset;  // of CidData within the connection id of the frame
  UCHAR CidData[XDP_QUIC_MAX_CID_LENGTH];
} XDP_QUIC_FLOW;

#define XDP_PORT_SET_BUFFER_SIZE 8192  // [bytes], 65536 ports

typedef struct _XDP_PORT_SET {
  const UINT8* PortSet;
  VOID* Reserved;
} XDP_PORT_SET;

typedef struct _XDP_IP_PORT_SET {
  XDP_INET_ADDR Address;
  XDP_PORT_SET PortSet;
} XDP_IP_PORT_SET;

typedef union _XDP_MATCH_PATTERN {
  UINT16 Port;
  XDP_IP_ADDRESS_MASK IpMask;
  XDP_TUPLE Tuple;
  XDP_QUIC_FLOW QuicFlow;
  XDP_PORT_SET PortSet;
  XDP_IP_PORT_SET IpPortSet;
  UINT8 NextHeader;
} XDP_MATCH_PATTERN;

typedef enum _XDP_RULE_ACTION RINGPROOF_ENUM_UINT32 {
  XDP_PROGRAM_ACTION_DROP = 0,
  XDP_PROGRAM_ACTION_PASS = 1,      // on to the host's own network stack
  XDP_PROGRAM_ACTION_REDIRECT = 2,  // to XDP_RULE.Redirect
  XDP_PROGRAM_ACTION_L2FWD = 3,     // back out of the interface, Ethernet addresses exchanged
  XDP_PROGRAM_ACTION_EBPF = 4,      // XDP_RULE.Ebpf decides
} XDP_RULE_ACTION;

typedef enum _XDP_REDIRECT_TARGET_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_REDIRECT_TARGET_TYPE_XSK = 0,                // Target is a socket
  XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID = 1,  // Target is a map, the receive queue selects the slot
} XDP_REDIRECT_TARGET_TYPE;

typedef struct _XDP_REDIRECT_PARAMS {
  XDP_REDIRECT_TARGET_TYPE TargetType;
  HANDLE Target;
} XDP_REDIRECT_PARAMS;

typedef struct _XDP_EBPF_PARAMS {
  HANDLE Target;
} XDP_EBPF_PARAMS;

typedef struct _XDP_RULE {
  XDP_MATCH_TYPE Match;
  XDP_MATCH_PATTERN Pattern;
  XDP_RULE_ACTION Action;
  union {
    XDP_REDIRECT_PARAMS Redirect;
    XDP_EBPF_PARAMS Ebpf;
  };
} XDP_RULE;

C_ASSERT(sizeof(XDP_MATCH_PATTERN) == 40);
C_ASSERT(sizeof(XDP_RULE) == 72);

EXTERN_C_END
