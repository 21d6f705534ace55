#include "sim/win32/thread_object.h"

#include "sim/win32/pipe_request.h"
#include "sim/win32/state.h"

namespace ringproof {

bool ThreadObject::start(std::function<DWORD()> the_body) {
  const auto self = shared_from_this();
  task = world_.start_thread("thread", [self, body = std::move(the_body)] {
    const DWORD code = body();
    const SystemEntry inside;
    self->world_.destroy_thread_locals();
    self->finish(code);
  });
  if (task < 0) return false;
  world_.win32->add_thread(self, task);
  if (wanted_cpu_ >= 0) world_.kernel.move_task(static_cast<std::uint32_t>(task), wanted_cpu_);
  return true;
}

DWORD ThreadObject::suspend() {
  const DWORD before = suspended++;
  if (started() && before == 0) world_.kernel.suspend_task(static_cast<std::uint32_t>(task));
  return before;
}

DWORD ThreadObject::resume() {
  if (suspended == 0) return 0;
  const DWORD before = suspended--;
  if (before > 1) return before;
  if (started()) {
    world_.kernel.resume_task(static_cast<std::uint32_t>(task));
  } else if (!start(std::move(body))) {
    suspended = before;
    return static_cast<DWORD>(-1);
  }
  return before;
}

void ThreadObject::finish(DWORD code) {
  for (std::size_t i = 0; i < fls.size(); ++i) {
    const auto [used, callback] = world_.win32->process().fls_used[i];  // others may free it meanwhile
    if (fls[i] == nullptr || !used || callback == nullptr) continue;
    void* const value = std::exchange(fls[i], nullptr);
    const OutsideSystem outside;
    callback(value);
  }
  world_.win32->pipe_requests->task_ended(world_, task);  // before anybody hears that it is over
  exit_code_ = code;
  world_.win32->process().exit_code_of_last_thread = code;
  mark_ended();
}

void ThreadObject::mark_ended(DWORD code) {
  if (std::exchange(ended_, true)) return;
  if (exit_code_ == kStillActive) exit_code_ = code;
  world_.kernel.notify(world_.signalled);
}

void ThreadObject::queue_call(std::function<void()> call) {
  if (ended_) return;
  queued_calls.push_back(std::move(call));
  world_.kernel.notify(world_.signalled);
  if (waits_alertably_for != nullptr) world_.kernel.notify(*waits_alertably_for);
}

void ThreadObject::move_to(std::uint32_t cpu) {
  wanted_cpu_ = static_cast<int>(cpu);
  if (started() && !ended_) world_.kernel.move_task(static_cast<std::uint32_t>(task), cpu);
}

}  // namespace ringproof
