// crt_stdlib.h: numbers, environment, memory and errors as Microsoft's C runtime has them.
// Role     what <stdlib.h> and <malloc.h> add to the C library's
// Shapes   strtol, strtoul, atol give what fits 32 bits, as the long of Windows, in a long of the compiler
// Errors   a buffer that is too small for a call with _s: the handler of invalid parameters, which ends the
//          program unless it set one
// Source   Windows: C runtime library reference
#pragma once

#include <stdlib.h>

#include "ringproof/win32/crt_base.h"
#include "ringproof/win32/crt_random.h"

// rand() gives what Microsoft's gives, for each thread from its own seed, which is 1 at first.
#undef RAND_MAX
#define RAND_MAX 0x7fff

RINGPROOF_C_BEGIN

// ---- numbers ----

// 2 <= radix <= 36. The target has to be large enough: 65 characters always are.
RINGPROOF_API char* _itoa(int value, char* buffer, int radix);
RINGPROOF_API char* _ltoa(long value, char* buffer, int radix);
RINGPROOF_API char* _ultoa(unsigned long value, char* buffer, int radix);
RINGPROOF_API char* _i64toa(long long value, char* buffer, int radix);
RINGPROOF_API char* _ui64toa(unsigned long long value, char* buffer, int radix);
RINGPROOF_API errno_t _itoa_s(int value, char* buffer, size_t bytes, int radix);
RINGPROOF_API errno_t _ltoa_s(long value, char* buffer, size_t bytes, int radix);
RINGPROOF_API errno_t _ultoa_s(unsigned long value, char* buffer, size_t bytes, int radix);
RINGPROOF_API errno_t _i64toa_s(long long value, char* buffer, size_t bytes, int radix);
RINGPROOF_API errno_t _ui64toa_s(unsigned long long value, char* buffer, size_t bytes, int radix);
RINGPROOF_API wchar_t* _itow(int value, wchar_t* buffer, int radix);
RINGPROOF_API wchar_t* _ultow(unsigned long value, wchar_t* buffer, int radix);
RINGPROOF_API errno_t _itow_s(int value, wchar_t* buffer, size_t units, int radix);
RINGPROOF_API errno_t _ltow_s(long value, wchar_t* buffer, size_t units, int radix);
RINGPROOF_API errno_t _ultow_s(unsigned long value, wchar_t* buffer, size_t units, int radix);
RINGPROOF_API errno_t _i64tow_s(long long value, wchar_t* buffer, size_t units, int radix);
RINGPROOF_API errno_t _ui64tow_s(unsigned long long value, wchar_t* buffer, size_t units, int radix);
RINGPROOF_API long long _strtoi64(const char* text, char** end, int radix);
RINGPROOF_API unsigned long long _strtoui64(const char* text, char** end, int radix);
RINGPROOF_API long long _atoi64(const char* text);
RINGPROOF_API long long _wcstoi64(const wchar_t* text, wchar_t** end, int radix);
RINGPROOF_API unsigned long long _wcstoui64(const wchar_t* text, wchar_t** end, int radix);
RINGPROOF_API int _wtoi(const wchar_t* text);
RINGPROOF_API long _wtol(const wchar_t* text);
RINGPROOF_API long long _wtoi64(const wchar_t* text);
RINGPROOF_API double _wtof(const wchar_t* text);
#define itoa(value, buffer, radix) _itoa((value), (buffer), (radix))
#define ltoa(value, buffer, radix) _ltoa((value), (buffer), (radix))
#define ultoa(value, buffer, radix) _ultoa((value), (buffer), (radix))
#define _abs64(value) llabs(value)

// Macros rather than functions, as the compiler's headers of intrinsics have macros for some of them.
#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)

static inline unsigned ringproof_rotl32(unsigned value, unsigned bits) {
  return (value << (bits & 31)) | (value >> (-bits & 31));
}
static inline unsigned long long ringproof_rotl64(unsigned long long value, unsigned bits) {
  return (value << (bits & 63)) | (value >> (-bits & 63));
}
#ifndef _rotl
#define _rotl(value, bits) ringproof_rotl32((value), (unsigned)(bits))
#endif
#ifndef _rotr
#define _rotr(value, bits) ringproof_rotl32((value), -(unsigned)(bits))
#endif
#ifndef _rotl64
#define _rotl64(value, bits) ringproof_rotl64((value), (unsigned)(bits))
#endif
#ifndef _rotr64
#define _rotr64(value, bits) ringproof_rotl64((value), -(unsigned)(bits))
#endif
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#define __min(a, b) (((a) < (b)) ? (a) : (b))

// A number of the simulated machine, decided by the seed of the run. 0: done.
RINGPROOF_API errno_t rand_s(unsigned* value);

// ---- text ----

// `*converted` counts the terminator. `count` as in strncpy_s.
RINGPROOF_API errno_t mbstowcs_s(size_t* converted, wchar_t* target, size_t units, const char* text,
                                 size_t count);
RINGPROOF_API errno_t wcstombs_s(size_t* converted, char* target, size_t bytes, const wchar_t* text,
                                 size_t count);

// ---- environment ----

RINGPROOF_API errno_t getenv_s(size_t* needed, char* buffer, size_t bytes, const char* name);
RINGPROOF_API errno_t _wgetenv_s(size_t* needed, wchar_t* buffer, size_t units, const wchar_t* name);
// The copy is freed by the caller; none when there is no such variable.
RINGPROOF_API errno_t _dupenv_s(char** buffer, size_t* bytes, const char* name);
RINGPROOF_API errno_t _putenv_s(const char* name, const char* value);
RINGPROOF_API int _putenv(const char* text);

// ---- names of files in parts ----

// A null pointer with the size 0 asks for no such part. ERANGE: a part does not fit; all are empty then.
RINGPROOF_API errno_t _splitpath_s(const char* path, char* drive, size_t drive_bytes, char* folder,
                                   size_t folder_bytes, char* name, size_t name_bytes, char* extension,
                                   size_t extension_bytes);
RINGPROOF_API errno_t _wsplitpath_s(const wchar_t* path, wchar_t* drive, size_t drive_units, wchar_t* folder,
                                    size_t folder_units, wchar_t* name, size_t name_units, wchar_t* extension,
                                    size_t extension_units);
RINGPROOF_API void _splitpath(const char* path, char* drive, char* folder, char* name, char* extension);
RINGPROOF_API void _wsplitpath(const wchar_t* path, wchar_t* drive, wchar_t* folder, wchar_t* name,
                               wchar_t* extension);
RINGPROOF_API errno_t _makepath_s(char* path, size_t bytes, const char* drive, const char* folder,
                                  const char* name, const char* extension);
RINGPROOF_API errno_t _wmakepath_s(wchar_t* path, size_t units, const wchar_t* drive, const wchar_t* folder,
                                   const wchar_t* name, const wchar_t* extension);
RINGPROOF_API void _makepath(char* path, const char* drive, const char* folder, const char* name,
                             const char* extension);
RINGPROOF_API void _wmakepath(wchar_t* path, const wchar_t* drive, const wchar_t* folder, const wchar_t* name,
                              const wchar_t* extension);

// ---- memory ----

RINGPROOF_API void* _aligned_malloc(size_t bytes, size_t alignment);
RINGPROOF_API void* _aligned_realloc(void* memory, size_t bytes, size_t alignment);
RINGPROOF_API void _aligned_free(void* memory);
RINGPROOF_API void* _recalloc(void* memory, size_t count, size_t bytes);
RINGPROOF_API size_t _msize(void* memory);
#define _alloca(bytes) __builtin_alloca(bytes)
#define _malloca(bytes) malloc(bytes)
#define _freea(memory) free(memory)

// ---- errors ----

typedef void (*_invalid_parameter_handler)(const wchar_t* expression, const wchar_t* function,
                                           const wchar_t* file, unsigned line, uintptr_t reserved);
RINGPROOF_API _invalid_parameter_handler _set_invalid_parameter_handler(_invalid_parameter_handler handler);
RINGPROOF_API _invalid_parameter_handler _get_invalid_parameter_handler(void);
#define _set_thread_local_invalid_parameter_handler(handler) _set_invalid_parameter_handler(handler)
#define _WRITE_ABORT_MSG 1
#define _CALL_REPORTFAULT 2
#define _OUT_TO_DEFAULT 0
#define _OUT_TO_STDERR 1
#define _OUT_TO_MSGBOX 2
// An abort is always reported the same way, without a window.
static inline unsigned _set_abort_behavior(unsigned flags, unsigned mask) {
  (void)flags;
  (void)mask;
  return _WRITE_ABORT_MSG;
}
static inline int _set_error_mode(int mode) {
  (void)mode;
  return _OUT_TO_STDERR;
}

RINGPROOF_C_END

#ifdef __cplusplus
// The size of an array need not be said.
extern "C++" {
template <size_t N>
inline errno_t _itoa_s(int value, char (&buffer)[N], int radix) {
  return _itoa_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t _ltoa_s(long value, char (&buffer)[N], int radix) {
  return _ltoa_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t _ultoa_s(unsigned long value, char (&buffer)[N], int radix) {
  return _ultoa_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t _i64toa_s(long long value, char (&buffer)[N], int radix) {
  return _i64toa_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t _ui64toa_s(unsigned long long value, char (&buffer)[N], int radix) {
  return _ui64toa_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t _itow_s(int value, wchar_t (&buffer)[N], int radix) {
  return _itow_s(value, buffer, N, radix);
}
template <size_t N>
inline errno_t getenv_s(size_t* needed, char (&buffer)[N], const char* name) {
  return getenv_s(needed, buffer, N, name);
}
template <size_t N>
inline errno_t mbstowcs_s(size_t* converted, wchar_t (&target)[N], const char* text, size_t count) {
  return mbstowcs_s(converted, target, N, text, count);
}
template <size_t N>
inline errno_t wcstombs_s(size_t* converted, char (&target)[N], const wchar_t* text, size_t count) {
  return wcstombs_s(converted, target, N, text, count);
}
}
#endif
