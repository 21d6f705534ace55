// net_interfaces.h: how Windows names network interfaces.
// Role     iphlpapi.h and netioapi.h
// Shapes   index: 1, 2, … as everywhere in the simulation; a LUID holds the index and the type, Ethernet
// Errors   Win32 errors as results: ERROR_FILE_NOT_FOUND where there is no such interface; what needs a
// TCP/IP
//          stack ERROR_NOT_SUPPORTED
// Source   Windows: ifdef.h, netioapi.h, iphlpapi.h
#pragma once

#include "ringproof/win32/crt_base.h"
#include "ringproof/win32/net_socket_types.h"

typedef ULONG NET_IFINDEX, *PNET_IFINDEX;
typedef NET_IFINDEX IF_INDEX, *PIF_INDEX;
typedef UINT16 NET_IFTYPE, IFTYPE;
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
RINGPROOF_API NET_IFINDEX if_nametoindex(PCSTR InterfaceName) RINGPROOF_IS(ringproof_net_nametoindex);
RINGPROOF_API PSTR if_indextoname(NET_IFINDEX InterfaceIndex, PSTR InterfaceName)
    RINGPROOF_IS(ringproof_net_indextoname);
RINGPROOF_API DWORD GetNumberOfInterfaces(PDWORD pdwNumIf);

EXTERN_C_END

C_ASSERT(sizeof(NET_LUID) == 8);
