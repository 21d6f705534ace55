// pipe_files.h: pipes behind the calls for files.
// Role     what CreateFile, ReadFile and WriteFile do when it is a pipe
// Threads  simulation thread; reading and writing may block the calling task
// Errors   in GetLastError, as the calls themselves
// Source   Windows: pipe functions
#pragma once

#include <ringproof/win32/pipes.h>

#include <memory>
#include <string>

#include "sim/win32/pipe.h"

namespace ringproof {

bool names_pipe(const std::u16string& name);
HANDLE open_pipe(const std::u16string& name, DWORD access, DWORD flags);
BOOL read_pipe(const ApiCall& call, HANDLE handle, const std::shared_ptr<PipeEnd>& end, LPVOID buffer,
               DWORD room, LPDWORD got, LPOVERLAPPED overlapped);
BOOL write_pipe(const ApiCall& call, HANDLE handle, const std::shared_ptr<PipeEnd>& end, LPCVOID buffer,
                DWORD bytes, LPDWORD put, LPOVERLAPPED overlapped);

}  // namespace ringproof
