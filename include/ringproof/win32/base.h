// base.h: the words that Windows programs are written in: types, attributes, annotations.
// Role     what <windows.h> adds to win_types.h; every other header of this folder starts from here
// Shapes   LLP64, as in win_types.h: `long` of the compiler keeps its 64 bits, LONG and DWORD have 32
// Errors   a layout that differs from Windows fails to compile
// Source   Windows data types; docs/windows-programs.md
#pragma once

#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "ringproof/win32/annotations.h"
#include "ringproof/win_types.h"

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#pragma clang diagnostic ignored "-Wbuiltin-macro-redefined"
#endif

// ---- the compiler's words ----

#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long

// __declspec(align(64)) is __attribute__((aligned(64))), and so on; what means nothing here vanishes. What is
// no attribute closes the list and opens another. One word each: __declspec(a b) is not understood.
#undef __declspec
#define __declspec(...) __attribute__((RINGPROOF_DECLSPEC_##__VA_ARGS__))
#define RINGPROOF_DECLSPEC_
#define RINGPROOF_DECLSPEC_align aligned
#define RINGPROOF_DECLSPEC_allocate(section)
#define RINGPROOF_DECLSPEC_allocator
#define RINGPROOF_DECLSPEC_appdomain
#define RINGPROOF_DECLSPEC_code_seg(section)
#define RINGPROOF_DECLSPEC_deprecated deprecated
#define RINGPROOF_DECLSPEC_dllexport visibility("default")
#define RINGPROOF_DECLSPEC_dllimport
#define RINGPROOF_DECLSPEC_empty_bases
#define RINGPROOF_DECLSPEC_guard(kind)
#define RINGPROOF_DECLSPEC_hybrid_patchable
#define RINGPROOF_DECLSPEC_jitintrinsic
#define RINGPROOF_DECLSPEC_naked naked
#define RINGPROOF_DECLSPEC_no_sanitize_address no_sanitize("address")
#define RINGPROOF_DECLSPEC_noalias
#define RINGPROOF_DECLSPEC_noinline noinline
#define RINGPROOF_DECLSPEC_noreturn noreturn
#define RINGPROOF_DECLSPEC_nothrow nothrow
#define RINGPROOF_DECLSPEC_novtable
#define RINGPROOF_DECLSPEC_process
#define RINGPROOF_DECLSPEC_restrict
#define RINGPROOF_DECLSPEC_safebuffers
#define RINGPROOF_DECLSPEC_selectany weak
#define RINGPROOF_DECLSPEC_spectre(kind)
#define RINGPROOF_DECLSPEC_uuid(text)
#ifdef __cplusplus
#define RINGPROOF_DECLSPEC_thread )) thread_local __attribute__((
#elif __STDC_VERSION__ >= 201112L
#define RINGPROOF_DECLSPEC_thread )) _Thread_local __attribute__((
#else
#define RINGPROOF_DECLSPEC_thread )) __thread __attribute__((
#endif
// A member that stands for two functions: clang knows it, gcc refuses each use by name.
#if defined(__clang__) && defined(__cplusplus)
#define RINGPROOF_DECLSPEC_property(...) )) __declspec(property(__VA_ARGS__)) __attribute__((
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
#define RINGPROOF_DECLSPEC_property(...) error("__declspec(property) wants clang++")
#else
#define RINGPROOF_DECLSPEC_property(...) unavailable("__declspec(property) wants clang++")
#endif

#define __forceinline FORCEINLINE
#define __fastcall
#define __vectorcall
#define __thiscall
#define __clrcall
#define _cdecl
#define _stdcall
#define __unaligned
#define __ptr64
#define __w64
#define __assume(condition)                    \
  do {                                         \
    if (!(condition)) __builtin_unreachable(); \
  } while (0)
#define __noop(...) ((void)0)
#define __pragma(text)
// Structured exceptions do not exist here: the guarded block runs, a handler never does, a final block always
// does unless the guarded block returns. In C++ the words belong to the standard library.
#ifndef __cplusplus
#define __try for (int ringproof_once = 1; ringproof_once; ringproof_once = 0)
#define __leave continue
#define __except (filter) if (0)
#define __finally
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#define APIENTRY WINAPI
#define APIPRIVATE WINAPI
#define PASCAL WINAPI
#define NTAPI
#define NTSYSAPI
#define NTSYSCALLAPI
#define WINAPIV
#define WINBASEAPI
#define WINUSERAPI
#define WINADVAPI
#define STDMETHODCALLTYPE
#define STDAPICALLTYPE
#define CALLBACK_INLINE
#define FAR
#define NEAR
#define IN
#define OUT
#define OPTIONAL
#define UNALIGNED
#define RESTRICTED_POINTER __restrict
#define DECLSPEC_IMPORT
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_NOINLINE __attribute__((noinline))
#define DECLSPEC_NOVTABLE
#define DECLSPEC_SELECTANY __attribute__((weak))
#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(SYSTEM_CACHE_ALIGNMENT_SIZE)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define CFORCEINLINE FORCEINLINE
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#define STDAPI EXTERN_C HRESULT
#define STDAPI_(type) EXTERN_C type

// ---- macros ----

#define UNREFERENCED_PARAMETER(name) ((void)(name))
#define UNREFERENCED_LOCAL_VARIABLE(name) ((void)(name))
#define DBG_UNREFERENCED_PARAMETER(name) ((void)(name))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(name) ((void)(name))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#endif
#define ARRAY_SIZE_OF_FIELD(type, field) RTL_NUMBER_OF(((type*)0)->field)
#define UFIELD_OFFSET(type, field) ((DWORD)offsetof(type, field))
#define RTL_NUMBER_OF_FIELD(type, field) RTL_NUMBER_OF(((type*)0)->field)
#define RTL_PADDING_BETWEEN_FIELDS(type, first, second) \
  (offsetof(type, second) - offsetof(type, first) - RTL_FIELD_SIZE(type, first))
#define RTL_CONTAINS_FIELD(object, bytes, field) \
  ((((PCHAR)(&(object)->field)) + sizeof((object)->field)) <= (((PCHAR)(object)) + (bytes)))
#define CONTAINING_RECORD(address, type, field) ((type*)((PCHAR)(address)-offsetof(type, field)))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value)&0xFF))
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xFF))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value)&0xFFFF))
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xFFFF))
#define MAKEWORD(low, high) ((WORD)(LOBYTE(low) | ((WORD)LOBYTE(high) << 8)))
#define MAKELONG(low, high) ((LONG)(LOWORD(low) | ((DWORD)LOWORD(high) << 16)))
#define Int32x32To64(a, b) ((LONGLONG)(LONG)(a) * (LONGLONG)(LONG)(b))
#define UInt32x32To64(a, b) ((ULONGLONG)(DWORD)(a) * (ULONGLONG)(DWORD)(b))
#define PtrToUlong(pointer) ((ULONG)(ULONG_PTR)(pointer))
#define PtrToLong(pointer) ((LONG)(LONG_PTR)(pointer))
#define PtrToUint(pointer) ((UINT)(UINT_PTR)(pointer))
#define UlongToPtr(value) ((VOID*)(ULONG_PTR)(ULONG)(value))
#define LongToPtr(value) ((VOID*)(LONG_PTR)(LONG)(value))
#define UintToPtr(value) ((VOID*)(UINT_PTR)(UINT)(value))
#define HandleToUlong(handle) ((ULONG)(ULONG_PTR)(handle))
#define HandleToLong(handle) ((LONG)(LONG_PTR)(handle))
#define UlongToHandle(value) ((HANDLE)(ULONG_PTR)(ULONG)(value))
#define LongToHandle(value) ((HANDLE)(LONG_PTR)(LONG)(value))
#define TEXT(literal) RINGPROOF_TEXT(literal)
#define __TEXT(literal) RINGPROOF_TEXT(literal)
#ifdef UNICODE
#define RINGPROOF_TEXT(literal) RINGPROOF_WIDE(literal)
#define RINGPROOF_AW(name) name##W
#else
#define RINGPROOF_TEXT(literal) literal
#define RINGPROOF_AW(name) name##A
#endif
#define MAX_PATH 260
#define ANYSIZE_ARRAY 1
#define MAXCHAR 0x7f
#define MAXSHORT 0x7fff
#define MAXLONG 0x7fffffff
#define MINLONG ((LONG)0x80000000)
#define MAXUCHAR 0xff
#define MAXUSHORT 0xffff
#define MAXULONG 0xffffffffU
#define MAXBYTE 0xff
#define MAXWORD 0xffff
#define MAXDWORD 0xffffffffU
#define MAXINT8 ((INT8)0x7f)
#define MAXINT16 ((INT16)0x7fff)
#define MAXINT32 ((INT32)0x7fffffff)
#define MAXINT64 ((INT64)0x7fffffffffffffffLL)
#define MAXUINT8 ((UINT8)0xff)
#define MAXUINT16 ((UINT16)0xffff)
#define MAXUINT32 ((UINT32)0xffffffffU)
#define MAXUINT64 ((UINT64)0xffffffffffffffffULL)
#define MININT32 ((INT32)0x80000000)
#define MININT64 ((INT64)0x8000000000000000ULL)
#define MAXUINT ((UINT)0xffffffffU)
#define MAXINT ((INT)0x7fffffff)
#define MAXULONGLONG MAXUINT64
#define MAXLONGLONG MAXINT64
#define MAXSIZE_T ((SIZE_T)-1)
#define MAXULONG_PTR ((ULONG_PTR)-1)
#define MAXDWORD_PTR ((DWORD_PTR)-1)
// The long of Windows has 32 bits.
#undef ULONG_MAX
#undef LONG_MAX
#undef LONG_MIN
#define ULONG_MAX 0xffffffffU
#define LONG_MAX 0x7fffffff
#define LONG_MIN (-LONG_MAX - 1)

// ---- types ----

typedef void* LPVOID;
typedef const void* LPCVOID;
typedef const void* PCVOID;
typedef CHAR *PCHAR, *LPCH, *PCH, *NPSTR, *LPSTR, *PSTR;
typedef const CHAR *LPCCH, *PCCH, *LPCSTR, *PCSTR;
typedef PSTR* PZPSTR;
typedef PCSTR* PCZPCSTR;
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *NWPSTR, *LPWSTR, *PWSTR;
typedef const WCHAR *LPCWCH, *PCWCH, *LPCWSTR, *PCWSTR;
#ifdef UNICODE
typedef WCHAR TCHAR;
#else
typedef char TCHAR;
#endif
typedef TCHAR *PTCHAR, *LPTSTR, *PTSTR, *LPTCH, *PTCH;
typedef const TCHAR *LPCTSTR, *PCTSTR;
typedef UCHAR *PUCHAR, *PBYTE, *LPBYTE;
typedef const UCHAR *PCUCHAR, *LPCBYTE;
typedef BOOLEAN* PBOOLEAN;
typedef BOOL *PBOOL, *LPBOOL;
typedef SHORT* PSHORT;
typedef USHORT* PUSHORT;
typedef WORD *PWORD, *LPWORD;
typedef INT *PINT, *LPINT;
typedef UINT* PUINT;
typedef LONG *PLONG, *LPLONG;
typedef ULONG* PULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef DWORD64 DWORDLONG;
typedef DWORD64 *PDWORD64, *PDWORDLONG;
typedef DWORD DWORD32;
typedef DWORD* PDWORD32;
typedef LONGLONG *PLONGLONG, LONG64, *PLONG64;
typedef ULONGLONG *PULONGLONG, ULONG64, *PULONG64;
typedef LONG LONG32;
typedef ULONG ULONG32;
typedef INT8* PINT8;
typedef INT16* PINT16;
typedef INT32* PINT32;
typedef INT64* PINT64;
typedef UINT8* PUINT8;
typedef UINT16* PUINT16;
typedef UINT32* PUINT32;
typedef UINT64* PUINT64;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE;
typedef SIZE_T *PSIZE_T, *LPSIZE_T;
typedef ptrdiff_t SSIZE_T;
typedef long long INT_PTR;
typedef LONG_PTR* PLONG_PTR;
typedef ULONG_PTR *PULONG_PTR, KAFFINITY;
typedef UINT_PTR* PUINT_PTR;
typedef DWORD_PTR* PDWORD_PTR;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef HMODULE HINSTANCE;
typedef HANDLE HLOCAL, HGLOBAL;
// INT_PTR on Windows; this type casts to every other without a warning.
typedef void (*FARPROC)(void);
typedef FARPROC PROC;
typedef WORD ATOM, LANGID;
typedef DWORD LCID, ACCESS_MASK, SECURITY_INFORMATION;
typedef ULONG_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;
typedef LONG SECURITY_STATUS;
typedef VOID* PSECURITY_DESCRIPTOR;
typedef VOID* PSID;
typedef NTSTATUS* PNTSTATUS;
typedef LARGE_INTEGER* PLARGE_INTEGER;
typedef union _ULARGE_INTEGER {
  __extension__ struct {
    DWORD LowPart;
    DWORD HighPart;
  };
  struct {
    DWORD LowPart;
    DWORD HighPart;
  } u;
  ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;
typedef struct _LUID {
  DWORD LowPart;
  LONG HighPart;
} LUID, *PLUID;
typedef GUID IID, CLSID, *LPGUID;
typedef const GUID* LPCGUID;
#ifdef __cplusplus
#define REFGUID const GUID&
#else
#define REFGUID const GUID*
#endif
typedef PROCESSOR_NUMBER* PPROCESSOR_NUMBER;
typedef struct _GROUP_AFFINITY {
  KAFFINITY Mask;
  WORD Group;
  WORD Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;
typedef OVERLAPPED* LPOVERLAPPED;
typedef OVERLAPPED* POVERLAPPED;
typedef IO_STATUS_BLOCK* PIO_STATUS_BLOCK;
typedef struct _SECURITY_ATTRIBUTES {
  DWORD nLength;
  LPVOID lpSecurityDescriptor;
  BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;
typedef struct _LIST_ENTRY {
  struct _LIST_ENTRY* Flink;
  struct _LIST_ENTRY* Blink;
} LIST_ENTRY, *PLIST_ENTRY;
typedef struct _SINGLE_LIST_ENTRY {
  struct _SINGLE_LIST_ENTRY* Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;
typedef struct _FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;
typedef struct _SYSTEMTIME {
  WORD wYear;
  WORD wMonth;
  WORD wDayOfWeek;
  WORD wDay;
  WORD wHour;
  WORD wMinute;
  WORD wSecond;
  WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;
typedef struct _UNICODE_STRING {
  USHORT Length;         // [bytes], without a terminator
  USHORT MaximumLength;  // [bytes]
  PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING* PCUNICODE_STRING;
typedef DWORD (*PTHREAD_START_ROUTINE)(LPVOID Parameter);
typedef PTHREAD_START_ROUTINE LPTHREAD_START_ROUTINE;

#ifndef DEFINE_GUID
#define DEFINE_GUID(name, d1, d2, d3, b0, b1, b2, b3, b4, b5, b6, b7) \
  static const GUID name __attribute__((unused)) = {d1, d2, d3, {b0, b1, b2, b3, b4, b5, b6, b7}}
#endif

C_ASSERT(sizeof(LUID) == 8 && sizeof(GROUP_AFFINITY) == 16 && sizeof(SECURITY_ATTRIBUTES) == 24);
C_ASSERT(sizeof(FILETIME) == 8 && sizeof(SYSTEMTIME) == 16 && sizeof(UNICODE_STRING) == 16);
C_ASSERT(sizeof(LIST_ENTRY) == 16 && sizeof(ULARGE_INTEGER) == 8);

// min and max are macros on Windows, which C++ code switches off or fears; there they are functions.
#ifndef NOMINMAX
#ifdef __cplusplus
extern "C++" {
template <typename A, typename B>
constexpr auto min(const A& a, const B& b) -> decltype(a < b ? a : b) {
  return a < b ? a : b;
}
template <typename A, typename B>
constexpr auto max(const A& a, const B& b) -> decltype(a > b ? a : b) {
  return a > b ? a : b;
}
}
#else
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#endif
#endif
