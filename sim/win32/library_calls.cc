// Libraries that a Windows program loads by name: all of them are the simulator.

#include <dlfcn.h>
#include <ringproof/win32/errors.h>
#include <ringproof/win32/process.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>
#include <string_view>

#include "sim/win32/crt_text.h"
#include "sim/win32/names.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;

namespace {

constexpr std::array<std::string_view, 12> kLibraries = {"xdpapi", "kernel32", "kernelbase", "ntdll",
                                                         "ws2_32", "iphlpapi", "advapi32",   "bcrypt",
                                                         "winmm",  "ucrtbase", "msvcrt",     "user32"};
const char the_program = 0;

// The library's handle is the address of its name in the table; the program's own is `the_program`.
HMODULE find_library(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  name.erase(0, name.find_last_of("/\\") + 1);
  if (name.ends_with(".dll")) name.resize(name.size() - 4);
  for (const std::string_view& library : kLibraries) {
    if (library == name) return const_cast<std::string_view*>(&library);
  }
  SetLastError(ERROR_MOD_NOT_FOUND);
  return nullptr;
}

bool is_library(HMODULE library) {
  const auto* place = static_cast<const std::string_view*>(library);
  return place >= kLibraries.data() && place < kLibraries.data() + kLibraries.size();
}

std::string narrow(LPCWSTR text) {
  return ringproof::win32::to_utf8(reinterpret_cast<const char16_t*>(text));
}

std::string file_of(HMODULE library) {
  if (is_library(library)) {
    return "C:\\Windows\\System32\\" + std::string(*static_cast<const std::string_view*>(library)) + ".dll";
  }
  const ringproof::SystemEntry entry;
  const ringproof::World* const world = ringproof::current_world;
  return world == nullptr || world->win32->process().command_line.empty()
             ? ""
             : world->win32->process().command_line.front();
}

}  // namespace

extern "C" {

HMODULE LoadLibraryA(LPCSTR Name) {
  const ApiCall call("LoadLibrary");
  return find_library(Name);
}

HMODULE LoadLibraryW(LPCWSTR Name) { return LoadLibraryA(narrow(Name).c_str()); }
HMODULE LoadLibraryExA(LPCSTR Name, HANDLE, DWORD) { return LoadLibraryA(Name); }
HMODULE LoadLibraryExW(LPCWSTR Name, HANDLE, DWORD) { return LoadLibraryW(Name); }

HMODULE GetModuleHandleA(LPCSTR Name) {
  const ApiCall call("GetModuleHandle");
  return Name == nullptr ? const_cast<char*>(&the_program) : find_library(Name);
}

HMODULE GetModuleHandleW(LPCWSTR Name) {
  return Name == nullptr ? GetModuleHandleA(nullptr) : GetModuleHandleA(narrow(Name).c_str());
}

BOOL FreeLibrary(HMODULE Library) {
  const ApiCall call("FreeLibrary");
  return is_library(Library) ? TRUE : fail_with(ERROR_INVALID_HANDLE);
}

FARPROC GetProcAddress(HMODULE Library, LPCSTR Name) {
  const ApiCall call("GetProcAddress");
  if (!is_library(Library) && Library != &the_program) {
    SetLastError(ERROR_INVALID_HANDLE);
    return nullptr;
  }
  // Only what this library itself has: the C library beneath it is not Windows'.
  void* const symbol = dlsym(RTLD_DEFAULT, Name);
  Dl_info own;
  Dl_info found;
  const bool here = symbol != nullptr && dladdr(&the_program, &own) != 0 && dladdr(symbol, &found) != 0 &&
                    own.dli_fbase == found.dli_fbase;
  if (here) return reinterpret_cast<FARPROC>(symbol);
  SetLastError(ERROR_PROC_NOT_FOUND);
  return nullptr;
}

DWORD GetModuleFileNameA(HMODULE Library, LPSTR Buffer, DWORD Size) {
  const std::string file = file_of(Library);
  if (Size == 0) return static_cast<DWORD>(fail_with(ERROR_INSUFFICIENT_BUFFER));
  const std::size_t given = std::min<std::size_t>(file.size(), Size - 1);
  std::memcpy(Buffer, file.data(), given);
  Buffer[given] = 0;
  if (given == file.size()) return static_cast<DWORD>(given);
  SetLastError(ERROR_INSUFFICIENT_BUFFER);
  return Size;
}

DWORD GetModuleFileNameW(HMODULE Library, LPWSTR Buffer, DWORD Size) {
  const std::u16string file = ringproof::win32::to_utf16(file_of(Library));
  if (Size == 0) return static_cast<DWORD>(fail_with(ERROR_INSUFFICIENT_BUFFER));
  const std::size_t given = std::min<std::size_t>(file.size(), Size - 1);
  std::memcpy(Buffer, file.data(), given * sizeof(WCHAR));
  Buffer[given] = 0;
  if (given == file.size()) return static_cast<DWORD>(given);
  SetLastError(ERROR_INSUFFICIENT_BUFFER);
  return Size;
}

}  // extern "C"
