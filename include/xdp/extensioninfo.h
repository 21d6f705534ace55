// extensioninfo.h: name and version of an extension.
// Role     how the two sides of a ring agree on an extension before they know its offset
// Source   docs of the XDP for Windows API, section "frame extension headers"
#pragma once

#include <string.h>

#include "xdp/objectheader.h"
#include "xdp/wincommon.h"

EXTERN_C_START

typedef enum _XDP_EXTENSION_TYPE RINGPROOF_ENUM_UINT32 {
  XDP_EXTENSION_TYPE_FRAME = 0,
  XDP_EXTENSION_TYPE_BUFFER = 1,
  XDP_EXTENSION_TYPE_TX_FRAME_COMPLETION = 2,
} XDP_EXTENSION_TYPE;

typedef struct _XDP_EXTENSION_INFO {
  XDP_OBJECT_HEADER Header;
  const WCHAR* ExtensionName;
  UINT32 ExtensionVersion;
  XDP_EXTENSION_TYPE ExtensionType;
} XDP_EXTENSION_INFO;

#define XDP_EXTENSION_INFO_REVISION_1 1
#define XDP_SIZEOF_EXTENSION_INFO_REVISION_1 RTL_SIZEOF_THROUGH_FIELD(XDP_EXTENSION_INFO, ExtensionType)

C_ASSERT(sizeof(XDP_EXTENSION_INFO) == 24);

FORCEINLINE VOID XdpInitializeExtensionInfo(XDP_EXTENSION_INFO* ExtensionInfo, const WCHAR* ExtensionName,
                                            UINT32 ExtensionVersion, XDP_EXTENSION_TYPE ExtensionType) {
  memset(ExtensionInfo, 0, sizeof(*ExtensionInfo));
  ExtensionInfo->Header.Revision = XDP_EXTENSION_INFO_REVISION_1;
  ExtensionInfo->Header.Size = XDP_SIZEOF_EXTENSION_INFO_REVISION_1;
  ExtensionInfo->ExtensionName = ExtensionName;
  ExtensionInfo->ExtensionVersion = ExtensionVersion;
  ExtensionInfo->ExtensionType = ExtensionType;
}

EXTERN_C_END
