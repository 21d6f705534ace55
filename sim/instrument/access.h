// access.h: what an access to memory by an instrumented application means to the world.
// Role     behind the compiler's callbacks: ordinary memory leaves after a range check, words of rings and atomic
//          operations become schedule points, bytes of UMEMs are told to the monitors
// Shapes   a plain access is done by the compiled code after its callback; an atomic one inside it
// Threads  accesses of threads that the simulation did not start are let through
// Errors   none: what is wrong is said by the monitors
// Source   docs/instrumented-builds.md
#pragma once

#include <array>
#include <cstdint>

#include "model/base/host.h"
#include "sim/app/world.h"

namespace ringproof {

inline bool is_shared(const volatile void* address, std::size_t bytes) {
  World* const world = simulated_world;
  return world != nullptr && world->ranges != nullptr && world->ranges->may_hold(address, bytes);
}

// How many plain writes the simulated application has begun, but for those to temporaries of the function
// that makes them: a loop that waits makes none between its looks, optimised or not.
extern constinit std::uint64_t plain_writes;
constexpr std::uintptr_t kTemporaryBytes = 256;

// The slow half of about_to_read() and about_to_write().
void read_shared(const volatile void* address, std::size_t bytes);
void write_shared(const volatile void* address, std::size_t bytes);

// The application reads or writes these bytes next, without another callback.
inline void about_to_read(const volatile void* address, std::size_t bytes) {
  if (is_shared(address, bytes)) read_shared(address, bytes);
}
inline void about_to_write(const volatile void* address, std::size_t bytes) {
  const auto above_frame = reinterpret_cast<std::uintptr_t>(address) -
                           reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  plain_writes += above_frame >= kTemporaryBytes ? 1 : 0;
  if (is_shared(address, bytes)) write_shared(address, bytes);
}

// The words of rings within an access, and what they held.
class RingWords {
 public:
  RingWords() = default;
  RingWords(const volatile void* address, std::size_t bytes, const unsigned char* ring);
  // The running task sees the newest values; a task that polls is parked here.
  void look(World& world, MemoryOrder order) const;
  // Tells which of them have another value now.
  void tell_stored(World& world, MemoryOrder order) const;
  bool empty() const { return count_ == 0; }

 private:
  std::array<std::uint32_t*, 3> words_{};
  std::array<std::uint32_t, 3> old_{};
  std::uint32_t count_ = 0;
};

// Around an atomic operation on shared memory: a schedule point before, what it changed after.
class AtomicAccess {
 public:
  AtomicAccess(const volatile void* address, std::size_t bytes, bool reads, bool writes, int order);
  ~AtomicAccess();
  AtomicAccess(const AtomicAccess&) = delete;
  AtomicAccess& operator=(const AtomicAccess&) = delete;

 private:
  World* world_;
  RingWords words_;
  const MemoryOrder order_;
  const bool changes_;  // reads and writes at once
};

// Around an atomic operation on memory that is the application's alone: a schedule point before, an order of
// what the threads do with rings after.
class OwnAtomic {
 public:
  // `order`: as the compiler tells it.
  OwnAtomic(const volatile void* address, int order);
  ~OwnAtomic();
  OwnAtomic(const OwnAtomic&) = delete;
  OwnAtomic& operator=(const OwnAtomic&) = delete;
  // It found `seen`, and left it so, though it may have `wrote` that. A loop that waits for something else is
  // parked here; true: so it was, and what it found may be old by now.
  bool left(std::uint64_t seen, bool wrote);
  void changed(bool read_too);

 private:
  World* const world_;  // null: nobody is to know
  const volatile void* const address_;
  const MemoryOrder order_;
  bool worked_ = false;  // since its last one
};

// Whether a 32-bit access goes the way of the ring helpers.
bool is_ring_word(const volatile void* address);

}  // namespace ringproof
