// netiodef.h: the headers of frames.
// Source   include/ringproof/win32/net_frames.h
#pragma once

#include <mstcpip.h>

#include "ringproof/win32/net_frames.h"
#include "ringproof/win32/net_interfaces.h"
