// crt_wide.h: text of 16-bit units.
// Role     what <wchar.h> has, in place of the C library's, whose units have 32 bits
// Shapes   UTF-16; narrow text and files are UTF-8
// Errors   as in crt_string.h and crt_stdio.h
// Source   Windows: C runtime library reference
#pragma once

#include <stdio.h>
#include <time.h>

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

// ---- standard names ----

RINGPROOF_API size_t wcslen(const wchar_t* text) RINGPROOF_IS(ringproof_crt_wcslen);
RINGPROOF_API size_t wcsnlen(const wchar_t* text, size_t units) RINGPROOF_IS(ringproof_crt_wcsnlen);
RINGPROOF_API wchar_t* wcscpy(wchar_t* target, const wchar_t* source) RINGPROOF_IS(ringproof_crt_wcscpy);
RINGPROOF_API wchar_t* wcsncpy(wchar_t* target, const wchar_t* source, size_t units)
    RINGPROOF_IS(ringproof_crt_wcsncpy);
RINGPROOF_API wchar_t* wcscat(wchar_t* target, const wchar_t* source) RINGPROOF_IS(ringproof_crt_wcscat);
RINGPROOF_API wchar_t* wcsncat(wchar_t* target, const wchar_t* source, size_t units)
    RINGPROOF_IS(ringproof_crt_wcsncat);
RINGPROOF_API int wcscmp(const wchar_t* a, const wchar_t* b) RINGPROOF_IS(ringproof_crt_wcscmp);
RINGPROOF_API int wcsncmp(const wchar_t* a, const wchar_t* b, size_t units)
    RINGPROOF_IS(ringproof_crt_wcsncmp);
RINGPROOF_API int wcscoll(const wchar_t* a, const wchar_t* b) RINGPROOF_IS(ringproof_crt_wcscmp);
RINGPROOF_API size_t wcsxfrm(wchar_t* target, const wchar_t* source, size_t units)
    RINGPROOF_IS(ringproof_crt_wcsxfrm);
RINGPROOF_API size_t wcsspn(const wchar_t* text, const wchar_t* accepted) RINGPROOF_IS(ringproof_crt_wcsspn);
RINGPROOF_API size_t wcscspn(const wchar_t* text, const wchar_t* refused) RINGPROOF_IS(ringproof_crt_wcscspn);
RINGPROOF_API wchar_t* wcstok(wchar_t* text, const wchar_t* delimiters, wchar_t** context)
    RINGPROOF_IS(ringproof_crt_wcstok);
RINGPROOF_API wchar_t* wmemcpy(wchar_t* target, const wchar_t* source, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemcpy);
RINGPROOF_API wchar_t* wmemmove(wchar_t* target, const wchar_t* source, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemmove);
RINGPROOF_API wchar_t* wmemset(wchar_t* target, wchar_t unit, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemset);
RINGPROOF_API int wmemcmp(const wchar_t* a, const wchar_t* b, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemcmp);

RINGPROOF_API long wcstol(const wchar_t* text, wchar_t** end, int radix) RINGPROOF_IS(ringproof_crt_wcstol);
RINGPROOF_API unsigned long wcstoul(const wchar_t* text, wchar_t** end, int radix)
    RINGPROOF_IS(ringproof_crt_wcstoul);
RINGPROOF_API long long wcstoll(const wchar_t* text, wchar_t** end, int radix)
    RINGPROOF_IS(ringproof_crt_wcstoll);
RINGPROOF_API unsigned long long wcstoull(const wchar_t* text, wchar_t** end, int radix)
    RINGPROOF_IS(ringproof_crt_wcstoull);
RINGPROOF_API double wcstod(const wchar_t* text, wchar_t** end) RINGPROOF_IS(ringproof_crt_wcstod);
RINGPROOF_API float wcstof(const wchar_t* text, wchar_t** end) RINGPROOF_IS(ringproof_crt_wcstof);
RINGPROOF_API long double wcstold(const wchar_t* text, wchar_t** end) RINGPROOF_IS(ringproof_crt_wcstold);

RINGPROOF_API int wprintf(const wchar_t* format, ...) RINGPROOF_IS(ringproof_crt_wprintf);
RINGPROOF_API int fwprintf(FILE* file, const wchar_t* format, ...) RINGPROOF_IS(ringproof_crt_fwprintf);
RINGPROOF_API int swprintf(wchar_t* buffer, size_t units, const wchar_t* format, ...)
    RINGPROOF_IS(ringproof_crt_swprintf);
RINGPROOF_API int vwprintf(const wchar_t* format, va_list arguments) RINGPROOF_IS(ringproof_crt_vwprintf);
RINGPROOF_API int vfwprintf(FILE* file, const wchar_t* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vfwprintf);
RINGPROOF_API int vswprintf(wchar_t* buffer, size_t units, const wchar_t* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vswprintf);
RINGPROOF_API int wscanf(const wchar_t* format, ...) RINGPROOF_IS(ringproof_crt_wscanf);
RINGPROOF_API int fwscanf(FILE* file, const wchar_t* format, ...) RINGPROOF_IS(ringproof_crt_fwscanf);
RINGPROOF_API int swscanf(const wchar_t* text, const wchar_t* format, ...)
    RINGPROOF_IS(ringproof_crt_swscanf);
RINGPROOF_API int vwscanf(const wchar_t* format, va_list arguments) RINGPROOF_IS(ringproof_crt_vwscanf);
RINGPROOF_API int vfwscanf(FILE* file, const wchar_t* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vfwscanf);
RINGPROOF_API int vswscanf(const wchar_t* text, const wchar_t* format, va_list arguments)
    RINGPROOF_IS(ringproof_crt_vswscanf);

RINGPROOF_API int fputws(const wchar_t* text, FILE* file) RINGPROOF_IS(ringproof_crt_fputws);
RINGPROOF_API wchar_t* fgetws(wchar_t* target, int units, FILE* file) RINGPROOF_IS(ringproof_crt_fgetws);
RINGPROOF_API wint_t fputwc(wchar_t unit, FILE* file) RINGPROOF_IS(ringproof_crt_fputwc);
RINGPROOF_API wint_t putwc(wchar_t unit, FILE* file) RINGPROOF_IS(ringproof_crt_fputwc);
RINGPROOF_API wint_t putwchar(wchar_t unit) RINGPROOF_IS(ringproof_crt_putwchar);
RINGPROOF_API wint_t fgetwc(FILE* file) RINGPROOF_IS(ringproof_crt_fgetwc);
RINGPROOF_API wint_t getwc(FILE* file) RINGPROOF_IS(ringproof_crt_fgetwc);
RINGPROOF_API wint_t getwchar(void) RINGPROOF_IS(ringproof_crt_getwchar);
RINGPROOF_API wint_t ungetwc(wint_t unit, FILE* file) RINGPROOF_IS(ringproof_crt_ungetwc);
RINGPROOF_API int fwide(FILE* file, int mode) RINGPROOF_IS(ringproof_crt_fwide);

RINGPROOF_API wint_t btowc(int byte) RINGPROOF_IS(ringproof_crt_btowc);
RINGPROOF_API int wctob(wint_t unit) RINGPROOF_IS(ringproof_crt_wctob);
RINGPROOF_API int mbsinit(const mbstate_t* state) RINGPROOF_IS(ringproof_crt_mbsinit);
RINGPROOF_API size_t mbrtowc(wchar_t* unit, const char* text, size_t bytes, mbstate_t* state)
    RINGPROOF_IS(ringproof_crt_mbrtowc);
RINGPROOF_API size_t mbrlen(const char* text, size_t bytes, mbstate_t* state)
    RINGPROOF_IS(ringproof_crt_mbrlen);
RINGPROOF_API size_t wcrtomb(char* text, wchar_t unit, mbstate_t* state) RINGPROOF_IS(ringproof_crt_wcrtomb);
RINGPROOF_API size_t mbsrtowcs(wchar_t* target, const char** text, size_t units, mbstate_t* state)
    RINGPROOF_IS(ringproof_crt_mbsrtowcs);
RINGPROOF_API size_t wcsrtombs(char* target, const wchar_t** text, size_t bytes, mbstate_t* state)
    RINGPROOF_IS(ringproof_crt_wcsrtombs);
RINGPROOF_API size_t wcsftime(wchar_t* target, size_t units, const wchar_t* format, const struct tm* time)
    RINGPROOF_IS(ringproof_crt_wcsftime);

RINGPROOF_C_END

// What is found is as constant as what is searched.
#ifdef __cplusplus
extern "C++" {
RINGPROOF_API wchar_t* wcschr(wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcschr);
RINGPROOF_API wchar_t* wcsrchr(wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcsrchr);
RINGPROOF_API wchar_t* wcsstr(wchar_t* text, const wchar_t* wanted) RINGPROOF_IS(ringproof_crt_wcsstr);
RINGPROOF_API wchar_t* wcspbrk(wchar_t* text, const wchar_t* wanted) RINGPROOF_IS(ringproof_crt_wcspbrk);
RINGPROOF_API wchar_t* wmemchr(wchar_t* text, wchar_t unit, size_t units) RINGPROOF_IS(ringproof_crt_wmemchr);
RINGPROOF_API const wchar_t* wcschr(const wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcschr);
RINGPROOF_API const wchar_t* wcsrchr(const wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcsrchr);
RINGPROOF_API const wchar_t* wcsstr(const wchar_t* text, const wchar_t* wanted)
    RINGPROOF_IS(ringproof_crt_wcsstr);
RINGPROOF_API const wchar_t* wcspbrk(const wchar_t* text, const wchar_t* wanted)
    RINGPROOF_IS(ringproof_crt_wcspbrk);
RINGPROOF_API const wchar_t* wmemchr(const wchar_t* text, wchar_t unit, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemchr);
}
#ifndef __CORRECT_ISO_CPP_WCHAR_H_PROTO
#define __CORRECT_ISO_CPP_WCHAR_H_PROTO
#endif
#else
RINGPROOF_API wchar_t* wcschr(const wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcschr);
RINGPROOF_API wchar_t* wcsrchr(const wchar_t* text, wchar_t unit) RINGPROOF_IS(ringproof_crt_wcsrchr);
RINGPROOF_API wchar_t* wcsstr(const wchar_t* text, const wchar_t* wanted) RINGPROOF_IS(ringproof_crt_wcsstr);
RINGPROOF_API wchar_t* wcspbrk(const wchar_t* text, const wchar_t* wanted)
    RINGPROOF_IS(ringproof_crt_wcspbrk);
RINGPROOF_API wchar_t* wmemchr(const wchar_t* text, wchar_t unit, size_t units)
    RINGPROOF_IS(ringproof_crt_wmemchr);
#endif

RINGPROOF_C_BEGIN

// ---- Microsoft's names ----

RINGPROOF_API int _wcsicmp(const wchar_t* a, const wchar_t* b);
RINGPROOF_API int _wcsnicmp(const wchar_t* a, const wchar_t* b, size_t units);
RINGPROOF_API wchar_t* _wcsdup(const wchar_t* text);
RINGPROOF_API wchar_t* _wcsupr(wchar_t* text);
RINGPROOF_API wchar_t* _wcslwr(wchar_t* text);
RINGPROOF_API errno_t _wcsupr_s(wchar_t* text, size_t units);
RINGPROOF_API errno_t _wcslwr_s(wchar_t* text, size_t units);
RINGPROOF_API wchar_t* _wcsrev(wchar_t* text);
RINGPROOF_API size_t wcsnlen_s(const wchar_t* text, size_t units);
RINGPROOF_API errno_t wcscpy_s(wchar_t* target, rsize_t units, const wchar_t* source);
RINGPROOF_API errno_t wcsncpy_s(wchar_t* target, rsize_t units, const wchar_t* source, rsize_t count);
RINGPROOF_API errno_t wcscat_s(wchar_t* target, rsize_t units, const wchar_t* source);
RINGPROOF_API errno_t wcsncat_s(wchar_t* target, rsize_t units, const wchar_t* source, rsize_t count);
RINGPROOF_API wchar_t* wcstok_s(wchar_t* text, const wchar_t* delimiters, wchar_t** context);
RINGPROOF_API wchar_t* wcsdup(const wchar_t* text) RINGPROOF_IS(_wcsdup);
RINGPROOF_API int wcsicmp(const wchar_t* a, const wchar_t* b) RINGPROOF_IS(_wcsicmp);
RINGPROOF_API int wcsnicmp(const wchar_t* a, const wchar_t* b, size_t units) RINGPROOF_IS(_wcsnicmp);

RINGPROOF_API int _snwprintf(wchar_t* buffer, size_t count, const wchar_t* format, ...);
RINGPROOF_API int _vsnwprintf(wchar_t* buffer, size_t count, const wchar_t* format, va_list arguments);
RINGPROOF_API int swprintf_s(wchar_t* buffer, size_t units, const wchar_t* format, ...);
RINGPROOF_API int vswprintf_s(wchar_t* buffer, size_t units, const wchar_t* format, va_list arguments);
RINGPROOF_API int _snwprintf_s(wchar_t* buffer, size_t units, size_t count, const wchar_t* format, ...);
RINGPROOF_API int _vsnwprintf_s(wchar_t* buffer, size_t units, size_t count, const wchar_t* format,
                                va_list arguments);
RINGPROOF_API int _scwprintf(const wchar_t* format, ...);
RINGPROOF_API int _vscwprintf(const wchar_t* format, va_list arguments);
RINGPROOF_API int wprintf_s(const wchar_t* format, ...);
RINGPROOF_API int vwprintf_s(const wchar_t* format, va_list arguments);
RINGPROOF_API int fwprintf_s(FILE* file, const wchar_t* format, ...);
RINGPROOF_API int vfwprintf_s(FILE* file, const wchar_t* format, va_list arguments);
RINGPROOF_API int swscanf_s(const wchar_t* text, const wchar_t* format, ...);
RINGPROOF_API int _putws(const wchar_t* text);

RINGPROOF_API FILE* _wfopen(const wchar_t* name, const wchar_t* mode);
RINGPROOF_API FILE* _wfsopen(const wchar_t* name, const wchar_t* mode, int sharing);
RINGPROOF_API errno_t _wfopen_s(FILE** file, const wchar_t* name, const wchar_t* mode);

RINGPROOF_C_END

#ifdef __cplusplus
// The size of an array need not be said.
extern "C++" {
template <size_t N>
inline errno_t wcscpy_s(wchar_t (&target)[N], const wchar_t* source) {
  return wcscpy_s(target, N, source);
}
template <size_t N>
inline errno_t wcsncpy_s(wchar_t (&target)[N], const wchar_t* source, size_t count) {
  return wcsncpy_s(target, N, source, count);
}
template <size_t N>
inline errno_t wcscat_s(wchar_t (&target)[N], const wchar_t* source) {
  return wcscat_s(target, N, source);
}
template <size_t N>
inline errno_t wcsncat_s(wchar_t (&target)[N], const wchar_t* source, size_t count) {
  return wcsncat_s(target, N, source, count);
}
template <size_t N>
inline int vswprintf_s(wchar_t (&buffer)[N], const wchar_t* format, va_list arguments) {
  return vswprintf_s(buffer, N, format, arguments);
}
template <size_t N>
inline int swprintf_s(wchar_t (&buffer)[N], const wchar_t* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = vswprintf_s(buffer, N, format, arguments);
  va_end(arguments);
  return result;
}
template <size_t N>
inline int _vsnwprintf_s(wchar_t (&buffer)[N], size_t count, const wchar_t* format, va_list arguments) {
  return _vsnwprintf_s(buffer, N, count, format, arguments);
}
template <size_t N>
inline int _snwprintf_s(wchar_t (&buffer)[N], size_t count, const wchar_t* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = _vsnwprintf_s(buffer, N, count, format, arguments);
  va_end(arguments);
  return result;
}
}
#endif
