// in6addr.h: addresses of IPv6.
// Source   include/ringproof/win32/net_address.h
#pragma once

#include "ringproof/win_types.h"
