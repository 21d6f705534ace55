// netioapi.h: network interfaces.
// Source   include/ringproof/win32/net_interfaces.h, net_rows.h
#pragma once

#include <windows.h>

#include "ringproof/win32/net_interfaces.h"
#include "ringproof/win32/net_rows.h"
