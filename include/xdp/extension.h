// extension.h: where an extension lives inside a ring element.
// Role     an extension is found by its byte offset from the start of the descriptor
// Source   docs of the XDP for Windows API, section "frame extension headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef struct _XDP_EXTENSION {
  UINT16 Reserved;  // the offset [bytes]; opaque to drivers
} XDP_EXTENSION;

C_ASSERT(sizeof(XDP_EXTENSION) == 2);

FORCEINLINE VOID* XdpGetExtensionData(VOID* Descriptor, XDP_EXTENSION* Extension) {
  return (UCHAR*)Descriptor + Extension->Reserved;
}

EXTERN_C_END
