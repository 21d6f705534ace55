// slists.h: lists that threads push to and pop from without a lock, the newest entry first.
// Role     pools of buffers that threads share; each operation is one schedule point, as an Interlocked one
//          is
// Shapes   SLIST_ENTRY is the head of what is in the list, on 16 bytes; the depth counts modulo 65536
// Threads  any; an operation is one step for all others
// Errors   NULL from an empty list
// Source   Windows: interlocked singly linked lists, winnt.h
#pragma once

#include "ringproof/win32/base.h"

typedef struct DECLSPEC_ALIGN(16) _SLIST_ENTRY {
  struct _SLIST_ENTRY* Next;
} SLIST_ENTRY, *PSLIST_ENTRY;
C_ASSERT(sizeof(SLIST_ENTRY) == MEMORY_ALLOCATION_ALIGNMENT);

// For the calls below only: an operation that is under way is in the lowest of the reserved bits.
__extension__ typedef union DECLSPEC_ALIGN(16) _SLIST_HEADER {
  struct {
    ULONGLONG Alignment;
    ULONGLONG Region;
  };
  struct {
    ULONGLONG Depth : 16;
    ULONGLONG Sequence : 48;
    ULONGLONG Reserved : 4;
    ULONGLONG NextEntry : 60;
  } HeaderX64;
} SLIST_HEADER, *PSLIST_HEADER;
C_ASSERT(sizeof(SLIST_HEADER) == 16);

EXTERN_C_START

RINGPROOF_API VOID InitializeSListHead(PSLIST_HEADER ListHead);
// These answer the entry that was the first one before. A list that is pushed keeps its order: List comes
// first.
RINGPROOF_API PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry);
RINGPROOF_API PSLIST_ENTRY InterlockedPushListSListEx(PSLIST_HEADER ListHead, PSLIST_ENTRY List,
                                                      PSLIST_ENTRY ListEnd, ULONG Count);
RINGPROOF_API PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead);
RINGPROOF_API PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead);
RINGPROOF_API USHORT QueryDepthSList(PSLIST_HEADER ListHead);
// The first entry, which stays; not a step with anything else.
RINGPROOF_API PSLIST_ENTRY RtlFirstEntrySList(const SLIST_HEADER* ListHead);
#define InterlockedPushListSList InterlockedPushListSListEx

EXTERN_C_END
