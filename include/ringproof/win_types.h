// win_types.h: the Windows names that the published headers are written in.
// Role     the only source of these types on Linux; a fuller windows.h may include this file and add to it
// Shapes   LLP64: `long` of Windows is 32 bits here, pointers and 64-bit integers are 64; WCHAR is 16 bits
// Errors   a definition whose layout differs from Windows fails to compile (the assertions at the end)
// Source   docs of the XDP for Windows API, sections "type mapping" and "Windows names needed by the
//          programs"
//
// Address types keep glibc's spelling usable next to them: IN_ADDR and IN6_ADDR have real members where
// Windows has the macros s_addr and s6_addr, so <netinet/in.h> may be included before or after this file.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ringproof/export.h"

// ---- language ----

#ifdef __cplusplus
// The fixed type makes any 32-bit value of a program a defined value of the enum.
#define RINGPROOF_ENUM_UINT32 : unsigned int
#else
// In C an enum without negative values is an unsigned int already.
#define RINGPROOF_ENUM_UINT32
#endif

#ifndef EXTERN_C_START
#ifdef __cplusplus
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END }
#else
#define EXTERN_C_START
#define EXTERN_C_END
#endif
#endif

#ifndef FORCEINLINE
#define FORCEINLINE static inline __attribute__((always_inline))
#endif

#ifndef C_ASSERT
#ifdef __cplusplus
#define C_ASSERT(e) static_assert(e, #e)
#else
#define C_ASSERT(e) _Static_assert(e, #e)
#endif
#endif

// Flag enums combine in C++ as they do in C. The operators are C++ functions even inside an extern "C" block.
// NOLINTBEGIN(bugprone-macro-parentheses): parentheses around a type or a declared name would break it
#ifndef DEFINE_ENUM_FLAG_OPERATORS
#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(T)                                                         \
  extern "C++" {                                                                              \
  inline constexpr T operator|(T a, T b) {                                                    \
    return static_cast<T>(static_cast<unsigned int>(a) | static_cast<unsigned int>(b));       \
  }                                                                                           \
  inline constexpr T operator&(T a, T b) {                                                    \
    return static_cast<T>(static_cast<unsigned int>(a) & static_cast<unsigned int>(b));       \
  }                                                                                           \
  inline constexpr T operator^(T a, T b) {                                                    \
    return static_cast<T>(static_cast<unsigned int>(a) ^ static_cast<unsigned int>(b));       \
  }                                                                                           \
  inline constexpr T operator~(T a) { return static_cast<T>(~static_cast<unsigned int>(a)); } \
  inline constexpr T& operator|=(T& a, T b) { return a = a | b; }                             \
  inline constexpr T& operator&=(T& a, T b) { return a = a & b; }                             \
  inline constexpr T& operator^=(T& a, T b) { return a = a ^ b; }                             \
  }                                                                                           \
  static_assert(sizeof(T) == 4, #T " must be 32 bits wide")
#else
#define DEFINE_ENUM_FLAG_OPERATORS(T) C_ASSERT(sizeof(T) == 4)
#endif
#endif

#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name) \
  struct name##__ {          \
    int unused;              \
  };                         \
  typedef struct name##__* name
#endif
// NOLINTEND(bugprone-macro-parentheses)

// Windows spells the optional names of anonymous members with these.
#ifndef DUMMYSTRUCTNAME
#define DUMMYSTRUCTNAME
#endif
#ifndef DUMMYUNIONNAME
#define DUMMYUNIONNAME
#endif

// x86-64 has one calling convention here.
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif

#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#endif
#ifndef RTL_FIELD_SIZE
#define RTL_FIELD_SIZE(type, field) (sizeof(((type*)0)->field))
#endif
#ifndef RTL_SIZEOF_THROUGH_FIELD
#define RTL_SIZEOF_THROUGH_FIELD(type, field) (offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#endif

// ---- source annotations: for the Windows analyser, nothing here ----

#ifndef _In_
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(count)
#define _In_reads_bytes_(bytes)
#define _In_reads_bytes_opt_(bytes)
#define _In_opt_count_(count)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_z_(count)
#define _Out_writes_bytes_(bytes)
#define _Out_writes_bytes_opt_(bytes)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_bytes_(bytes)
#define _Success_(condition)
#define _Null_terminated_
#define _Reserved_
#define _Interlocked_operand_
#define _Struct_size_bytes_(bytes)
#define _When_(condition, annotations)
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _Use_decl_annotations_
#define _Printf_format_string_
#endif
// These two are statements; their argument is not evaluated.
#ifndef _Analysis_assume_
#define _Analysis_assume_(condition) ((void)0)
#endif
#ifndef __analysis_assume
#define __analysis_assume(condition) ((void)0)
#endif

// ---- base types ----

#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif

typedef char CHAR;
typedef unsigned char UCHAR;
typedef unsigned char BYTE;
typedef unsigned char BOOLEAN;
typedef int8_t INT8;
typedef uint8_t UINT8;

typedef int16_t SHORT;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef int16_t INT16;
typedef uint16_t UINT16;

typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int32_t BOOL;
typedef int32_t INT32;
typedef uint32_t UINT32;
typedef int32_t HRESULT;
typedef int32_t NTSTATUS;

// `long long` rather than int64_t, so that %llu and %lld print them without a cast.
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG;
typedef long long INT64;
typedef unsigned long long UINT64;
typedef unsigned long long DWORD64;
typedef size_t SIZE_T;
typedef long long LONG_PTR;
typedef unsigned long long ULONG_PTR;
typedef unsigned long long UINT_PTR;
typedef unsigned long long DWORD_PTR;

typedef void* PVOID;
typedef void* HANDLE;
typedef void* HMODULE;

// A UTF-16 unit, and the literal that makes an array of them.
#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#define RINGPROOF_WIDE(literal) L##literal
#else
#ifdef __cplusplus
typedef char16_t WCHAR;
#else
typedef uint_least16_t WCHAR;
#endif
#define RINGPROOF_WIDE(literal) u##literal
#endif

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef INFINITE
#define INFINITE 0xFFFFFFFFU
#endif
#ifndef INVALID_HANDLE_VALUE
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#endif

// ---- results ----

#ifndef SUCCEEDED
#define SUCCEEDED(hr) (((HRESULT)(hr)) >= 0)
#endif
#ifndef FAILED
#define FAILED(hr) (((HRESULT)(hr)) < 0)
#endif
// Zero, and what is an HRESULT failure already, pass through.
#ifndef HRESULT_FROM_WIN32
#define HRESULT_FROM_WIN32(e) \
  ((HRESULT)(e) <= 0 ? (HRESULT)(e) : (HRESULT)(((UINT32)(e)&0x0000FFFFU) | 0x80070000U))
#endif

#ifndef S_OK
#define S_OK ((HRESULT)0)
#endif
#ifndef E_NOINTERFACE
#define E_NOINTERFACE ((HRESULT)0x80004002U)
#endif
#ifndef E_FAIL
#define E_FAIL ((HRESULT)0x80004005U)
#endif
#ifndef E_OUTOFMEMORY
#define E_OUTOFMEMORY ((HRESULT)0x8007000EU)
#endif
#ifndef E_INVALIDARG
#define E_INVALIDARG ((HRESULT)0x80070057U)
#endif
#ifndef E_NOT_SUFFICIENT_BUFFER
#define E_NOT_SUFFICIENT_BUFFER ((HRESULT)0x8007007AU)
#endif

// Win32 errors that an API call can answer with, as HRESULT_FROM_WIN32(ERROR_...) or through GetLastError.
// One guard for the set: whoever has the first of them has a complete winerror.h.
#ifndef ERROR_INVALID_FUNCTION
#define ERROR_INVALID_FUNCTION 1
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_PATH_NOT_FOUND 3
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_NOT_READY 21
#define ERROR_BAD_COMMAND 22
#define ERROR_CRC 23
#define ERROR_GEN_FAILURE 31
#define ERROR_NOT_SUPPORTED 50
#define ERROR_INVALID_PARAMETER 87
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_MORE_DATA 234
#define ERROR_ARITHMETIC_OVERFLOW 534
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_PENDING 997
#define ERROR_NOACCESS 998
#define ERROR_NOT_FOUND 1168
#define ERROR_INTERNAL_ERROR 1359
#define ERROR_NO_SYSTEM_RESOURCES 1450
#define ERROR_TIMEOUT 1460
#define ERROR_DEVICE_REMOVED 1617
#define ERROR_OBJECT_ALREADY_EXISTS 5010
#endif

// ---- structures ----

typedef union _LARGE_INTEGER {
  __extension__ struct {
    DWORD LowPart;
    LONG HighPart;
  };
  struct {
    DWORD LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER;

typedef struct _GUID {
  UINT32 Data1;
  UINT16 Data2;
  UINT16 Data3;
  UINT8 Data4[8];
} GUID;

typedef struct _PROCESSOR_NUMBER {
  WORD Group;
  BYTE Number;
  BYTE Reserved;
} PROCESSOR_NUMBER;

// __extension__: an anonymous struct inside an anonymous union, as Windows has it.
__extension__ typedef struct _OVERLAPPED {
  ULONG_PTR Internal;      // native status of the operation
  ULONG_PTR InternalHigh;  // its result
  union {
    __extension__ struct {
      DWORD Offset;
      DWORD OffsetHigh;
    };
    PVOID Pointer;
  };
  HANDLE hEvent;
} OVERLAPPED;

typedef struct _IO_STATUS_BLOCK {
  union {
    NTSTATUS Status;
    PVOID Pointer;
  };
  ULONG_PTR Information;
} IO_STATUS_BLOCK;

#ifdef _WIN32
// A program written for Windows has Windows' own tags and member names.
#include "ringproof/win32/net_address.h"
#else
// glibc turns s6_addr into a path through its own struct. The path exists below as well, so an expression
// like `address.s6_addr[0]` means the same bytes whether or not <netinet/in.h> has been read.
#pragma push_macro("s_addr")
#pragma push_macro("s6_addr")
#undef s_addr
#undef s6_addr

// Network byte order.
typedef union ringproof_in_addr {
  union {
    struct {
      UCHAR s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      USHORT s_w1, s_w2;
    } S_un_w;
    UINT32 S_addr;
  } S_un;
  UINT32 s_addr;
} IN_ADDR;

// Network byte order. No 32-bit member: the alignment is 2.
typedef union ringproof_in6_addr {
  union {
    UCHAR Byte[16];
    USHORT Word[8];
  } u;
  UCHAR s6_addr[16];
  union {
    UCHAR __u6_addr8[16];
    USHORT __u6_addr16[8];
  } __in6_u;
} IN6_ADDR;

#pragma pop_macro("s6_addr")
#pragma pop_macro("s_addr")
#endif

C_ASSERT(sizeof(PVOID) == 8 && sizeof(ULONG_PTR) == 8 && sizeof(SIZE_T) == 8);
C_ASSERT(sizeof(WCHAR) == 2 && sizeof(RINGPROOF_WIDE("x")) == 4);
C_ASSERT(sizeof(LARGE_INTEGER) == 8 && sizeof(GUID) == 16 && sizeof(PROCESSOR_NUMBER) == 4);
C_ASSERT(sizeof(OVERLAPPED) == 32 && sizeof(IO_STATUS_BLOCK) == 16);
C_ASSERT(sizeof(IN_ADDR) == 4 && sizeof(IN6_ADDR) == 16);
