// The few operating system calls that every application needs: time, handles, the last error.

#include <ringproof/app.h>

#include "model/xdp/public_api.h"
#include "sim/app/world.h"

using ringproof::ApiCall;
using ringproof::current_world;

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr DWORD kInvalidHandleError = 6;
constexpr std::uint64_t kClockReadPs = 20'000;

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
    closed = call.world().platform.close_handle(Object);
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

DWORD GetLastError(void) {
  if (current_world == nullptr) return 0;
  return current_world->last_errors[current_world->kernel.current_task()];
}

VOID SetLastError(DWORD ErrorCode) {
  if (current_world != nullptr) {
    current_world->last_errors[current_world->kernel.current_task()] = ErrorCode;
  }
}

}  // extern "C"
