// mstcpip.h: addresses as text, and the link layer's.
// Source   include/ringproof/win32/net_strings.h
#pragma once

#include <winsock2.h>

#include "ringproof/win32/net_strings.h"
