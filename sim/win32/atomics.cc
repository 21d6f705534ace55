// What a simulator does around a program's atomic operations on its own memory.
//
// A task that changes shared memory acts on the newest values, and whoever polls the word is woken. One that
// finds what it found before is polling.

#include <ringproof/win32/atomics.h>

#include "sim/app/world.h"

using ringproof::current_world;
using ringproof::HostKernel;

namespace {

constexpr std::uint64_t kAccessPs = 5'000;
constexpr std::uint64_t kChangePs = 20'000;
constexpr std::uint64_t kPausePs = 40'000;
const char pause_name = 0;

std::uint64_t value_at(const volatile void* address, unsigned bytes) {
  switch (bytes) {
    case 1:
      return __atomic_load_n(static_cast<const volatile std::uint8_t*>(address), __ATOMIC_SEQ_CST);
    case 2:
      return __atomic_load_n(static_cast<const volatile std::uint16_t*>(address), __ATOMIC_SEQ_CST);
    case 4:
      return __atomic_load_n(static_cast<const volatile std::uint32_t*>(address), __ATOMIC_SEQ_CST);
    default:
      return __atomic_load_n(static_cast<const volatile std::uint64_t*>(address), __ATOMIC_SEQ_CST);
  }
}

}  // namespace

extern "C" {

uint64_t ringproof_load(const volatile void* address, unsigned bytes, int order) {
  if (bytes == 4) return ringproof_load32(static_cast<const volatile uint32_t*>(address), order);
  if (current_world == nullptr) return value_at(address, bytes);
  HostKernel& kernel = current_world->kernel;
  kernel.spend(kAccessPs);
  const std::uint64_t seen = value_at(address, bytes);
  // A parked task goes on when the word has changed, or another look is due.
  return kernel.look(address, seen) ? value_at(address, bytes) : seen;
}

void ringproof_change_begins(const volatile void*, unsigned) {
  if (current_world == nullptr) return;
  current_world->kernel.spend(kChangePs);
  current_world->kernel.synchronize();
}

void ringproof_change_ends(const volatile void* address, unsigned bytes, uint64_t seen, int changed) {
  if (current_world == nullptr) return;
  HostKernel& kernel = current_world->kernel;
  if (changed == 0) {
    kernel.look(address, seen);
    return;
  }
  kernel.acted();
  kernel.shared_word_changed(address);
  if (bytes == 4) {
    const auto* word = static_cast<const volatile std::uint32_t*>(address);
    current_world->platform.application_stored(word, *word);
  }
}

void ringproof_pause(void) {
  if (current_world == nullptr) return;
  current_world->kernel.spend(kPausePs);
  current_world->kernel.look(&pause_name, 0);
}

}  // extern "C"
