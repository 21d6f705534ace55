// handles.h: what can be done with a handle of any kind, and waits.
// Role     beside CloseHandle (app.h) and the waits of async.h
// Units    milliseconds of simulated time
// Errors   FALSE, NULL or WAIT_FAILED, with the reason in GetLastError
// Source   Windows: handle and wait functions
#pragma once

#include "ringproof/app.h"
#include "ringproof/win32/base.h"

EXTERN_C_START

#define DUPLICATE_CLOSE_SOURCE 1
#define DUPLICATE_SAME_ACCESS 2
#define HANDLE_FLAG_INHERIT 1
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 2

#define DELETE 0x00010000U
#define READ_CONTROL 0x00020000U
#define WRITE_DAC 0x00040000U
#define WRITE_OWNER 0x00080000U
#define SYNCHRONIZE 0x00100000U
#define STANDARD_RIGHTS_REQUIRED 0x000F0000U
#define STANDARD_RIGHTS_ALL 0x001F0000U
#define GENERIC_READ 0x80000000U
#define GENERIC_WRITE 0x40000000U
#define GENERIC_EXECUTE 0x20000000U
#define GENERIC_ALL 0x10000000U
#define MAXIMUM_ALLOWED 0x02000000U

#define WAIT_ABANDONED 0x80U
#define WAIT_ABANDONED_0 0x80U
#define WAIT_IO_COMPLETION 0xC0U

// A second handle to the same object, which is closed when the last of them is. It belongs to the target
// process, whoever made it.
RINGPROOF_API BOOL DuplicateHandle(HANDLE SourceProcess, HANDLE Source, HANDLE TargetProcess, HANDLE* Target,
                                   DWORD Access, BOOL Inherit, DWORD Options);
RINGPROOF_API BOOL CompareObjectHandles(HANDLE First, HANDLE Second);
RINGPROOF_API BOOL GetHandleInformation(HANDLE Object, DWORD* Flags);
RINGPROOF_API BOOL SetHandleInformation(HANDLE Object, DWORD Mask, DWORD Flags);

// Alertable waits end with WAIT_IO_COMPLETION after the calls that QueueUserAPC gave the thread.
RINGPROOF_API DWORD WaitForSingleObjectEx(HANDLE Object, DWORD Milliseconds, BOOL Alertable);
RINGPROOF_API DWORD WaitForMultipleObjectsEx(DWORD Count, const HANDLE* Handles, BOOL WaitAll,
                                             DWORD Milliseconds, BOOL Alertable);
// Signals the event, mutex or semaphore, and waits for the other object.
RINGPROOF_API DWORD SignalObjectAndWait(HANDLE ToSignal, HANDLE ToWaitFor, DWORD Milliseconds,
                                        BOOL Alertable);

EXTERN_C_END
