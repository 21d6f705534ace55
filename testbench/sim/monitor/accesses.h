// accesses.h: one side's accesses to the shared words of a SharedMemory, told to a monitor.
// Role     vocabulary of the tests of order and flags; memory is changed as the access says
// Source   model/base/tap.h
#pragma once

#include <cstdint>
#include <cstring>

#include "model/base/tap.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {

constexpr std::size_t kProducer = 0;
constexpr std::size_t kConsumer = 64;
constexpr std::size_t kFlags = 128;
constexpr MemoryOrder kRlx = MemoryOrder::kRelaxed;
constexpr MemoryOrder kAcq = MemoryOrder::kAcquire;
constexpr MemoryOrder kRel = MemoryOrder::kRelease;
constexpr MemoryOrder kSc = MemoryOrder::kSequential;

class Accesses {
 public:
  Accesses(Tap& tap, SharedMemory& memory, Actor side, std::uint32_t task)
      : tap_(tap), memory_(memory), side_(side), task_(task) {}

  void load(RingKind kind, std::size_t word, MemoryOrder order) {
    load_as(kind, word, get(kind, word), order);
  }
  // A weak memory shows an older value.
  void load_as(RingKind kind, std::size_t word, std::uint32_t value, MemoryOrder order) {
    tell(SharedAccess::Kind::kLoad, order, at(kind, word), value, value);
  }
  void store(RingKind kind, std::size_t word, std::uint32_t value, MemoryOrder order) {
    const std::uint32_t old = get(kind, word);
    poke_memory(kind, word, value);
    tell(SharedAccess::Kind::kStore, order, at(kind, word), value, old);
  }
  void advance(RingKind kind, std::size_t word, std::uint32_t count, MemoryOrder order) {
    store(kind, word, get(kind, word) + count, order);
  }
  void change(RingKind kind, std::uint32_t set, std::uint32_t cleared) {
    const std::uint32_t old = get(kind, kFlags);
    const std::uint32_t now = (old & ~cleared) | set;
    poke_memory(kind, kFlags, now);
    tell(SharedAccess::Kind::kChange, MemoryOrder::kAcquireRelease, at(kind, kFlags), now, old);
  }
  void fence(MemoryOrder order) { tell(SharedAccess::Kind::kFence, order, nullptr, 0, 0); }
  // Stores without a word to anybody.
  void poke_memory(RingKind kind, std::size_t word, std::uint32_t value) {
    std::memcpy(at(kind, word), &value, sizeof value);
  }
  void move_to_cpu(std::uint32_t cpu) { cpu_ = cpu; }

 private:
  unsigned char* at(RingKind kind, std::size_t word) {
    return const_cast<unsigned char*>(memory_.shape(kind).base) + word;
  }
  std::uint32_t get(RingKind kind, std::size_t word) {
    std::uint32_t value;
    std::memcpy(&value, at(kind, word), sizeof value);
    return value;
  }
  void tell(SharedAccess::Kind kind, MemoryOrder order, const void* word, std::uint32_t value,
            std::uint32_t old) {
    tap_.shared_access({kind, order, side_, task_, cpu_, word, value, old, memory_.next_ps()});
  }

  Tap& tap_;
  SharedMemory& memory_;
  const Actor side_;
  const std::uint32_t task_;
  std::uint32_t cpu_ = 0;
};

}  // namespace ringproof
