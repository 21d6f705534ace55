// cxplat.h: the portable layer that newer samples are written on, over the Windows names.
// Role     its names for memory, time, threads, events, locks and randomness, as functions and macros of a
//          header
// Units    Us, Ms: micro- and milliseconds of simulated time; a platform time is a count of the performance
//          counter
// Errors   CXPLAT_STATUS is an HRESULT; an assertion that fails ends the program
// Source   cxplat: inc/cxplat.h, inc/cxplat_winuser.h; XDP for Windows: test/common/inc/platform_user.h
#pragma once

#include <bcrypt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winsock2.h>

#ifndef CX_PLATFORM_WINUSER
#define CX_PLATFORM_WINUSER 1
#endif

#define NS_TO_US(x) ((x) / 1000)
#define US_TO_NS(x) ((x)*1000)
#define NS100_TO_US(x) ((x) / 10)
#define US_TO_NS100(x) ((x)*10)
#define MS_TO_NS100(x) ((x)*10000)
#define NS100_TO_MS(x) ((x) / 10000)
#define US_TO_MS(x) ((x) / 1000)
#define MS_TO_US(x) ((x)*1000)
#define US_TO_S(x) ((x) / 1000000)
#define S_TO_US(x) ((x)*1000000)
#define S_TO_NS(x) ((x)*1000000000)
#define MS_TO_S(x) ((x) / 1000)
#define S_TO_MS(x) ((x)*1000)

#define CXPLAT_STATUS HRESULT
#define CXPLAT_FAILED(status) FAILED(status)
#define CXPLAT_SUCCEEDED(status) SUCCEEDED(status)
#define CXPLAT_STATUS_SUCCESS S_OK
#define CXPLAT_STATUS_OUT_OF_MEMORY E_OUTOFMEMORY

#define INITCODE
#define PAGEDX
#define CXPLAT_NO_SANITIZE(what)
#define CXPLAT_ANALYSIS_ASSUME(condition) ((void)0)
#define CXPLAT_ANALYSIS_ASSERT(condition) ((void)0)
#ifdef __cplusplus
#define CXPLAT_STATIC_ASSERT(condition, message) static_assert(condition, message)
#else
#define CXPLAT_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#endif

EXTERN_C_START

// ---- assertions: they hold a value, so that they can stand in an expression ----

static inline BOOLEAN ringproof_cxplat_assert(BOOLEAN holds, const char* file, int line, const char* text) {
  if (holds) return TRUE;
  fflush(stdout);
  fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, text);
  abort();
}
#define CXPLAT_FRE_ASSERT(condition) \
  ringproof_cxplat_assert((BOOLEAN) !!(condition), __FILE__, __LINE__, #condition)
#define CXPLAT_FRE_ASSERTMSG(condition, message) \
  ringproof_cxplat_assert((BOOLEAN) !!(condition), __FILE__, __LINE__, message)
#if defined(DEBUG) || DBG
#define CXPLAT_DBG_ASSERT(condition) CXPLAT_FRE_ASSERT(condition)
#define CXPLAT_DBG_ASSERTMSG(condition, message) CXPLAT_FRE_ASSERTMSG(condition, message)
#else
#define CXPLAT_DBG_ASSERT(condition) ((void)sizeof(condition))
#define CXPLAT_DBG_ASSERTMSG(condition, message) ((void)sizeof(condition))
#endif
#define CXPLAT_TEL_ASSERT(condition) CXPLAT_DBG_ASSERT(condition)

// ---- the library ----

static inline CXPLAT_STATUS CxPlatInitialize(void) { return CXPLAT_STATUS_SUCCESS; }
static inline void CxPlatUninitialize(void) {}

static inline void CxPlatCloseHandle(HANDLE Handle) { CloseHandle(Handle); }

// ---- memory: zeroed, NULL when there is none. The tag says whose it is ----

static inline void* CxPlatAlloc(size_t ByteCount, uint32_t Tag) {
  (void)Tag;
  return calloc(1, ByteCount);
}
static inline void CxPlatFree(void* Memory, uint32_t Tag) {
  (void)Tag;
  free(Memory);
}
#define CXPLAT_ALLOC_PAGED(bytes, tag) CxPlatAlloc((bytes), (tag))
#define CXPLAT_ALLOC_NONPAGED(bytes, tag) CxPlatAlloc((bytes), (tag))
#define CXPLAT_FREE(memory, tag) CxPlatFree((void*)(memory), (tag))
#define CXPLAT_VIRTUAL_ALLOC(bytes, type, protection, tag) VirtualAlloc(NULL, (bytes), (type), (protection))
#define CXPLAT_VIRTUAL_FREE(memory, bytes, type, tag) VirtualFree((memory), (bytes), (type))
#define CxPlatZeroMemory RtlZeroMemory
#define CxPlatCopyMemory RtlCopyMemory
#define CxPlatMoveMemory RtlMoveMemory
#define CxPlatSecureZeroMemory RtlSecureZeroMemory

// ---- time ----

static inline uint64_t CxPlatTimePlat(void) {
  LARGE_INTEGER count;
  QueryPerformanceCounter(&count);
  return (uint64_t)count.QuadPart;
}
static inline uint64_t ringproof_cxplat_per_second(void) {
  LARGE_INTEGER frequency;
  QueryPerformanceFrequency(&frequency);
  return (uint64_t)frequency.QuadPart;
}
// In two parts, so that no product overflows.
static inline uint64_t ringproof_cxplat_scale(uint64_t value, uint64_t to, uint64_t from) {
  return value / from * to + value % from * to / from;
}
static inline uint64_t CxPlatTimePlatToUs64(uint64_t Count) {
  return ringproof_cxplat_scale(Count, 1000000, ringproof_cxplat_per_second());
}
static inline uint64_t CxPlatTimeUs64ToPlat(uint64_t TimeUs) {
  return ringproof_cxplat_scale(TimeUs, ringproof_cxplat_per_second(), 1000000);
}
#define CxPlatTimeUs64() CxPlatTimePlatToUs64(CxPlatTimePlat())
#define CxPlatTimeUs32() ((uint32_t)CxPlatTimeUs64())
#define CxPlatTimeMs64() US_TO_MS(CxPlatTimeUs64())
#define CxPlatTimeMs32() ((uint32_t)CxPlatTimeMs64())
#define UNIX_EPOCH_AS_FILE_TIME 0x19db1ded53e8000LL
static inline int64_t CxPlatTimeEpochMs64(void) {
  FILETIME time;
  LARGE_INTEGER ticks;
  GetSystemTimeAsFileTime(&time);
  ticks.LowPart = time.dwLowDateTime;
  ticks.HighPart = (LONG)time.dwHighDateTime;
  return NS100_TO_MS(ticks.QuadPart - UNIX_EPOCH_AS_FILE_TIME);
}
static inline uint64_t CxPlatTimeDiff64(uint64_t T1, uint64_t T2) { return T2 - T1; }
static inline uint32_t CxPlatTimeDiff32(uint32_t T1, uint32_t T2) { return T2 - T1; }
static inline BOOLEAN CxPlatTimeAtOrBefore64(uint64_t T1, uint64_t T2) { return T1 <= T2; }
// Up to half a round apart.
static inline BOOLEAN CxPlatTimeAtOrBefore32(uint32_t T1, uint32_t T2) { return (int32_t)(T1 - T2) <= 0; }
#define CxPlatSleep(milliseconds) Sleep(milliseconds)
#define CxPlatSchedulerYield() Sleep(0)

// ---- randomness ----

static inline CXPLAT_STATUS CxPlatRandom(uint32_t BufferLen, void* Buffer) {
  return BCryptGenRandom(NULL, (PUCHAR)Buffer, BufferLen, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
}

// ---- processors ----

#define CxPlatProcCount() GetActiveProcessorCount(ALL_PROCESSOR_GROUPS)
#define CxPlatProcMaxCount() GetMaximumProcessorCount(ALL_PROCESSOR_GROUPS)
static inline uint32_t CxPlatProcCurrentNumber(void) {
  PROCESSOR_NUMBER number;
  GetCurrentProcessorNumberEx(&number);
  return number.Number;
}

// ---- events ----

typedef HANDLE CXPLAT_EVENT;
#define CxPlatEventInitialize(event, manual_reset, initial_state) \
  ((void)(*(event) = CreateEventW(NULL, (manual_reset), (initial_state), NULL)))
#define CxPlatEventUninitialize(event) CxPlatCloseHandle(event)
#define CxPlatEventSet(event) SetEvent(event)
#define CxPlatEventReset(event) ResetEvent(event)
#define CxPlatEventWaitForever(event) WaitForSingleObject((event), INFINITE)
#define CxPlatEventWaitWithTimeout(event, milliseconds) \
  (WaitForSingleObject((event), (milliseconds)) == WAIT_OBJECT_0)

// ---- locks ----

typedef CRITICAL_SECTION CXPLAT_LOCK;
#define CxPlatLockInitialize(lock) InitializeCriticalSection(lock)
#define CxPlatLockUninitialize(lock) DeleteCriticalSection(lock)
#define CxPlatLockAcquire(lock) EnterCriticalSection(lock)
#define CxPlatLockRelease(lock) LeaveCriticalSection(lock)
typedef CXPLAT_LOCK CXPLAT_DISPATCH_LOCK;
#define CxPlatDispatchLockInitialize CxPlatLockInitialize
#define CxPlatDispatchLockUninitialize CxPlatLockUninitialize
#define CxPlatDispatchLockAcquire CxPlatLockAcquire
#define CxPlatDispatchLockRelease CxPlatLockRelease
typedef SRWLOCK CXPLAT_RW_LOCK;
#define CxPlatRwLockInitialize(lock) InitializeSRWLock(lock)
#define CxPlatRwLockUninitialize(lock) ((void)(lock))
#define CxPlatRwLockAcquireShared(lock) AcquireSRWLockShared(lock)
#define CxPlatRwLockAcquireExclusive(lock) AcquireSRWLockExclusive(lock)
#define CxPlatRwLockReleaseShared(lock) ReleaseSRWLockShared(lock)
#define CxPlatRwLockReleaseExclusive(lock) ReleaseSRWLockExclusive(lock)

// ---- threads ----

typedef enum CXPLAT_THREAD_FLAGS {
  CXPLAT_THREAD_FLAG_NONE = 0x0,
  CXPLAT_THREAD_FLAG_SET_IDEAL_PROC = 0x1,
  CXPLAT_THREAD_FLAG_SET_AFFINITIZE = 0x2,
  CXPLAT_THREAD_FLAG_HIGH_PRIORITY = 0x4
} CXPLAT_THREAD_FLAGS;

typedef struct CXPLAT_THREAD_CONFIG {
  uint16_t Flags;
  uint16_t IdealProcessor;
  const char* Name;
  LPTHREAD_START_ROUTINE Callback;
  void* Context;
} CXPLAT_THREAD_CONFIG;

typedef HANDLE CXPLAT_THREAD;
typedef DWORD CXPLAT_THREAD_ID;
#define CXPLAT_THREAD_CALLBACK(function, context) DWORD WINAPI function(void* context)
#define CXPLAT_THREAD_RETURN(status) return (DWORD)(status)

static inline CXPLAT_STATUS CxPlatThreadCreate(CXPLAT_THREAD_CONFIG* Config, CXPLAT_THREAD* Thread) {
  const HANDLE created = CreateThread(NULL, 0, Config->Callback, Config->Context, CREATE_SUSPENDED, NULL);
  *Thread = created;
  if (created == NULL) return HRESULT_FROM_WIN32(GetLastError());
  if ((Config->Flags & CXPLAT_THREAD_FLAG_SET_AFFINITIZE) != 0) {
    GROUP_AFFINITY affinity;
    memset(&affinity, 0, sizeof affinity);
    affinity.Mask = (KAFFINITY)1 << Config->IdealProcessor;
    SetThreadGroupAffinity(created, &affinity, NULL);
  }
  if ((Config->Flags & CXPLAT_THREAD_FLAG_SET_IDEAL_PROC) != 0) {
    SetThreadIdealProcessor(created, Config->IdealProcessor);
  }
  if ((Config->Flags & CXPLAT_THREAD_FLAG_HIGH_PRIORITY) != 0) {
    SetThreadPriority(created, THREAD_PRIORITY_HIGHEST);
  }
  ResumeThread(created);
  return CXPLAT_STATUS_SUCCESS;
}
#define CxPlatThreadDelete(thread) CxPlatCloseHandle(*(thread))
#define CxPlatThreadWait(thread) WaitForSingleObject(*(thread), INFINITE)
#define CxPlatThreadWaitForever(thread) WaitForSingleObject(*(thread), INFINITE)
#define CxPlatThreadWaitWithTimeout(thread, milliseconds) \
  (WaitForSingleObject(*(thread), (milliseconds)) == WAIT_OBJECT_0)
#define CxPlatCurThreadID() GetCurrentThreadId()

EXTERN_C_END
