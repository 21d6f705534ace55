// frametimestamp.h: when the NIC saw a frame.
// Role     frame extension, also of transmit completions
// Units    the NIC's clock: unit and epoch are its own
// Source   docs of the XDP for Windows API, section "frame extension headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef struct _XDP_FRAME_TIMESTAMP {
  UINT64 Timestamp;
} XDP_FRAME_TIMESTAMP;

C_ASSERT(sizeof(XDP_FRAME_TIMESTAMP) == 8);

EXTERN_C_END
