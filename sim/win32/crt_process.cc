// The remaining calls of Microsoft's C runtime: memory, environment, randomness, console, process.

#include <malloc.h>
#include <ringproof/win32/crt_random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "model/base/host.h"
#include "sim/app/locked_memory.h"
#include "sim/app/world.h"
#include "sim/win32/crt_state.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/environment.h"

// Memory that a socket holds is kept: sim/app/posix_calls.cc.

namespace {

using ringproof::ApiCall;
using ringproof::win32::crt_state;
using ringproof::win32::environment;
using ringproof::win32::invalid_parameter;
using ringproof::win32::to_utf16;
using ringproof::win32::to_utf8;

constexpr std::uint64_t kCycleReadPs = 10'000;
constexpr std::uint64_t kCyclesPerNs = 3;
constexpr std::uint64_t kNsPs = 1'000;

// getenv_s: `*needed` counts the terminator, 0 when there is no such variable.
template <typename Unit>
int read_variable(const char* function, std::size_t* needed, Unit* buffer, std::size_t room,
                  const Unit* value) {
  if (needed == nullptr || (buffer == nullptr && room > 0)) {
    invalid_parameter(function, "no place for the answer");
    return EINVAL;
  }
  if (room > 0) buffer[0] = 0;
  *needed = 0;
  if (value == nullptr) return 0;
  const std::size_t units = std::char_traits<Unit>::length(value);
  *needed = units + 1;
  if (room == 0) return 0;
  if (units >= room) return ERANGE;
  std::memcpy(buffer, value, (units + 1) * sizeof(Unit));
  return 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- memory ----

void* _aligned_malloc(std::size_t bytes, std::size_t alignment) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    invalid_parameter("_aligned_malloc", "the alignment is no power of two");
    errno = EINVAL;
    return nullptr;
  }
  void* memory = nullptr;
  const int error = posix_memalign(&memory, std::max(alignment, sizeof(void*)), bytes);
  if (error != 0) errno = error;
  return error == 0 ? ringproof::note_block(memory, bytes) : nullptr;
}
void _aligned_free(void* memory) { ringproof::free_block(memory); }
void* _aligned_realloc(void* memory, std::size_t bytes, std::size_t alignment) {
  if (memory != nullptr && bytes == 0) {
    _aligned_free(memory);
    return nullptr;
  }
  void* larger = _aligned_malloc(bytes, alignment);
  if (larger == nullptr || memory == nullptr) return larger;
  std::memcpy(larger, memory, std::min(bytes, malloc_usable_size(memory)));
  _aligned_free(memory);
  return larger;
}
std::size_t _msize(void* memory) { return malloc_usable_size(memory); }
void* _recalloc(void* memory, std::size_t count, std::size_t bytes) {
  std::size_t total = 0;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return nullptr;
  }
  const std::size_t old = memory == nullptr ? 0 : malloc_usable_size(memory);
  void* larger = ringproof::realloc_block(memory, total);
  if (larger == nullptr) return nullptr;
  // Up to the end of what there is, which may be used when it grows once more.
  const std::size_t whole = malloc_usable_size(larger);
  const std::size_t kept = std::min(old, total);
  if (whole > kept) std::memset(static_cast<char*>(larger) + kept, 0, whole - kept);
  return larger;
}

// ---- randomness ----

void ringproof_random_bytes(void* bytes, std::size_t count) {
  auto* at = static_cast<unsigned char*>(bytes);
  ringproof::RandomStream& random = ringproof::win32::random_stream();
  while (count > 0) {
    const std::uint64_t draw = random.next();
    const std::size_t part = std::min(count, sizeof draw);
    std::memcpy(at, &draw, part);
    at += part;
    count -= part;
  }
}
int rand_s(unsigned* value) {
  if (value == nullptr) {
    invalid_parameter("rand_s", "no place for the number");
    return EINVAL;
  }
  ringproof_random_bytes(value, sizeof *value);
  return 0;
}

// Microsoft's generator, of 15 bits.
int ringproof_crt_rand(void) {
  std::uint32_t& state = ringproof::win32::rand_state();
  state = state * 214013 + 2531011;
  return static_cast<int>((state >> 16) & 0x7fff);
}
void ringproof_crt_srand(unsigned seed) { ringproof::win32::rand_state() = seed; }

// ---- environment ----

char* ringproof_crt_getenv(const char* name) { return const_cast<char*>(environment().find(name)); }
int getenv_s(std::size_t* needed, char* buffer, std::size_t room, const char* name) {
  return read_variable("getenv_s", needed, buffer, room, environment().find(name));
}
int _wgetenv_s(std::size_t* needed, char16_t* buffer, std::size_t room, const char16_t* name) {
  const char* value = environment().find(to_utf8(name));
  const std::u16string wide = value == nullptr ? std::u16string() : to_utf16(value);
  return read_variable("_wgetenv_s", needed, buffer, room, value == nullptr ? nullptr : wide.c_str());
}
int _dupenv_s(char** buffer, std::size_t* bytes, const char* name) {
  if (buffer == nullptr || name == nullptr) {
    invalid_parameter("_dupenv_s", "no place for the answer");
    return EINVAL;
  }
  const char* value = environment().find(name);
  *buffer = value == nullptr ? nullptr : ::strdup(value);
  if (bytes != nullptr) *bytes = value == nullptr ? 0 : std::strlen(value) + 1;
  return value != nullptr && *buffer == nullptr ? ENOMEM : 0;
}
int _putenv_s(const char* name, const char* value) {
  if (*value == '\0') {
    environment().remove(name);
    return 0;
  }
  return environment().set(name, value) ? 0 : EINVAL;
}
int _putenv(const char* text) {
  const char* equals = std::strchr(text, '=');
  if (equals == nullptr) return -1;
  return _putenv_s(std::string(text, equals).c_str(), equals + 1) == 0 ? 0 : -1;
}

// ---- console: nobody sits at the simulated machine ----

int _kbhit(void) { return 0; }
int _getch(void) {
  const ApiCall call("_getch");
  if (call.has_world()) call.world().kernel.sleep(ringproof::kNever);
  return EOF;
}
int _putch(int unit) { return std::putchar(unit); }
int _cputs(const char* text) { return std::fputs(text, stdout) < 0 ? -1 : 0; }

// ---- errors ----

using ringproof::InvalidParameterHandler;
InvalidParameterHandler _set_invalid_parameter_handler(InvalidParameterHandler handler) {
  return std::exchange(crt_state().invalid_parameter, handler);
}
InvalidParameterHandler _get_invalid_parameter_handler(void) { return crt_state().invalid_parameter; }
void ringproof_crt_fast_fail(unsigned code) {
  std::fflush(stdout);
  std::fprintf(stderr, "ringproof: __fastfail(%u): the program ends itself\n", code);
  std::abort();
}

// ---- processor ----

std::uint64_t ringproof_crt_cycles(void) {
  if (ringproof::current_world == nullptr) return 0;
  ringproof::HostKernel& kernel = ringproof::current_world->kernel;
  if (!kernel.runs_freely()) kernel.spend(kCycleReadPs);
  return kernel.clock_ps() / kNsPs * kCyclesPerNs;
}

}  // extern "C"
#pragma GCC visibility pop
