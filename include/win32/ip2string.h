// ip2string.h: addresses as text.
// Source   include/ringproof/win32/net_strings.h
#pragma once

#include "ringproof/win32/net_strings.h"
