// Threads of a Windows program: their life, what belongs to them, and processors.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/process.h>
#include <ringproof/win32/threads.h>

#include <bit>
#include <memory>
#include <utility>

#include "sim/app/application.h"
#include "sim/app/waits.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::current_world;
using ringproof::fail_with;
using ringproof::ThreadObject;
using ringproof::Win32State;
using ringproof::World;

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint64_t kYieldPs = 200'000;
constexpr std::size_t kTlsSlots = 1088;

// What calls answer that fail with (DWORD)-1.
DWORD failed(DWORD error) {
  SetLastError(error);
  return static_cast<DWORD>(-1);
}

std::shared_ptr<ThreadObject> find_thread(const ApiCall& call, HANDLE handle) {
  if (!call.has_world()) return nullptr;
  if (auto own = call.world().win32->pseudo_object(handle)) {
    return std::dynamic_pointer_cast<ThreadObject>(own);
  }
  return ringproof::find_object<ThreadObject>(call, handle);
}

std::uint64_t all_processors(const World& world) {
  return (std::uint64_t{1} << world.kernel.cpu_count()) - 1;
}

// False: no processor of the group is in the mask.
bool set_affinity(const World& world, ThreadObject& thread, std::uint64_t mask) {
  mask &= all_processors(world);
  if (mask == 0) return false;
  thread.affinity = mask;
  const bool own = thread.task == world.kernel.current_task();
  if (own && ((mask >> world.kernel.current_cpu()) & 1) != 0) return true;  // it may stay
  thread.move_to(static_cast<std::uint32_t>(std::countr_zero(mask)));
  return true;
}

std::uint64_t affinity_of(const World& world, const ThreadObject& thread) {
  return thread.affinity != 0 ? thread.affinity
                              : world.win32->process().affinity_mask & all_processors(world);
}

// The slot of a thread, or null when the index is not in use.
template <typename Used>
void** slot(std::vector<void*>& slots, const Used& used, DWORD index, bool in_use) {
  if (index >= used.size() || !in_use) return nullptr;
  if (slots.size() < used.size()) slots.resize(used.size());
  return &slots[index];
}

void** tls_slot(DWORD index) {
  if (current_world == nullptr) return nullptr;
  const ringproof::SystemEntry entry;
  Win32State& state = *current_world->win32;
  const bool in_use = index < state.process().tls_used.size() && state.process().tls_used[index];
  return slot(state.current_thread()->tls, state.process().tls_used, index, in_use);
}

void** fls_slot(DWORD index) {
  if (current_world == nullptr) return nullptr;
  const ringproof::SystemEntry entry;
  Win32State& state = *current_world->win32;
  const bool in_use = index < state.process().fls_used.size() && state.process().fls_used[index].first;
  return slot(state.current_thread()->fls, state.process().fls_used, index, in_use);
}

// Of a slot; null for an index that is not in use.
void* value_of(void** place) {
  SetLastError(place == nullptr ? ERROR_INVALID_PARAMETER : 0);
  return place == nullptr ? nullptr : *place;
}

BOOL set_value(void** place, void* value) {
  if (place == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  *place = value;
  return TRUE;
}

}  // namespace

extern "C" {

HANDLE CreateThread(LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE Start, LPVOID Parameter,
                    DWORD Flags, LPDWORD ThreadId) {
  const ApiCall call("CreateThread");
  if (!call.has_world()) return nullptr;
  call.acted();
  Win32State& state = *call.world().win32;
  const auto thread = std::make_shared<ThreadObject>(call.world(), state.new_thread_id());
  state.add_thread(thread, -1);
  std::function<DWORD()> body = [Start, Parameter] { return Start(Parameter); };
  if ((Flags & CREATE_SUSPENDED) != 0) {
    thread->suspended = 1;
    thread->body = std::move(body);
  } else if (!thread->start(std::move(body))) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return nullptr;
  }
  if (ThreadId != nullptr) *ThreadId = thread->id;
  return call.world().open_handle(thread);
}

VOID ExitThread(DWORD ExitCode) {
  if (current_world == nullptr) _exit(static_cast<int>(ExitCode));
  const ApiCall call("ExitThread");
  call.acted();
  call.world().destroy_thread_locals();
  Win32State& state = *call.world().win32;
  state.current_thread()->finish(ExitCode);
  // The process ends with its last thread.
  if (state.wait_for_other_threads()) {
    ringproof::Application::end_process(static_cast<int>(state.process().exit_code_of_last_thread));
  }
  call.world().kernel.end_current_task();
}

BOOL GetExitCodeThread(HANDLE Thread, LPDWORD ExitCode) {
  const ApiCall call("GetExitCodeThread");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  *ExitCode = thread->exit_code();
  call.looked(*ExitCode ^ reinterpret_cast<std::uintptr_t>(Thread));
  return TRUE;
}

DWORD ResumeThread(HANDLE Thread) {
  const ApiCall call("ResumeThread");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return failed(ERROR_INVALID_HANDLE);
  call.acted();
  const DWORD before = thread->resume();
  return before == static_cast<DWORD>(-1) ? failed(ERROR_NOT_ENOUGH_MEMORY) : before;
}

DWORD SuspendThread(HANDLE Thread) {
  const ApiCall call("SuspendThread");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return failed(ERROR_INVALID_HANDLE);
  if (thread->ended()) return failed(ERROR_ACCESS_DENIED);
  if (thread->suspended == ThreadObject::kSuspendCountMax) return failed(ERROR_SIGNAL_REFUSED);
  call.acted();
  return thread->suspend();
}

BOOL SwitchToThread(VOID) {
  if (current_world == nullptr) return FALSE;
  const ApiCall call("SwitchToThread");
  call.world().kernel.spend(kYieldPs);
  call.looked(0);
  return TRUE;
}

DWORD SleepEx(DWORD Milliseconds, BOOL Alertable) {
  const ApiCall call("SleepEx");
  if (!call.has_world()) return 0;
  World& world = call.world();
  if (Alertable == FALSE) {
    world.kernel.sleep(Milliseconds == INFINITE ? ringproof::kNever : Milliseconds * kMillisecondPs);
    return 0;
  }
  const std::uint64_t deadline_ps = ringproof::deadline_after(world, Milliseconds);
  while (true) {
    if (world.win32->make_queued_calls()) return WAIT_IO_COMPLETION;
    if (world.kernel.now_ps() >= deadline_ps) return 0;
    world.kernel.wait(world.signalled, deadline_ps);
  }
}

HANDLE GetCurrentThread(VOID) { return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(-2)); }

DWORD GetCurrentThreadId(VOID) {
  const ringproof::SystemEntry entry;
  return current_world == nullptr ? 1 : current_world->win32->current_thread()->id;
}

DWORD GetThreadId(HANDLE Thread) {
  const ApiCall call("GetThreadId");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return static_cast<DWORD>(fail_with(ERROR_INVALID_HANDLE));
  return thread->id;
}

HANDLE OpenThread(DWORD, BOOL, DWORD ThreadId) {
  const ApiCall call("OpenThread");
  if (!call.has_world()) return nullptr;
  call.acted();
  const auto thread = call.world().win32->thread_of_id(ThreadId);
  if (thread == nullptr) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return nullptr;
  }
  return call.world().open_handle(thread);
}

HRESULT SetThreadDescription(HANDLE Thread, PCWSTR) {
  const ApiCall call("SetThreadDescription");
  return find_thread(call, Thread) == nullptr ? E_HANDLE : S_OK;
}

DWORD QueueUserAPC(PAPCFUNC Function, HANDLE Thread, ULONG_PTR Data) {
  const ApiCall call("QueueUserAPC");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return static_cast<DWORD>(fail_with(ERROR_INVALID_HANDLE));
  if (thread->ended()) return static_cast<DWORD>(fail_with(ERROR_GEN_FAILURE));
  call.acted();
  thread->queue_call([Function, Data] { Function(Data); });
  return 1;
}

DWORD TlsAlloc(VOID) {
  const ringproof::SystemEntry entry;
  if (current_world == nullptr) return TLS_OUT_OF_INDEXES;
  std::vector<bool>& used = current_world->win32->process().tls_used;
  for (DWORD i = 0; i < used.size(); ++i) {
    if (!used[i]) {
      used[i] = true;
      return i;
    }
  }
  if (used.size() == kTlsSlots) return failed(ERROR_NO_MORE_ITEMS);
  used.push_back(true);
  return static_cast<DWORD>(used.size() - 1);
}

BOOL TlsFree(DWORD Index) {
  const ringproof::SystemEntry entry;
  if (tls_slot(Index) == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  current_world->win32->process().tls_used[Index] = false;
  current_world->win32->forget_tls(Index);
  return TRUE;
}

LPVOID TlsGetValue(DWORD Index) { return value_of(tls_slot(Index)); }

BOOL TlsSetValue(DWORD Index, LPVOID Value) { return set_value(tls_slot(Index), Value); }

DWORD FlsAlloc(PFLS_CALLBACK_FUNCTION Callback) {
  const ringproof::SystemEntry entry;
  if (current_world == nullptr) return FLS_OUT_OF_INDEXES;
  auto& used = current_world->win32->process().fls_used;
  if (used.size() == kTlsSlots) return failed(ERROR_NO_MORE_ITEMS);
  used.emplace_back(true, Callback);
  return static_cast<DWORD>(used.size() - 1);
}

BOOL FlsFree(DWORD Index) {
  const ringproof::SystemEntry entry;
  if (fls_slot(Index) == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  auto& slot = current_world->win32->process().fls_used[Index];
  void (*const callback)(void*) = slot.second;
  slot = {false, nullptr};
  for (void* value : current_world->win32->take_fls(Index)) {
    if (callback == nullptr) continue;
    const ringproof::OutsideSystem outside;
    callback(value);
  }
  return TRUE;
}

PVOID FlsGetValue(DWORD Index) { return value_of(fls_slot(Index)); }

BOOL FlsSetValue(DWORD Index, PVOID Data) { return set_value(fls_slot(Index), Data); }

int GetThreadPriority(HANDLE Thread) {
  const ApiCall call("GetThreadPriority");
  const auto thread = find_thread(call, Thread);
  if (thread != nullptr) return thread->priority;
  fail_with(ERROR_INVALID_HANDLE);
  return THREAD_PRIORITY_ERROR_RETURN;
}

BOOL SetThreadPriority(HANDLE Thread, int Priority) {
  const ApiCall call("SetThreadPriority");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  const bool known = Priority == THREAD_PRIORITY_IDLE || Priority == THREAD_PRIORITY_TIME_CRITICAL ||
                     (Priority >= THREAD_PRIORITY_LOWEST && Priority <= THREAD_PRIORITY_HIGHEST);
  if (!known) return fail_with(ERROR_INVALID_PARAMETER);
  thread->priority = Priority;
  return TRUE;
}

BOOL SetThreadPriorityBoost(HANDLE Thread, BOOL) {
  const ApiCall call("SetThreadPriorityBoost");
  return find_thread(call, Thread) != nullptr ? TRUE : fail_with(ERROR_INVALID_HANDLE);
}

DWORD GetPriorityClass(HANDLE) {
  const ringproof::SystemEntry entry;
  return current_world == nullptr ? 0 : current_world->win32->process().priority_class;
}

BOOL SetPriorityClass(HANDLE, DWORD Class) {
  const ringproof::SystemEntry entry;
  if (current_world == nullptr) return FALSE;
  if (!std::has_single_bit(Class)) return fail_with(ERROR_INVALID_PARAMETER);
  current_world->win32->process().priority_class = Class;
  return TRUE;
}

DWORD_PTR SetThreadAffinityMask(HANDLE Thread, DWORD_PTR Mask) {
  const ApiCall call("SetThreadAffinityMask");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return static_cast<DWORD_PTR>(fail_with(ERROR_INVALID_HANDLE));
  const DWORD_PTR before = affinity_of(call.world(), *thread);
  if (set_affinity(call.world(), *thread, Mask)) return before;
  return static_cast<DWORD_PTR>(fail_with(ERROR_INVALID_PARAMETER));
}

BOOL SetThreadGroupAffinity(HANDLE Thread, const GROUP_AFFINITY* Affinity, PGROUP_AFFINITY PreviousAffinity) {
  const ApiCall call("SetThreadGroupAffinity");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (PreviousAffinity != nullptr) *PreviousAffinity = {affinity_of(call.world(), *thread), 0, {}};
  if (Affinity->Group != 0 || !set_affinity(call.world(), *thread, Affinity->Mask)) {
    return fail_with(ERROR_INVALID_PARAMETER);
  }
  return TRUE;
}

BOOL GetThreadGroupAffinity(HANDLE Thread, PGROUP_AFFINITY Affinity) {
  const ApiCall call("GetThreadGroupAffinity");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  *Affinity = {affinity_of(call.world(), *thread), 0, {}};
  return TRUE;
}

DWORD SetThreadIdealProcessor(HANDLE Thread, DWORD Processor) {
  const ApiCall call("SetThreadIdealProcessor");
  const auto thread = find_thread(call, Thread);
  if (thread == nullptr) return failed(ERROR_INVALID_HANDLE);
  const DWORD before = thread->ideal_processor;
  if (Processor == MAXIMUM_PROCESSORS) return before;
  if (Processor >= call.world().kernel.cpu_count()) {
    return failed(ERROR_INVALID_PARAMETER);
  }
  thread->ideal_processor = Processor;
  if (thread->affinity == 0) thread->move_to(Processor);
  return before;
}

BOOL SetThreadIdealProcessorEx(HANDLE Thread, PPROCESSOR_NUMBER Processor,
                               PPROCESSOR_NUMBER PreviousProcessor) {
  const DWORD before = SetThreadIdealProcessor(Thread, Processor->Number);
  if (before == static_cast<DWORD>(-1)) return FALSE;
  if (PreviousProcessor != nullptr) *PreviousProcessor = {0, static_cast<BYTE>(before), 0};
  return TRUE;
}

BOOL GetThreadIdealProcessorEx(HANDLE Thread, PPROCESSOR_NUMBER Processor) {
  const DWORD ideal = SetThreadIdealProcessor(Thread, MAXIMUM_PROCESSORS);
  if (ideal == static_cast<DWORD>(-1)) return FALSE;
  *Processor = {0, static_cast<BYTE>(ideal), 0};
  return TRUE;
}

BOOL SetProcessAffinityMask(HANDLE, DWORD_PTR Mask) {
  const ApiCall call("SetProcessAffinityMask");
  if (!call.has_world()) return FALSE;
  World& world = call.world();
  if (Mask == 0 || (Mask & ~all_processors(world)) != 0) return fail_with(ERROR_INVALID_PARAMETER);
  world.win32->process().affinity_mask = Mask;
  return TRUE;
}

BOOL GetProcessAffinityMask(HANDLE, PDWORD_PTR ProcessMask, PDWORD_PTR SystemMask) {
  const ApiCall call("GetProcessAffinityMask");
  if (!call.has_world()) return FALSE;
  *ProcessMask = call.world().win32->process().affinity_mask & all_processors(call.world());
  *SystemMask = all_processors(call.world());
  return TRUE;
}

DWORD GetCurrentProcessorNumber(VOID) {
  const ringproof::SystemEntry entry;
  return current_world == nullptr ? 0 : current_world->kernel.current_cpu();
}

VOID GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER Processor) {
  *Processor = {0, static_cast<BYTE>(GetCurrentProcessorNumber()), 0};
}

DWORD GetActiveProcessorCount(WORD Group) {
  if (Group != 0 && Group != ALL_PROCESSOR_GROUPS) {
    return static_cast<DWORD>(fail_with(ERROR_INVALID_PARAMETER));
  }
  return current_world == nullptr ? 1 : current_world->kernel.cpu_count();
}

DWORD GetMaximumProcessorCount(WORD Group) { return GetActiveProcessorCount(Group); }
WORD GetActiveProcessorGroupCount(VOID) { return 1; }
WORD GetMaximumProcessorGroupCount(VOID) { return 1; }

BOOL GetNumaHighestNodeNumber(PULONG Node) {
  *Node = 0;
  return TRUE;
}

BOOL GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY Mask) {
  if (Node != 0) return fail_with(ERROR_INVALID_PARAMETER);
  *Mask = {(KAFFINITY{1} << GetActiveProcessorCount(0)) - 1, 0, {}};
  return TRUE;
}

BOOL GetNumaProcessorNodeEx(PPROCESSOR_NUMBER Processor, PUSHORT Node) {
  if (Processor->Group != 0 || Processor->Number >= GetActiveProcessorCount(0)) {
    return fail_with(ERROR_INVALID_PARAMETER);
  }
  *Node = 0;
  return TRUE;
}

}  // extern "C"
