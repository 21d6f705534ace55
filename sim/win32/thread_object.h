// thread_object.h: a thread of a Windows program, as its handles see it.
// Shapes   made -> started (a task runs it) -> ended; signalled from its end on
// Threads  simulation thread
// Source   Windows: process and thread functions
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/app/waitable.h"

namespace ringproof {

class ThreadObject final : public Waitable, public std::enable_shared_from_this<ThreadObject> {
 public:
  ThreadObject(World& world, DWORD the_id) : ThreadObject(world, the_id, world.kernel.current_process()) {}
  ThreadObject(World& world, DWORD the_id, std::uint32_t the_process)
      : id(the_id), process(the_process), world_(world) {}

  // Begins to run. False: no memory for a stack.
  bool start(std::function<DWORD()> body);
  bool started() const { return task >= 0; }
  // Counts up to kSuspendCountMax; the count before. REQUIRES: it has not ended.
  DWORD suspend();
  // The same downwards; -1: no memory for a stack.
  DWORD resume();
  // The running thread is over, with this answer.
  void finish(DWORD code);
  // It is over, whether it finished or not; the code counts if it did not.
  void mark_ended(DWORD code = 0);
  bool ended() const { return ended_; }
  DWORD exit_code() const { return exit_code_; }
  // The thread makes the call in its next alertable wait, or in the one that it is in.
  void queue_call(std::function<void()> call);
  // Runs on this virtual CPU from now on, or from its start.
  void move_to(std::uint32_t cpu);

  bool signalled() const override { return ended_; }
  bool taken() override { return false; }
  void close() override {}

  const DWORD id;
  const std::uint32_t process;
  int task = -1;
  static constexpr DWORD kSuspendCountMax = 127;
  DWORD suspended = 0;
  std::function<DWORD()> body;  // of a thread that waits for its start
  int priority = 0;
  std::uint64_t affinity = 0;  // 0: all
  std::uint32_t ideal_processor = 0;
  std::vector<void*> tls;
  std::vector<void*> fls;
  std::deque<std::function<void()>> queued_calls;
  Signal* waits_alertably_for = nullptr;  // besides the signal that all waits by handle have

 private:
  static constexpr DWORD kStillActive = 259;

  World& world_;
  bool ended_ = false;
  DWORD exit_code_ = kStillActive;
  int wanted_cpu_ = -1;
};

}  // namespace ringproof
