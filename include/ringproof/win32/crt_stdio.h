// crt_stdio.h: printf, scanf and files as Microsoft's C runtime has them.
// Role     what <stdio.h> adds to the C library's
// Shapes   formats are of Microsoft's language: %ld has 32 bits, %I64u 64, %ls and %ws are UTF-16, %p prints
//          16 digits; a file holds UTF-8
// Errors   %n, a buffer that is too small for a call with _s: the handler of invalid parameters, which ends
//          the program unless it set one
// Source   Windows: format specification syntax, security features in the CRT
#pragma once

#include <stdio.h>

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

// ---- standard names ----

RINGPROOF_API int printf(const char* format, ...) RINGPROOF_IS(ringproof_crt_printf);
RINGPROOF_API int fprintf(FILE* file, const char* format, ...) RINGPROOF_IS(ringproof_crt_fprintf);
RINGPROOF_API int sprintf(char* buffer, const char* format, ...) RINGPROOF_IS(ringproof_crt_sprintf);
RINGPROOF_API int snprintf(char* buffer, size_t bytes, const char* format, ...)
    RINGPROOF_IS(ringproof_crt_snprintf);
RINGPROOF_API int vprintf(const char* format, va_list arguments) RINGPROOF_IS(ringproof_crt_vprintf);
RINGPROOF_API int vfprintf(FILE* file, const char* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vfprintf);
RINGPROOF_API int vsprintf(char* buffer, const char* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vsprintf);
RINGPROOF_API int vsnprintf(char* buffer, size_t bytes, const char* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vsnprintf);
RINGPROOF_API int scanf(const char* format, ...) RINGPROOF_IS(ringproof_crt_scanf);
RINGPROOF_API int fscanf(FILE* file, const char* format, ...) RINGPROOF_IS(ringproof_crt_fscanf);
RINGPROOF_API int sscanf(const char* text, const char* format, ...) RINGPROOF_IS(ringproof_crt_sscanf);
RINGPROOF_API int vscanf(const char* format, va_list arguments) RINGPROOF_IS(ringproof_crt_vscanf);
RINGPROOF_API int vfscanf(FILE* file, const char* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vfscanf);
RINGPROOF_API int vsscanf(const char* text, const char* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vsscanf);

// ---- Microsoft's names ----

// Not terminated, and -1, when the text is longer than `count`; not terminated when it is just as long.
RINGPROOF_API int _snprintf(char* buffer, size_t count, const char* format, ...);
RINGPROOF_API int _vsnprintf(char* buffer, size_t count, const char* format, va_list arguments);
RINGPROOF_API int sprintf_s(char* buffer, size_t bytes, const char* format, ...);
RINGPROOF_API int vsprintf_s(char* buffer, size_t bytes, const char* format, va_list arguments);
// At most `count` characters, or with _TRUNCATE what fits; -1 when that is not all.
RINGPROOF_API int _snprintf_s(char* buffer, size_t bytes, size_t count, const char* format, ...);
RINGPROOF_API int _vsnprintf_s(char* buffer, size_t bytes, size_t count, const char* format,
                               va_list arguments);
RINGPROOF_API int vsnprintf_s(char* buffer, size_t bytes, size_t count, const char* format,
                              va_list arguments);
// The length, without writing.
RINGPROOF_API int _scprintf(const char* format, ...);
RINGPROOF_API int _vscprintf(const char* format, va_list arguments);
RINGPROOF_API int printf_s(const char* format, ...);
RINGPROOF_API int vprintf_s(const char* format, va_list arguments);
RINGPROOF_API int fprintf_s(FILE* file, const char* format, ...);
RINGPROOF_API int vfprintf_s(FILE* file, const char* format, va_list arguments);
// Targets of %s, %c and %[ are followed by their size, an unsigned.
RINGPROOF_API int scanf_s(const char* format, ...);
RINGPROOF_API int vscanf_s(const char* format, va_list arguments);
RINGPROOF_API int fscanf_s(FILE* file, const char* format, ...);
RINGPROOF_API int vfscanf_s(FILE* file, const char* format, va_list arguments);
RINGPROOF_API int sscanf_s(const char* text, const char* format, ...);
RINGPROOF_API int vsscanf_s(const char* text, const char* format, va_list arguments);

RINGPROOF_API errno_t fopen_s(FILE** file, const char* name, const char* mode);
RINGPROOF_API errno_t freopen_s(FILE** file, const char* name, const char* mode, FILE* old);
RINGPROOF_API FILE* _fsopen(const char* name, const char* mode, int sharing);

RINGPROOF_API int ringproof_crt_fileno(FILE* file) RINGPROOF_IS(fileno);
RINGPROOF_API int ringproof_crt_fseek(FILE* file, int64_t offset, int origin) RINGPROOF_IS(fseeko);
RINGPROOF_API int64_t ringproof_crt_ftell(FILE* file) RINGPROOF_IS(ftello);
RINGPROOF_API FILE* ringproof_crt_fdopen(int file, const char* mode) RINGPROOF_IS(fdopen);
RINGPROOF_API int ringproof_crt_unlink(const char* name);
#define _fileno(file) ringproof_crt_fileno(file)
#define _fseeki64(file, offset, origin) ringproof_crt_fseek((file), (offset), (origin))
#define _ftelli64(file) ringproof_crt_ftell(file)
#define _fdopen(file, mode) ringproof_crt_fdopen((file), (mode))
#define _unlink(name) ringproof_crt_unlink(name)
#define _flushall() fflush(NULL)
#define _getc_nolock(file) getc(file)
#define _putc_nolock(unit, file) putc((unit), (file))
#define _SH_DENYRW 0x10
#define _SH_DENYWR 0x20
#define _SH_DENYRD 0x30
#define _SH_DENYNO 0x40

RINGPROOF_C_END

#ifdef __cplusplus
// The size of an array need not be said.
extern "C++" {
template <size_t N>
inline int vsprintf_s(char (&buffer)[N], const char* format, va_list arguments) {
  return vsprintf_s(buffer, N, format, arguments);
}
template <size_t N>
inline int sprintf_s(char (&buffer)[N], const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = vsprintf_s(buffer, N, format, arguments);
  va_end(arguments);
  return result;
}
template <size_t N>
inline int _vsnprintf_s(char (&buffer)[N], size_t count, const char* format, va_list arguments) {
  return _vsnprintf_s(buffer, N, count, format, arguments);
}
template <size_t N>
inline int _snprintf_s(char (&buffer)[N], size_t count, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = _vsnprintf_s(buffer, N, count, format, arguments);
  va_end(arguments);
  return result;
}
}
#endif
