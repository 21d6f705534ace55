// The process of a Windows program: its end, its environment, its rights.

#include <fmt/format.h>
#include <ringproof/win32/errors.h>
#include <ringproof/win32/memory.h>
#include <ringproof/win32/process.h>
#include <ringproof/win32/rtl.h>
#include <ringproof/win32/status.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "sim/app/application.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/environment.h"
#include "sim/win32/process_object.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::current_world;
using ringproof::fail_with;
using ringproof::win32::environment;

namespace {

constexpr std::uintptr_t kCurrentProcess = ~std::uintptr_t{0};

std::shared_ptr<ringproof::ProcessObject> find_process(const ApiCall& call, HANDLE handle) {
  return call.has_world() ? call.world().win32->find_process(handle) : nullptr;
}

template <typename Unit>
DWORD give_text(const std::basic_string<Unit>& text, void* buffer, DWORD size) {
  return static_cast<DWORD>(ringproof::win32::give_text(text, buffer, size));
}

std::string utf8_text(LPCWSTR text) {
  return ringproof::win32::to_utf8(reinterpret_cast<const char16_t*>(text));
}

// Made once: who asked for it earlier may be reading it.
std::string& command_line_of(ringproof::Win32Process& process) {
  std::string& line = process.command_line_text;
  if (!line.empty()) return line;
  for (const std::string& word : process.command_line) {
    if (!line.empty()) line += ' ';
    const bool plain = !word.empty() && word.find_first_of(" \t") == std::string::npos;
    line += plain ? word : '"' + word + '"';
  }
  return line;
}

std::string message_text(DWORD id) { return fmt::format("System error {} ({:#x}).\r\n", id, id); }

}  // namespace

extern "C" {

HANDLE GetCurrentProcess(VOID) { return reinterpret_cast<HANDLE>(kCurrentProcess); }
DWORD GetCurrentProcessId(VOID) {
  const ringproof::SystemEntry entry;
  return ringproof::kFirstProcessId +
         (current_world == nullptr ? 0 : 4 * current_world->kernel.current_process());
}
DWORD GetProcessId(HANDLE Process) {
  const ApiCall call("GetProcessId");
  const auto process = find_process(call, Process);
  if (process == nullptr) return static_cast<DWORD>(fail_with(ERROR_INVALID_HANDLE));
  return ringproof::kFirstProcessId + 4 * process->number;
}

HANDLE OpenProcess(DWORD, BOOL, DWORD ProcessId) {
  const ApiCall call("OpenProcess");
  if (!call.has_world()) return nullptr;
  const DWORD number = (ProcessId - ringproof::kFirstProcessId) / 4;
  const std::vector<std::uint32_t> known = call.world().win32->processes();
  if (ProcessId % 4 != 0 || std::find(known.begin(), known.end(), number) == known.end()) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return nullptr;
  }
  call.acted();
  return call.world().open_handle(call.world().win32->process_object(number));
}

VOID ExitProcess(UINT ExitCode) {
  if (current_world != nullptr) ringproof::Application::end_process(static_cast<int>(ExitCode));
  std::exit(static_cast<int>(ExitCode));
}

BOOL TerminateProcess(HANDLE Process, UINT ExitCode) {
  const ApiCall call("TerminateProcess");
  const auto process = find_process(call, Process);
  if (process == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  if (process->number == call.world().kernel.current_process()) ExitProcess(ExitCode);
  const bool done = ringproof::Application::terminate(process->number, static_cast<int>(ExitCode));
  return done ? TRUE : fail_with(ERROR_ACCESS_DENIED);
}

BOOL GetExitCodeProcess(HANDLE Process, LPDWORD ExitCode) {
  const ApiCall call("GetExitCodeProcess");
  const auto process = find_process(call, Process);
  if (process == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  *ExitCode = process->exit_code();
  call.looked(*ExitCode ^ reinterpret_cast<std::uintptr_t>(Process));
  return TRUE;
}

LPSTR GetCommandLineA(VOID) {
  static char none[1];
  if (current_world == nullptr) return none;
  const ringproof::SystemEntry entry;
  // Not a static: the C library destroys those when a program calls exit(), and other worlds go on.
  return command_line_of(current_world->win32->process()).data();
}

LPWSTR GetCommandLineW(VOID) {
  static char16_t none[1];
  if (current_world == nullptr) return reinterpret_cast<LPWSTR>(none);
  const ringproof::SystemEntry entry;
  ringproof::Win32Process& process = current_world->win32->process();
  std::u16string& line = process.wide_command_line_text;
  if (line.empty()) line = ringproof::win32::to_utf16(command_line_of(process));
  return reinterpret_cast<LPWSTR>(line.data());
}

BOOL IsDebuggerPresent(VOID) { return FALSE; }
VOID DebugBreak(VOID) { std::abort(); }
VOID OutputDebugStringA(LPCSTR Text) { std::fputs(Text, stderr); }
UINT SetErrorMode(UINT) { return 0; }

VOID OutputDebugStringW(LPCWSTR Text) {
  std::fputs(ringproof::win32::to_utf8(reinterpret_cast<const char16_t*>(Text)).c_str(), stderr);
}

VOID RaiseFailFastException(PVOID, PVOID, DWORD) { std::abort(); }
VOID DbgRaiseAssertionFailure(VOID) { std::abort(); }

DWORD GetEnvironmentVariableA(LPCSTR Name, LPSTR Buffer, DWORD Size) {
  const char* value = environment().find(Name);
  if (value == nullptr) return static_cast<DWORD>(fail_with(ERROR_ENVVAR_NOT_FOUND));
  return give_text(std::string(value), Buffer, Size);
}

DWORD GetEnvironmentVariableW(LPCWSTR Name, LPWSTR Buffer, DWORD Size) {
  const char* value = environment().find(utf8_text(Name));
  if (value == nullptr) return static_cast<DWORD>(fail_with(ERROR_ENVVAR_NOT_FOUND));
  return give_text(ringproof::win32::to_utf16(value), Buffer, Size);
}

BOOL SetEnvironmentVariableA(LPCSTR Name, LPCSTR Value) {
  if (Value != nullptr) {
    return environment().set(Name, Value) ? TRUE : fail_with(ERROR_INVALID_PARAMETER);
  }
  if (environment().find(Name) == nullptr) return fail_with(ERROR_ENVVAR_NOT_FOUND);
  environment().remove(Name);
  return TRUE;
}

BOOL SetEnvironmentVariableW(LPCWSTR Name, LPCWSTR Value) {
  const std::string value = Value == nullptr ? std::string() : utf8_text(Value);
  return SetEnvironmentVariableA(utf8_text(Name).c_str(), Value == nullptr ? nullptr : value.c_str());
}

BOOL GetComputerNameA(LPSTR Buffer, LPDWORD Size) {
  const DWORD given = give_text(std::string("ringproof"), Buffer, *Size);
  const bool fits = given < *Size;
  *Size = given;
  return fits ? TRUE : fail_with(ERROR_BUFFER_OVERFLOW);
}

DWORD FormatMessageA(DWORD Flags, LPCVOID, DWORD MessageId, DWORD, LPSTR Buffer, DWORD Size, va_list*) {
  if ((Flags & FORMAT_MESSAGE_FROM_SYSTEM) == 0) return static_cast<DWORD>(fail_with(ERROR_NOT_SUPPORTED));
  const std::string text = message_text(MessageId);
  if ((Flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0) {
    const std::size_t bytes = std::max<std::size_t>(Size, text.size() + 1);
    auto* made = static_cast<LPSTR>(LocalAlloc(LPTR, bytes));
    std::memcpy(Buffer, &made, sizeof made);
    return give_text(text, made, static_cast<DWORD>(bytes));
  }
  const DWORD given = give_text(text, Buffer, Size);
  return given < Size ? given : static_cast<DWORD>(fail_with(ERROR_INSUFFICIENT_BUFFER));
}

DWORD FormatMessageW(DWORD Flags, LPCVOID, DWORD MessageId, DWORD, LPWSTR Buffer, DWORD Size, va_list*) {
  if ((Flags & FORMAT_MESSAGE_FROM_SYSTEM) == 0) return static_cast<DWORD>(fail_with(ERROR_NOT_SUPPORTED));
  const std::u16string text = ringproof::win32::to_utf16(message_text(MessageId));
  const std::size_t bytes = (text.size() + 1) * sizeof(WCHAR);
  LPWSTR target = Buffer;
  if ((Flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0) {
    target = static_cast<LPWSTR>(LocalAlloc(LPTR, std::max<std::size_t>(Size * sizeof(WCHAR), bytes)));
    std::memcpy(Buffer, &target, sizeof target);
  } else if (text.size() + 1 > Size) {
    return static_cast<DWORD>(fail_with(ERROR_INSUFFICIENT_BUFFER));
  }
  std::memcpy(target, text.c_str(), bytes);
  return static_cast<DWORD>(text.size());
}

int MultiByteToWideChar(UINT, DWORD, LPCSTR Text, int Bytes, LPWSTR Wide, int WideUnits) {
  const std::string_view text(Text, Bytes < 0 ? std::strlen(Text) + 1 : static_cast<std::size_t>(Bytes));
  const std::u16string wide = ringproof::win32::to_utf16(text);
  if (WideUnits == 0) return static_cast<int>(wide.size());
  if (wide.size() > static_cast<std::size_t>(WideUnits)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
  std::memcpy(Wide, wide.data(), wide.size() * sizeof(WCHAR));
  return static_cast<int>(wide.size());
}

int WideCharToMultiByte(UINT, DWORD, LPCWSTR Wide, int WideUnits, LPSTR Text, int Bytes, LPCSTR,
                        BOOL* UsedDefaultChar) {
  const auto* units = reinterpret_cast<const char16_t*>(Wide);
  const std::size_t count =
      WideUnits < 0 ? std::char_traits<char16_t>::length(units) + 1 : static_cast<std::size_t>(WideUnits);
  const std::string text = ringproof::win32::to_utf8({units, count});
  if (UsedDefaultChar != nullptr) *UsedDefaultChar = FALSE;
  if (Bytes == 0) return static_cast<int>(text.size());
  if (text.size() > static_cast<std::size_t>(Bytes)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
  std::memcpy(Text, text.data(), text.size());
  return static_cast<int>(text.size());
}

int lstrlenA(LPCSTR Text) { return Text == nullptr ? 0 : static_cast<int>(std::strlen(Text)); }

int lstrlenW(LPCWSTR Text) {
  if (Text == nullptr) return 0;
  return static_cast<int>(std::char_traits<char16_t>::length(reinterpret_cast<const char16_t*>(Text)));
}

int lstrcmpA(LPCSTR First, LPCSTR Second) { return std::strcmp(First, Second); }
int lstrcmpiA(LPCSTR First, LPCSTR Second) { return strcasecmp(First, Second); }

VOID RtlInitUnicodeString(PUNICODE_STRING Target, PCWSTR Source) {
  const auto bytes = static_cast<USHORT>(lstrlenW(Source) * 2);
  *Target = {bytes, static_cast<USHORT>(Source == nullptr ? 0 : bytes + 2), const_cast<PWSTR>(Source)};
}

NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW Version) {
  Version->dwMajorVersion = 10;
  Version->dwMinorVersion = 0;
  Version->dwBuildNumber = 20348;
  Version->dwPlatformId = 2;
  Version->szCSDVersion[0] = 0;
  return STATUS_SUCCESS;
}

ULONG RtlNtStatusToDosError(NTSTATUS Status) {
  constexpr ULONG kUnknown = 317;
  static constexpr std::pair<NTSTATUS, ULONG> kErrors[] = {
      {STATUS_SUCCESS, 0},
      {STATUS_TIMEOUT, ERROR_TIMEOUT},
      {STATUS_PENDING, ERROR_IO_PENDING},
      {STATUS_BUFFER_OVERFLOW, ERROR_MORE_DATA},
      {STATUS_DATATYPE_MISALIGNMENT, ERROR_NOACCESS},
      {STATUS_UNSUCCESSFUL, ERROR_GEN_FAILURE},
      {STATUS_NOT_IMPLEMENTED, ERROR_INVALID_FUNCTION},
      {STATUS_ACCESS_VIOLATION, ERROR_NOACCESS},
      {STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE},
      {STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
      {STATUS_INVALID_DEVICE_REQUEST, ERROR_INVALID_FUNCTION},
      {STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY},
      {STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED},
      {STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER},
      {STATUS_OBJECT_TYPE_MISMATCH, ERROR_INVALID_HANDLE},
      {STATUS_OBJECT_NAME_NOT_FOUND, ERROR_FILE_NOT_FOUND},
      {STATUS_OBJECT_PATH_NOT_FOUND, ERROR_PATH_NOT_FOUND},
      {STATUS_DELETE_PENDING, ERROR_ACCESS_DENIED},
      {STATUS_INTEGER_OVERFLOW, ERROR_ARITHMETIC_OVERFLOW},
      {STATUS_INSUFFICIENT_RESOURCES, ERROR_NO_SYSTEM_RESOURCES},
      {STATUS_DEVICE_DATA_ERROR, ERROR_CRC},
      {STATUS_DEVICE_NOT_READY, ERROR_NOT_READY},
      {STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED},
      {STATUS_INTERNAL_ERROR, ERROR_INTERNAL_ERROR},
      {STATUS_CANCELLED, ERROR_OPERATION_ABORTED},
      {STATUS_INVALID_DEVICE_STATE, ERROR_BAD_COMMAND},
      {STATUS_NOT_FOUND, ERROR_NOT_FOUND},
      {STATUS_DUPLICATE_OBJECTID, ERROR_OBJECT_ALREADY_EXISTS},
      {STATUS_PIPE_DISCONNECTED, ERROR_PIPE_NOT_CONNECTED},
      {STATUS_PIPE_CLOSING, ERROR_NO_DATA},
      {STATUS_PIPE_LISTENING, ERROR_PIPE_LISTENING},
      {STATUS_PIPE_BROKEN, ERROR_BROKEN_PIPE},
      {STATUS_DEVICE_REMOVED, ERROR_DEVICE_REMOVED},
  };
  for (const auto& [status, error] : kErrors) {
    if (status == Status) return error;
  }
  return kUnknown;
}

}  // extern "C"
