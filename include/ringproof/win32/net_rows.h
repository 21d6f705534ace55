// net_rows.h: the table of network interfaces.
// Role     the part of netioapi.h that tells all of an interface at once
// Shapes   a row is 1352 bytes; names as in net_interfaces.h: alias "ethernet_1", index 1, 2, …
// Units    link speeds and counters are not kept here and are 0: the frames of a run are in its own
//          statistics
// Errors   Win32 errors as results: ERROR_FILE_NOT_FOUND where there is no such interface
// Source   Windows: netioapi.h, ifdef.h, ntddndis.h
#pragma once

#include "ringproof/win32/net_interfaces.h"

typedef enum _NDIS_MEDIUM { NdisMedium802_3 = 0 } NDIS_MEDIUM, *PNDIS_MEDIUM;
typedef enum _NDIS_PHYSICAL_MEDIUM {
  NdisPhysicalMediumUnspecified = 0,
  NdisPhysicalMediumNative802_11 = 9,
  NdisPhysicalMedium802_3 = 14
} NDIS_PHYSICAL_MEDIUM,
    *PNDIS_PHYSICAL_MEDIUM;
typedef enum { TUNNEL_TYPE_NONE = 0, TUNNEL_TYPE_OTHER, TUNNEL_TYPE_DIRECT } TUNNEL_TYPE, *PTUNNEL_TYPE;
typedef enum _NET_IF_ACCESS_TYPE {
  NET_IF_ACCESS_LOOPBACK = 1,
  NET_IF_ACCESS_BROADCAST,
  NET_IF_ACCESS_POINT_TO_POINT,
  NET_IF_ACCESS_POINT_TO_MULTI_POINT,
  NET_IF_ACCESS_MAXIMUM
} NET_IF_ACCESS_TYPE;
typedef enum _NET_IF_DIRECTION_TYPE {
  NET_IF_DIRECTION_SENDRECEIVE = 0,
  NET_IF_DIRECTION_SENDONLY,
  NET_IF_DIRECTION_RECEIVEONLY,
  NET_IF_DIRECTION_MAXIMUM
} NET_IF_DIRECTION_TYPE;
typedef enum _NET_IF_CONNECTION_TYPE {
  NET_IF_CONNECTION_DEDICATED = 1,
  NET_IF_CONNECTION_PASSIVE,
  NET_IF_CONNECTION_DEMAND,
  NET_IF_CONNECTION_MAXIMUM
} NET_IF_CONNECTION_TYPE;
typedef enum _NET_IF_ADMIN_STATUS {
  NET_IF_ADMIN_STATUS_UP = 1,
  NET_IF_ADMIN_STATUS_DOWN,
  NET_IF_ADMIN_STATUS_TESTING
} NET_IF_ADMIN_STATUS;
typedef enum _NET_IF_MEDIA_CONNECT_STATE {
  MediaConnectStateUnknown = 0,
  MediaConnectStateConnected,
  MediaConnectStateDisconnected
} NET_IF_MEDIA_CONNECT_STATE;
typedef GUID NET_IF_NETWORK_GUID;

typedef struct _MIB_IF_ROW2 {
  NET_LUID InterfaceLuid;
  NET_IFINDEX InterfaceIndex;
  GUID InterfaceGuid;
  WCHAR Alias[IF_MAX_STRING_SIZE + 1];
  WCHAR Description[IF_MAX_STRING_SIZE + 1];
  ULONG PhysicalAddressLength;
  UCHAR PhysicalAddress[IF_MAX_PHYS_ADDRESS_LENGTH];
  UCHAR PermanentPhysicalAddress[IF_MAX_PHYS_ADDRESS_LENGTH];
  ULONG Mtu;
  IFTYPE Type;
  TUNNEL_TYPE TunnelType;
  NDIS_MEDIUM MediaType;
  NDIS_PHYSICAL_MEDIUM PhysicalMediumType;
  NET_IF_ACCESS_TYPE AccessType;
  NET_IF_DIRECTION_TYPE DirectionType;
  struct {
    BOOLEAN HardwareInterface : 1;
    BOOLEAN FilterInterface : 1;
    BOOLEAN ConnectorPresent : 1;
    BOOLEAN NotAuthenticated : 1;
    BOOLEAN NotMediaConnected : 1;
    BOOLEAN Paused : 1;
    BOOLEAN LowPower : 1;
    BOOLEAN EndPointInterface : 1;
  } InterfaceAndOperStatusFlags;
  IF_OPER_STATUS OperStatus;
  NET_IF_ADMIN_STATUS AdminStatus;
  NET_IF_MEDIA_CONNECT_STATE MediaConnectState;
  NET_IF_NETWORK_GUID NetworkGuid;
  NET_IF_CONNECTION_TYPE ConnectionType;
  ULONG64 TransmitLinkSpeed;
  ULONG64 ReceiveLinkSpeed;
  ULONG64 InOctets;
  ULONG64 InUcastPkts;
  ULONG64 InNUcastPkts;
  ULONG64 InDiscards;
  ULONG64 InErrors;
  ULONG64 InUnknownProtos;
  ULONG64 InUcastOctets;
  ULONG64 InMulticastOctets;
  ULONG64 InBroadcastOctets;
  ULONG64 OutOctets;
  ULONG64 OutUcastPkts;
  ULONG64 OutNUcastPkts;
  ULONG64 OutDiscards;
  ULONG64 OutErrors;
  ULONG64 OutUcastOctets;
  ULONG64 OutMulticastOctets;
  ULONG64 OutBroadcastOctets;
  ULONG64 OutQLen;
} MIB_IF_ROW2, *PMIB_IF_ROW2;
C_ASSERT(sizeof(MIB_IF_ROW2) == 1352);

typedef struct _MIB_IF_TABLE2 {
  ULONG NumEntries;
  MIB_IF_ROW2 Table[1];
} MIB_IF_TABLE2, *PMIB_IF_TABLE2;

EXTERN_C_START

// The row that is asked for by InterfaceLuid, or by InterfaceIndex if that is 0.
RINGPROOF_API NETIO_STATUS GetIfEntry2(PMIB_IF_ROW2 Row);
// All interfaces that are there, in order; FreeMibTable gives the memory back.
RINGPROOF_API NETIO_STATUS GetIfTable2(PMIB_IF_TABLE2* Table);
RINGPROOF_API VOID FreeMibTable(PVOID Memory);

EXTERN_C_END
