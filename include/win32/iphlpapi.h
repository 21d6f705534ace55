// iphlpapi.h: network interfaces.
// Source   include/ringproof/win32/net_interfaces.h
#pragma once

#include <netioapi.h>
#include <winsock2.h>
