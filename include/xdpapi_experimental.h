// xdpapi_experimental.h: receive-side scaling and offloads, which may still change.
// Role     reads and changes how an interface spreads frames over queues; checksum and QUIC offload types
// Shapes   every structure starts with an XDP_OBJECT_HEADER; XdpInitialize... fills it in
// Source   docs of the XDP for Windows API, section "xdpapi_experimental.h"
#pragma once

#include <string.h>

#include "xdp/apiversion.h"
#include "xdp/objectheader.h"
#include "xdp/status.h"
#include "xdp/wincommon.h"

EXTERN_C_START

// ---- receive-side scaling ----

#define XDP_RSS_HASH_TYPE_IPV4 0x001U
#define XDP_RSS_HASH_TYPE_TCP_IPV4 0x002U
#define XDP_RSS_HASH_TYPE_UDP_IPV4 0x004U
#define XDP_RSS_HASH_TYPE_IPV6 0x008U
#define XDP_RSS_HASH_TYPE_TCP_IPV6 0x010U
#define XDP_RSS_HASH_TYPE_UDP_IPV6 0x020U
#define XDP_RSS_HASH_TYPE_IPV6_EX 0x040U
#define XDP_RSS_HASH_TYPE_TCP_IPV6_EX 0x080U
#define XDP_RSS_HASH_TYPE_UDP_IPV6_EX 0x100U
#define XDP_RSS_VALID_HASH_TYPES 0x1FFU

typedef struct _XDP_RSS_CAPABILITIES {
  XDP_OBJECT_HEADER Header;
  UINT32 Flags;
  UINT32 HashTypes;
  UINT32 HashSecretKeySize;  // [bytes]
  UINT32 NumberOfReceiveQueues;
  UINT32 NumberOfIndirectionTableEntries;  // since revision 2
} XDP_RSS_CAPABILITIES;

#define XDP_RSS_CAPABILITIES_REVISION_1 1
#define XDP_SIZEOF_RSS_CAPABILITIES_REVISION_1 \
  RTL_SIZEOF_THROUGH_FIELD(XDP_RSS_CAPABILITIES, NumberOfReceiveQueues)
#define XDP_RSS_CAPABILITIES_REVISION_2 2
#define XDP_SIZEOF_RSS_CAPABILITIES_REVISION_2 \
  RTL_SIZEOF_THROUGH_FIELD(XDP_RSS_CAPABILITIES, NumberOfIndirectionTableEntries)

C_ASSERT(sizeof(XDP_RSS_CAPABILITIES) == 28);

// Revision 1. A query that should fill in revision 2 passes the size that a query with no room has returned.
FORCEINLINE VOID XdpInitializeRssCapabilities(XDP_RSS_CAPABILITIES* RssCapabilities) {
  memset(RssCapabilities, 0, sizeof(*RssCapabilities));
  RssCapabilities->Header.Revision = XDP_RSS_CAPABILITIES_REVISION_1;
  RssCapabilities->Header.Size = XDP_SIZEOF_RSS_CAPABILITIES_REVISION_1;
}

#define XDP_RSS_FLAG_SET_HASH_TYPE 0x1U
#define XDP_RSS_FLAG_SET_HASH_SECRET_KEY 0x2U
#define XDP_RSS_FLAG_SET_INDIRECTION_TABLE 0x4U
#define XDP_RSS_FLAG_DISABLED 0x8U
#define XDP_RSS_VALID_FLAGS 0xFU

// Key and table follow the structure at the offsets it names, counted from its start [bytes].
typedef struct _XDP_RSS_CONFIGURATION {
  XDP_OBJECT_HEADER Header;
  UINT32 Flags;
  UINT32 HashType;
  UINT16 HashSecretKeyOffset;
  UINT16 HashSecretKeySize;       // [bytes]
  UINT16 IndirectionTableOffset;  // of PROCESSOR_NUMBER elements
  UINT16 IndirectionTableSize;    // [bytes]
} XDP_RSS_CONFIGURATION;

#define XDP_RSS_CONFIGURATION_REVISION_1 1
#define XDP_SIZEOF_RSS_CONFIGURATION_REVISION_1 \
  RTL_SIZEOF_THROUGH_FIELD(XDP_RSS_CONFIGURATION, IndirectionTableSize)

C_ASSERT(sizeof(XDP_RSS_CONFIGURATION) == 24);

// `Size` is the room for structure, key and table together; all of it becomes zero.
FORCEINLINE VOID XdpInitializeRssConfiguration(XDP_RSS_CONFIGURATION* RssConfiguration, UINT32 Size) {
  memset(RssConfiguration, 0, Size);
  RssConfiguration->Header.Revision = XDP_RSS_CONFIGURATION_REVISION_1;
  RssConfiguration->Header.Size = XDP_SIZEOF_RSS_CONFIGURATION_REVISION_1;
}

// ---- checksum offload ----

typedef struct _XDP_CHECKSUM_CONFIGURATION {
  XDP_OBJECT_HEADER Header;
  BOOLEAN Enabled;
  BOOLEAN TcpOptions;  // frames with TCP options are handled, too
} XDP_CHECKSUM_CONFIGURATION;

#define XDP_CHECKSUM_CONFIGURATION_REVISION_1 1
// Less than sizeof: the padding at the end is not counted.
#define XDP_SIZEOF_CHECKSUM_CONFIGURATION_REVISION_1 \
  RTL_SIZEOF_THROUGH_FIELD(XDP_CHECKSUM_CONFIGURATION, TcpOptions)

C_ASSERT(sizeof(XDP_CHECKSUM_CONFIGURATION) == 12);
C_ASSERT(XDP_SIZEOF_CHECKSUM_CONFIGURATION_REVISION_1 == 10);

// ---- QUIC encryption offload ----

typedef enum _XDP_QUIC_OPERATION RINGPROOF_ENUM_UINT32 {
  XDP_QUIC_OPERATION_ADD = 0,
  XDP_QUIC_OPERATION_REMOVE = 1,
} XDP_QUIC_OPERATION;

typedef enum _XDP_QUIC_DIRECTION RINGPROOF_ENUM_UINT32 {
  XDP_QUIC_DIRECTION_TRANSMIT = 0,
  XDP_QUIC_DIRECTION_RECEIVE = 1,
} XDP_QUIC_DIRECTION;

typedef enum _XDP_QUIC_DECRYPT_FAILURE_ACTION RINGPROOF_ENUM_UINT32 {
  XDP_QUIC_DECRYPT_FAILURE_ACTION_DROP = 0,
  XDP_QUIC_DECRYPT_FAILURE_ACTION_CONTINUE = 1,
} XDP_QUIC_DECRYPT_FAILURE_ACTION;

typedef enum _XDP_QUIC_CIPHER_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_QUIC_CIPHER_TYPE_AEAD_AES_128_GCM = 0,
  XDP_QUIC_CIPHER_TYPE_AEAD_AES_256_GCM = 1,
  XDP_QUIC_CIPHER_TYPE_AEAD_CHACHA20_POLY1305 = 2,
  XDP_QUIC_CIPHER_TYPE_AEAD_AES_128_CCM = 3,
} XDP_QUIC_CIPHER_TYPE;

// Its own numbers, because AF_INET6 differs between systems.
typedef enum _XDP_QUIC_ADDRESS_FAMILY RINGPROOF_ENUM_UINT32 {
  XDP_QUIC_ADDRESS_FAMILY_INET4 = 0,
  XDP_QUIC_ADDRESS_FAMILY_INET6 = 1,
} XDP_QUIC_ADDRESS_FAMILY;

typedef struct _XDP_QUIC_CONNECTION {
  XDP_OBJECT_HEADER Header;
  UINT32 Operation : 1;             // XDP_QUIC_OPERATION
  UINT32 Direction : 1;             // XDP_QUIC_DIRECTION
  UINT32 DecryptFailureAction : 1;  // XDP_QUIC_DECRYPT_FAILURE_ACTION
  UINT32 KeyPhase : 1;
  UINT32 RESERVED : 12;
  UINT32 CipherType : 16;  // XDP_QUIC_CIPHER_TYPE
  XDP_QUIC_ADDRESS_FAMILY AddressFamily;
  UINT16 UdpPort;  // network byte order
  UINT64 NextPacketNumber;
  UINT8 ConnectionIdLength;  // [bytes]
  UINT8 Address[16];         // IPv4 uses the first 4 bytes
  UINT8 ConnectionId[20];
  UINT8 PayloadKey[32];
  UINT8 HeaderKey[32];
  UINT8 PayloadIv[12];
  XDP_STATUS Status;  // output, of this connection
} XDP_QUIC_CONNECTION;

#define XDP_QUIC_CONNECTION_REVISION_1 1
#define XDP_SIZEOF_QUIC_CONNECTION_REVISION_1 RTL_SIZEOF_THROUGH_FIELD(XDP_QUIC_CONNECTION, Status)

C_ASSERT(sizeof(XDP_QUIC_CONNECTION) == 152);
C_ASSERT(offsetof(XDP_QUIC_CONNECTION, Status) == 148);

FORCEINLINE VOID XdpInitializeQuicConnection(XDP_QUIC_CONNECTION* Connection, UINT32 Size) {
  memset(Connection, 0, Size);
  Connection->Header.Revision = XDP_QUIC_CONNECTION_REVISION_1;
  Connection->Header.Size = XDP_SIZEOF_QUIC_CONNECTION_REVISION_1;
}

EXTERN_C_END

#if !defined(XDP_API_VERSION) || XDP_API_VERSION <= XDP_API_VERSION_2

#include "xdp/xdpapi_experimental_v1.h"

#else

EXTERN_C_START

// InterfaceHandle comes from XdpInterfaceOpen. Both queries write the size back whatever they return: with no
// room the size needed and HRESULT_FROM_WIN32(ERROR_MORE_DATA), with some but too little 0 and
// E_NOT_SUFFICIENT_BUFFER.
RINGPROOF_API XDP_STATUS XdpRssGetCapabilities(HANDLE InterfaceHandle, XDP_RSS_CAPABILITIES* RssCapabilities,
                                               UINT32* RssCapabilitiesSize);
RINGPROOF_API XDP_STATUS XdpRssGet(HANDLE InterfaceHandle, XDP_RSS_CONFIGURATION* RssConfiguration,
                                   UINT32* RssConfigurationSize);

// In force until the handle is closed.
RINGPROOF_API XDP_STATUS XdpRssSet(HANDLE InterfaceHandle, const XDP_RSS_CONFIGURATION* RssConfiguration,
                                   UINT32 RssConfigurationSize);

// An array of connections, `QuicConnectionsSize` bytes long; each Status is written.
RINGPROOF_API XDP_STATUS XdpQeoSet(HANDLE InterfaceHandle, XDP_QUIC_CONNECTION* QuicConnections,
                                   UINT32 QuicConnectionsSize);

EXTERN_C_END

#include "xdp/details/xdpapi_experimental.h"

#endif
