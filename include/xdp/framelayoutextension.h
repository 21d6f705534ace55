// framelayoutextension.h: the layout extension as a driver reaches it.
// Role     name, version and accessor; XDP_FRAME itself is a driver type and stays opaque here
// Source   docs of the XDP for Windows API, section "driver-side headers", extension catalogue
#pragma once

#include "xdp/extension.h"
#include "xdp/framelayout.h"

EXTERN_C_START

#define XDP_FRAME_EXTENSION_LAYOUT_NAME RINGPROOF_WIDE("ms_frame_layout")
#define XDP_FRAME_EXTENSION_LAYOUT_VERSION_1 1U

typedef struct _XDP_FRAME XDP_FRAME;

FORCEINLINE XDP_FRAME_LAYOUT* XdpGetLayoutExtension(XDP_FRAME* Frame, XDP_EXTENSION* Extension) {
  return (XDP_FRAME_LAYOUT*)XdpGetExtensionData(Frame, Extension);
}

EXTERN_C_END
