// files.h: files of the host, and overlapped operations beside those of async.h.
// Role     a program reads its input and writes its output; there is no overlapped I/O on files
// Errors   FALSE or INVALID_HANDLE_VALUE, with the reason in GetLastError
// Source   Windows: file management functions, I/O completion ports
#pragma once

#include "ringproof/win32/handles.h"

EXTERN_C_START

#define FILE_SHARE_READ 1U
#define FILE_SHARE_WRITE 2U
#define FILE_SHARE_DELETE 4U
#define CREATE_NEW 1U
#define CREATE_ALWAYS 2U
#define OPEN_EXISTING 3U
#define OPEN_ALWAYS 4U
#define TRUNCATE_EXISTING 5U
#define FILE_ATTRIBUTE_READONLY 1U
#define FILE_ATTRIBUTE_DIRECTORY 0x10U
#define FILE_ATTRIBUTE_NORMAL 0x80U
#define INVALID_FILE_ATTRIBUTES 0xFFFFFFFFU
#define FILE_FLAG_OVERLAPPED 0x40000000U
#define FILE_FLAG_SEQUENTIAL_SCAN 0x08000000U
#define FILE_FLAG_WRITE_THROUGH 0x80000000U
#define FILE_BEGIN 0U
#define FILE_CURRENT 1U
#define FILE_END 2U
#define FILE_TYPE_UNKNOWN 0U
#define FILE_TYPE_DISK 1U
#define FILE_TYPE_CHAR 2U
#define FILE_TYPE_PIPE 3U
#define INVALID_FILE_SIZE 0xFFFFFFFFU
#define INVALID_SET_FILE_POINTER 0xFFFFFFFFU
#define STD_INPUT_HANDLE ((DWORD)-10)
#define STD_OUTPUT_HANDLE ((DWORD)-11)
#define STD_ERROR_HANDLE ((DWORD)-12)
#define FILE_GENERIC_READ 0x120089U
#define FILE_GENERIC_WRITE 0x120116U
#define FILE_ANY_ACCESS 0U
#define FILE_READ_ACCESS 1U
#define FILE_WRITE_ACCESS 2U
#define FILE_DEVICE_NETWORK 0x12U
#define METHOD_BUFFERED 0U
#define METHOD_NEITHER 3U
#define CTL_CODE(device, function, method, access) \
  (((DWORD)(device) << 16) | ((DWORD)(access) << 14) | ((DWORD)(function) << 2) | (DWORD)(method))

RINGPROOF_API HANDLE CreateFileA(LPCSTR Name, DWORD Access, DWORD Share, LPSECURITY_ATTRIBUTES Attributes,
                                 DWORD Disposition, DWORD Flags, HANDLE Template);
RINGPROOF_API HANDLE CreateFileW(LPCWSTR Name, DWORD Access, DWORD Share, LPSECURITY_ATTRIBUTES Attributes,
                                 DWORD Disposition, DWORD Flags, HANDLE Template);
RINGPROOF_API HANDLE GetStdHandle(DWORD Which);
RINGPROOF_API BOOL ReadFile(HANDLE File, LPVOID Buffer, DWORD Bytes, LPDWORD BytesRead,
                            LPOVERLAPPED Overlapped);
RINGPROOF_API BOOL WriteFile(HANDLE File, LPCVOID Buffer, DWORD Bytes, LPDWORD BytesWritten,
                             LPOVERLAPPED Overlapped);
RINGPROOF_API BOOL WriteConsoleA(HANDLE Console, const VOID* Text, DWORD Characters, LPDWORD Written,
                                 LPVOID Reserved);
RINGPROOF_API BOOL FlushFileBuffers(HANDLE File);
RINGPROOF_API BOOL SetFilePointerEx(HANDLE File, LARGE_INTEGER Distance, PLARGE_INTEGER NewPosition,
                                    DWORD Method);
RINGPROOF_API BOOL GetFileSizeEx(HANDLE File, PLARGE_INTEGER Size);
RINGPROOF_API DWORD GetFileType(HANDLE File);
RINGPROOF_API BOOL DeleteFileA(LPCSTR Name);
RINGPROOF_API DWORD GetFileAttributesA(LPCSTR Name);
#define CreateFile RINGPROOF_AW(CreateFile)
RINGPROOF_API BOOL DeleteFileW(LPCWSTR Name);
RINGPROOF_API DWORD GetFileAttributesW(LPCWSTR Name);
#define DeleteFile RINGPROOF_AW(DeleteFile)
#define GetFileAttributes RINGPROOF_AW(GetFileAttributes)
#define WriteConsole WriteConsoleA

// Of the process; at first that of the simulator. A folder of the host.
RINGPROOF_API BOOL SetCurrentDirectoryA(LPCSTR Name);
RINGPROOF_API BOOL SetCurrentDirectoryW(LPCWSTR Name);
RINGPROOF_API DWORD GetCurrentDirectoryA(DWORD Size, LPSTR Buffer);
RINGPROOF_API DWORD GetCurrentDirectoryW(DWORD Size, LPWSTR Buffer);
#define SetCurrentDirectory RINGPROOF_AW(SetCurrentDirectory)
#define GetCurrentDirectory RINGPROOF_AW(GetCurrentDirectory)

// ---- overlapped operations ----

typedef struct _OVERLAPPED_ENTRY {
  ULONG_PTR lpCompletionKey;
  LPOVERLAPPED lpOverlapped;
  ULONG_PTR Internal;
  DWORD dwNumberOfBytesTransferred;
} OVERLAPPED_ENTRY, *LPOVERLAPPED_ENTRY;
C_ASSERT(sizeof(OVERLAPPED_ENTRY) == 32);

#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS 1U
#define FILE_SKIP_SET_EVENT_ON_HANDLE 2U

// At least one packet unless the time is over: what is there, up to `Count`.
RINGPROOF_API BOOL GetQueuedCompletionStatusEx(HANDLE Port, LPOVERLAPPED_ENTRY Entries, ULONG Count,
                                               PULONG Removed, DWORD Milliseconds, BOOL Alertable);
RINGPROOF_API BOOL GetOverlappedResultEx(HANDLE File, LPOVERLAPPED Overlapped, LPDWORD Bytes,
                                         DWORD Milliseconds, BOOL Alertable);
RINGPROOF_API BOOL SetFileCompletionNotificationModes(HANDLE File, UCHAR Flags);
RINGPROOF_API BOOL CancelSynchronousIo(HANDLE Thread);

EXTERN_C_END
