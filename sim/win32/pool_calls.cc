// Timer queues, registered waits and the thread pool, as Windows programs call them.
//
// What these calls name is not a handle of the table: a small object of ours stands behind each.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/timers.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "sim/app/waits.h"
#include "sim/win32/file_time.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"
#include "sim/win32/thread_pool.h"

using ringproof::ApiCall;
using ringproof::fail_with;
using ringproof::PoolCalls;
using ringproof::World;

struct _TP_WORK {
  std::shared_ptr<PoolCalls> calls;
};
struct _TP_TIMER {
  std::shared_ptr<PoolCalls> calls;
};

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint64_t kCallPs = 200'000;  // until a thread of the pool makes a call

class QueueTimer final : public ringproof::xdp::KernelObject {
 public:
  explicit QueueTimer(std::shared_ptr<PoolCalls> the_calls) : calls(std::move(the_calls)) {}
  void close() override { calls->stop_timer(); }
  const std::shared_ptr<PoolCalls> calls;
};

class TimerQueue final : public ringproof::xdp::KernelObject {
 public:
  void close() override {}
  std::vector<HANDLE> timers;
};

// A wait that a thread of its own waits.
class RegisteredWait final : public ringproof::xdp::KernelObject {
 public:
  explicit RegisteredWait(World& world) : world_(world) {}
  void close() override {
    ended = true;
    world_.kernel.notify(world_.signalled);
  }
  void call_ended() {
    calling = false;
    if (when_idle != nullptr) std::exchange(when_idle, nullptr)->set();
    world_.kernel.notify(world_.signalled);
  }
  bool ended = false;
  bool calling = false;                         // from the decision to call on
  std::shared_ptr<ringproof::Event> when_idle;  // set when the last call has ended

 private:
  World& world_;
};

void set_timer(const World& world, PoolCalls& calls, ULONG due, ULONG period) {
  if (due == INFINITE) {
    calls.stop_timer();
  } else {
    calls.set_timer(world.kernel.now_ps() + due * kMillisecondPs, period * kMillisecondPs);
  }
}

// Who wants to know that the calls of something deleted are over: nobody (NULL), an event, or the caller
// himself, who waits (INVALID_HANDLE_VALUE).
struct Completion {
  Completion(const ApiCall& call, HANDLE completion_event)
      : waits(completion_event == INVALID_HANDLE_VALUE),
        event(ringproof::find_object<ringproof::Event>(call, completion_event)),
        valid(completion_event == nullptr || waits || event != nullptr) {}
  const bool waits;
  const std::shared_ptr<ringproof::Event> event;
  const bool valid;
};

using AllCalls = std::vector<std::shared_ptr<PoolCalls>>;

// The event is set when the last of them is over.
void set_when_idle(const std::shared_ptr<ringproof::Event>& event, const AllCalls& all) {
  const auto busy = std::make_shared<std::size_t>(all.size());
  if (all.empty()) event->set();
  for (const auto& calls : all) {
    calls->when_idle([event, busy] {
      if (--*busy == 0) event->set();
    });
  }
}

BOOL finish_calls(const Completion& completion, const AllCalls& all) {
  if (completion.event != nullptr) set_when_idle(completion.event, all);
  bool busy = false;
  for (const auto& calls : all) {
    if (completion.waits) calls->wait();
    busy |= calls->busy();
  }
  return busy && completion.event == nullptr ? fail_with(ERROR_IO_PENDING) : TRUE;
}

// Its calls are over, or are the last.
void close_timer(const ApiCall& call, HANDLE timer, AllCalls* calls) {
  const auto found = ringproof::find_object<QueueTimer>(call, timer);
  if (found == nullptr) return;
  call.world().platform.close_handle(timer);
  calls->push_back(found->calls);
}

}  // namespace

extern "C" {

HANDLE CreateTimerQueue(VOID) {
  const ApiCall call("CreateTimerQueue");
  if (!call.has_world()) return nullptr;
  call.acted();
  return call.world().open_handle(std::make_shared<TimerQueue>());
}

BOOL CreateTimerQueueTimer(PHANDLE Timer, HANDLE Queue, WAITORTIMERCALLBACK Callback, PVOID Parameter,
                           DWORD DueTime, DWORD Period, ULONG) {
  const ApiCall call("CreateTimerQueueTimer");
  if (!call.has_world()) return FALSE;
  const auto queue = ringproof::find_object<TimerQueue>(call, Queue);
  if (Queue != nullptr && queue == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (Callback == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  call.acted();
  World& world = call.world();
  const auto calls = std::make_shared<PoolCalls>(world, world.win32->pool(),
                                                 [Callback, Parameter] { Callback(Parameter, TRUE); });
  *Timer = world.open_handle(std::make_shared<QueueTimer>(calls));
  if (queue != nullptr) queue->timers.push_back(*Timer);
  set_timer(world, *calls, DueTime, Period);
  return TRUE;
}

BOOL ChangeTimerQueueTimer(HANDLE, HANDLE Timer, ULONG DueTime, ULONG Period) {
  const ApiCall call("ChangeTimerQueueTimer");
  const auto timer = ringproof::find_object<QueueTimer>(call, Timer);
  if (timer == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  set_timer(call.world(), *timer->calls, DueTime, Period);
  return TRUE;
}

BOOL DeleteTimerQueueTimer(HANDLE, HANDLE Timer, HANDLE CompletionEvent) {
  const ApiCall call("DeleteTimerQueueTimer");
  const Completion completion(call, CompletionEvent);
  AllCalls calls;
  if (completion.valid) close_timer(call, Timer, &calls);
  if (calls.empty()) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  return finish_calls(completion, calls);
}

BOOL DeleteTimerQueueEx(HANDLE Queue, HANDLE CompletionEvent) {
  const ApiCall call("DeleteTimerQueue");
  const auto queue = ringproof::find_object<TimerQueue>(call, Queue);
  const Completion completion(call, CompletionEvent);
  if (queue == nullptr || !completion.valid) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  AllCalls calls;
  for (const HANDLE timer : queue->timers) close_timer(call, timer, &calls);
  call.world().platform.close_handle(Queue);
  return finish_calls(completion, calls);
}

BOOL DeleteTimerQueue(HANDLE Queue) { return DeleteTimerQueueEx(Queue, nullptr); }

BOOL QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context, ULONG) {
  const ApiCall call("QueueUserWorkItem");
  if (!call.has_world()) return FALSE;
  call.acted();
  call.world().win32->pool().submit([Function, Context] {
    const ringproof::OutsideSystem outside;
    Function(Context);
  });
  return TRUE;
}

BOOL RegisterWaitForSingleObject(PHANDLE NewWait, HANDLE Object, WAITORTIMERCALLBACK Callback, PVOID Context,
                                 ULONG Milliseconds, ULONG Flags) {
  const ApiCall call("RegisterWaitForSingleObject");
  if (!call.has_world()) return FALSE;
  World& world = call.world();
  const auto object = ringproof::find_object<ringproof::Waitable>(call, Object);
  if (object == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  const auto wait = std::make_shared<RegisteredWait>(world);
  const bool once = (Flags & WT_EXECUTEONLYONCE) != 0;
  const int task = world.start_thread("wait", [&world, object, wait, Callback, Context, Milliseconds, once] {
    const ringproof::SystemEntry inside;
    world.win32->is_of_system();
    do {
      const std::uint64_t deadline_ps = ringproof::deadline_after(world, Milliseconds);
      while (!wait->ended && !object->signalled() && world.kernel.now_ps() < deadline_ps) {
        world.kernel.wait(world.signalled, deadline_ps);
      }
      if (wait->ended) return;
      const bool signalled = object->signalled();
      if (signalled) object->taken();
      wait->calling = true;
      world.kernel.spend(kCallPs);
      {
        const ringproof::OutsideSystem outside;
        Callback(Context, signalled ? FALSE : TRUE);
      }
      wait->call_ended();
    } while (!once);
  });
  if (task < 0) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
  *NewWait = world.open_handle(wait);
  return TRUE;
}

BOOL UnregisterWaitEx(HANDLE Wait, HANDLE CompletionEvent) {
  const ApiCall call("UnregisterWait");
  const auto wait = ringproof::find_object<RegisteredWait>(call, Wait);
  const Completion completion(call, CompletionEvent);
  if (wait == nullptr || !completion.valid) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  World& world = call.world();
  world.platform.close_handle(Wait);
  while (completion.waits && wait->calling) world.kernel.wait(world.signalled, ringproof::kNever);
  if (completion.event != nullptr) {
    wait->when_idle = completion.event;
    if (!wait->calling) wait->call_ended();
  }
  return wait->calling && completion.event == nullptr ? fail_with(ERROR_IO_PENDING) : TRUE;
}

BOOL UnregisterWait(HANDLE Wait) { return UnregisterWaitEx(Wait, nullptr); }

BOOL TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK Callback, PVOID Context, PTP_CALLBACK_ENVIRON) {
  const ApiCall call("TrySubmitThreadpoolCallback");
  if (!call.has_world()) return FALSE;
  call.acted();
  call.world().win32->pool().submit([Callback, Context] {
    const ringproof::OutsideSystem outside;
    Callback(nullptr, Context);
  });
  return TRUE;
}

PTP_WORK CreateThreadpoolWork(PTP_WORK_CALLBACK Callback, PVOID Context, PTP_CALLBACK_ENVIRON) {
  const ApiCall call("CreateThreadpoolWork");
  if (!call.has_world()) return nullptr;
  call.acted();
  auto* work = new _TP_WORK;
  work->calls = std::make_shared<PoolCalls>(call.world(), call.world().win32->pool(),
                                            [Callback, Context, work] { Callback(nullptr, Context, work); });
  return work;
}

VOID SubmitThreadpoolWork(PTP_WORK Work) {
  const ApiCall call("SubmitThreadpoolWork");
  call.acted();
  Work->calls->submit();
}

VOID WaitForThreadpoolWorkCallbacks(PTP_WORK Work, BOOL CancelPending) {
  const ApiCall call("WaitForThreadpoolWorkCallbacks");
  if (CancelPending != FALSE) Work->calls->forget_pending();
  Work->calls->wait();
}

VOID CloseThreadpoolWork(PTP_WORK Work) { delete Work; }

PTP_TIMER CreateThreadpoolTimer(PTP_TIMER_CALLBACK Callback, PVOID Context, PTP_CALLBACK_ENVIRON) {
  const ApiCall call("CreateThreadpoolTimer");
  if (!call.has_world()) return nullptr;
  call.acted();
  auto* timer = new _TP_TIMER;
  timer->calls =
      std::make_shared<PoolCalls>(call.world(), call.world().win32->pool(),
                                  [Callback, Context, timer] { Callback(nullptr, Context, timer); });
  return timer;
}

VOID SetThreadpoolTimer(PTP_TIMER Timer, PFILETIME DueTime, DWORD Period, DWORD) {
  const ApiCall call("SetThreadpoolTimer");
  call.acted();
  if (DueTime == nullptr) {
    Timer->calls->stop_timer();
    return;
  }
  const auto ticks =
      static_cast<std::int64_t>((std::uint64_t{DueTime->dwHighDateTime} << 32) | DueTime->dwLowDateTime);
  const std::uint64_t due_ps = ringproof::due_time_ps(ticks, call.world().kernel.now_ps());
  Timer->calls->set_timer(due_ps, Period * kMillisecondPs);
}

BOOL IsThreadpoolTimerSet(PTP_TIMER Timer) { return Timer->calls->timer_set() ? TRUE : FALSE; }

VOID WaitForThreadpoolTimerCallbacks(PTP_TIMER Timer, BOOL CancelPending) {
  const ApiCall call("WaitForThreadpoolTimerCallbacks");
  if (CancelPending != FALSE) Timer->calls->forget_pending();
  Timer->calls->wait();
}

VOID CloseThreadpoolTimer(PTP_TIMER Timer) {
  Timer->calls->stop_timer();
  delete Timer;
}

}  // extern "C"
