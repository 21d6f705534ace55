// timers.h: clocks, dates, and calls that come later on threads of the system.
// Units    simulated time: counters begin with 0, the system time with 1 January 1970, 0:00 UTC, which is the
//          local time as well; the performance counter ticks in 100 ns
// Errors   FALSE or NULL, with the reason in GetLastError
// Source   Windows: time functions, timer queues, thread pools
#pragma once

#include "ringproof/win32/handles.h"

EXTERN_C_START

// ---- clocks ----

RINGPROOF_API DWORD GetTickCount(VOID);
RINGPROOF_API BOOL QueryPerformanceCounter(LARGE_INTEGER* Count);
RINGPROOF_API BOOL QueryPerformanceFrequency(LARGE_INTEGER* Frequency);
RINGPROOF_API VOID QueryInterruptTime(PULONGLONG Time);
RINGPROOF_API VOID QueryInterruptTimePrecise(PULONGLONG Time);
RINGPROOF_API BOOL QueryUnbiasedInterruptTime(PULONGLONG Time);
RINGPROOF_API VOID GetSystemTime(LPSYSTEMTIME Time);
RINGPROOF_API VOID GetLocalTime(LPSYSTEMTIME Time);
RINGPROOF_API VOID GetSystemTimeAsFileTime(LPFILETIME Time);
// Ticks of the usual 15.625 ms, never adjusted.
RINGPROOF_API BOOL GetSystemTimeAdjustment(PDWORD Adjustment, PDWORD Increment, PBOOL Disabled);
RINGPROOF_API VOID GetSystemTimePreciseAsFileTime(LPFILETIME Time);
RINGPROOF_API BOOL SystemTimeToFileTime(const SYSTEMTIME* Time, LPFILETIME FileTime);
RINGPROOF_API BOOL FileTimeToSystemTime(const FILETIME* FileTime, LPSYSTEMTIME Time);
RINGPROOF_API BOOL FileTimeToLocalFileTime(const FILETIME* FileTime, LPFILETIME LocalFileTime);
RINGPROOF_API LONG CompareFileTime(const FILETIME* First, const FILETIME* Second);
// Multimedia timers: the resolution is that of the simulation, whatever is asked.
RINGPROOF_API DWORD timeGetTime(VOID);
RINGPROOF_API UINT timeBeginPeriod(UINT Milliseconds);
RINGPROOF_API UINT timeEndPeriod(UINT Milliseconds);

// ---- timer queues ----

typedef VOID (*WAITORTIMERCALLBACK)(PVOID Parameter, BOOLEAN TimerOrWaitFired);
typedef WAITORTIMERCALLBACK WAITORTIMERCALLBACKFUNC;
#define WT_EXECUTEDEFAULT 0U
#define WT_EXECUTEINTIMERTHREAD 0x20U
#define WT_EXECUTEONLYONCE 8U
#define WT_EXECUTELONGFUNCTION 0x10U

RINGPROOF_API HANDLE CreateTimerQueue(VOID);
RINGPROOF_API BOOL CreateTimerQueueTimer(PHANDLE Timer, HANDLE TimerQueue, WAITORTIMERCALLBACK Callback,
                                         PVOID Parameter, DWORD DueTime, DWORD Period, ULONG Flags);
RINGPROOF_API BOOL ChangeTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer, ULONG DueTime, ULONG Period);
// Where a completion event is asked for, it is set when the last callback has ended; INVALID_HANDLE_VALUE
// waits for that instead; with NULL the call fails with ERROR_IO_PENDING while a callback is under way, and
// what was to be deleted is gone all the same.
RINGPROOF_API BOOL DeleteTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer, HANDLE CompletionEvent);
RINGPROOF_API BOOL DeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent);
RINGPROOF_API BOOL DeleteTimerQueue(HANDLE TimerQueue);

RINGPROOF_API BOOL QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context, ULONG Flags);
RINGPROOF_API BOOL RegisterWaitForSingleObject(PHANDLE NewWait, HANDLE Object, WAITORTIMERCALLBACK Callback,
                                               PVOID Context, ULONG Milliseconds, ULONG Flags);
RINGPROOF_API BOOL UnregisterWait(HANDLE Wait);
RINGPROOF_API BOOL UnregisterWaitEx(HANDLE Wait, HANDLE CompletionEvent);

// ---- thread pool ----

typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TP_WORK TP_WORK, *PTP_WORK;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_CALLBACK_ENVIRON* PTP_CALLBACK_ENVIRON;
typedef VOID (*PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context);
typedef VOID (*PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work);
typedef VOID (*PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Timer);

RINGPROOF_API BOOL TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK Callback, PVOID Context,
                                               PTP_CALLBACK_ENVIRON Environment);
RINGPROOF_API PTP_WORK CreateThreadpoolWork(PTP_WORK_CALLBACK Callback, PVOID Context,
                                            PTP_CALLBACK_ENVIRON Environment);
RINGPROOF_API VOID SubmitThreadpoolWork(PTP_WORK Work);
RINGPROOF_API VOID WaitForThreadpoolWorkCallbacks(PTP_WORK Work, BOOL CancelPending);
RINGPROOF_API VOID CloseThreadpoolWork(PTP_WORK Work);
RINGPROOF_API PTP_TIMER CreateThreadpoolTimer(PTP_TIMER_CALLBACK Callback, PVOID Context,
                                              PTP_CALLBACK_ENVIRON Environment);
// NULL stops it.
RINGPROOF_API VOID SetThreadpoolTimer(PTP_TIMER Timer, PFILETIME DueTime, DWORD Period, DWORD Window);
RINGPROOF_API BOOL IsThreadpoolTimerSet(PTP_TIMER Timer);
RINGPROOF_API VOID WaitForThreadpoolTimerCallbacks(PTP_TIMER Timer, BOOL CancelPending);
RINGPROOF_API VOID CloseThreadpoolTimer(PTP_TIMER Timer);

EXTERN_C_END
