// ws2def.h: families and socket addresses.
// Source   include/ringproof/win32/net_socket_types.h
#pragma once

#include "ringproof/win32/net_socket_types.h"
