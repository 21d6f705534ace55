// sync.h: mutexes, semaphores, timers, and the locks that live in a program's own memory.
// Role     beside the events of async.h
// Units    milliseconds; due times of waitable timers in 100 ns, negative: from now
// Threads  every call may come from any thread of the application; who waits lets others run
// Errors   FALSE or NULL, with the reason in GetLastError
// Source   Windows: synchronization functions
#pragma once

#include "ringproof/win32/handles.h"

EXTERN_C_START

// ---- objects with handles ----

#define EVENT_MODIFY_STATE 2U
#define EVENT_ALL_ACCESS 0x1F0003U
#define MUTEX_MODIFY_STATE 1U
#define MUTEX_ALL_ACCESS 0x1F0001U
#define SEMAPHORE_MODIFY_STATE 2U
#define SEMAPHORE_ALL_ACCESS 0x1F0003U
#define TIMER_MODIFY_STATE 2U
#define TIMER_ALL_ACCESS 0x1F0003U
#define CREATE_EVENT_MANUAL_RESET 1U
#define CREATE_EVENT_INITIAL_SET 2U
#define CREATE_MUTEX_INITIAL_OWNER 1U
#define CREATE_WAITABLE_TIMER_MANUAL_RESET 1U
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2U

RINGPROOF_API HANDLE CreateEventExA(LPSECURITY_ATTRIBUTES Attributes, LPCSTR Name, DWORD Flags, DWORD Access);
RINGPROOF_API HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES Attributes, LPCWSTR Name, DWORD Flags,
                                    DWORD Access);
RINGPROOF_API HANDLE OpenEventA(DWORD Access, BOOL Inherit, LPCSTR Name);
RINGPROOF_API HANDLE OpenEventW(DWORD Access, BOOL Inherit, LPCWSTR Name);
#define CreateEventEx RINGPROOF_AW(CreateEventEx)
#define OpenEvent RINGPROOF_AW(OpenEvent)

// A mutex belongs to a thread. Whoever gets it after a thread that ended with it is told so: WAIT_ABANDONED.
RINGPROOF_API HANDLE CreateMutexA(LPSECURITY_ATTRIBUTES Attributes, BOOL InitialOwner, LPCSTR Name);
RINGPROOF_API HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES Attributes, BOOL InitialOwner, LPCWSTR Name);
RINGPROOF_API HANDLE CreateMutexExA(LPSECURITY_ATTRIBUTES Attributes, LPCSTR Name, DWORD Flags, DWORD Access);
RINGPROOF_API HANDLE CreateMutexExW(LPSECURITY_ATTRIBUTES Attributes, LPCWSTR Name, DWORD Flags,
                                    DWORD Access);
RINGPROOF_API HANDLE OpenMutexA(DWORD Access, BOOL Inherit, LPCSTR Name);
RINGPROOF_API HANDLE OpenMutexW(DWORD Access, BOOL Inherit, LPCWSTR Name);
RINGPROOF_API BOOL ReleaseMutex(HANDLE Mutex);
#define CreateMutex RINGPROOF_AW(CreateMutex)
#define CreateMutexEx RINGPROOF_AW(CreateMutexEx)
#define OpenMutex RINGPROOF_AW(OpenMutex)

RINGPROOF_API HANDLE CreateSemaphoreA(LPSECURITY_ATTRIBUTES Attributes, LONG Count, LONG MaximumCount,
                                      LPCSTR Name);
RINGPROOF_API HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES Attributes, LONG Count, LONG MaximumCount,
                                      LPCWSTR Name);
RINGPROOF_API HANDLE CreateSemaphoreExW(LPSECURITY_ATTRIBUTES Attributes, LONG Count, LONG MaximumCount,
                                        LPCWSTR Name, DWORD Flags, DWORD Access);
RINGPROOF_API HANDLE OpenSemaphoreA(DWORD Access, BOOL Inherit, LPCSTR Name);
RINGPROOF_API HANDLE OpenSemaphoreW(DWORD Access, BOOL Inherit, LPCWSTR Name);
RINGPROOF_API BOOL ReleaseSemaphore(HANDLE Semaphore, LONG Count, LONG* PreviousCount);
#define CreateSemaphore RINGPROOF_AW(CreateSemaphore)
#define OpenSemaphore RINGPROOF_AW(OpenSemaphore)

typedef VOID (*PTIMERAPCROUTINE)(LPVOID Argument, DWORD TimeLow, DWORD TimeHigh);

RINGPROOF_API HANDLE CreateWaitableTimerA(LPSECURITY_ATTRIBUTES Attributes, BOOL ManualReset, LPCSTR Name);
RINGPROOF_API HANDLE CreateWaitableTimerW(LPSECURITY_ATTRIBUTES Attributes, BOOL ManualReset, LPCWSTR Name);
RINGPROOF_API HANDLE CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES Attributes, LPCSTR Name, DWORD Flags,
                                            DWORD Access);
RINGPROOF_API HANDLE CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES Attributes, LPCWSTR Name, DWORD Flags,
                                            DWORD Access);
// `Period` in milliseconds, 0: once. A routine is called on the thread that set the timer, in an alertable
// wait.
RINGPROOF_API BOOL SetWaitableTimer(HANDLE Timer, const LARGE_INTEGER* DueTime, LONG Period,
                                    PTIMERAPCROUTINE Routine, LPVOID Argument, BOOL Resume);
RINGPROOF_API BOOL SetWaitableTimerEx(HANDLE Timer, const LARGE_INTEGER* DueTime, LONG Period,
                                      PTIMERAPCROUTINE Routine, LPVOID Argument, PVOID WakeContext,
                                      ULONG TolerableDelay);
RINGPROOF_API BOOL CancelWaitableTimer(HANDLE Timer);
#define CreateWaitableTimer RINGPROOF_AW(CreateWaitableTimer)
#define CreateWaitableTimerEx RINGPROOF_AW(CreateWaitableTimerEx)

// ---- locks in memory ----

typedef struct _RTL_CRITICAL_SECTION {
  PVOID DebugInfo;
  LONG LockCount;  // -1: free
  LONG RecursionCount;
  HANDLE OwningThread;
  HANDLE LockSemaphore;
  ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION, CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;
#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000

RINGPROOF_API VOID InitializeCriticalSection(LPCRITICAL_SECTION Section);
RINGPROOF_API BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount);
RINGPROOF_API BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION Section, DWORD SpinCount, DWORD Flags);
RINGPROOF_API DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount);
RINGPROOF_API VOID EnterCriticalSection(LPCRITICAL_SECTION Section);
RINGPROOF_API BOOL TryEnterCriticalSection(LPCRITICAL_SECTION Section);
RINGPROOF_API VOID LeaveCriticalSection(LPCRITICAL_SECTION Section);
RINGPROOF_API VOID DeleteCriticalSection(LPCRITICAL_SECTION Section);

typedef struct _RTL_SRWLOCK {
  PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK, SRWLOCK, *PSRWLOCK;
#define RTL_SRWLOCK_INIT \
  { 0 }
#define SRWLOCK_INIT RTL_SRWLOCK_INIT

RINGPROOF_API VOID InitializeSRWLock(PSRWLOCK Lock);
RINGPROOF_API VOID AcquireSRWLockExclusive(PSRWLOCK Lock);
RINGPROOF_API VOID ReleaseSRWLockExclusive(PSRWLOCK Lock);
RINGPROOF_API BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK Lock);
RINGPROOF_API VOID AcquireSRWLockShared(PSRWLOCK Lock);
RINGPROOF_API VOID ReleaseSRWLockShared(PSRWLOCK Lock);
RINGPROOF_API BOOLEAN TryAcquireSRWLockShared(PSRWLOCK Lock);

typedef struct _RTL_CONDITION_VARIABLE {
  PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE, CONDITION_VARIABLE, *PCONDITION_VARIABLE;
#define RTL_CONDITION_VARIABLE_INIT \
  { 0 }
#define CONDITION_VARIABLE_INIT RTL_CONDITION_VARIABLE_INIT
#define CONDITION_VARIABLE_LOCKMODE_SHARED 1U

RINGPROOF_API VOID InitializeConditionVariable(PCONDITION_VARIABLE Condition);
// FALSE with ERROR_TIMEOUT when the time is over; the lock is held again either way.
RINGPROOF_API BOOL SleepConditionVariableCS(PCONDITION_VARIABLE Condition, LPCRITICAL_SECTION Section,
                                            DWORD Milliseconds);
RINGPROOF_API BOOL SleepConditionVariableSRW(PCONDITION_VARIABLE Condition, PSRWLOCK Lock, DWORD Milliseconds,
                                             ULONG Flags);
RINGPROOF_API VOID WakeConditionVariable(PCONDITION_VARIABLE Condition);
RINGPROOF_API VOID WakeAllConditionVariable(PCONDITION_VARIABLE Condition);

typedef union _RTL_RUN_ONCE {
  PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE, INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;
#define RTL_RUN_ONCE_INIT \
  { 0 }
#define INIT_ONCE_STATIC_INIT RTL_RUN_ONCE_INIT
#define INIT_ONCE_CHECK_ONLY 1U
#define INIT_ONCE_ASYNC 2U
#define INIT_ONCE_INIT_FAILED 4U
typedef BOOL (*PINIT_ONCE_FN)(PINIT_ONCE Once, PVOID Parameter, PVOID* Context);

RINGPROOF_API VOID InitOnceInitialize(PINIT_ONCE Once);
RINGPROOF_API BOOL InitOnceExecuteOnce(PINIT_ONCE Once, PINIT_ONCE_FN Function, PVOID Parameter,
                                       LPVOID* Context);
RINGPROOF_API BOOL InitOnceBeginInitialize(LPINIT_ONCE Once, DWORD Flags, PBOOL Pending, LPVOID* Context);
RINGPROOF_API BOOL InitOnceComplete(LPINIT_ONCE Once, DWORD Flags, LPVOID Context);

typedef struct _RTL_BARRIER {
  DWORD Reserved1;
  DWORD Reserved2;
  ULONG_PTR Reserved3[2];
  DWORD Reserved4;
  DWORD Reserved5;
} RTL_BARRIER, *PRTL_BARRIER, SYNCHRONIZATION_BARRIER, *PSYNCHRONIZATION_BARRIER, *LPSYNCHRONIZATION_BARRIER;
#define SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY 1U
#define SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY 2U
#define SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE 4U

RINGPROOF_API BOOL InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER Barrier, LONG Threads,
                                                    LONG SpinCount);
// TRUE for the thread that came last.
RINGPROOF_API BOOL EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER Barrier, DWORD Flags);
RINGPROOF_API BOOL DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER Barrier);

// Waits while the 1, 2, 4 or 8 bytes are equal to those of `CompareAddress`; may return early.
RINGPROOF_API BOOL WaitOnAddress(volatile VOID* Address, PVOID CompareAddress, SIZE_T AddressSize,
                                 DWORD Milliseconds);
RINGPROOF_API VOID WakeByAddressSingle(PVOID Address);
RINGPROOF_API VOID WakeByAddressAll(PVOID Address);

C_ASSERT(sizeof(CRITICAL_SECTION) == 40 && sizeof(SRWLOCK) == 8 && sizeof(CONDITION_VARIABLE) == 8);
C_ASSERT(sizeof(INIT_ONCE) == 8 && sizeof(SYNCHRONIZATION_BARRIER) == 32);

EXTERN_C_END
