// string.h: the C library's header, and what Microsoft's has besides.
// Source   include/ringproof/win32/crt_string.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

// The order matters.
// clang-format off
#include "ringproof/win32/crt_base.h"
#include_next <string.h>
#include "ringproof/win32/crt_string.h"
#include <wchar.h>  // as on Windows, where this header has both
// clang-format on
