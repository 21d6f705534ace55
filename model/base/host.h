// host.h: what the model asks of the machine it runs on.
// Role     time, blocking, services and timers for the platform, the driver and the NIC; implemented in sim/
// Units    time is simulated, in picoseconds, and only moves forward
// Threads  every call comes from the one simulation thread; "task" below is a coroutine on a virtual CPU
// Errors   none
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "model/base/fault.h"

namespace ringproof {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// Something tasks can wait for. It has no memory: the owner keeps the condition beside it.
struct Signal {
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  std::vector<std::uint32_t> waiters;  // task numbers, in order of arrival; the host's business
};

// Whose doing a timed action is. Actions of one source keep their order; a strategy may let those of
// different sources change places, and never moves what comes off a wire.
struct EventSource {
  enum class Kind : std::uint8_t { kTimer, kInterrupt, kDma, kRegister, kWire, kFault };

  Kind kind = Kind::kTimer;
  std::uint32_t port = 0;
  std::uint32_t number = 0;                              // interrupt: vector; DMA: requester
  auto operator<=>(const EventSource&) const = default;  // NOLINT(modernize-use-nullptr): misread
};

// Something that one task at a time has, or that keeps others out for a while. What matters is the order in
// which a task comes to have several of them.
struct LockName {
  const char* kind;       // a literal
  std::uint64_t number;   // of its owner, unique for the kind
  bool may_block = true;  // a task that has it may wait for something
};

// How an access to memory that several actors share is ordered. The values are the compiler's.
enum class MemoryOrder : std::uint8_t {
  kRelaxed = __ATOMIC_RELAXED,
  kAcquire = __ATOMIC_ACQUIRE,
  kRelease = __ATOMIC_RELEASE,
  kAcquireRelease = __ATOMIC_ACQ_REL,
  kSequential = __ATOMIC_SEQ_CST,
};

class Host {
 public:
  virtual ~Host() = default;

  // Time of the calling task or timer.
  virtual std::uint64_t now_ps() const = 0;

  // The calling task spent `cost_ps` of CPU time; others may run now. Outside a task it does nothing.
  virtual void spend(std::uint64_t cost_ps) = 0;

  // Hardware that runs by itself has gone on, though nothing may have happened on the host: whoever watches
  // for a stand-still is told.
  virtual void hardware_went_on() {}

  // Returns once the hardware has reached the time of the calling task, so that memory which a device
  // writes shows what it would show now. Outside a task it does nothing.
  virtual void meet_hardware() = 0;

  // Blocks the calling task until the signal is notified (true) or the deadline comes (false).
  // REQUIRES: called from a task.
  virtual bool wait(Signal& signal, std::uint64_t deadline_ps) = 0;

  // The calling task is about to take the lock, or to wait until nobody has it; has it; has left it.
  virtual void lock_wanted(const LockName& /*lock*/) {}
  virtual void lock_taken(const LockName& /*lock*/) {}
  virtual void lock_left(const LockName& /*lock*/) {}

  // Wakes every task that waits for the signal.
  virtual void notify(Signal& signal) = 0;

  // Starts an endless kernel task (a driver's poll loop) on a virtual CPU.
  virtual void start_service(const std::string& name, std::uint32_t cpu, std::function<void()> body) = 0;

  // Calls `action` at the given time, in the order of time, then of posting, unless a strategy delays it.
  virtual void at(std::uint64_t time_ps, const EventSource& source, std::function<void()> action) = 0;
  void at(std::uint64_t time_ps, std::function<void()> action) { at(time_ps, {}, std::move(action)); }

  // Time of the earliest host event that is due; kNever when there is none.
  virtual std::uint64_t next_due_ps() const = 0;

  // A 32-bit word that an application may be polling has a new value.
  virtual void shared_word_changed(const volatile void* address) = 0;

  // Accesses to words that applications and the platform share, as the calling task sees memory. The base
  // class is sequentially consistent: what it does is what the processor does.
  virtual std::uint32_t load_shared(const std::uint32_t* word, MemoryOrder order);
  virtual void store_shared(std::uint32_t* word, std::uint32_t value, MemoryOrder order);
  // Returns the word as it was; the new value has the `set` bits and not the `cleared` ones.
  virtual std::uint32_t change_shared(std::uint32_t* word, std::uint32_t set, std::uint32_t cleared);
  virtual void fence(MemoryOrder order);
  // The memory is about to go away, or to be used for something else. Says what becomes of it: nobody may
  // touch it from now on, or from the next step of an application on, which the host sees to; or it stays as
  // it is, because threads that nobody can stop still use it.
  enum class Forgotten : std::uint8_t { kShut, kShutLater, kStays };
  virtual Forgotten forget_shared(const void* memory, std::size_t bytes);

  // The calling task is about to read or change what others may change as well, besides shared words: until
  // it leaves, its steps have an order with everybody's who does the same. Counted.
  virtual void enter_platform() {}
  virtual void leave_platform() {}

  // Number of virtual CPUs, and the one that the calling task runs on.
  virtual std::uint32_t cpu_count() const = 0;
  virtual std::uint32_t current_cpu() const = 0;
  // The calling task goes on on another virtual CPU, once that is free. Outside a task it does nothing.
  virtual void move_to_cpu(std::uint32_t cpu) = 0;

  // Where something may go wrong. REQUIRES: set before anything is built that asks.
  FaultPoints& faults() const { return *faults_; }
  void set_faults(FaultPoints& faults) { faults_ = &faults; }
  // For a fault point on the host: an opportunity now.
  FaultStrike fault(FaultId id, const FaultTarget& target = {}) const {
    if (!faults_->armed(id)) [[likely]]
      return {};
    return faults_->at(id, now_ps(), target);
  }

 private:
  FaultPoints* faults_ = &FaultPoints::none();
};

// For the length of a block the calling task is inside the platform.
class InPlatform {
 public:
  explicit InPlatform(Host& host) : host_(host) { host_.enter_platform(); }
  ~InPlatform() { host_.leave_platform(); }
  InPlatform(const InPlatform&) = delete;
  InPlatform& operator=(const InPlatform&) = delete;

 private:
  Host& host_;
};

}  // namespace ringproof
