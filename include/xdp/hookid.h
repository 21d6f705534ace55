// hookid.h: where in the network stack a program or a socket attaches.
// Role     layer, direction and side of the hook, together an identifier
// Source   docs of the XDP for Windows API, section "small headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef enum _XDP_HOOK_LAYER RINGPROOF_ENUM_UINT32 {
  XDP_HOOK_L2 = 0,
} XDP_HOOK_LAYER;

typedef enum _XDP_HOOK_DATAPATH_DIRECTION RINGPROOF_ENUM_UINT32 {
  XDP_HOOK_RX = 0,  // from the NIC towards the host
  XDP_HOOK_TX = 1,
} XDP_HOOK_DATAPATH_DIRECTION;

typedef enum _XDP_HOOK_SUBLAYER RINGPROOF_ENUM_UINT32 {
  XDP_HOOK_INSPECT = 0,  // frames are taken from the path
  XDP_HOOK_INJECT = 1,   // frames are put onto it
} XDP_HOOK_SUBLAYER;

typedef struct _XDP_HOOK_ID {
  XDP_HOOK_LAYER Layer;
  XDP_HOOK_DATAPATH_DIRECTION Direction;
  XDP_HOOK_SUBLAYER SubLayer;
} XDP_HOOK_ID;

C_ASSERT(sizeof(XDP_HOOK_ID) == 12);

EXTERN_C_END
