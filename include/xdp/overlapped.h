// overlapped.h: state of one asynchronous notification.
// Role     user-mode name of the structure that XskNotifyAsync completes into
// Source   docs of the XDP for Windows API, section "small headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef OVERLAPPED XDP_OVERLAPPED;

C_ASSERT(sizeof(XDP_OVERLAPPED) == 32);

EXTERN_C_END
