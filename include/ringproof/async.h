// async.h: events, completion ports, and the calls around overlapped operations.
// Role     what a program needs to be told that an asynchronous notification is done; brought in by app.h
// Units    milliseconds of simulated time
// Threads  every call may come from any thread of the application
// Errors   FALSE, NULL or WAIT_FAILED, with the reason in GetLastError
// Source   docs of the XDP for Windows API, section "Windows names needed by the programs"
#pragma once

#include "ringproof/hooks.h"
#include "ringproof/win_types.h"

EXTERN_C_START

#ifndef WAIT_OBJECT_0
#define WAIT_OBJECT_0 0U
#endif
#ifndef WAIT_TIMEOUT
#define WAIT_TIMEOUT 258U
#endif
#ifndef WAIT_FAILED
#define WAIT_FAILED 0xFFFFFFFFU
#endif
#ifndef MAXIMUM_WAIT_OBJECTS
#define MAXIMUM_WAIT_OBJECTS 64
#endif

#ifndef ERROR_INVALID_HANDLE
#define ERROR_INVALID_HANDLE 6L
#endif
#ifndef ERROR_INVALID_PARAMETER
#define ERROR_INVALID_PARAMETER 87L
#endif
#ifndef ERROR_ALREADY_EXISTS
#define ERROR_ALREADY_EXISTS 183L
#endif
#ifndef ERROR_ABANDONED_WAIT_0
#define ERROR_ABANDONED_WAIT_0 735L
#endif
#ifndef ERROR_OPERATION_ABORTED
#define ERROR_OPERATION_ABORTED 995L
#endif
#ifndef ERROR_IO_INCOMPLETE
#define ERROR_IO_INCOMPLETE 996L
#endif
#ifndef ERROR_NOT_FOUND
#define ERROR_NOT_FOUND 1168L
#endif

struct _SECURITY_ATTRIBUTES;  // always NULL here

// ---- events ----

// A name that an event has already gives a handle to that event, with last error ERROR_ALREADY_EXISTS.
RINGPROOF_API HANDLE CreateEventA(struct _SECURITY_ATTRIBUTES* Attributes, BOOL ManualReset,
                                  BOOL InitialState, const CHAR* Name);
RINGPROOF_API HANDLE CreateEventW(struct _SECURITY_ATTRIBUTES* Attributes, BOOL ManualReset,
                                  BOOL InitialState, const WCHAR* Name);
#ifndef CreateEvent
#ifdef UNICODE
#define CreateEvent CreateEventW
#else
#define CreateEvent CreateEventA
#endif
#endif
RINGPROOF_API BOOL SetEvent(HANDLE Event);
RINGPROOF_API BOOL ResetEvent(HANDLE Event);

// A wait that ends takes an event without manual reset back. Sockets and programs may be waited for, but are
// never signalled.
RINGPROOF_API DWORD WaitForSingleObject(HANDLE Handle, DWORD Milliseconds);
// Any: WAIT_OBJECT_0 + the first in the list that is signalled. All: nothing is taken until every one is.
RINGPROOF_API DWORD WaitForMultipleObjects(DWORD Count, const HANDLE* Handles, BOOL WaitAll,
                                           DWORD Milliseconds);

// ---- completion ports ----

// A new port (ExistingPort NULL), an association of a socket with a port (which then gets a packet for every
// notification that completes), or both. File may be INVALID_HANDLE_VALUE for a port alone.
RINGPROOF_API HANDLE CreateIoCompletionPort(HANDLE File, HANDLE ExistingPort, ULONG_PTR Key,
                                            DWORD ConcurrentThreads);
// TRUE: a packet of an operation that succeeded; `*Bytes` is its result, for a notification the result flags.
// FALSE with `*Overlapped` set: a packet of one that failed, GetLastError says how. FALSE with NULL: no
// packet, WAIT_TIMEOUT or ERROR_ABANDONED_WAIT_0 (the port was closed).
RINGPROOF_API BOOL GetQueuedCompletionStatus(HANDLE Port, DWORD* Bytes, ULONG_PTR* Key,
                                             OVERLAPPED** Overlapped, DWORD Milliseconds);
RINGPROOF_API BOOL PostQueuedCompletionStatus(HANDLE Port, DWORD Bytes, ULONG_PTR Key,
                                              OVERLAPPED* Overlapped);

// ---- operations under way ----

// Cancels the operation, or with NULL whichever is pending on the handle. FALSE with ERROR_NOT_FOUND: none.
RINGPROOF_API BOOL CancelIoEx(HANDLE Handle, OVERLAPPED* Overlapped);
// Cancels what the calling thread has pending on the handle.
RINGPROOF_API BOOL CancelIo(HANDLE Handle);
// Without `Wait` an operation under way is FALSE with ERROR_IO_INCOMPLETE. With it the call waits for
// Overlapped->hEvent, or else for the handle, which a socket never signals.
RINGPROOF_API BOOL GetOverlappedResult(HANDLE Handle, OVERLAPPED* Overlapped, DWORD* Bytes, BOOL Wait);

// STATUS_PENDING is 0x103. A loop around this macro lets simulated time pass.
#ifndef HasOverlappedIoCompleted
#define HasOverlappedIoCompleted(Overlapped)                                                 \
  (ringproof_load32((const volatile uint32_t*)(const volatile void*)&(Overlapped)->Internal, \
                    RINGPROOF_ACQUIRE) != 0x103U)
#endif

EXTERN_C_END
