// time.h: the C library's header, on simulated time, and what Microsoft's has besides.
// Source   include/ringproof/win32/crt_time.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

// The order matters.
// clang-format off
#include "ringproof/win32/crt_redirected.h"
#include_next <time.h>
#include "ringproof/win32/crt_time.h"
// clang-format on
