// ws2ipdef.h: socket addresses of IP.
// Source   include/ringproof/win32/net_socket_types.h
#pragma once

#include "ringproof/win32/net_socket_types.h"
