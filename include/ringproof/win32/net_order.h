// net_order.h: between the byte order of networks and that of the processor.
// Source   Windows: winsock2.h
#pragma once

#include "ringproof/win32/base.h"

FORCEINLINE USHORT htons(USHORT value) { return __builtin_bswap16(value); }
FORCEINLINE USHORT ntohs(USHORT value) { return __builtin_bswap16(value); }
FORCEINLINE ULONG htonl(ULONG value) { return __builtin_bswap32(value); }
FORCEINLINE ULONG ntohl(ULONG value) { return __builtin_bswap32(value); }
FORCEINLINE UINT64 htonll(UINT64 value) { return __builtin_bswap64(value); }
FORCEINLINE UINT64 ntohll(UINT64 value) { return __builtin_bswap64(value); }
