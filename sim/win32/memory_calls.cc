// Pages and heaps of a Windows program: real memory of the process.

#include <malloc.h>
#include <ringproof/win32/errors.h>
#include <ringproof/win32/memory.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <limits>

#include "sim/app/locked_memory.h"
#include "sim/win32/state.h"

using ringproof::current_world;
using ringproof::fail_with;

namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kGranularity = 64 << 10;
constexpr std::size_t kLargePageBytes = 2 << 20;

std::uintptr_t number(const void* address) { return reinterpret_cast<std::uintptr_t>(address); }
std::size_t whole_pages(std::size_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes; }

// -1 for a protection that Windows does not know.
int protection_of(DWORD protection) {
  switch (protection & 0xFFU) {
    case PAGE_NOACCESS:
      return PROT_NONE;
    case PAGE_READONLY:
      return PROT_READ;
    case PAGE_READWRITE:
    case PAGE_WRITECOPY:
      return PROT_READ | PROT_WRITE;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
      return PROT_READ | PROT_EXEC;
    case PAGE_EXECUTE_READWRITE:
      return PROT_READ | PROT_WRITE | PROT_EXEC;
    default:
      return -1;
  }
}

// New pages at a multiple of 64 KiB; null when there are none.
void* map_pages(std::size_t bytes, std::size_t alignment, int protection) {
  void* const memory =
      mmap(nullptr, bytes + alignment, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  const std::uintptr_t begin = (number(memory) + alignment - 1) / alignment * alignment;
  const std::size_t before = begin - number(memory);
  if (before > 0) munmap(memory, before);
  if (alignment > before) munmap(reinterpret_cast<void*>(begin + bytes), alignment - before);
  return reinterpret_cast<void*>(begin);
}

// The block that VirtualAlloc gave and that these pages lie in. False: there is none.
bool is_allocated(const void* address, std::size_t bytes) {
  if (current_world == nullptr) return true;
  const ringproof::SystemEntry entry;
  const auto& pages = current_world->win32->pages;
  auto found = pages.upper_bound(const_cast<void*>(address));
  if (found == pages.begin()) return false;
  --found;
  return number(address) + bytes <= number(found->first) + found->second;
}

LPVOID fail(DWORD error) {
  fail_with(error);
  return nullptr;
}

bool is_locked(const void* memory, std::size_t bytes) {
  return ringproof::holder_of(memory, bytes) != nullptr;
}

// A block may be larger than was asked for. What lies behind its end is zero, so that nothing else comes to
// light when it grows.
void clear_behind(void* memory, std::size_t bytes) {
  const std::size_t whole = malloc_usable_size(memory);
  if (whole > bytes) std::memset(static_cast<char*>(memory) + bytes, 0, whole - bytes);
}

LPVOID allocate(SIZE_T bytes, bool zero) {
  void* const memory = zero ? std::calloc(1, bytes + (bytes == 0)) : std::malloc(bytes + (bytes == 0));
  if (memory == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY);
  clear_behind(memory, bytes);
  return ringproof::note_block(memory, bytes);
}

void release(void* memory) { ringproof::free_block(memory); }

}  // namespace

extern "C" {

LPVOID VirtualAlloc(LPVOID Address, SIZE_T Size, DWORD Type, DWORD Protection) {
  const int protection = protection_of(Protection);
  const bool reserve = (Type & MEM_RESERVE) != 0 || Address == nullptr;
  if (Size == 0 || protection < 0 || (Type & (MEM_RESERVE | MEM_COMMIT | MEM_RESET)) == 0) {
    return fail(ERROR_INVALID_PARAMETER);
  }
  if (!reserve) {
    void* const begin = reinterpret_cast<void*>(number(Address) / kPageBytes * kPageBytes);
    const std::size_t bytes = whole_pages(number(Address) + Size - number(begin));
    if (!is_allocated(begin, bytes)) return fail(ERROR_INVALID_ADDRESS);
    return mprotect(begin, bytes, protection) == 0 ? begin : fail(ERROR_INVALID_ADDRESS);
  }
  if (Address != nullptr) return fail(ERROR_INVALID_ADDRESS);  // a place of the program's choice
  const bool large = (Type & MEM_LARGE_PAGES) != 0;
  if (large && Size % kLargePageBytes != 0) return fail(ERROR_INVALID_PARAMETER);
  if (Size > std::numeric_limits<std::size_t>::max() / 2) return fail(ERROR_NOT_ENOUGH_MEMORY);
  void* const memory = map_pages(whole_pages(Size), large ? kLargePageBytes : kGranularity, protection);
  if (memory == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY);
  if (current_world == nullptr) return memory;
  const ringproof::SystemEntry entry;
  current_world->win32->pages[memory] = whole_pages(Size);
  return memory;
}

LPVOID VirtualAllocExNuma(HANDLE, LPVOID Address, SIZE_T Size, DWORD Type, DWORD Protection, DWORD Node) {
  return Node == 0 ? VirtualAlloc(Address, Size, Type, Protection) : fail(ERROR_INVALID_PARAMETER);
}

BOOL VirtualFree(LPVOID Address, SIZE_T Size, DWORD Type) {
  const ringproof::SystemEntry entry;
  if (Type == MEM_DECOMMIT) {
    void* const begin = reinterpret_cast<void*>(number(Address) / kPageBytes * kPageBytes);
    std::size_t bytes = whole_pages(number(Address) + Size - number(begin));
    if (Size == 0 && current_world != nullptr) {  // all of the block
      const auto found = current_world->win32->pages.find(Address);
      if (found == current_world->win32->pages.end()) return fail_with(ERROR_INVALID_ADDRESS);
      bytes = found->second;
    }
    if (!is_allocated(begin, bytes)) return fail_with(ERROR_INVALID_ADDRESS);
    if (!is_locked(begin, bytes)) madvise(begin, bytes, MADV_DONTNEED);
    return TRUE;
  }
  if (Type != MEM_RELEASE || Size != 0) return fail_with(ERROR_INVALID_PARAMETER);
  if (current_world == nullptr) return fail_with(ERROR_INVALID_ADDRESS);
  auto& pages = current_world->win32->pages;
  const auto found = pages.find(Address);
  if (found == pages.end()) return fail_with(ERROR_INVALID_ADDRESS);
  // What a socket holds stays.
  ringproof::unmap_pages(Address, found->second);
  pages.erase(found);
  return TRUE;
}

BOOL VirtualProtect(LPVOID Address, SIZE_T Size, DWORD Protection, PDWORD OldProtection) {
  const int protection = protection_of(Protection);
  if (protection < 0 || OldProtection == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  void* const begin = reinterpret_cast<void*>(number(Address) / kPageBytes * kPageBytes);
  if (mprotect(begin, whole_pages(number(Address) + Size - number(begin)), protection) != 0) {
    return fail_with(ERROR_INVALID_ADDRESS);
  }
  *OldProtection = PAGE_READWRITE;
  return TRUE;
}

BOOL VirtualLock(LPVOID, SIZE_T) { return TRUE; }
BOOL VirtualUnlock(LPVOID, SIZE_T) { return TRUE; }
SIZE_T GetLargePageMinimum(VOID) { return kLargePageBytes; }

HANDLE GetProcessHeap(VOID) { return reinterpret_cast<HANDLE>(kGranularity); }

HANDLE HeapCreate(DWORD, SIZE_T, SIZE_T) { return GetProcessHeap(); }
BOOL HeapDestroy(HANDLE) { return TRUE; }
LPVOID HeapAlloc(HANDLE, DWORD Flags, SIZE_T Bytes) {
  return allocate(Bytes, (Flags & HEAP_ZERO_MEMORY) != 0);
}

LPVOID HeapReAlloc(HANDLE, DWORD Flags, LPVOID Memory, SIZE_T Bytes) {
  const std::size_t before = malloc_usable_size(Memory);
  if ((Flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0) {
    if (Bytes > before) return fail(ERROR_NOT_ENOUGH_MEMORY);
    clear_behind(Memory, Bytes);
    return Memory;
  }
  void* const memory = allocate(Bytes, (Flags & HEAP_ZERO_MEMORY) != 0);
  if (memory == nullptr) return nullptr;
  std::memcpy(memory, Memory, before < Bytes ? before : Bytes);
  release(Memory);
  return memory;
}

BOOL HeapFree(HANDLE, DWORD, LPVOID Memory) {
  release(Memory);
  return TRUE;
}

SIZE_T HeapSize(HANDLE, DWORD, LPCVOID Memory) { return malloc_usable_size(const_cast<void*>(Memory)); }

HLOCAL LocalAlloc(UINT Flags, SIZE_T Bytes) { return allocate(Bytes, (Flags & LMEM_ZEROINIT) != 0); }
HGLOBAL GlobalAlloc(UINT Flags, SIZE_T Bytes) { return LocalAlloc(Flags, Bytes); }

HLOCAL LocalFree(HLOCAL Memory) {
  release(Memory);
  return nullptr;
}

HGLOBAL GlobalFree(HGLOBAL Memory) { return LocalFree(Memory); }

VOID GetSystemInfo(LPSYSTEM_INFO Info) {
  *Info = {};
  Info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
  Info->dwPageSize = kPageBytes;
  Info->lpMinimumApplicationAddress = reinterpret_cast<LPVOID>(kGranularity);
  Info->lpMaximumApplicationAddress = reinterpret_cast<LPVOID>(0x7FFFFFFEFFFFULL);
  Info->dwNumberOfProcessors = current_world == nullptr ? 1 : current_world->kernel.cpu_count();
  Info->dwActiveProcessorMask = (DWORD_PTR{1} << Info->dwNumberOfProcessors) - 1;
  Info->dwProcessorType = 8664;
  Info->dwAllocationGranularity = kGranularity;
}

VOID GetNativeSystemInfo(LPSYSTEM_INFO Info) { GetSystemInfo(Info); }

}  // extern "C"
