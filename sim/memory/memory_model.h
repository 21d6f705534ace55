// memory_model.h: what an actor sees of words that others write.
// Role     stands behind the shared accesses of the host kernel; without a model they are sequential
// Shapes   an actor is a task (its number) or kOutsideTasks: timers and interrupts, which are sequential.
//          Memory itself always holds the newest value, so plain accesses of programs read that. A word that
//          was changed behind the model's back is taken as it is found
// Units    [ps]
// Threads  simulation thread; every answer that is not forced is asked of the chooser, and 0 is always what a
//          sequential machine does
// Errors   none
// Source   docs/memory-models.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "sim/memory/memory_kind.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

constexpr ActorId kOutsideTasks = std::numeric_limits<ActorId>::max();

// What a model needs of the machine.
class MemoryMachine {
 public:
  virtual ~MemoryMachine() = default;
  virtual std::uint64_t memory_now_ps() const = 0;
  // Whoever polls this word should look again.
  virtual void became_visible(const std::uint32_t* word) = 0;
};

class MemoryModel {
 public:
  // An actor sees the newest value after so many older ones of a word in a row: no real machine keeps a value
  // back for ever, so that a program which hangs under a model hangs for a reason.
  static constexpr std::uint32_t kStaleLoadsMax = 8;
  // Nothing stays invisible for longer. Hardware takes well under a microsecond; a busy simulated machine, on
  // which a chooser delays tasks by microseconds, is given more.
  static constexpr std::uint64_t kVisibleWithinPs = 100'000'000;

  virtual ~MemoryModel() = default;

  virtual std::uint32_t load(ActorId actor, const std::uint32_t* word, MemoryOrder order) = 0;
  virtual void store(ActorId actor, std::uint32_t* word, std::uint32_t value, MemoryOrder order) = 0;
  // Atomic, acquires and releases. Returns the word as it was.
  virtual std::uint32_t change(ActorId actor, std::uint32_t* word, std::uint32_t set,
                               std::uint32_t cleared) = 0;
  virtual void fence(ActorId actor, MemoryOrder order) = 0;
  // An atomic operation on an object that no model keeps: it acts on the newest value, and orders the
  // accesses to words as its order says. Objects are never forgotten: who finds another one at the address of
  // one that is gone sees more than it must.
  virtual void atomic_done(ActorId actor, const volatile void* object, bool read, bool wrote,
                           MemoryOrder order) = 0;
  // The memory is about to go away.
  virtual void forget(const void* memory, std::size_t bytes) = 0;
  // Nothing else is going to happen: everything is visible to everybody from now on. Pollers that had seen
  // older values are told.
  virtual void settle() = 0;
};

std::unique_ptr<MemoryModel> make_tso(Chooser& chooser, MemoryMachine& machine);
std::unique_ptr<MemoryModel> make_release_acquire(Chooser& chooser, MemoryMachine& machine);
// Null for sequential memory.
std::unique_ptr<MemoryModel> make_memory(MemoryKind kind, Chooser& chooser, MemoryMachine& machine);

// How often each actor has seen an older value of each word since it last saw the newest. Short: what is here
// is about to go away.
class StaleLoads {
 public:
  std::uint32_t count(ActorId actor, const std::uint32_t* word) const;
  // Whether anybody's last value of the word was an older one.
  bool any(const std::uint32_t* word) const;
  // The actor saw an older value (stale), or the newest.
  void note(ActorId actor, const std::uint32_t* word, bool stale);
  void forget(const void* memory, std::size_t bytes);
  // The words in the order in which they were first seen, each once; nothing is kept.
  std::vector<const std::uint32_t*> take();

 private:
  struct Entry {
    ActorId actor;
    const std::uint32_t* word;
    std::uint32_t count;
  };
  std::vector<Entry> entries_;
};

// Whether `word` lies in that memory.
bool lies_in(const std::uint32_t* word, const void* memory, std::size_t bytes);

}  // namespace ringproof
