// crt_base.h: what every header of Microsoft's C runtime begins with.
// Role     its few types and limits, and how a name of the C library comes to mean a function of ours
// Source   Windows: C runtime library reference
//
// A redirected function keeps its name in the program and has another in the object file, so that it is not
// the C library's for the rest of the process.
#pragma once

#include <features.h>
// Bodies in the C library's headers would call its own functions, past the redirection.
#undef __USE_FORTIFY_LEVEL
#define __USE_FORTIFY_LEVEL 0
#undef __USE_EXTERN_INLINES

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "ringproof/export.h"

#ifdef __cplusplus
#define RINGPROOF_C_BEGIN extern "C" {
#define RINGPROOF_C_END }
#else
#define RINGPROOF_C_BEGIN
#define RINGPROOF_C_END
#endif
// Behind the declaration of a function: what it is in the object file.
#define RINGPROOF_IS(symbol) __asm__(#symbol)

typedef int errno_t;
typedef size_t rsize_t;

// For the last parameter of strncpy_s and others: cut what does not fit. They answer STRUNCATE then.
#define _TRUNCATE ((size_t)-1)
#define STRUNCATE 80
#ifdef __cplusplus
extern "C++" {
template <typename T, size_t N>
char (*ringproof_countof(T (&array)[N]))[N];
}
#define _countof(array) sizeof(*ringproof_countof(array))
#else
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#define _I8_MIN (-127 - 1)
#define _I8_MAX 127
#define _UI8_MAX 0xffU
#define _I16_MIN (-32767 - 1)
#define _I16_MAX 32767
#define _UI16_MAX 0xffffU
#define _I32_MIN (-2147483647 - 1)
#define _I32_MAX 2147483647
#define _UI32_MAX 0xffffffffU
#define _I64_MIN (-9223372036854775807LL - 1)
#define _I64_MAX 9223372036854775807LL
#define _UI64_MAX 0xffffffffffffffffULL

#ifndef _CRTIMP
#define _CRTIMP
#endif
#define _ACRTIMP
#define _CRT_BEGIN_C_HEADER RINGPROOF_C_BEGIN
#define _CRT_END_C_HEADER RINGPROOF_C_END
#ifndef _CONST_RETURN
#define _CONST_RETURN
#endif
