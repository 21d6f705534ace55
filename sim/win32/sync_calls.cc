// Mutexes, semaphores, waitable timers, and the rest of events, as Windows programs call them.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/sync.h>

#include <algorithm>

#include "sim/app/waits.h"
#include "sim/win32/file_time.h"
#include "sim/win32/names.h"
#include "sim/win32/state.h"
#include "sim/win32/sync_objects.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::Event;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::Mutex;
using ringproof::Semaphore;
using ringproof::ThreadObject;
using ringproof::WaitableTimer;
using ringproof::wide_name;
using ringproof::World;

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;

HANDLE create_mutex(const char* call_name, const std::u16string& name, bool owned) {
  const ApiCall call(call_name);
  if (!call.has_world()) return nullptr;
  call.acted();
  World& world = call.world();
  return world.win32->open_or_make<Mutex>(name, [&] { return std::make_shared<Mutex>(world, owned); });
}

HANDLE create_semaphore(const std::u16string& name, LONG count, LONG maximum) {
  const ApiCall call("CreateSemaphore");
  if (!call.has_world()) return nullptr;
  if (maximum <= 0 || count < 0 || count > maximum) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return nullptr;
  }
  call.acted();
  World& world = call.world();
  return world.win32->open_or_make<Semaphore>(
      name, [&] { return std::make_shared<Semaphore>(world, count, maximum); });
}

HANDLE create_timer(const std::u16string& name, bool manual_reset) {
  const ApiCall call("CreateWaitableTimer");
  if (!call.has_world()) return nullptr;
  call.acted();
  World& world = call.world();
  return world.win32->open_or_make<WaitableTimer>(
      name, [&] { return std::make_shared<WaitableTimer>(world, manual_reset); });
}

template <typename Kind>
HANDLE open_named(const char* call_name, const std::u16string& name) {
  const ApiCall call(call_name);
  if (!call.has_world()) return nullptr;
  call.acted();
  const std::shared_ptr<ringproof::xdp::KernelObject> object = call.world().win32->named(name);
  if (object == nullptr || std::dynamic_pointer_cast<Kind>(object) == nullptr) {
    SetLastError(name.empty()        ? ERROR_INVALID_PARAMETER
                 : object == nullptr ? ERROR_FILE_NOT_FOUND
                                     : ERROR_INVALID_HANDLE);
    return nullptr;
  }
  return call.world().open_handle(object);
}

}  // namespace

extern "C" {

HANDLE CreateEventExA(LPSECURITY_ATTRIBUTES Attributes, LPCSTR Name, DWORD Flags, DWORD) {
  return CreateEventA(Attributes, (Flags & CREATE_EVENT_MANUAL_RESET) != 0,
                      (Flags & CREATE_EVENT_INITIAL_SET) != 0, Name);
}

HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES Attributes, LPCWSTR Name, DWORD Flags, DWORD) {
  return CreateEventW(Attributes, (Flags & CREATE_EVENT_MANUAL_RESET) != 0,
                      (Flags & CREATE_EVENT_INITIAL_SET) != 0, Name);
}

HANDLE OpenEventA(DWORD, BOOL, LPCSTR Name) { return open_named<Event>("OpenEvent", wide_name(Name)); }
HANDLE OpenEventW(DWORD, BOOL, LPCWSTR Name) { return open_named<Event>("OpenEvent", wide_name(Name)); }

HANDLE CreateMutexA(LPSECURITY_ATTRIBUTES, BOOL InitialOwner, LPCSTR Name) {
  return create_mutex("CreateMutex", wide_name(Name), InitialOwner != FALSE);
}

HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES, BOOL InitialOwner, LPCWSTR Name) {
  return create_mutex("CreateMutex", wide_name(Name), InitialOwner != FALSE);
}

HANDLE CreateMutexExA(LPSECURITY_ATTRIBUTES, LPCSTR Name, DWORD Flags, DWORD) {
  return create_mutex("CreateMutexEx", wide_name(Name), (Flags & CREATE_MUTEX_INITIAL_OWNER) != 0);
}

HANDLE CreateMutexExW(LPSECURITY_ATTRIBUTES, LPCWSTR Name, DWORD Flags, DWORD) {
  return create_mutex("CreateMutexEx", wide_name(Name), (Flags & CREATE_MUTEX_INITIAL_OWNER) != 0);
}

HANDLE OpenMutexA(DWORD, BOOL, LPCSTR Name) { return open_named<Mutex>("OpenMutex", wide_name(Name)); }
HANDLE OpenMutexW(DWORD, BOOL, LPCWSTR Name) { return open_named<Mutex>("OpenMutex", wide_name(Name)); }

BOOL ReleaseMutex(HANDLE Object) {
  const ApiCall call("ReleaseMutex");
  const auto mutex = find_object<Mutex>(call, Object);
  if (mutex == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  return mutex->release() ? TRUE : fail_with(ERROR_NOT_OWNER);
}

HANDLE CreateSemaphoreA(LPSECURITY_ATTRIBUTES, LONG Count, LONG MaximumCount, LPCSTR Name) {
  return create_semaphore(wide_name(Name), Count, MaximumCount);
}

HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES, LONG Count, LONG MaximumCount, LPCWSTR Name) {
  return create_semaphore(wide_name(Name), Count, MaximumCount);
}

HANDLE CreateSemaphoreExW(LPSECURITY_ATTRIBUTES, LONG Count, LONG MaximumCount, LPCWSTR Name, DWORD, DWORD) {
  return create_semaphore(wide_name(Name), Count, MaximumCount);
}

HANDLE OpenSemaphoreA(DWORD, BOOL, LPCSTR Name) {
  return open_named<Semaphore>("OpenSemaphore", wide_name(Name));
}
HANDLE OpenSemaphoreW(DWORD, BOOL, LPCWSTR Name) {
  return open_named<Semaphore>("OpenSemaphore", wide_name(Name));
}

BOOL ReleaseSemaphore(HANDLE Object, LONG Count, LONG* PreviousCount) {
  const ApiCall call("ReleaseSemaphore");
  const auto semaphore = find_object<Semaphore>(call, Object);
  if (semaphore == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (Count <= 0) return fail_with(ERROR_INVALID_PARAMETER);
  call.acted();
  return semaphore->release(Count, PreviousCount) ? TRUE : fail_with(ERROR_TOO_MANY_POSTS);
}

HANDLE CreateWaitableTimerA(LPSECURITY_ATTRIBUTES, BOOL ManualReset, LPCSTR Name) {
  return create_timer(wide_name(Name), ManualReset != FALSE);
}

HANDLE CreateWaitableTimerW(LPSECURITY_ATTRIBUTES, BOOL ManualReset, LPCWSTR Name) {
  return create_timer(wide_name(Name), ManualReset != FALSE);
}

HANDLE CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES, LPCSTR Name, DWORD Flags, DWORD) {
  return create_timer(wide_name(Name), (Flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0);
}

HANDLE CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES, LPCWSTR Name, DWORD Flags, DWORD) {
  return create_timer(wide_name(Name), (Flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0);
}

BOOL SetWaitableTimer(HANDLE Object, const LARGE_INTEGER* DueTime, LONG Period, PTIMERAPCROUTINE Routine,
                      LPVOID Argument, BOOL) {
  const ApiCall call("SetWaitableTimer");
  const auto timer = find_object<WaitableTimer>(call, Object);
  if (timer == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (DueTime == nullptr || Period < 0) return fail_with(ERROR_INVALID_PARAMETER);
  call.acted();
  World& world = call.world();
  std::function<void()> when_due;
  if (Routine != nullptr) {
    // One call at a time, and none of a setting that is over.
    const auto waiting = std::make_shared<bool>(false);
    const std::uint64_t setting = timer->next_setting();
    when_due = [&world, Routine, Argument, waiting, setting, timer = std::weak_ptr(timer),
                thread = world.win32->current_thread()] {
      const std::uint64_t time =
          ringproof::kSimulationBegins + world.kernel.now_ps() / ringproof::kFileTimeTickPs;
      if (std::exchange(*waiting, true)) return;
      thread->queue_call([Routine, Argument, time, waiting, setting, timer] {
        *waiting = false;
        const auto present = timer.lock();
        if (present == nullptr || !present->is_setting(setting)) return;
        Routine(Argument, static_cast<DWORD>(time), static_cast<DWORD>(time >> 32));
      });
    };
  }
  timer->set(ringproof::due_time_ps(DueTime->QuadPart, world.kernel.now_ps()),
             static_cast<std::uint64_t>(Period) * kMillisecondPs, std::move(when_due));
  return TRUE;
}

BOOL SetWaitableTimerEx(HANDLE Object, const LARGE_INTEGER* DueTime, LONG Period, PTIMERAPCROUTINE Routine,
                        LPVOID Argument, PVOID, ULONG) {
  return SetWaitableTimer(Object, DueTime, Period, Routine, Argument, FALSE);
}

BOOL CancelWaitableTimer(HANDLE Object) {
  const ApiCall call("CancelWaitableTimer");
  const auto timer = find_object<WaitableTimer>(call, Object);
  if (timer == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  timer->cancel();
  return TRUE;
}

DWORD WaitForSingleObjectEx(HANDLE Object, DWORD Milliseconds, BOOL Alertable) {
  const ApiCall call("WaitForSingleObject");
  return wait_for_objects(
      call, {.handles = &Object, .milliseconds = Milliseconds, .alertable = Alertable != FALSE});
}

DWORD WaitForMultipleObjectsEx(DWORD Count, const HANDLE* Handles, BOOL WaitAll, DWORD Milliseconds,
                               BOOL Alertable) {
  const ApiCall call("WaitForMultipleObjects");
  return wait_for_objects(call, {Count, Handles, WaitAll != FALSE, Milliseconds, Alertable != FALSE});
}

DWORD SignalObjectAndWait(HANDLE ToSignal, HANDLE ToWaitFor, DWORD Milliseconds, BOOL Alertable) {
  const ApiCall call("SignalObjectAndWait");
  const auto object = find_object<ringproof::xdp::KernelObject>(call, ToSignal);
  if (object == nullptr) {
    SetLastError(ERROR_INVALID_HANDLE);
    return WAIT_FAILED;
  }
  call.acted();
  DWORD error = 0;
  if (const auto event = std::dynamic_pointer_cast<Event>(object)) {
    event->set();
  } else if (const auto mutex = std::dynamic_pointer_cast<Mutex>(object)) {
    if (!mutex->release()) error = ERROR_NOT_OWNER;
  } else if (const auto semaphore = std::dynamic_pointer_cast<Semaphore>(object)) {
    if (!semaphore->release(1, nullptr)) error = ERROR_TOO_MANY_POSTS;
  } else {
    error = ERROR_INVALID_HANDLE;
  }
  if (error != 0) {
    SetLastError(error);
    return WAIT_FAILED;
  }
  return wait_for_objects(
      call, {.handles = &ToWaitFor, .milliseconds = Milliseconds, .alertable = Alertable != FALSE});
}

}  // extern "C"
