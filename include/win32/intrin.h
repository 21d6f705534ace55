// intrin.h: Microsoft's intrinsics of x86-64.
// Role     the compiler's own of the same names, and what it spells otherwise
// Units    __rdtsc: cycles of a 3 GHz clock, of simulated time
// Source   Windows: compiler intrinsics, x64 list
//
// The Interlocked ones are in windows.h.
#pragma once

#include <immintrin.h>

#include "ringproof/win32/crt_intrin.h"
#include "ringproof/win32/crt_stdlib.h"

// The compiler has some of these for processors with the instruction alone.
#undef __lzcnt
#undef __lzcnt64
#define __lzcnt(value) ringproof_lzcnt32(value)
#define __lzcnt64(value) ringproof_lzcnt64(value)
#undef __rdtsc
#define __rdtsc() ringproof_crt_cycles()
