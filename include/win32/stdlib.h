// stdlib.h: the C library's header, and what Microsoft's has besides.
// Source   include/ringproof/win32/crt_stdlib.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

// The order matters.
// clang-format off
#include "ringproof/win32/crt_redirected.h"
#include_next <stdlib.h>
#include "ringproof/win32/crt_stdlib.h"
// clang-format on
