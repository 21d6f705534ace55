// xdpapi_experimental.h (details): control boundary of the experimental calls.
// Role     keeps an include of this name working; RSS and QUIC calls pass their public structures unchanged,
//          so they need no argument records of their own
// Source   docs of the XDP for Windows API, section "version 3 inline details"
#pragma once

#include <xdpapi_experimental.h>
