// ws2tcpip.h: Winsock and addresses as text.
// Source   include/ringproof/win32/net_calls.h
#pragma once

#include <winsock2.h>
#include <ws2ipdef.h>
