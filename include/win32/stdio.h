// stdio.h: the C library's header, with printf and scanf of Microsoft's formats.
// Role     the C library's functions, renamed, are out of the way
// Source   include/ringproof/win32/crt_stdio.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

#include "ringproof/win32/crt_redirected.h"

#define printf ringproof_hidden_printf
#define fprintf ringproof_hidden_fprintf
#define sprintf ringproof_hidden_sprintf
#define snprintf ringproof_hidden_snprintf
#define vprintf ringproof_hidden_vprintf
#define vfprintf ringproof_hidden_vfprintf
#define vsprintf ringproof_hidden_vsprintf
#define vsnprintf ringproof_hidden_vsnprintf
#define scanf ringproof_hidden_scanf
#define fscanf ringproof_hidden_fscanf
#define sscanf ringproof_hidden_sscanf
#define vscanf ringproof_hidden_vscanf
#define vfscanf ringproof_hidden_vfscanf
#define vsscanf ringproof_hidden_vsscanf
#include_next <stdio.h>
#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef vsnprintf
#undef scanf
#undef fscanf
#undef sscanf
#undef vscanf
#undef vfscanf
#undef vsscanf

#include "ringproof/win32/crt_stdio.h"
// As on Windows, where one header has both.
#include <wchar.h>
