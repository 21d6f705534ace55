// crt_string.h: Microsoft's string functions.
// Role     what <string.h> adds to the C library's
// Units    sizes and counts in characters, the terminator included in the size of a target
// Errors   a target that is too small is emptied, and the handler of invalid parameters told, which ends the
//          program unless it set one; with a handler that returns: ERANGE, for a null pointer EINVAL
// Source   Windows: security features in the CRT
#pragma once

#include <string.h>

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

// Letters of English alone are folded.
RINGPROOF_API int _stricmp(const char* a, const char* b);
RINGPROOF_API int _strnicmp(const char* a, const char* b, size_t count);
RINGPROOF_API int _memicmp(const void* a, const void* b, size_t bytes);
RINGPROOF_API char* _strdup(const char* text);
RINGPROOF_API char* _strupr(char* text);
RINGPROOF_API char* _strlwr(char* text);
RINGPROOF_API errno_t _strupr_s(char* text, size_t bytes);
RINGPROOF_API errno_t _strlwr_s(char* text, size_t bytes);
RINGPROOF_API char* _strrev(char* text);
RINGPROOF_API char* _strset(char* text, int unit);
RINGPROOF_API char* _strnset(char* text, int unit, size_t count);
RINGPROOF_API size_t strnlen_s(const char* text, size_t bytes);
RINGPROOF_API errno_t strcpy_s(char* target, rsize_t bytes, const char* source);
// At most `count` characters, or with _TRUNCATE what fits.
RINGPROOF_API errno_t strncpy_s(char* target, rsize_t bytes, const char* source, rsize_t count);
RINGPROOF_API errno_t strcat_s(char* target, rsize_t bytes, const char* source);
RINGPROOF_API errno_t strncat_s(char* target, rsize_t bytes, const char* source, rsize_t count);
// Three parameters: the place in the string is kept in `*context`.
RINGPROOF_API char* strtok_s(char* text, const char* delimiters, char** context);
RINGPROOF_API errno_t memcpy_s(void* target, rsize_t bytes, const void* source, rsize_t count);
RINGPROOF_API errno_t memmove_s(void* target, rsize_t bytes, const void* source, rsize_t count);
RINGPROOF_API errno_t strerror_s(char* buffer, size_t bytes, int error);

// The older spellings.
RINGPROOF_API int _strcmpi(const char* a, const char* b) RINGPROOF_IS(_stricmp);
RINGPROOF_API int strcmpi(const char* a, const char* b) RINGPROOF_IS(_stricmp);
RINGPROOF_API int stricmp(const char* a, const char* b) RINGPROOF_IS(_stricmp);
RINGPROOF_API int strnicmp(const char* a, const char* b, size_t count) RINGPROOF_IS(_strnicmp);
RINGPROOF_API int memicmp(const void* a, const void* b, size_t bytes) RINGPROOF_IS(_memicmp);
RINGPROOF_API char* strupr(char* text) RINGPROOF_IS(_strupr);
RINGPROOF_API char* strlwr(char* text) RINGPROOF_IS(_strlwr);
RINGPROOF_API char* strrev(char* text) RINGPROOF_IS(_strrev);
#define _stricoll(a, b) _stricmp((a), (b))
#define _strncoll(a, b, count) strncmp((a), (b), (count))
#define _strnicoll(a, b, count) _strnicmp((a), (b), (count))

RINGPROOF_C_END

#ifdef __cplusplus
// The size of an array need not be said.
extern "C++" {
template <size_t N>
inline errno_t strcpy_s(char (&target)[N], const char* source) {
  return strcpy_s(target, N, source);
}
template <size_t N>
inline errno_t strncpy_s(char (&target)[N], const char* source, size_t count) {
  return strncpy_s(target, N, source, count);
}
template <size_t N>
inline errno_t strcat_s(char (&target)[N], const char* source) {
  return strcat_s(target, N, source);
}
template <size_t N>
inline errno_t strncat_s(char (&target)[N], const char* source, size_t count) {
  return strncat_s(target, N, source, count);
}
template <size_t N>
inline errno_t _strupr_s(char (&text)[N]) {
  return _strupr_s(text, N);
}
template <size_t N>
inline errno_t _strlwr_s(char (&text)[N]) {
  return _strlwr_s(text, N);
}
template <size_t N>
inline errno_t strerror_s(char (&buffer)[N], int error) {
  return strerror_s(buffer, N, error);
}
}
#endif
