// threads.h: threads of a program, and what it may say of processors.
// Role     each thread is a task of the simulation on one of its virtual CPUs
// Shapes   one processor group of 16 processors, one NUMA node
// Errors   FALSE, NULL or (DWORD)-1, with the reason in GetLastError
// Source   Windows: process and thread functions
#pragma once

#include "ringproof/win32/handles.h"

EXTERN_C_START

#define CREATE_SUSPENDED 4U
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x10000U
#define STILL_ACTIVE 259U
#define THREAD_ALL_ACCESS 0x1FFFFFU
#define THREAD_SET_INFORMATION 0x20U
#define THREAD_QUERY_INFORMATION 0x40U
#define TLS_OUT_OF_INDEXES 0xFFFFFFFFU
#define FLS_OUT_OF_INDEXES 0xFFFFFFFFU
#define ALL_PROCESSOR_GROUPS 0xFFFFU
#define MAXIMUM_PROCESSORS 64
#define MAXIMUM_PROC_PER_GROUP 64

#define THREAD_PRIORITY_IDLE (-15)
#define THREAD_PRIORITY_LOWEST (-2)
#define THREAD_PRIORITY_BELOW_NORMAL (-1)
#define THREAD_PRIORITY_NORMAL 0
#define THREAD_PRIORITY_ABOVE_NORMAL 1
#define THREAD_PRIORITY_HIGHEST 2
#define THREAD_PRIORITY_TIME_CRITICAL 15
#define THREAD_PRIORITY_ERROR_RETURN 0x7fffffff
#define IDLE_PRIORITY_CLASS 0x40U
#define BELOW_NORMAL_PRIORITY_CLASS 0x4000U
#define NORMAL_PRIORITY_CLASS 0x20U
#define ABOVE_NORMAL_PRIORITY_CLASS 0x8000U
#define HIGH_PRIORITY_CLASS 0x80U
#define REALTIME_PRIORITY_CLASS 0x100U

// ---- life ----

RINGPROOF_API HANDLE CreateThread(LPSECURITY_ATTRIBUTES Attributes, SIZE_T StackSize,
                                  LPTHREAD_START_ROUTINE Start, LPVOID Parameter, DWORD Flags,
                                  LPDWORD ThreadId);
RINGPROOF_API DECLSPEC_NORETURN VOID ExitThread(DWORD ExitCode);
RINGPROOF_API BOOL GetExitCodeThread(HANDLE Thread, LPDWORD ExitCode);
// The previous suspend count. A suspended thread stops at its next schedule point: a call, or an access of
// the ring helpers.
RINGPROOF_API DWORD ResumeThread(HANDLE Thread);
RINGPROOF_API DWORD SuspendThread(HANDLE Thread);
RINGPROOF_API BOOL SwitchToThread(VOID);
RINGPROOF_API DWORD SleepEx(DWORD Milliseconds, BOOL Alertable);

// Pseudo handles: -2 and -1, for the thread that uses them and for the process.
RINGPROOF_API HANDLE GetCurrentThread(VOID);
RINGPROOF_API DWORD GetCurrentThreadId(VOID);
RINGPROOF_API DWORD GetThreadId(HANDLE Thread);
RINGPROOF_API HANDLE OpenThread(DWORD Access, BOOL Inherit, DWORD ThreadId);
RINGPROOF_API HRESULT SetThreadDescription(HANDLE Thread, PCWSTR Description);

// Called on the thread in its next alertable wait.
typedef VOID (*PAPCFUNC)(ULONG_PTR Data);
RINGPROOF_API DWORD QueueUserAPC(PAPCFUNC Function, HANDLE Thread, ULONG_PTR Data);

// ---- what belongs to a thread ----

RINGPROOF_API DWORD TlsAlloc(VOID);
RINGPROOF_API BOOL TlsFree(DWORD Index);
RINGPROOF_API LPVOID TlsGetValue(DWORD Index);
RINGPROOF_API BOOL TlsSetValue(DWORD Index, LPVOID Value);
typedef VOID (*PFLS_CALLBACK_FUNCTION)(PVOID Data);
// The callback is called for a value that is not NULL when its thread ends.
RINGPROOF_API DWORD FlsAlloc(PFLS_CALLBACK_FUNCTION Callback);
RINGPROOF_API BOOL FlsFree(DWORD Index);
RINGPROOF_API PVOID FlsGetValue(DWORD Index);
RINGPROOF_API BOOL FlsSetValue(DWORD Index, PVOID Data);

// Kept and given back; the schedule does not depend on it.
RINGPROOF_API int GetThreadPriority(HANDLE Thread);
RINGPROOF_API BOOL SetThreadPriority(HANDLE Thread, int Priority);
RINGPROOF_API BOOL SetThreadPriorityBoost(HANDLE Thread, BOOL Disable);
RINGPROOF_API DWORD GetPriorityClass(HANDLE Process);
RINGPROOF_API BOOL SetPriorityClass(HANDLE Process, DWORD Class);

// ---- processors ----

// A thread moves to the lowest processor of its affinity, unless it runs on one that is in there.
RINGPROOF_API DWORD_PTR SetThreadAffinityMask(HANDLE Thread, DWORD_PTR Mask);
RINGPROOF_API BOOL SetThreadGroupAffinity(HANDLE Thread, const GROUP_AFFINITY* Affinity,
                                          PGROUP_AFFINITY PreviousAffinity);
RINGPROOF_API BOOL GetThreadGroupAffinity(HANDLE Thread, PGROUP_AFFINITY Affinity);
RINGPROOF_API DWORD SetThreadIdealProcessor(HANDLE Thread, DWORD Processor);
RINGPROOF_API BOOL SetThreadIdealProcessorEx(HANDLE Thread, PPROCESSOR_NUMBER Processor,
                                             PPROCESSOR_NUMBER PreviousProcessor);
RINGPROOF_API BOOL GetThreadIdealProcessorEx(HANDLE Thread, PPROCESSOR_NUMBER Processor);
RINGPROOF_API BOOL SetProcessAffinityMask(HANDLE Process, DWORD_PTR Mask);
RINGPROOF_API BOOL GetProcessAffinityMask(HANDLE Process, PDWORD_PTR ProcessMask, PDWORD_PTR SystemMask);
RINGPROOF_API DWORD GetCurrentProcessorNumber(VOID);
RINGPROOF_API VOID GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER Processor);
RINGPROOF_API DWORD GetActiveProcessorCount(WORD Group);
RINGPROOF_API DWORD GetMaximumProcessorCount(WORD Group);
RINGPROOF_API WORD GetActiveProcessorGroupCount(VOID);
RINGPROOF_API WORD GetMaximumProcessorGroupCount(VOID);
RINGPROOF_API BOOL GetNumaHighestNodeNumber(PULONG Node);
RINGPROOF_API BOOL GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY Mask);
RINGPROOF_API BOOL GetNumaProcessorNodeEx(PPROCESSOR_NUMBER Processor, PUSHORT Node);

EXTERN_C_END
