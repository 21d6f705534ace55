// pipes.h: pipes between the threads and processes of one simulated machine.
// Shapes   a named pipe has instances, each with one server's end and one client's; names begin with
//          \\.\pipe\ and are found whatever their case; bytes or messages, buffers as large as was asked for
// Units    bytes
// Errors   FALSE, NULL or INVALID_HANDLE_VALUE, with the reason in GetLastError
// Source   Windows: pipe functions
#pragma once

#include "ringproof/win32/files.h"

EXTERN_C_START

#define PIPE_ACCESS_INBOUND 1U
#define PIPE_ACCESS_OUTBOUND 2U
#define PIPE_ACCESS_DUPLEX 3U
#define FILE_FLAG_FIRST_PIPE_INSTANCE 0x00080000U
#define PIPE_WAIT 0U
#define PIPE_NOWAIT 1U
#define PIPE_READMODE_BYTE 0U
#define PIPE_READMODE_MESSAGE 2U
#define PIPE_TYPE_BYTE 0U
#define PIPE_TYPE_MESSAGE 4U
#define PIPE_ACCEPT_REMOTE_CLIENTS 0U
#define PIPE_REJECT_REMOTE_CLIENTS 8U
#define PIPE_UNLIMITED_INSTANCES 255U
#define NMPWAIT_USE_DEFAULT_WAIT 0U
#define NMPWAIT_NOWAIT 1U
#define NMPWAIT_WAIT_FOREVER 0xFFFFFFFFU

RINGPROOF_API HANDLE CreateNamedPipeA(LPCSTR Name, DWORD OpenMode, DWORD PipeMode, DWORD MaxInstances,
                                      DWORD OutBufferSize, DWORD InBufferSize, DWORD DefaultTimeOut,
                                      LPSECURITY_ATTRIBUTES Attributes);
RINGPROOF_API HANDLE CreateNamedPipeW(LPCWSTR Name, DWORD OpenMode, DWORD PipeMode, DWORD MaxInstances,
                                      DWORD OutBufferSize, DWORD InBufferSize, DWORD DefaultTimeOut,
                                      LPSECURITY_ATTRIBUTES Attributes);
#define CreateNamedPipe RINGPROOF_AW(CreateNamedPipe)
// Waits for a client. ERROR_PIPE_CONNECTED: one is there already.
RINGPROOF_API BOOL ConnectNamedPipe(HANDLE Pipe, LPOVERLAPPED Overlapped);
// What the client has not read is lost.
RINGPROOF_API BOOL DisconnectNamedPipe(HANDLE Pipe);
// Until an instance of the pipe waits for a client.
RINGPROOF_API BOOL WaitNamedPipeA(LPCSTR Name, DWORD Milliseconds);
RINGPROOF_API BOOL WaitNamedPipeW(LPCWSTR Name, DWORD Milliseconds);
#define WaitNamedPipe RINGPROOF_AW(WaitNamedPipe)
// The mode alone; counts and times mean nothing here.
RINGPROOF_API BOOL SetNamedPipeHandleState(HANDLE Pipe, LPDWORD Mode, LPDWORD MaxCollectionCount,
                                           LPDWORD CollectDataTimeout);
RINGPROOF_API BOOL PeekNamedPipe(HANDLE Pipe, LPVOID Buffer, DWORD Size, LPDWORD BytesRead,
                                 LPDWORD TotalBytesAvailable, LPDWORD BytesLeftThisMessage);
RINGPROOF_API BOOL GetNamedPipeClientProcessId(HANDLE Pipe, PULONG ProcessId);
RINGPROOF_API BOOL GetNamedPipeServerProcessId(HANDLE Pipe, PULONG ProcessId);
// One that bytes flow through, from the second end to the first. Size 0: 4096.
RINGPROOF_API BOOL CreatePipe(PHANDLE ReadEnd, PHANDLE WriteEnd, LPSECURITY_ATTRIBUTES Attributes,
                              DWORD Size);

EXTERN_C_END
