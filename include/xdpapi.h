// xdpapi.h: XDP programs, maps and interfaces.
// Role     decides which received frames reach which socket
// Errors   XDP_STATUS, see xdp/status.h; an output handle is NULL after a failure
// Source   docs of the XDP for Windows API, section "xdpapi.h"
//
// XDP_API_VERSION selects the generation as in afxdp.h. With version 3 this header does not include afxdp.h.
#pragma once

#include "xdp/apiversion.h"
#include "xdp/hookid.h"
#include "xdp/objectheader.h"
#include "xdp/program.h"
#include "xdp/status.h"
#include "xdp/wincommon.h"

EXTERN_C_START

typedef enum _XDP_CREATE_PROGRAM_FLAGS RINGPROOF_ENUM_UINT32 {
  XDP_CREATE_PROGRAM_FLAG_NONE = 0x0,
  XDP_CREATE_PROGRAM_FLAG_GENERIC = 0x1,
  XDP_CREATE_PROGRAM_FLAG_NATIVE = 0x2,
  XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES = 0x4,  // every receive queue of the interface, whatever QueueId says
} XDP_CREATE_PROGRAM_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(XDP_CREATE_PROGRAM_FLAGS);

typedef enum _XDP_MAP_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_MAP_TYPE_XSKMAP = 0,  // 128 slots, each empty or a socket
} XDP_MAP_TYPE;

EXTERN_C_END

#if !defined(XDP_API_VERSION) || XDP_API_VERSION <= XDP_API_VERSION_2

#include "xdp/xdpapi_v1.h"

#else

EXTERN_C_START

// Attaches `RuleCount` rules to a receive queue. The rules are copied; CloseHandle detaches them.
RINGPROOF_API XDP_STATUS XdpCreateProgram(UINT32 InterfaceIndex, const XDP_HOOK_ID* HookId, UINT32 QueueId,
                                          XDP_CREATE_PROGRAM_FLAGS Flags, const XDP_RULE* Rules,
                                          UINT32 RuleCount, HANDLE* Program);

// The handle that the RSS and QUIC offload calls of xdpapi_experimental.h take.
RINGPROOF_API XDP_STATUS XdpInterfaceOpen(UINT32 InterfaceIndex, HANDLE* InterfaceHandle);

RINGPROOF_API XDP_STATUS XdpMapCreate(HANDLE* Map, XDP_MAP_TYPE Type);

// XSKMAP: `Key` points to a UINT32 slot number, `Value` to the HANDLE of a socket. Replaces what is in the
// slot.
RINGPROOF_API XDP_STATUS XdpMapInsert(HANDLE Map, const VOID* Key, const VOID* Value);

// Deleting from an empty slot succeeds.
RINGPROOF_API XDP_STATUS XdpMapDelete(HANDLE Map, const VOID* Key);

EXTERN_C_END

#include "xdp/details/xdpapi.h"

#endif
