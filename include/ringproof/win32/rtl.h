// rtl.h: blocks of memory and bits, as the run-time library of Windows names them.
// Source   Windows: Rtl memory macros
#pragma once

#include <string.h>

#include "ringproof/win32/base.h"

#define RtlZeroMemory(Target, Length) memset((Target), 0, (Length))
#define RtlFillMemory(Target, Length, Fill) memset((Target), (Fill), (Length))
#define RtlCopyMemory(Target, Source, Length) memcpy((Target), (Source), (Length))
#define RtlMoveMemory(Target, Source, Length) memmove((Target), (Source), (Length))
#define RtlEqualMemory(A, B, Length) (!memcmp((A), (B), (Length)))
#define RtlSecureZeroMemory SecureZeroMemory
#define ZeroMemory RtlZeroMemory
#define FillMemory RtlFillMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory

EXTERN_C_START

// The number of equal bytes at the beginning.
FORCEINLINE SIZE_T RtlCompareMemory(const VOID* A, const VOID* B, SIZE_T Length) {
  SIZE_T equal = 0;
  while (equal < Length && ((const UCHAR*)A)[equal] == ((const UCHAR*)B)[equal]) ++equal;
  return equal;
}

FORCEINLINE PVOID SecureZeroMemory(PVOID Target, SIZE_T Length) {
  memset(Target, 0, Length);
  __asm__ volatile("" : : "r"(Target) : "memory");  // the compiler may not leave it out
  return Target;
}

// -1 when no bit is set.
FORCEINLINE CHAR RtlFindMostSignificantBit(ULONGLONG Set) {
  return Set == 0 ? (CHAR)-1 : (CHAR)(63 - __builtin_clzll(Set));
}

FORCEINLINE CHAR RtlFindLeastSignificantBit(ULONGLONG Set) {
  return Set == 0 ? (CHAR)-1 : (CHAR)__builtin_ctzll(Set);
}

FORCEINLINE USHORT RtlUshortByteSwap(USHORT Value) { return __builtin_bswap16(Value); }
FORCEINLINE ULONG RtlUlongByteSwap(ULONG Value) { return __builtin_bswap32(Value); }
FORCEINLINE ULONGLONG RtlUlonglongByteSwap(ULONGLONG Value) { return __builtin_bswap64(Value); }

FORCEINLINE VOID InitializeListHead(PLIST_ENTRY Head) { Head->Flink = Head->Blink = Head; }

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY* Head) { return (BOOLEAN)(Head->Flink == Head); }

// TRUE: the list is empty afterwards.
FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry) {
  Entry->Blink->Flink = Entry->Flink;
  Entry->Flink->Blink = Entry->Blink;
  return (BOOLEAN)(Entry->Flink == Entry->Blink);
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY Head) {
  PLIST_ENTRY entry = Head->Flink;
  RemoveEntryList(entry);
  return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY Head) {
  PLIST_ENTRY entry = Head->Blink;
  RemoveEntryList(entry);
  return entry;
}

FORCEINLINE VOID InsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry) {
  Entry->Flink = Head->Flink;
  Entry->Blink = Head;
  Head->Flink->Blink = Entry;
  Head->Flink = Entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry) {
  Entry->Flink = Head;
  Entry->Blink = Head->Blink;
  Head->Blink->Flink = Entry;
  Head->Blink = Entry;
}

// The table of the API's section "status codes"; ERROR_MR_MID_NOT_FOUND (317) for a status that it lacks.
RINGPROOF_API ULONG RtlNtStatusToDosError(NTSTATUS Status);
RINGPROOF_API VOID RtlInitUnicodeString(PUNICODE_STRING Target, PCWSTR Source);

typedef struct _OSVERSIONINFOW {
  ULONG dwOSVersionInfoSize;
  ULONG dwMajorVersion;
  ULONG dwMinorVersion;
  ULONG dwBuildNumber;
  ULONG dwPlatformId;
  WCHAR szCSDVersion[128];
} OSVERSIONINFOW, *POSVERSIONINFOW, *LPOSVERSIONINFOW, RTL_OSVERSIONINFOW, *PRTL_OSVERSIONINFOW;
// Windows Server 2022: 10.0, build 20348.
RINGPROOF_API NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW Version);

EXTERN_C_END
