// frametimestampextension.h: the timestamp extension as a driver reaches it.
// Role     name, version and accessors; the descriptors are driver types and stay opaque here
// Source   docs of the XDP for Windows API, section "driver-side headers", extension catalogue
#pragma once

#include "xdp/extension.h"
#include "xdp/frametimestamp.h"

EXTERN_C_START

#define XDP_FRAME_EXTENSION_TIMESTAMP_NAME RINGPROOF_WIDE("ms_frame_timestamp")
#define XDP_FRAME_EXTENSION_TIMESTAMP_VERSION_1 1U

typedef struct _XDP_FRAME XDP_FRAME;
typedef struct _XDP_TX_FRAME_COMPLETION XDP_TX_FRAME_COMPLETION;

FORCEINLINE XDP_FRAME_TIMESTAMP* XdpGetTimestampExtension(XDP_FRAME* Frame, XDP_EXTENSION* Extension) {
  return (XDP_FRAME_TIMESTAMP*)XdpGetExtensionData(Frame, Extension);
}

FORCEINLINE XDP_FRAME_TIMESTAMP* XdpGetTxCompletionTimestampExtension(XDP_TX_FRAME_COMPLETION* Completion,
                                                                      XDP_EXTENSION* Extension) {
  return (XDP_FRAME_TIMESTAMP*)XdpGetExtensionData(Completion, Extension);
}

EXTERN_C_END
