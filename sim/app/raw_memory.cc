#include "sim/app/raw_memory.h"

#include <cstring>

#include "model/base/sanitizers.h"

namespace ringproof {
namespace {

#if RINGPROOF_ASAN

// Volatile, so that no loop becomes a call of memcpy or memset: the sanitizer has those for itself.
__attribute__((no_sanitize("address"))) void copy(volatile unsigned char* to,
                                                  const volatile unsigned char* from, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = from[i];
}

__attribute__((no_sanitize("address"))) void zero(volatile unsigned char* memory, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) memory[i] = 0;
}

#else

void copy(unsigned char* to, const unsigned char* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void zero(unsigned char* memory, std::size_t bytes) {
  if (bytes > 0) std::memset(memory, 0, bytes);
}

#endif

__attribute__((no_sanitize("address"))) std::size_t without_zeros(const volatile unsigned char* memory,
                                                                  std::size_t bytes) {
  while (bytes > 0 && memory[bytes - 1] == 0) --bytes;
  return bytes;
}

}  // namespace

std::vector<unsigned char> raw_bytes(const unsigned char* memory, std::size_t bytes) {
  std::vector<unsigned char> result(without_zeros(memory, bytes));
  copy(result.data(), memory, result.size());
  return result;
}

void raw_write(unsigned char* memory, const std::vector<unsigned char>& bytes) {
  copy(memory, bytes.data(), bytes.size());
}

void raw_zero(unsigned char* memory, std::size_t bytes) { zero(memory, bytes); }

}  // namespace ringproof
