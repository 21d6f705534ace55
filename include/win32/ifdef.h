// ifdef.h: names of network interfaces.
// Source   include/ringproof/win32/net_interfaces.h
#pragma once

#include "ringproof/win32/net_interfaces.h"
