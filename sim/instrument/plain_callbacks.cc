// The thread sanitizer's callbacks for plain accesses and for blocks of memory, as g++ and clang emit them.

#include <cstddef>
#include <cstring>

#include "sim/instrument/access.h"

#pragma GCC visibility push(default)

// `__wrap_` names: calls of the application, renamed by the linker; see cmake/ringproof.pc.in.
extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit(void*) {}

#define RINGPROOF_PLAIN(BYTES)                                                                              \
  void __tsan_read##BYTES(void* address) { ringproof::about_to_read(address, BYTES); }                      \
  void __tsan_write##BYTES(void* address) { ringproof::about_to_write(address, BYTES); }                    \
  void __tsan_unaligned_read##BYTES(void* address) { ringproof::about_to_read(address, BYTES); }            \
  void __tsan_unaligned_write##BYTES(void* address) { ringproof::about_to_write(address, BYTES); }          \
  void __tsan_volatile_read##BYTES(void* address) { ringproof::about_to_read(address, BYTES); }             \
  void __tsan_volatile_write##BYTES(void* address) { ringproof::about_to_write(address, BYTES); }           \
  void __tsan_unaligned_volatile_read##BYTES(void* address) { ringproof::about_to_read(address, BYTES); }   \
  void __tsan_unaligned_volatile_write##BYTES(void* address) { ringproof::about_to_write(address, BYTES); } \
  void __tsan_read_write##BYTES(void* address) {                                                            \
    ringproof::about_to_read(address, BYTES);                                                               \
    ringproof::about_to_write(address, BYTES);                                                              \
  }                                                                                                         \
  void __tsan_unaligned_read_write##BYTES(void* address) { __tsan_read_write##BYTES(address); }
RINGPROOF_PLAIN(1)
RINGPROOF_PLAIN(2)
RINGPROOF_PLAIN(4)
RINGPROOF_PLAIN(8)
RINGPROOF_PLAIN(16)
#undef RINGPROOF_PLAIN

void __tsan_read_range(void* address, std::size_t bytes) { ringproof::about_to_read(address, bytes); }
void __tsan_write_range(void* address, std::size_t bytes) { ringproof::about_to_write(address, bytes); }
void __tsan_vptr_read(void** address) { ringproof::about_to_read(address, sizeof *address); }
void __tsan_vptr_update(void** address, void*) { ringproof::about_to_write(address, sizeof *address); }

void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  ringproof::about_to_read(from, bytes);
  ringproof::about_to_write(to, bytes);
  return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  ringproof::about_to_read(from, bytes);
  ringproof::about_to_write(to, bytes);
  return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, std::size_t bytes) {
  ringproof::about_to_write(to, bytes);
  return std::memset(to, value, bytes);
}

void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) { return __tsan_memcpy(to, from, bytes); }
void* __wrap_memmove(void* to, const void* from, std::size_t bytes) {
  return __tsan_memmove(to, from, bytes);
}
void* __wrap_memset(void* to, int value, std::size_t bytes) { return __tsan_memset(to, value, bytes); }
int __wrap_memcmp(const void* left, const void* right, std::size_t bytes) {
  ringproof::about_to_read(left, bytes);
  ringproof::about_to_read(right, bytes);
  return std::memcmp(left, right, bytes);
}
}

#pragma GCC visibility pop
