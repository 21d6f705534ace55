// inaddr.h: addresses of IPv4.
// Source   include/ringproof/win32/net_address.h
#pragma once

#include "ringproof/win_types.h"
