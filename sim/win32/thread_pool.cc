#include "sim/win32/thread_pool.h"

#include <algorithm>
#include <utility>

#include "sim/win32/state.h"

namespace ringproof {

void ThreadPool::submit(std::function<void()> call) {
  calls_.push_back(std::move(call));
  if (idle_ >= calls_.size()) {
    world_.kernel.notify(submitted_);
  } else {
    world_.start_thread(process_, "pool", [this] { serve(); });
  }
}

void ThreadPool::serve() {
  const SystemEntry inside;
  world_.win32->is_of_system();
  while (true) {
    while (!calls_.empty()) {
      const std::function<void()> call = std::move(calls_.front());
      calls_.pop_front();
      call();
    }
    ++idle_;
    world_.kernel.wait(submitted_, kNever);
    --idle_;
  }
}

void PoolCalls::submit() {
  ++pending_;
  pool_.submit([self = shared_from_this()] {
    if (self->pending_ == 0) return;  // taken back
    --self->pending_;
    ++self->running_;
    {
      const OutsideSystem outside;
      self->call_();
    }
    --self->running_;
    self->tell_when_idle();
  });
}

void PoolCalls::tell_when_idle() {
  if (busy()) return;
  world_.kernel.notify(done_);
  for (const auto& told : std::exchange(when_idle_, {})) told();
}

void PoolCalls::wait() {
  while (busy()) world_.kernel.wait(done_, kNever);
}

void PoolCalls::set_timer(std::uint64_t due_ps, std::uint64_t period_ps) {
  ++setting_;
  timer_set_ = true;
  wait_until(due_ps, period_ps);
}

void PoolCalls::wait_until(std::uint64_t due_ps, std::uint64_t period_ps) {
  world_.kernel.at(due_ps, [self = shared_from_this(), setting = setting_, due_ps, period_ps] {
    if (setting != self->setting_ || self->world_.kernel.process_stopped(self->process_)) return;
    self->submit();
    if (period_ps != 0) {
      self->wait_until(std::max(due_ps + period_ps, self->world_.kernel.now_ps()), period_ps);
    }
  });
}

}  // namespace ringproof
