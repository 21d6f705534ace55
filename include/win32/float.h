// float.h: the C library's header, and the tests of numbers that Microsoft's has besides.
// Source   Windows: floating-point support
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

#include_next <float.h>

#define _isnan(x) __builtin_isnan(x)
#define _finite(x) __builtin_isfinite(x)
#define _copysign(x, sign) __builtin_copysign((x), (sign))
