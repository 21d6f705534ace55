// xdpapi.h (details): what creating an object carries across the control boundary.
// Role     object types and argument records of programs, interfaces and maps; programs have no use for them
// Source   docs of the XDP for Windows API, section "version 3 inline details"
//
// Here the calls are library functions and no device is opened; the records give the arguments one agreed
// layout.
#pragma once

#include <xdpapi.h>

EXTERN_C_START

#define XDP_INFINITE 0xFFFFFFFFU

typedef enum _XDP_OBJECT_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_OBJECT_TYPE_PROGRAM = 0,
  XDP_OBJECT_TYPE_XSK = 1,
  XDP_OBJECT_TYPE_INTERFACE = 2,
  XDP_OBJECT_TYPE_MAP = 3,
} XDP_OBJECT_TYPE;

typedef struct _XDP_OPEN_PACKET {
  UINT16 MajorVersion;  // 1
  UINT16 MinorVersion;  // 0
  UINT32 ApiVersion;
  XDP_OBJECT_TYPE ObjectType;
} XDP_OPEN_PACKET;

typedef struct _XDP_PROGRAM_OPEN {
  UINT32 IfIndex;
  XDP_HOOK_ID HookId;
  UINT32 QueueId;
  XDP_CREATE_PROGRAM_FLAGS Flags;
  UINT32 RuleCount;
  const XDP_RULE* Rules;
} XDP_PROGRAM_OPEN;

typedef struct _XDP_INTERFACE_OPEN {
  UINT32 IfIndex;
} XDP_INTERFACE_OPEN;

typedef struct _XDP_MAP_OPEN {
  XDP_MAP_TYPE Type;
} XDP_MAP_OPEN;

typedef struct _XDP_MAP_INSERT_PARAMS {
  const VOID* Key;
  const VOID* Value;
} XDP_MAP_INSERT_PARAMS;

typedef struct _XDP_MAP_DELETE_PARAMS {
  const VOID* Key;
} XDP_MAP_DELETE_PARAMS;

C_ASSERT(sizeof(XDP_OPEN_PACKET) == 12);
C_ASSERT(sizeof(XDP_PROGRAM_OPEN) == 40);
C_ASSERT(sizeof(XDP_INTERFACE_OPEN) == 4);
C_ASSERT(sizeof(XDP_MAP_OPEN) == 4);
C_ASSERT(sizeof(XDP_MAP_INSERT_PARAMS) == 16);
C_ASSERT(sizeof(XDP_MAP_DELETE_PARAMS) == 8);

EXTERN_C_END
