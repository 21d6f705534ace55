// strsafe.h: strings that always end inside their buffer.
// Role     Cch counts characters, Cb bytes; A is narrow text, W is UTF-16
// Errors   STRSAFE_E_INSUFFICIENT_BUFFER, with as much as fits; STRSAFE_E_INVALID_PARAMETER for no buffer
// Source   Windows: strsafe.h
#pragma once

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "ringproof/win32/base.h"

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007AU)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057U)
#define STRSAFE_E_END_OF_FILE ((HRESULT)0x80070026U)
typedef char* STRSAFE_LPSTR;
typedef const char* STRSAFE_LPCSTR;
typedef WCHAR* STRSAFE_LPWSTR;
typedef const WCHAR* STRSAFE_LPCWSTR;

// NOLINTBEGIN(bugprone-macro-parentheses): types and names
// The functions of one kind of text: `length` of a string up to a limit, `print` into a buffer.
#define RINGPROOF_STRSAFE(suffix, type, length, print)                                                       \
  static inline HRESULT StringCchLength##suffix(const type* text, size_t most, size_t* result) {             \
    if (result != NULL) *result = 0;                                                                         \
    if (text == NULL || most > STRSAFE_MAX_CCH) return STRSAFE_E_INVALID_PARAMETER;                          \
    const size_t units = length(text, most);                                                                 \
    if (units == most) return STRSAFE_E_INVALID_PARAMETER;                                                   \
    if (result != NULL) *result = units;                                                                     \
    return S_OK;                                                                                             \
  }                                                                                                          \
  static inline HRESULT StringCbLength##suffix(const type* text, size_t most, size_t* result) {              \
    size_t units = 0;                                                                                        \
    const HRESULT answer = StringCchLength##suffix(text, most / sizeof(type), &units);                       \
    if (result != NULL) *result = units * sizeof(type);                                                      \
    return answer;                                                                                           \
  }                                                                                                          \
  static inline HRESULT StringCchCopyN##suffix(type* target, size_t room, const type* source, size_t most) { \
    if (room == 0 || room > STRSAFE_MAX_CCH) return STRSAFE_E_INVALID_PARAMETER;                             \
    const size_t units = length(source, most < room ? most : room);                                          \
    const size_t kept = units < room ? units : room - 1;                                                     \
    memcpy(target, source, kept * sizeof(type));                                                             \
    target[kept] = 0;                                                                                        \
    return units < room ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;                                              \
  }                                                                                                          \
  static inline HRESULT StringCchCopy##suffix(type* target, size_t room, const type* source) {               \
    return StringCchCopyN##suffix(target, room, source, STRSAFE_MAX_CCH);                                    \
  }                                                                                                          \
  static inline HRESULT StringCbCopy##suffix(type* target, size_t bytes, const type* source) {               \
    return StringCchCopy##suffix(target, bytes / sizeof(type), source);                                      \
  }                                                                                                          \
  static inline HRESULT StringCchCatN##suffix(type* target, size_t room, const type* source, size_t most) {  \
    size_t begin = 0;                                                                                        \
    if (FAILED(StringCchLength##suffix(target, room, &begin))) return STRSAFE_E_INVALID_PARAMETER;           \
    return StringCchCopyN##suffix(target + begin, room - begin, source, most);                               \
  }                                                                                                          \
  static inline HRESULT StringCchCat##suffix(type* target, size_t room, const type* source) {                \
    return StringCchCatN##suffix(target, room, source, STRSAFE_MAX_CCH);                                     \
  }                                                                                                          \
  static inline HRESULT StringCbCat##suffix(type* target, size_t bytes, const type* source) {                \
    return StringCchCat##suffix(target, bytes / sizeof(type), source);                                       \
  }                                                                                                          \
  static inline HRESULT StringCchVPrintf##suffix(type* target, size_t room, const type* format,              \
                                                 va_list arguments) {                                        \
    if (room == 0 || room > STRSAFE_MAX_CCH) return STRSAFE_E_INVALID_PARAMETER;                             \
    return print(target, room, _TRUNCATE, format, arguments) >= 0 ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;    \
  }                                                                                                          \
  static inline HRESULT StringCbVPrintf##suffix(type* target, size_t bytes, const type* format,              \
                                                va_list arguments) {                                         \
    return StringCchVPrintf##suffix(target, bytes / sizeof(type), format, arguments);                        \
  }                                                                                                          \
  static inline HRESULT StringCchPrintf##suffix(type* target, size_t room, const type* format, ...) {        \
    va_list arguments;                                                                                       \
    va_start(arguments, format);                                                                             \
    const HRESULT answer = StringCchVPrintf##suffix(target, room, format, arguments);                        \
    va_end(arguments);                                                                                       \
    return answer;                                                                                           \
  }                                                                                                          \
  static inline HRESULT StringCbPrintf##suffix(type* target, size_t bytes, const type* format, ...) {        \
    va_list arguments;                                                                                       \
    va_start(arguments, format);                                                                             \
    const HRESULT answer = StringCbVPrintf##suffix(target, bytes, format, arguments);                        \
    va_end(arguments);                                                                                       \
    return answer;                                                                                           \
  }
// NOLINTEND(bugprone-macro-parentheses)

RINGPROOF_STRSAFE(A, char, strnlen_s, _vsnprintf_s)
RINGPROOF_STRSAFE(W, wchar_t, wcsnlen_s, _vsnwprintf_s)

#ifdef UNICODE
#define RINGPROOF_STRSAFE_NAME(name) name##W
#else
#define RINGPROOF_STRSAFE_NAME(name) name##A
#endif
#define StringCchLength RINGPROOF_STRSAFE_NAME(StringCchLength)
#define StringCbLength RINGPROOF_STRSAFE_NAME(StringCbLength)
#define StringCchCopy RINGPROOF_STRSAFE_NAME(StringCchCopy)
#define StringCchCopyN RINGPROOF_STRSAFE_NAME(StringCchCopyN)
#define StringCbCopy RINGPROOF_STRSAFE_NAME(StringCbCopy)
#define StringCchCat RINGPROOF_STRSAFE_NAME(StringCchCat)
#define StringCchCatN RINGPROOF_STRSAFE_NAME(StringCchCatN)
#define StringCbCat RINGPROOF_STRSAFE_NAME(StringCbCat)
#define StringCchVPrintf RINGPROOF_STRSAFE_NAME(StringCchVPrintf)
#define StringCbVPrintf RINGPROOF_STRSAFE_NAME(StringCbVPrintf)
#define StringCchPrintf RINGPROOF_STRSAFE_NAME(StringCchPrintf)
#define StringCbPrintf RINGPROOF_STRSAFE_NAME(StringCbPrintf)
