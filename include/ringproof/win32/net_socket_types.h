// net_socket_types.h: families, protocols and socket addresses.
// Role     ws2def.h, ws2ipdef.h and what Winsock's calls take
// Shapes   as on Windows: AF_INET6 is 23, an address begins with a family of 16 bits; ports and addresses in
//          network byte order
// Errors   a layout that differs from Windows fails to compile
// Source   Windows: ws2def.h, ws2ipdef.h
#pragma once

#include <sys/select.h>
#include <sys/types.h>

#include "ringproof/win32/base.h"

typedef USHORT ADDRESS_FAMILY;

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_NETBIOS 17
#define AF_INET6 23
#define AF_LINK 33
#define AF_HYPERV 34
#define AF_MAX 35
#define PF_UNSPEC AF_UNSPEC
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5

#define IPPROTO_IP 0
typedef enum {
  IPPROTO_HOPOPTS = 0,
  IPPROTO_ICMP = 1,
  IPPROTO_IGMP = 2,
  IPPROTO_GGP = 3,
  IPPROTO_IPV4 = 4,
  IPPROTO_ST = 5,
  IPPROTO_TCP = 6,
  IPPROTO_CBT = 7,
  IPPROTO_EGP = 8,
  IPPROTO_IGP = 9,
  IPPROTO_PUP = 12,
  IPPROTO_UDP = 17,
  IPPROTO_IDP = 22,
  IPPROTO_RDP = 27,
  IPPROTO_IPV6 = 41,
  IPPROTO_ROUTING = 43,
  IPPROTO_FRAGMENT = 44,
  IPPROTO_ESP = 50,
  IPPROTO_AH = 51,
  IPPROTO_ICMPV6 = 58,
  IPPROTO_NONE = 59,
  IPPROTO_DSTOPTS = 60,
  IPPROTO_ND = 77,
  IPPROTO_ICLFXBM = 78,
  IPPROTO_PIM = 103,
  IPPROTO_PGM = 113,
  IPPROTO_L2TP = 115,
  IPPROTO_SCTP = 132,
  IPPROTO_RAW = 255,
  IPPROTO_MAX = 256
} IPPROTO,
    *PIPROTO;

#define IPPORT_ECHO 7
#define IPPORT_DISCARD 9
#define IPPORT_RESERVED 1024

#define INADDR_ANY ((ULONG)0x00000000)
#define INADDR_LOOPBACK ((ULONG)0x7f000001)
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE ((ULONG)0xffffffff)
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65

typedef struct sockaddr {
  ADDRESS_FAMILY sa_family;
  CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct sockaddr_storage {
  ADDRESS_FAMILY ss_family;
  CHAR __ss_pad1[6];
  INT64 __ss_align;
  CHAR __ss_pad2[112];
} SOCKADDR_STORAGE, SOCKADDR_STORAGE_LH, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;

typedef struct sockaddr_in {
  ADDRESS_FAMILY sin_family;
  USHORT sin_port;
  IN_ADDR sin_addr;
  CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;

__extension__ typedef struct {
  union {
    struct {
      ULONG Zone : 28;
      ULONG Level : 4;
    };
    ULONG Value;
  };
} SCOPE_ID, *PSCOPE_ID;

__extension__ typedef struct sockaddr_in6 {
  ADDRESS_FAMILY sin6_family;
  USHORT sin6_port;
  ULONG sin6_flowinfo;
  IN6_ADDR sin6_addr;
  union {
    ULONG sin6_scope_id;
    SCOPE_ID sin6_scope_struct;
  };
} SOCKADDR_IN6_LH, SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

typedef union _SOCKADDR_INET {
  SOCKADDR_IN Ipv4;
  SOCKADDR_IN6 Ipv6;
  ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

typedef struct _SOCKET_ADDRESS {
  LPSOCKADDR lpSockaddr;
  INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS, *LPSOCKET_ADDRESS;

typedef struct ip_mreq {
  IN_ADDR imr_multiaddr;
  IN_ADDR imr_interface;
} IP_MREQ, *PIP_MREQ;
typedef struct ipv6_mreq {
  IN6_ADDR ipv6mr_multiaddr;
  ULONG ipv6mr_interface;
} IPV6_MREQ, *PIPV6_MREQ;

typedef struct _WSABUF {
  ULONG len;
  CHAR* buf;
} WSABUF, *LPWSABUF;

typedef struct addrinfo {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  size_t ai_addrlen;
  char* ai_canonname;
  struct sockaddr* ai_addr;
  struct addrinfo* ai_next;
} ADDRINFOA, ADDRINFO, *PADDRINFOA, *LPADDRINFO;

#define AI_PASSIVE 0x1
#define AI_CANONNAME 0x2
#define AI_NUMERICHOST 0x4
#define AI_NUMERICSERV 0x8
#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define NI_NUMERICHOST 0x2
#define NI_NUMERICSERV 0x8

#define SOL_SOCKET 0xffff
#define SO_DEBUG 0x0001
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_BROADCAST 0x0020
#define SO_LINGER 0x0080
#define SO_EXCLUSIVEADDRUSE ((int)~SO_REUSEADDR)
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define TCP_NODELAY 0x0001
#define IP_OPTIONS 1
#define IP_HDRINCL 2
#define IP_TOS 3
#define IP_TTL 4
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_TTL 10
#define IP_MULTICAST_LOOP 11
#define IP_ADD_MEMBERSHIP 12
#define IP_DROP_MEMBERSHIP 13
#define IP_DONTFRAGMENT 14
#define IP_PKTINFO 19
#define IPV6_HDRINCL 2
#define IPV6_UNICAST_HOPS 4
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_LOOP 11
#define IPV6_ADD_MEMBERSHIP 12
#define IPV6_PKTINFO 19
#define IPV6_V6ONLY 27
#define IOC_OUT 0x40000000
#define IOC_IN 0x80000000
#define SCOPEID_UNSPECIFIED_INIT \
  {                              \
    {                            \
      { 0, 0 }                   \
    }                            \
  }
#define IN6ADDR_ANY_INIT \
  {                      \
    {                    \
      { 0 }              \
    }                    \
  }
#define IN6ADDR_LOOPBACK_INIT                            \
  {                                                      \
    {                                                    \
      { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } \
    }                                                    \
  }
static const IN6_ADDR in6addr_any __attribute__((unused)) = IN6ADDR_ANY_INIT;
static const IN6_ADDR in6addr_loopback __attribute__((unused)) = IN6ADDR_LOOPBACK_INIT;

#define IN_CLASSA(address) (((LONG)(address)&0x80000000) == 0)
#define IN_MULTICAST(address) (((ULONG)(address)&0xf0000000U) == 0xe0000000U)
#define IN4_CLASSA(address) (((address)&0x80U) == 0)
#define IN6_IS_ADDR_UNSPECIFIED ringproof_in6_is_unspecified
#define IN6_IS_ADDR_LOOPBACK ringproof_in6_is_loopback
#define IN6_IS_ADDR_MULTICAST(address) ((address)->u.Byte[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(address) ((address)->u.Byte[0] == 0xfe && ((address)->u.Byte[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_V4MAPPED ringproof_in6_is_v4_mapped
#define IN6_ADDR_EQUAL ringproof_in6_equal

static inline BOOLEAN ringproof_in6_equal(const IN6_ADDR* a, const IN6_ADDR* b) {
  return __builtin_memcmp(a, b, sizeof *a) == 0;
}
static inline BOOLEAN ringproof_in6_is_unspecified(const IN6_ADDR* address) {
  return ringproof_in6_equal(address, &in6addr_any);
}
static inline BOOLEAN ringproof_in6_is_loopback(const IN6_ADDR* address) {
  return ringproof_in6_equal(address, &in6addr_loopback);
}
static inline BOOLEAN ringproof_in6_is_v4_mapped(const IN6_ADDR* address) {
  return __builtin_memcmp(address, &in6addr_any, 10) == 0 && address->u.Byte[10] == 0xff &&
         address->u.Byte[11] == 0xff;
}
static inline BOOLEAN IN4_ADDR_EQUAL(const IN_ADDR* a, const IN_ADDR* b) {
  return a->S_un.S_addr == b->S_un.S_addr;
}
static inline BOOLEAN INET_ADDR_EQUAL(ADDRESS_FAMILY family, const VOID* a, const VOID* b) {
  return family == AF_INET6 ? ringproof_in6_equal((const IN6_ADDR*)a, (const IN6_ADDR*)b)
                            : IN4_ADDR_EQUAL((const IN_ADDR*)a, (const IN_ADDR*)b);
}
static inline VOID IN6ADDR_SETANY(PSOCKADDR_IN6 address) {
  __builtin_memset(address, 0, sizeof *address);
  address->sin6_family = AF_INET6;
}
static inline VOID IN6ADDR_SETLOOPBACK(PSOCKADDR_IN6 address) {
  IN6ADDR_SETANY(address);
  address->sin6_addr = in6addr_loopback;
}

C_ASSERT(sizeof(SOCKADDR) == 16 && sizeof(SOCKADDR_STORAGE) == 128 && sizeof(SOCKADDR_IN) == 16);
C_ASSERT(sizeof(SOCKADDR_IN6) == 28 && sizeof(SOCKADDR_INET) == 28 && sizeof(SCOPE_ID) == 4);
C_ASSERT(offsetof(SOCKADDR_IN6, sin6_addr) == 8 && offsetof(SOCKADDR_IN6, sin6_scope_id) == 24);
