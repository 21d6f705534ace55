// app.h: the calls beside the XDP API that an application needs to run at all.
// Role     close a handle, read the clock, sleep, ask why a call failed; brought in by every API header
// Units    milliseconds of simulated time; the count starts at 0 with the simulation
// Threads  the last error belongs to the calling thread
// Source   docs of the XDP for Windows API, section "Windows names needed by the programs"
#pragma once

#include "ringproof/async.h"
#include "ringproof/win_types.h"

EXTERN_C_START

// Closes any XDP object: socket, program, interface, map. A thread waiting on the socket is released. FALSE
// with last error ERROR_INVALID_HANDLE when `Handle` is not open.
RINGPROOF_API BOOL CloseHandle(HANDLE Handle);

RINGPROOF_API ULONGLONG GetTickCount64(VOID);

// INFINITE sleeps until the simulation ends. 0 only gives other tasks a turn.
RINGPROOF_API VOID Sleep(DWORD Milliseconds);

RINGPROOF_API DWORD GetLastError(VOID);
RINGPROOF_API VOID SetLastError(DWORD ErrorCode);

EXTERN_C_END
