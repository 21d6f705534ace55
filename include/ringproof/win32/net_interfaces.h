// net_interfaces.h: how Windows names network interfaces.
// Role     iphlpapi.h and netioapi.h
// Shapes   index: 1, 2, … as everywhere in the simulation; a LUID holds the index and the type, Ethernet
// Errors   Win32 errors as results: ERROR_FILE_NOT_FOUND where there is no such interface; what needs a
//          TCP/IP stack ERROR_NOT_SUPPORTED
// Source   Windows: ifdef.h, netioapi.h, iphlpapi.h
#pragma once

#include "ringproof/win32/crt_base.h"
#include "ringproof/win32/net_socket_types.h"

typedef ULONG NET_IFINDEX, *PNET_IFINDEX;
typedef NET_IFINDEX IF_INDEX, *PIF_INDEX;
typedef UINT16 NET_IFTYPE;
typedef ULONG IFTYPE;
typedef UINT32 NET_IF_COMPARTMENT_ID;
#define NET_IFINDEX_UNSPECIFIED 0
#define IFI_UNSPECIFIED NET_IFINDEX_UNSPECIFIED
#define IF_TYPE_OTHER 1
#define IF_TYPE_ETHERNET_CSMACD 6
#define IF_TYPE_SOFTWARE_LOOPBACK 24
#define IF_MAX_STRING_SIZE 256
#define IF_MAX_PHYS_ADDRESS_LENGTH 32
#define IF_NAMESIZE 256
#define NDIS_IF_MAX_STRING_SIZE IF_MAX_STRING_SIZE

typedef union _NET_LUID_LH {
  ULONG64 Value;
  struct {
    ULONG64 Reserved : 24;
    ULONG64 NetLuidIndex : 24;
    ULONG64 IfType : 16;
  } Info;
} NET_LUID_LH, NET_LUID, IF_LUID, *PNET_LUID, *PIF_LUID;

typedef enum {
  IfOperStatusUp = 1,
  IfOperStatusDown,
  IfOperStatusTesting,
  IfOperStatusUnknown,
  IfOperStatusDormant,
  IfOperStatusNotPresent,
  IfOperStatusLowerLayerDown
} IF_OPER_STATUS;

#define MAX_ADAPTER_ADDRESS_LENGTH 8
#define MAX_DHCPV6_DUID_LENGTH 130
#define GAA_FLAG_SKIP_UNICAST 0x1U
#define GAA_FLAG_SKIP_ANYCAST 0x2U
#define GAA_FLAG_SKIP_MULTICAST 0x4U
#define GAA_FLAG_SKIP_DNS_SERVER 0x8U
#define GAA_FLAG_INCLUDE_PREFIX 0x10U
#define GAA_FLAG_SKIP_FRIENDLY_NAME 0x20U
#define GAA_FLAG_INCLUDE_WINS_INFO 0x40U
#define GAA_FLAG_INCLUDE_GATEWAYS 0x80U
#define GAA_FLAG_INCLUDE_ALL_INTERFACES 0x100U
#define GAA_FLAG_INCLUDE_ALL_COMPARTMENTS 0x200U
#define GAA_FLAG_INCLUDE_TUNNEL_BINDINGORDER 0x400U
#define GAA_FLAG_SKIP_DNS_INFO 0x800U

// There are no addresses of TCP/IP here: every list of them is empty.
typedef struct _IP_ADAPTER_UNICAST_ADDRESS_LH* PIP_ADAPTER_UNICAST_ADDRESS;
typedef struct _IP_ADAPTER_ANYCAST_ADDRESS_XP* PIP_ADAPTER_ANYCAST_ADDRESS;
typedef struct _IP_ADAPTER_MULTICAST_ADDRESS_XP* PIP_ADAPTER_MULTICAST_ADDRESS;
typedef struct _IP_ADAPTER_DNS_SERVER_ADDRESS_XP* PIP_ADAPTER_DNS_SERVER_ADDRESS;
typedef struct _IP_ADAPTER_PREFIX_XP* PIP_ADAPTER_PREFIX;
typedef struct _IP_ADAPTER_WINS_SERVER_ADDRESS_LH* PIP_ADAPTER_WINS_SERVER_ADDRESS;
typedef struct _IP_ADAPTER_GATEWAY_ADDRESS_LH* PIP_ADAPTER_GATEWAY_ADDRESS;
typedef struct _IP_ADAPTER_DNS_SUFFIX* PIP_ADAPTER_DNS_SUFFIX;

__extension__ typedef struct _IP_ADAPTER_ADDRESSES_LH {
  union {
    ULONGLONG Alignment;
    struct {
      ULONG Length;
      IF_INDEX IfIndex;
    };
  };
  struct _IP_ADAPTER_ADDRESSES_LH* Next;
  CHAR* AdapterName;
  PIP_ADAPTER_UNICAST_ADDRESS FirstUnicastAddress;
  PIP_ADAPTER_ANYCAST_ADDRESS FirstAnycastAddress;
  PIP_ADAPTER_MULTICAST_ADDRESS FirstMulticastAddress;
  PIP_ADAPTER_DNS_SERVER_ADDRESS FirstDnsServerAddress;
  PWCHAR DnsSuffix;
  PWCHAR Description;
  PWCHAR FriendlyName;
  BYTE PhysicalAddress[MAX_ADAPTER_ADDRESS_LENGTH];
  ULONG PhysicalAddressLength;
  ULONG Flags;
  ULONG Mtu;
  IFTYPE IfType;
  IF_OPER_STATUS OperStatus;
  IF_INDEX Ipv6IfIndex;
  ULONG ZoneIndices[16];
  PIP_ADAPTER_PREFIX FirstPrefix;
  ULONG64 TransmitLinkSpeed;
  ULONG64 ReceiveLinkSpeed;
  PIP_ADAPTER_WINS_SERVER_ADDRESS FirstWinsServerAddress;
  PIP_ADAPTER_GATEWAY_ADDRESS FirstGatewayAddress;
  ULONG Ipv4Metric;
  ULONG Ipv6Metric;
  IF_LUID Luid;
  SOCKET_ADDRESS Dhcpv4Server;
  NET_IF_COMPARTMENT_ID CompartmentId;
  GUID NetworkGuid;
  INT ConnectionType;
  INT TunnelType;
  SOCKET_ADDRESS Dhcpv6Server;
  BYTE Dhcpv6ClientDuid[MAX_DHCPV6_DUID_LENGTH];
  ULONG Dhcpv6ClientDuidLength;
  ULONG Dhcpv6Iaid;
  PIP_ADAPTER_DNS_SUFFIX FirstDnsSuffix;
} IP_ADAPTER_ADDRESSES_LH, IP_ADAPTER_ADDRESSES, *PIP_ADAPTER_ADDRESSES;
C_ASSERT(sizeof(IP_ADAPTER_ADDRESSES) == 448);

typedef DWORD NETIO_STATUS;
#define NETIOAPI_API NETIO_STATUS
#define NETIOAPI_API_

EXTERN_C_START

RINGPROOF_API NETIO_STATUS ConvertInterfaceIndexToLuid(NET_IFINDEX InterfaceIndex, PNET_LUID InterfaceLuid);
RINGPROOF_API NETIO_STATUS ConvertInterfaceLuidToIndex(const NET_LUID* InterfaceLuid,
                                                       PNET_IFINDEX InterfaceIndex);
// "ethernet_1" and so on.
RINGPROOF_API NETIO_STATUS ConvertInterfaceLuidToNameA(const NET_LUID* InterfaceLuid, PSTR InterfaceName,
                                                       SIZE_T Length);
RINGPROOF_API NETIO_STATUS ConvertInterfaceNameToLuidA(PCSTR InterfaceName, NET_LUID* InterfaceLuid);
// The alias, which is what people call it by, is the same text.
RINGPROOF_API NETIO_STATUS ConvertInterfaceLuidToAlias(const NET_LUID* InterfaceLuid, PWSTR InterfaceAlias,
                                                       SIZE_T Length);
RINGPROOF_API NETIO_STATUS ConvertInterfaceAliasToLuid(const WCHAR* InterfaceAlias, PNET_LUID InterfaceLuid);
RINGPROOF_API NET_IFINDEX if_nametoindex(PCSTR InterfaceName) RINGPROOF_IS(ringproof_net_nametoindex);
RINGPROOF_API PSTR if_indextoname(NET_IFINDEX InterfaceIndex, PSTR InterfaceName)
    RINGPROOF_IS(ringproof_net_indextoname);
RINGPROOF_API DWORD GetNumberOfInterfaces(PDWORD pdwNumIf);
// The interfaces of the simulated adapters, in order; those that were removed are not there. Their names are
// those of "ethernet_1", the address of number n is 02-00-00-00-00-n. ERROR_BUFFER_OVERFLOW: *SizePointer
// says how much is needed.
RINGPROOF_API ULONG GetAdaptersAddresses(ULONG Family, ULONG Flags, PVOID Reserved,
                                         PIP_ADAPTER_ADDRESSES AdapterAddresses, PULONG SizePointer);

EXTERN_C_END

C_ASSERT(sizeof(NET_LUID) == 8);
