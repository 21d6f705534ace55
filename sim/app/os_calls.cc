// The few operating system calls that every application needs: time, handles, the last error.

#include <ringproof/app.h>

#include "model/xdp/public_api.h"
#include "sim/app/handle_owners.h"
#include "sim/app/world.h"

using ringproof::ApiCall;
using ringproof::current_world;
using ringproof::simulated_world;

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr DWORD kInvalidHandleError = 6;
constexpr std::uint64_t kClockReadPs = 20'000;

// The calling thread's.
std::uint32_t& last_error() {
  thread_local std::uint32_t of_thread = 0;
  if (simulated_world == nullptr) return of_thread;
  return current_world->last_errors[current_world->kernel.current_task()];
}

// False: the running process has no such handle.
bool close_of(ringproof::World& world, HANDLE handle) {
  using ringproof::HandleOwners;
  if (world.platform.handles().find(handle) == nullptr) return false;
  const auto rest = world.owners == nullptr ? HandleOwners::Rest::kNobody
                                            : world.owners->left(handle, world.kernel.current_process());
  if (rest == HandleOwners::Rest::kNobody) return world.platform.close_handle(handle);
  return rest == HandleOwners::Rest::kOthers;
}

}  // namespace

extern "C" {

BOOL CloseHandle(HANDLE Object) {
  const ApiCall call("CloseHandle");
  // Those of GetCurrentProcess and GetCurrentThread name nothing that could be closed.
  const auto value = reinterpret_cast<std::intptr_t>(Object);
  if (value == -1 || value == -2) return TRUE;
  bool closed = false;
  if (call.has_world()) {
    const ringproof::HostKernel::InSystem in_system(call.world().kernel);
    closed = close_of(call.world(), Object);
  }
  if (!closed) {
    SetLastError(kInvalidHandleError);
    return FALSE;
  }
  call.acted();
  return TRUE;
}

ULONGLONG GetTickCount64(void) {
  if (current_world == nullptr) return 0;
  ringproof::HostKernel& kernel = current_world->kernel;
  if (kernel.runs_freely()) return kernel.clock_ps() / kMillisecondPs;
  kernel.spend(kClockReadPs);
  const std::uint64_t tick_ms = kernel.now_ps() / kMillisecondPs;
  kernel.look_at_clock(tick_ms);
  // Parking may have let time pass.
  return kernel.now_ps() / kMillisecondPs;
}

VOID Sleep(DWORD Milliseconds) {
  const ApiCall call("Sleep");
  if (!call.has_world()) return;
  call.world().kernel.sleep(Milliseconds == INFINITE ? ringproof::kNever : Milliseconds * kMillisecondPs);
}

DWORD GetLastError(void) { return current_world == nullptr ? 0 : last_error(); }

VOID SetLastError(DWORD ErrorCode) {
  if (current_world != nullptr) last_error() = ErrorCode;
}

}  // extern "C"
