// netioapi.h: network interfaces.
// Source   include/ringproof/win32/net_interfaces.h
#pragma once

#include <windows.h>

#include "ringproof/win32/net_interfaces.h"
