#include "sim/win32/thread_object.h"

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

void ThreadObject::finish(DWORD code) {
  for (std::size_t i = 0; i < fls.size(); ++i) {
    const auto& [used, callback] = world_.win32->process().fls_used[i];
    if (fls[i] == nullptr || !used || callback == nullptr) continue;
    const OutsideSystem outside;
    callback(std::exchange(fls[i], nullptr));
  }
  exit_code_ = code;
  mark_ended();
}

void ThreadObject::mark_ended() {
  if (std::exchange(ended_, true)) return;
  if (exit_code_ == kStillActive) exit_code_ = 0;
  world_.kernel.notify(world_.signalled);
}

void ThreadObject::move_to(std::uint32_t cpu) {
  wanted_cpu_ = static_cast<int>(cpu);
  if (started() && !ended_) world_.kernel.move_task(static_cast<std::uint32_t>(task), cpu);
}

}  // namespace ringproof
