// objectheader.h: first member of every structure that may grow.
// Role     says which revision of the structure the caller filled in
// Source   docs of the XDP for Windows API, section "small headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef struct _XDP_OBJECT_HEADER {
  UINT32 Revision;
  UINT32 Size;  // of the whole structure in that revision [bytes]
} XDP_OBJECT_HEADER;

C_ASSERT(sizeof(XDP_OBJECT_HEADER) == 8);

EXTERN_C_END
