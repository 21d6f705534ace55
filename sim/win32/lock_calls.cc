// Locks that live in a program's own memory: critical sections, slim locks, condition variables, once-only
// initialisation, barriers, and waits for an address.
//
// The state of a lock is in the program's memory, as on Windows, so that memory which is used anew needs no
// telling. Tasks that wait are found by its address.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/sync.h>
#include <ringproof/win32/threads.h>

#include <cstring>

#include "sim/app/waits.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::current_world;
using ringproof::deadline_after;
using ringproof::kNever;

namespace {

constexpr std::uint64_t kLockPs = 20'000;

// Around an operation on a lock; without a world there is one thread, and nothing to wait for.
class LockUse {
 public:
  LockUse() {
    if (current_world == nullptr) return;
    current_world->kernel.spend(kLockPs);
    current_world->kernel.synchronize();
  }
  ~LockUse() {
    if (current_world != nullptr) current_world->kernel.synchronize();
  }
  LockUse(const LockUse&) = delete;
  LockUse& operator=(const LockUse&) = delete;

  bool wait_at(const volatile void* address, std::uint64_t deadline_ps = kNever) const {
    return current_world != nullptr && current_world->win32->wait_at(address, deadline_ps);
  }
  void wake(const volatile void* address) const {
    if (current_world == nullptr) return;
    current_world->kernel.acted();
    current_world->win32->wake(address);
  }

 private:
  const ringproof::SystemEntry entry_;
};

HANDLE own_id() { return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(GetCurrentThreadId())); }

bool try_enter(CRITICAL_SECTION& section) {
  if (section.RecursionCount != 0 && section.OwningThread != own_id()) return false;
  ++section.LockCount;
  ++section.RecursionCount;
  section.OwningThread = own_id();
  return true;
}

void enter(const LockUse& use, CRITICAL_SECTION& section) {
  while (!try_enter(section)) {
    const auto owner = static_cast<DWORD>(reinterpret_cast<std::uintptr_t>(section.OwningThread));
    const ringproof::HostKernel::WaitsFor words(current_world->kernel, "a critical section held by",
                                                current_world->win32->task_of(owner));
    use.wait_at(&section);
  }
}

void leave(const LockUse& use, CRITICAL_SECTION& section) {
  --section.LockCount;
  if (--section.RecursionCount > 0) return;
  section.OwningThread = nullptr;
  use.wake(&section);
}

// A slim lock holds the number of those who share it, or this.
constexpr std::uintptr_t kExclusive = ~std::uintptr_t{0};

// False: somebody else has it.
bool try_lock_slim(PSRWLOCK lock, bool shared) {
  const auto holders = reinterpret_cast<std::uintptr_t>(lock->Ptr);
  if (shared ? holders == kExclusive : holders != 0) return false;
  lock->Ptr = reinterpret_cast<PVOID>(shared ? holders + 1 : kExclusive);
  return true;
}

void lock_slim(const LockUse& use, PSRWLOCK lock, bool shared) {
  while (!try_lock_slim(lock, shared)) use.wait_at(lock);
}

void unlock_slim(const LockUse& use, PSRWLOCK lock, bool shared) {
  const auto holders = reinterpret_cast<std::uintptr_t>(lock->Ptr);
  lock->Ptr = reinterpret_cast<PVOID>(shared ? holders - 1 : 0);
  if (lock->Ptr == nullptr) use.wake(lock);
}

template <typename Unlock, typename Lock>
BOOL sleep_on(const char* name, PCONDITION_VARIABLE condition, DWORD milliseconds, Unlock unlock, Lock lock) {
  const ApiCall call(name);
  if (!call.has_world()) return ringproof::fail_with(ERROR_TIMEOUT);
  call.acted();
  const LockUse use;
  const std::uint64_t deadline_ps = deadline_after(call.world(), milliseconds);
  unlock(use);
  const bool woken = use.wait_at(condition, deadline_ps);
  lock(use);
  return woken ? TRUE : ringproof::fail_with(ERROR_TIMEOUT);
}

// The two lowest bits of a once-word; the context has the others.
constexpr std::uintptr_t kOnceBits = 3;
constexpr std::uintptr_t kOnceRunning = 1;
constexpr std::uintptr_t kOnceDone = 2;

std::uintptr_t once_state(const INIT_ONCE* once) {
  return reinterpret_cast<std::uintptr_t>(once->Ptr) & kOnceBits;
}

void give_context(const INIT_ONCE* once, LPVOID* context) {
  if (context == nullptr) return;
  *context = reinterpret_cast<LPVOID>(reinterpret_cast<std::uintptr_t>(once->Ptr) & ~kOnceBits);
}

}  // namespace

extern "C" {

BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION Section, DWORD SpinCount, DWORD) {
  *Section = {nullptr, -1, 0, nullptr, nullptr, SpinCount};
  return TRUE;
}

VOID InitializeCriticalSection(LPCRITICAL_SECTION Section) { InitializeCriticalSectionEx(Section, 0, 0); }

BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount) {
  return InitializeCriticalSectionEx(Section, SpinCount, 0);
}

DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount) {
  const auto before = static_cast<DWORD>(Section->SpinCount);
  Section->SpinCount = SpinCount;
  return before;
}

VOID EnterCriticalSection(LPCRITICAL_SECTION Section) { enter(LockUse(), *Section); }

BOOL TryEnterCriticalSection(LPCRITICAL_SECTION Section) {
  const LockUse use;
  return try_enter(*Section) ? TRUE : FALSE;
}

VOID LeaveCriticalSection(LPCRITICAL_SECTION Section) { leave(LockUse(), *Section); }

VOID DeleteCriticalSection(LPCRITICAL_SECTION Section) { InitializeCriticalSectionEx(Section, 0, 0); }

VOID InitializeSRWLock(PSRWLOCK Lock) { Lock->Ptr = nullptr; }

VOID AcquireSRWLockExclusive(PSRWLOCK Lock) { lock_slim(LockUse(), Lock, false); }
VOID ReleaseSRWLockExclusive(PSRWLOCK Lock) { unlock_slim(LockUse(), Lock, false); }

BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK Lock) {
  const LockUse use;
  return try_lock_slim(Lock, false) ? TRUE : FALSE;
}

VOID AcquireSRWLockShared(PSRWLOCK Lock) { lock_slim(LockUse(), Lock, true); }
VOID ReleaseSRWLockShared(PSRWLOCK Lock) { unlock_slim(LockUse(), Lock, true); }

BOOLEAN TryAcquireSRWLockShared(PSRWLOCK Lock) {
  const LockUse use;
  return try_lock_slim(Lock, true) ? TRUE : FALSE;
}

VOID InitializeConditionVariable(PCONDITION_VARIABLE Condition) { Condition->Ptr = nullptr; }

BOOL SleepConditionVariableCS(PCONDITION_VARIABLE Condition, LPCRITICAL_SECTION Section, DWORD Milliseconds) {
  return sleep_on(
      "SleepConditionVariableCS", Condition, Milliseconds, [&](const LockUse& use) { leave(use, *Section); },
      [&](const LockUse& use) { enter(use, *Section); });
}

BOOL SleepConditionVariableSRW(PCONDITION_VARIABLE Condition, PSRWLOCK Lock, DWORD Milliseconds,
                               ULONG Flags) {
  const bool shared = (Flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0;
  return sleep_on(
      "SleepConditionVariableSRW", Condition, Milliseconds,
      [&](const LockUse& use) { unlock_slim(use, Lock, shared); },
      [&](const LockUse& use) { lock_slim(use, Lock, shared); });
}

// Every sleeper wakes; that is allowed, and each looks at its condition again.
VOID WakeConditionVariable(PCONDITION_VARIABLE Condition) { LockUse().wake(Condition); }
VOID WakeAllConditionVariable(PCONDITION_VARIABLE Condition) { LockUse().wake(Condition); }

VOID InitOnceInitialize(PINIT_ONCE Once) { Once->Ptr = nullptr; }

BOOL InitOnceBeginInitialize(LPINIT_ONCE Once, DWORD Flags, PBOOL Pending, LPVOID* Context) {
  const LockUse use;
  const bool together = (Flags & INIT_ONCE_ASYNC) != 0;
  while (once_state(Once) == kOnceRunning && !together) {
    if ((Flags & INIT_ONCE_CHECK_ONLY) != 0 || !use.wait_at(Once)) break;
  }
  *Pending = once_state(Once) == kOnceDone ? FALSE : TRUE;
  if (*Pending == FALSE) {
    give_context(Once, Context);
    return TRUE;
  }
  if ((Flags & INIT_ONCE_CHECK_ONLY) != 0) return ringproof::fail_with(ERROR_GEN_FAILURE);
  Once->Ptr = reinterpret_cast<PVOID>(kOnceRunning);
  return TRUE;
}

BOOL InitOnceComplete(LPINIT_ONCE Once, DWORD Flags, LPVOID Context) {
  const LockUse use;
  if (once_state(Once) != kOnceRunning) return ringproof::fail_with(ERROR_GEN_FAILURE);
  const bool failed = (Flags & INIT_ONCE_INIT_FAILED) != 0;
  const std::uintptr_t done = reinterpret_cast<std::uintptr_t>(Context) | kOnceDone;
  Once->Ptr = reinterpret_cast<PVOID>(failed ? 0 : done);
  use.wake(Once);
  return TRUE;
}

BOOL InitOnceExecuteOnce(PINIT_ONCE Once, PINIT_ONCE_FN Function, PVOID Parameter, LPVOID* Context) {
  BOOL pending = FALSE;
  InitOnceBeginInitialize(Once, 0, &pending, Context);
  if (pending == FALSE) return TRUE;
  LPVOID made = nullptr;
  const BOOL worked = Function(Once, Parameter, &made);
  InitOnceComplete(Once, worked != FALSE ? 0 : INIT_ONCE_INIT_FAILED, made);
  if (worked != FALSE) give_context(Once, Context);
  return worked;
}

BOOL InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER Barrier, LONG Threads, LONG) {
  if (Threads <= 0) return ringproof::fail_with(ERROR_INVALID_PARAMETER);
  std::memset(Barrier, 0, sizeof *Barrier);
  Barrier->Reserved1 = Barrier->Reserved2 = static_cast<DWORD>(Threads);  // still to come; of how many
  return TRUE;
}

BOOL EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER Barrier, DWORD) {
  const LockUse use;
  if (--Barrier->Reserved1 == 0) {
    Barrier->Reserved1 = Barrier->Reserved2;
    use.wake(Barrier);
    return TRUE;
  }
  // Only the last one wakes, and may free the barrier at once.
  use.wait_at(Barrier);
  return FALSE;
}

BOOL DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER) { return TRUE; }

BOOL WaitOnAddress(volatile VOID* Address, PVOID CompareAddress, SIZE_T AddressSize, DWORD Milliseconds) {
  const ApiCall call("WaitOnAddress");
  if (AddressSize != 1 && AddressSize != 2 && AddressSize != 4 && AddressSize != 8) {
    return ringproof::fail_with(ERROR_INVALID_PARAMETER);
  }
  if (!call.has_world()) return ringproof::fail_with(ERROR_TIMEOUT);
  call.acted();
  const std::uint64_t deadline_ps = deadline_after(call.world(), Milliseconds);
  const LockUse use;  // from here on nobody else runs before this task waits
  if (std::memcmp(const_cast<const void*>(Address), CompareAddress, AddressSize) != 0) return TRUE;
  return use.wait_at(Address, deadline_ps) ? TRUE : ringproof::fail_with(ERROR_TIMEOUT);
}

VOID WakeByAddressSingle(PVOID Address) { LockUse().wake(Address); }
VOID WakeByAddressAll(PVOID Address) { LockUse().wake(Address); }

}  // extern "C"
