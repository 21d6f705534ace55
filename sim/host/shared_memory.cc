// Shared words, as the running task sees them: a memory model's business, if there is one.

#include <algorithm>

#include "model/base/guarded_memory.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

std::uint32_t HostKernel::load_shared(const std::uint32_t* word, MemoryOrder order) {
  note(word, false);
  const std::uint32_t value =
      memory_ == nullptr ? Host::load_shared(word, order) : memory_->load(memory_actor(), word, order);
  tell_access(SharedAccess::Kind::kLoad, order, word, value, value);
  return value;
}

std::uint32_t HostKernel::load_newest(const std::uint32_t* word, MemoryOrder order) {
  note(word, false);
  const std::uint32_t value = Host::load_shared(word, order);
  tell_access(SharedAccess::Kind::kLoad, order, word, value, value);
  return value;
}

void HostKernel::store_shared(std::uint32_t* word, std::uint32_t value, MemoryOrder order) {
  note(word, true);
  const std::uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
  if (memory_ == nullptr) {
    Host::store_shared(word, value, order);
  } else {
    memory_->store(memory_actor(), word, value, order);
  }
  tell_access(SharedAccess::Kind::kStore, order, word, value, old);
}

std::uint32_t HostKernel::change_shared(std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) {
  note(word, true);
  const std::uint32_t old = memory_ == nullptr ? Host::change_shared(word, set, cleared)
                                               : memory_->change(memory_actor(), word, set, cleared);
  tell_access(SharedAccess::Kind::kChange, MemoryOrder::kAcquireRelease, word, (old & ~cleared) | set, old);
  return old;
}

void HostKernel::fence(MemoryOrder order) {
  if (memory_ == nullptr) {
    Host::fence(order);
  } else {
    // Full fences meet in one order, so two of them never change places without a difference.
    if (order == MemoryOrder::kSequential) note(&memory_, true);
    memory_->fence(memory_actor(), order);
  }
  tell_access(SharedAccess::Kind::kFence, order, nullptr, 0, 0);
}

void HostKernel::atomic_done(const volatile void* object, bool read, bool wrote, MemoryOrder order) {
  note(object, wrote);
  if (memory_ != nullptr) memory_->atomic_done(memory_actor(), object, read, wrote, order);
}

Host::Forgotten HostKernel::forget_shared(const void* memory, std::size_t bytes) {
  if (memory_ != nullptr) memory_->forget(memory, bytes);
  // Free threads whose process has ended go on in code of their own.
  if (free_ != nullptr && (applications_stopped_ || !stopped_processes_.empty())) return Forgotten::kStays;
  if (!shuts_memory_late_) return Forgotten::kShut;
  memory_waits_ = true;
  return Forgotten::kShutLater;
}

void HostKernel::shut_memory() {
  memory_waits_ = false;
  GuardedMemory::shut_waiting();
}

void HostKernel::synchronize() {
  if (memory_ != nullptr) memory_->fence(memory_actor(), MemoryOrder::kSequential);
}

// A task that has the CPU after another one finds an empty store buffer, and came through the scheduler.
void HostKernel::switch_cpu_to(const Task& task) {
  if (memory_ == nullptr) return;
  last_on_cpu_.resize(cpu_count(), kOutsideTasks);
  ActorId& last = last_on_cpu_[task.cpu];
  if (last == task.number) return;
  memory_->fence(last, MemoryOrder::kSequential);
  memory_->fence(task.number, MemoryOrder::kSequential);
  last = task.number;
}

void HostKernel::tell_access(SharedAccess::Kind kind, MemoryOrder order, const void* word,
                             std::uint32_t value, std::uint32_t old) {
  if (access_taps_ == nullptr) return;
  const bool by_application = in_application() && is_outside(*current_);
  const SharedAccess access{kind,
                            order,
                            by_application ? Actor::kApplication : Actor::kPlatform,
                            current_ == nullptr ? SharedAccess::kOutsideTask : current_->number,
                            current_cpu(),
                            word,
                            value,
                            old,
                            now_ps_};
  access_taps_->tell(&Tap::shared_access, access);
}

}  // namespace ringproof
