// apiversion.h: numbers of the API generations.
// Role     XDP_API_VERSION, set by the program before its first include, is compared with these
// Source   docs of the XDP for Windows API, sections "API version switch" and "small headers"
#pragma once

#include "xdp/wincommon.h"

#define XDP_API_VERSION_1 1
#define XDP_API_VERSION_2 2
#define XDP_API_VERSION_3 3
#define XDP_API_VERSION_LATEST XDP_API_VERSION_3

EXTERN_C_START

typedef struct _XDP_VERSION {
  UINT32 Major;
  UINT32 Minor;
  UINT32 Patch;
} XDP_VERSION;

C_ASSERT(sizeof(XDP_VERSION) == 12);

EXTERN_C_END
