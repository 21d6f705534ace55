// Files of the host, as Windows programs open, read and write them.

#include <fcntl.h>
#include <ringproof/win32/errors.h>
#include <ringproof/win32/files.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

#include "sim/win32/crt_text.h"
#include "sim/win32/environment.h"
#include "sim/win32/pipe_files.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::PipeEnd;
using ringproof::win32::host_path;
using ringproof::win32::to_utf8;

namespace {

class File final : public ringproof::xdp::KernelObject {
 public:
  File(int the_descriptor, bool owned) : descriptor(the_descriptor), owned_(owned) {}
  ~File() override { close(); }
  void close() override {
    if (owned_ && descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }
  int descriptor;

 private:
  const bool owned_;
};

DWORD error_of(int number) {
  switch (number) {
    case ENOENT:
      return ERROR_FILE_NOT_FOUND;
    case ENOTDIR:
      return ERROR_PATH_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
      return ERROR_ACCESS_DENIED;
    case EEXIST:
      return ERROR_FILE_EXISTS;
    case EMFILE:
    case ENFILE:
      return ERROR_TOO_MANY_OPEN_FILES;
    case ENOSPC:
      return ERROR_DISK_FULL;
    case EBADF:
      return ERROR_INVALID_HANDLE;
    case EPIPE:
      return ERROR_BROKEN_PIPE;
    case ENAMETOOLONG:
      return ERROR_FILENAME_EXCED_RANGE;
    default:
      return ERROR_GEN_FAILURE;
  }
}

// -1 for a disposition that Windows does not know.
int open_flags(DWORD access, DWORD disposition) {
  const bool reads = (access & (GENERIC_READ | GENERIC_ALL | FILE_READ_ACCESS)) != 0;
  const bool writes = (access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_ACCESS)) != 0;
  const int mode = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
  switch (disposition) {
    case CREATE_NEW:
      return mode | O_CREAT | O_EXCL;
    case CREATE_ALWAYS:
      return mode | O_CREAT | O_TRUNC;
    case OPEN_EXISTING:
      return mode;
    case OPEN_ALWAYS:
      return mode | O_CREAT;
    case TRUNCATE_EXISTING:
      return mode | O_TRUNC;
    default:
      return -1;
  }
}

HANDLE open_file(const std::string& name, DWORD access, DWORD disposition) {
  const ApiCall call("CreateFile");
  const int flags = open_flags(access, disposition);
  if (flags < 0) SetLastError(ERROR_INVALID_PARAMETER);
  if (!call.has_world() || flags < 0) return INVALID_HANDLE_VALUE;
  const std::string path = host_path(name);
  const bool existed = ::access(path.c_str(), F_OK) == 0;
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    SetLastError(error_of(errno));
    return INVALID_HANDLE_VALUE;
  }
  call.acted();
  const bool told = existed && (disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS);
  SetLastError(told ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
  return call.world().open_handle(std::make_shared<File>(descriptor, true));
}

off_t offset_of(const OVERLAPPED& overlapped) {
  return static_cast<off_t>((std::uint64_t{overlapped.OffsetHigh} << 32) | overlapped.Offset);
}

// What a read or write came to.
BOOL finish(ssize_t bytes, LPDWORD told, LPOVERLAPPED overlapped) {
  if (bytes < 0) return fail_with(error_of(errno));
  if (told != nullptr) *told = static_cast<DWORD>(bytes);
  if (overlapped != nullptr) {
    overlapped->Internal = 0;
    overlapped->InternalHigh = static_cast<ULONG_PTR>(bytes);
  }
  return TRUE;
}

// What may wait for somebody outside, like a terminal.
template <typename Call>
ssize_t outside(Call call) {
  const ringproof::OutsideSystem others_go_on;
  return call();
}

struct OpenWish {
  DWORD access, disposition, flags;
  LPSECURITY_ATTRIBUTES attributes;
};

// A file, or the client's end of a pipe.
HANDLE open_any(const std::string& name, const OpenWish& wish) {
  const std::u16string wide = ringproof::win32::to_utf16(name);
  const HANDLE handle = ringproof::names_pipe(wide) ? ringproof::open_pipe(wide, wish.access, wish.flags)
                                                    : open_file(name, wish.access, wish.disposition);
  if (handle != INVALID_HANDLE_VALUE && wish.attributes != nullptr) {
    const ringproof::SystemEntry entry;
    ringproof::current_world->win32->set_inheritable(handle, wish.attributes->bInheritHandle != FALSE);
  }
  return handle;
}

const char16_t* units(LPCWSTR text) { return reinterpret_cast<const char16_t*>(text); }

BOOL delete_file(const std::string& path) {
  const ApiCall call("DeleteFile");
  return ::unlink(path.c_str()) == 0 ? TRUE : fail_with(error_of(errno));
}

DWORD attributes_of(const std::string& path) {
  const ApiCall call("GetFileAttributes");
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) {
    return S_ISDIR(status.st_mode) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
  }
  SetLastError(error_of(errno));
  return INVALID_FILE_ATTRIBUTES;
}

}  // namespace

extern "C" {

HANDLE CreateFileA(LPCSTR Name, DWORD Access, DWORD, LPSECURITY_ATTRIBUTES Attributes, DWORD Disposition,
                   DWORD Flags, HANDLE) {
  return open_any(Name, {Access, Disposition, Flags, Attributes});
}

HANDLE CreateFileW(LPCWSTR Name, DWORD Access, DWORD, LPSECURITY_ATTRIBUTES Attributes, DWORD Disposition,
                   DWORD Flags, HANDLE) {
  return open_any(to_utf8(units(Name)), {Access, Disposition, Flags, Attributes});
}

HANDLE GetStdHandle(DWORD Which) {
  const ApiCall call("GetStdHandle");
  const auto number = static_cast<int>(static_cast<DWORD>(-10) - Which);  // 0, 1 or 2
  if (!call.has_world() || number < 0 || number > 2) {
    SetLastError(ERROR_INVALID_HANDLE);
    return INVALID_HANDLE_VALUE;
  }
  HANDLE& handle = call.world().win32->process().standard_handles[number];
  if (handle == nullptr) {
    handle = call.world().open_handle(std::make_shared<File>(number, false));
  }
  return handle;
}

BOOL ReadFile(HANDLE Object, LPVOID Buffer, DWORD Bytes, LPDWORD BytesRead, LPOVERLAPPED Overlapped) {
  const ApiCall call("ReadFile");
  if (const auto end = find_object<PipeEnd>(call, Object)) {
    return ringproof::read_pipe(call, Object, end, Buffer, Bytes, BytesRead, Overlapped);
  }
  const auto file = find_object<File>(call, Object);
  if (file == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  if (Overlapped == nullptr)
    return finish(outside([&] { return ::read(file->descriptor, Buffer, Bytes); }), BytesRead, nullptr);
  const ssize_t bytes =
      outside([&] { return ::pread(file->descriptor, Buffer, Bytes, offset_of(*Overlapped)); });
  if (bytes == 0 && Bytes > 0) return fail_with(ERROR_HANDLE_EOF);
  return finish(bytes, BytesRead, Overlapped);
}

BOOL WriteFile(HANDLE Object, LPCVOID Buffer, DWORD Bytes, LPDWORD BytesWritten, LPOVERLAPPED Overlapped) {
  const ApiCall call("WriteFile");
  if (const auto end = find_object<PipeEnd>(call, Object)) {
    return ringproof::write_pipe(call, Object, end, Buffer, Bytes, BytesWritten, Overlapped);
  }
  const auto file = find_object<File>(call, Object);
  if (file == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  // What the C library still has comes first.
  if (file->descriptor == STDOUT_FILENO) std::fflush(stdout);
  if (Overlapped == nullptr)
    return finish(outside([&] { return ::write(file->descriptor, Buffer, Bytes); }), BytesWritten, nullptr);
  return finish(outside([&] { return ::pwrite(file->descriptor, Buffer, Bytes, offset_of(*Overlapped)); }),
                BytesWritten, Overlapped);
}

BOOL WriteConsoleA(HANDLE Console, const VOID* Text, DWORD Characters, LPDWORD Written, LPVOID) {
  return WriteFile(Console, Text, Characters, Written, nullptr);
}

BOOL FlushFileBuffers(HANDLE Object) {
  const ApiCall call("FlushFileBuffers");
  if (const auto end = find_object<PipeEnd>(call, Object)) {
    const DWORD error = end->flush();
    return error == 0 ? TRUE : fail_with(error);
  }
  return find_object<File>(call, Object) != nullptr ? TRUE : fail_with(ERROR_INVALID_HANDLE);
}

BOOL SetFilePointerEx(HANDLE Object, LARGE_INTEGER Distance, PLARGE_INTEGER NewPosition, DWORD Method) {
  const ApiCall call("SetFilePointerEx");
  const auto file = find_object<File>(call, Object);
  if (file == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (Method > FILE_END) return fail_with(ERROR_INVALID_PARAMETER);
  constexpr int kFrom[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  const off_t position = ::lseek(file->descriptor, Distance.QuadPart, kFrom[Method]);
  if (position < 0) return fail_with(errno == EINVAL ? ERROR_NEGATIVE_SEEK : error_of(errno));
  if (NewPosition != nullptr) NewPosition->QuadPart = position;
  return TRUE;
}

BOOL GetFileSizeEx(HANDLE Object, PLARGE_INTEGER Size) {
  const ApiCall call("GetFileSizeEx");
  const auto file = find_object<File>(call, Object);
  struct stat status = {};
  if (file == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (::fstat(file->descriptor, &status) != 0) return fail_with(error_of(errno));
  Size->QuadPart = status.st_size;
  return TRUE;
}

DWORD GetFileType(HANDLE Object) {
  const ApiCall call("GetFileType");
  if (find_object<PipeEnd>(call, Object) != nullptr) return FILE_TYPE_PIPE;
  const auto file = find_object<File>(call, Object);
  struct stat status = {};
  if (file == nullptr || ::fstat(file->descriptor, &status) != 0) {
    SetLastError(ERROR_INVALID_HANDLE);
    return FILE_TYPE_UNKNOWN;
  }
  if (S_ISREG(status.st_mode)) return FILE_TYPE_DISK;
  return S_ISCHR(status.st_mode) ? FILE_TYPE_CHAR : FILE_TYPE_PIPE;
}

BOOL DeleteFileA(LPCSTR Name) { return delete_file(host_path(Name)); }
BOOL DeleteFileW(LPCWSTR Name) { return delete_file(host_path(units(Name))); }
DWORD GetFileAttributesA(LPCSTR Name) { return attributes_of(host_path(Name)); }
DWORD GetFileAttributesW(LPCWSTR Name) { return attributes_of(host_path(units(Name))); }

BOOL SetCurrentDirectoryA(LPCSTR Name) {
  return ringproof::win32::set_current_directory(Name) ? TRUE : fail_with(ERROR_FILE_NOT_FOUND);
}

BOOL SetCurrentDirectoryW(LPCWSTR Name) { return SetCurrentDirectoryA(to_utf8(units(Name)).c_str()); }

DWORD GetCurrentDirectoryA(DWORD Size, LPSTR Buffer) {
  return static_cast<DWORD>(ringproof::win32::give_text(ringproof::win32::current_directory(), Buffer, Size));
}

DWORD GetCurrentDirectoryW(DWORD Size, LPWSTR Buffer) {
  const std::u16string folder = ringproof::win32::to_utf16(ringproof::win32::current_directory());
  return static_cast<DWORD>(ringproof::win32::give_text(folder, Buffer, Size));
}

}  // extern "C"
