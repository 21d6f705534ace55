// winsock2.h: Winsock.
// Source   include/ringproof/win32/net_calls.h
#pragma once

#include <windows.h>

#include "ringproof/win32/net_calls.h"
