// afxdp.h: AF_XDP sockets.
// Role     descriptors, options and calls of a socket that shares packet buffers and four rings with the
//          driver
// Shapes   FILL and COMPLETION elements: UINT64 BaseAddress; RX and TX elements: XSK_FRAME_DESCRIPTOR, then
//          the enabled extensions. Element strides and all offsets come from XSK_SOCKOPT_RING_INFO
// Units    addresses are byte offsets into the UMEM; ring sizes count elements and are powers of two
// Threads  calls on one socket may come from several threads; each ring has one producer and one consumer
// Errors   XDP_STATUS, see xdp/status.h; outputs are written only on success unless a comment says otherwise
// Source   docs of the XDP for Windows API, section "afxdp.h"
//
// XDP_API_VERSION, defined before the first include, selects the generation: 3 declares the functions below;
// 1, 2 or nothing declares the types of xdp/afxdp_v1.h, reached through a table.
#pragma once

#include "xdp/apiversion.h"
#include "xdp/hookid.h"
#include "xdp/overlapped.h"
#include "xdp/status.h"
#include "xdp/wincommon.h"

#if defined(XDP_API_VERSION) && XDP_API_VERSION > XDP_API_VERSION_2
#include "xdp/framechecksum.h"
#include "xdp/framelayout.h"
#include "xdp/frametimestamp.h"
#endif

EXTERN_C_START

// ---- descriptors ----

// BaseAddress names a chunk, Offset the distance from there to the first byte of data.
__extension__ typedef union _XSK_BUFFER_ADDRESS {
  __extension__ struct {
    UINT64 BaseAddress : 48;
    UINT64 Offset : 16;
  };
  UINT64 AddressAndOffset;
} XSK_BUFFER_ADDRESS;

typedef struct _XSK_BUFFER_DESCRIPTOR {
  XSK_BUFFER_ADDRESS Address;
  UINT32 Length;    // of the data [bytes]
  UINT32 Reserved;  // not written on receive, ignored on transmit
} XSK_BUFFER_DESCRIPTOR;

typedef struct _XSK_FRAME_DESCRIPTOR {
  XSK_BUFFER_DESCRIPTOR Buffer;
} XSK_FRAME_DESCRIPTOR;

C_ASSERT(sizeof(XSK_BUFFER_ADDRESS) == 8);
C_ASSERT(sizeof(XSK_BUFFER_DESCRIPTOR) == 16);
C_ASSERT(sizeof(XSK_FRAME_DESCRIPTOR) == 16);

// ---- flags ----

// Written by the driver into the flags word of a ring.
typedef enum _XSK_RING_FLAGS RINGPROOF_ENUM_UINT32 {
  XSK_RING_FLAG_NONE = 0x0,
  XSK_RING_FLAG_ERROR = 0x1,             // the ring is dead, XSK_SOCKOPT_..._ERROR says why
  XSK_RING_FLAG_NEED_POKE = 0x2,         // the driver will not look at this ring again unless poked
  XSK_RING_FLAG_AFFINITY_CHANGED = 0x4,  // ask XSK_SOCKOPT_..._PROCESSOR_AFFINITY
  XSK_RING_FLAG_OFFLOAD_CHANGED = 0x8,   // ask XSK_SOCKOPT_..._OFFLOAD_CURRENT_CONFIG_...
} XSK_RING_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XSK_RING_FLAGS);

typedef enum _XSK_BIND_FLAGS RINGPROOF_ENUM_UINT32 {
  XSK_BIND_FLAG_NONE = 0x0,
  XSK_BIND_FLAG_RX = 0x1,
  XSK_BIND_FLAG_TX = 0x2,
  XSK_BIND_FLAG_GENERIC = 0x4,  // GENERIC and NATIVE exclude each other; neither: native if there is one
  XSK_BIND_FLAG_NATIVE = 0x8,
} XSK_BIND_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XSK_BIND_FLAGS);

typedef enum _XSK_ACTIVATE_FLAGS RINGPROOF_ENUM_UINT32 {
  XSK_ACTIVATE_FLAG_NONE = 0x0,
} XSK_ACTIVATE_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XSK_ACTIVATE_FLAGS);

typedef enum _XSK_NOTIFY_FLAGS RINGPROOF_ENUM_UINT32 {
  XSK_NOTIFY_FLAG_NONE = 0x0,
  XSK_NOTIFY_FLAG_POKE_RX = 0x1,
  XSK_NOTIFY_FLAG_POKE_TX = 0x2,
  XSK_NOTIFY_FLAG_WAIT_RX = 0x4,  // until the RX ring has an element
  XSK_NOTIFY_FLAG_WAIT_TX = 0x8,  // until the COMPLETION ring has one
} XSK_NOTIFY_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XSK_NOTIFY_FLAGS);

typedef enum _XSK_NOTIFY_RESULT_FLAGS RINGPROOF_ENUM_UINT32 {
  XSK_NOTIFY_RESULT_FLAG_NONE = 0x0,
  XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE = 0x1,
  XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE = 0x2,
} XSK_NOTIFY_RESULT_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XSK_NOTIFY_RESULT_FLAGS);

// __extension__: the values exceed INT_MAX, which ISO C forbids and both compilers accept.
__extension__ typedef enum _XSK_ERROR RINGPROOF_ENUM_UINT32 {
  XSK_NO_ERROR = 0,
  XSK_ERROR_INTERFACE_DETACH = 0x80000000,
  XSK_ERROR_INVALID_RING = 0xC0000000,
} XSK_ERROR;

C_ASSERT(sizeof(XSK_ERROR) == 4);

// ---- socket options; the comment gives direction and payload ----

#define XSK_SOCKOPT_UMEM_REG 1                 // set XSK_UMEM_REG
#define XSK_SOCKOPT_RX_RING_SIZE 2             // set UINT32
#define XSK_SOCKOPT_RX_FILL_RING_SIZE 3        // set UINT32
#define XSK_SOCKOPT_TX_RING_SIZE 4             // set UINT32
#define XSK_SOCKOPT_TX_COMPLETION_RING_SIZE 5  // set UINT32
#define XSK_SOCKOPT_RING_INFO 6                // get XSK_RING_INFO_SET
#define XSK_SOCKOPT_STATISTICS 7               // get XSK_STATISTICS
#define XSK_SOCKOPT_RX_HOOK_ID 8               // get, set XDP_HOOK_ID
#define XSK_SOCKOPT_TX_HOOK_ID 9               // get, set XDP_HOOK_ID
#define XSK_SOCKOPT_RX_ERROR 10                // get XSK_ERROR
#define XSK_SOCKOPT_RX_FILL_ERROR 11           // get XSK_ERROR
#define XSK_SOCKOPT_TX_ERROR 12                // get XSK_ERROR
#define XSK_SOCKOPT_TX_COMPLETION_ERROR 13     // get XSK_ERROR
#define XSK_SOCKOPT_RX_PROCESSOR_AFFINITY 14   // get PROCESSOR_NUMBER, set UINT32 on or off
#define XSK_SOCKOPT_TX_PROCESSOR_AFFINITY 15   // get PROCESSOR_NUMBER, set UINT32 on or off

typedef struct _XSK_UMEM_REG {
  UINT64 TotalSize;  // [bytes], rounded down to whole chunks
  UINT32 ChunkSize;  // [bytes], one frame at most
  UINT32 Headroom;   // [bytes] left free before a received frame
  VOID* Address;
} XSK_UMEM_REG;

typedef struct _XSK_RING_INFO {
  BYTE* Ring;                  // NULL, and the rest 0: this ring was not created
  UINT32 DescriptorsOffset;    // of element 0 from Ring [bytes]
  UINT32 ProducerIndexOffset;  // of a UINT32 [bytes]
  UINT32 ConsumerIndexOffset;  // of a UINT32 [bytes]
  UINT32 FlagsOffset;          // of a UINT32, XSK_RING_FLAGS [bytes]
  UINT32 Size;                 // [elements]
  UINT32 ElementStride;        // [bytes]
  UINT32 Reserved;
} XSK_RING_INFO;

typedef struct _XSK_RING_INFO_SET {
  XSK_RING_INFO Fill;
  XSK_RING_INFO Completion;
  XSK_RING_INFO Rx;
  XSK_RING_INFO Tx;
} XSK_RING_INFO_SET;

typedef struct _XSK_STATISTICS {
  UINT64 RxDropped;
  UINT64 RxTruncated;
  UINT64 RxInvalidDescriptors;
  UINT64 TxInvalidDescriptors;
} XSK_STATISTICS;

C_ASSERT(sizeof(XSK_UMEM_REG) == 24);
C_ASSERT(sizeof(XSK_RING_INFO) == 40);
C_ASSERT(sizeof(XSK_RING_INFO_SET) == 160);
C_ASSERT(sizeof(XSK_STATISTICS) == 32);

EXTERN_C_END

#if !defined(XDP_API_VERSION) || XDP_API_VERSION <= XDP_API_VERSION_2

#include "xdp/afxdp_v1.h"

#else

#define XSK_SOCKOPT_RX_ORIGINAL_LENGTH 1008                  // set UINT32 on or off
#define XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION 1009  // get UINT16 offset in the RX element
#define XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM 1010  // get XDP_CHECKSUM_CONFIGURATION
#define XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP 1011                // set UINT32 on or off
#define XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION 1012        // get UINT16 offset in the RX element
#define XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP 1013                // set UINT32 on or off
#define XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION 1014        // get UINT16 offset in the COMPLETION element

#define XSK_FRAME_EXTENSION_ORIGINAL_LENGTH_NAME RINGPROOF_WIDE("ms_xsk_frame_original_length")
#define XSK_FRAME_EXTENSION_ORIGINAL_LENGTH_VERSION_1 1U

EXTERN_C_START

// RX extension: length of the frame before it was cut to fit its chunk.
typedef struct _XSK_FRAME_ORIGINAL_LENGTH {
  UINT32 OriginalLength;
} XSK_FRAME_ORIGINAL_LENGTH;

C_ASSERT(sizeof(XSK_FRAME_ORIGINAL_LENGTH) == 4);

// A new socket, unbound; NULL on failure. CloseHandle ends it.
RINGPROOF_API XDP_STATUS XskCreate(HANDLE* Socket);

// Attaches the socket to the receive queue, the transmit queue, or both, with number `QueueId`.
RINGPROOF_API XDP_STATUS XskBind(HANDLE Socket, UINT32 IfIndex, UINT32 QueueId, XSK_BIND_FLAGS Flags);

// Starts the data path. REQUIRES: bound, UMEM registered, both rings of each bound direction sized.
RINGPROOF_API XDP_STATUS XskActivate(HANDLE Socket, XSK_ACTIVATE_FLAGS Flags);

RINGPROOF_API XDP_STATUS XskSetSockopt(HANDLE Socket, UINT32 OptionName, const VOID* OptionValue,
                                       UINT32 OptionLength);

// `*OptionLength` is the room on entry. On return it is the bytes written, also after a failure: then usually
// 0, or the room needed with HRESULT_FROM_WIN32(ERROR_MORE_DATA).
RINGPROOF_API XDP_STATUS XskGetSockopt(HANDLE Socket, UINT32 OptionName, VOID* OptionValue,
                                       UINT32* OptionLength);

// Reserved for later use: XDP_STATUS_NOT_SUPPORTED, no argument is touched.
RINGPROOF_API XDP_STATUS XskIoctl(HANDLE Socket, UINT32 OptionName, const VOID* InputValue,
                                  UINT32 InputLength, VOID* OutputValue, UINT32* OutputLength);

// Pokes first, then waits; without a WAIT flag it returns at once with an empty result. An expired wait is
// XDP_STATUS_TIMEOUT. WaitTimeoutMilliseconds may be INFINITE.
RINGPROOF_API XDP_STATUS XskNotifySocket(HANDLE Socket, XSK_NOTIFY_FLAGS Flags,
                                         UINT32 WaitTimeoutMilliseconds, XSK_NOTIFY_RESULT_FLAGS* Result);

// XDP_STATUS_SUCCESS: already done. XDP_STATUS_PENDING: `Overlapped` belongs to the driver until completion.
RINGPROOF_API XDP_STATUS XskNotifyAsync(HANDLE Socket, XSK_NOTIFY_FLAGS Flags, XDP_OVERLAPPED* Overlapped);

// Never blocks. It cannot tell an operation that runs from one that is done: wait for the event or the packet
// first.
RINGPROOF_API XDP_STATUS XskGetNotifyAsyncResult(XDP_OVERLAPPED* Overlapped, XSK_NOTIFY_RESULT_FLAGS* Result);

EXTERN_C_END

#include "xdp/details/afxdp.h"

#endif
