// memory.h: pages and heaps.
// Shapes   pages of 4 KiB, blocks of pages at multiples of 64 KiB, large pages of 2 MiB; new pages are zero
// Threads  any
// Errors   NULL or FALSE, with the reason in GetLastError
// Source   Windows: memory management functions
#pragma once

#include "ringproof/win32/base.h"

EXTERN_C_START

#define MEM_COMMIT 0x1000U
#define MEM_RESERVE 0x2000U
#define MEM_DECOMMIT 0x4000U
#define MEM_RELEASE 0x8000U
#define MEM_FREE 0x10000U
#define MEM_PRIVATE 0x20000U
#define MEM_RESET 0x80000U
#define MEM_TOP_DOWN 0x100000U
#define MEM_WRITE_WATCH 0x200000U
#define MEM_LARGE_PAGES 0x20000000U
#define PAGE_NOACCESS 1U
#define PAGE_READONLY 2U
#define PAGE_READWRITE 4U
#define PAGE_WRITECOPY 8U
#define PAGE_EXECUTE 0x10U
#define PAGE_EXECUTE_READ 0x20U
#define PAGE_EXECUTE_READWRITE 0x40U
#define PAGE_GUARD 0x100U
#define PAGE_NOCACHE 0x200U

// Reserved pages can be used at once: committing and decommitting only set what they hold. Large pages are
// granted as ordinary ones, if the size is a multiple of theirs.
RINGPROOF_API LPVOID VirtualAlloc(LPVOID Address, SIZE_T Size, DWORD Type, DWORD Protection);
RINGPROOF_API LPVOID VirtualAllocExNuma(HANDLE Process, LPVOID Address, SIZE_T Size, DWORD Type,
                                        DWORD Protection, DWORD Node);
RINGPROOF_API BOOL VirtualFree(LPVOID Address, SIZE_T Size, DWORD Type);
RINGPROOF_API BOOL VirtualProtect(LPVOID Address, SIZE_T Size, DWORD Protection, PDWORD OldProtection);
RINGPROOF_API BOOL VirtualLock(LPVOID Address, SIZE_T Size);
RINGPROOF_API BOOL VirtualUnlock(LPVOID Address, SIZE_T Size);
RINGPROOF_API SIZE_T GetLargePageMinimum(VOID);

#define HEAP_NO_SERIALIZE 1U
#define HEAP_GENERATE_EXCEPTIONS 4U
#define HEAP_ZERO_MEMORY 8U
#define HEAP_REALLOC_IN_PLACE_ONLY 0x10U

// Every heap is the one of the C library; destroying one leaves its blocks alone.
RINGPROOF_API HANDLE GetProcessHeap(VOID);
RINGPROOF_API HANDLE HeapCreate(DWORD Options, SIZE_T InitialSize, SIZE_T MaximumSize);
RINGPROOF_API BOOL HeapDestroy(HANDLE Heap);
RINGPROOF_API LPVOID HeapAlloc(HANDLE Heap, DWORD Flags, SIZE_T Bytes);
RINGPROOF_API LPVOID HeapReAlloc(HANDLE Heap, DWORD Flags, LPVOID Memory, SIZE_T Bytes);
RINGPROOF_API BOOL HeapFree(HANDLE Heap, DWORD Flags, LPVOID Memory);
RINGPROOF_API SIZE_T HeapSize(HANDLE Heap, DWORD Flags, LPCVOID Memory);

#define LMEM_FIXED 0U
#define LMEM_ZEROINIT 0x40U
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define GMEM_FIXED 0U
#define GMEM_ZEROINIT 0x40U
#define GPTR (GMEM_FIXED | GMEM_ZEROINIT)
RINGPROOF_API HLOCAL LocalAlloc(UINT Flags, SIZE_T Bytes);
// NULL: it worked.
RINGPROOF_API HLOCAL LocalFree(HLOCAL Memory);
RINGPROOF_API HGLOBAL GlobalAlloc(UINT Flags, SIZE_T Bytes);
RINGPROOF_API HGLOBAL GlobalFree(HGLOBAL Memory);

typedef struct _SYSTEM_INFO {
  WORD wProcessorArchitecture;
  WORD wReserved;
  DWORD dwPageSize;
  LPVOID lpMinimumApplicationAddress;
  LPVOID lpMaximumApplicationAddress;
  DWORD_PTR dwActiveProcessorMask;
  DWORD dwNumberOfProcessors;
  DWORD dwProcessorType;
  DWORD dwAllocationGranularity;
  WORD wProcessorLevel;
  WORD wProcessorRevision;
} SYSTEM_INFO, *LPSYSTEM_INFO;
#define PROCESSOR_ARCHITECTURE_AMD64 9
RINGPROOF_API VOID GetSystemInfo(LPSYSTEM_INFO Info);
RINGPROOF_API VOID GetNativeSystemInfo(LPSYSTEM_INFO Info);

C_ASSERT(sizeof(SYSTEM_INFO) == 48);

EXTERN_C_END
