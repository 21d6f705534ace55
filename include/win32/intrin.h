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

#undef __rdtsc
#define __rdtsc() ringproof_crt_cycles()
