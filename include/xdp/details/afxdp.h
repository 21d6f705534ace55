// afxdp.h (details): what a socket call carries across the control boundary.
// Role     argument records of bind, activate, set option and notify; programs have no use for them
// Source   docs of the XDP for Windows API, section "version 3 inline details"
//
// Here the calls are library functions and no device is opened; the records give the arguments one agreed
// layout.
#pragma once

#include <afxdp.h>

EXTERN_C_START

typedef struct _XSK_BIND_IN {
  UINT32 IfIndex;
  UINT32 QueueId;
  XSK_BIND_FLAGS Flags;
} XSK_BIND_IN;

typedef struct _XSK_ACTIVATE_IN {
  XSK_ACTIVATE_FLAGS Flags;
} XSK_ACTIVATE_IN;

typedef struct _XSK_SET_SOCKOPT_IN {
  UINT32 Option;
  UINT32 InputBufferLength;  // [bytes]
  const VOID* InputBuffer;
} XSK_SET_SOCKOPT_IN;

typedef struct _XSK_NOTIFY_IN {
  XSK_NOTIFY_FLAGS Flags;
  UINT32 WaitTimeoutMilliseconds;
} XSK_NOTIFY_IN;

C_ASSERT(sizeof(XSK_BIND_IN) == 12);
C_ASSERT(sizeof(XSK_ACTIVATE_IN) == 4);
C_ASSERT(sizeof(XSK_SET_SOCKOPT_IN) == 16);
C_ASSERT(sizeof(XSK_NOTIFY_IN) == 8);

EXTERN_C_END
