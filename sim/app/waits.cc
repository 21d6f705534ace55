#include "sim/app/waits.h"

#include <memory>
#include <vector>

#include "sim/app/async_requests.h"
#include "sim/app/waitable.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr DWORD kAbandoned = 0x80;
constexpr DWORD kCallsMade = 0xC0;

using Objects = std::vector<std::shared_ptr<Waitable>>;

// The objects behind the handles; an entry is null for one that is never signalled. False: a handle that is
// not open.
bool find_waitables(const ApiCall& call, const WaitRequest& request, Objects& found) {
  for (DWORD i = 0; i < request.count; ++i) {
    const HANDLE handle = request.handles[i];
    std::shared_ptr<xdp::KernelObject> object = call.world().win32->pseudo_object(handle);
    if (object == nullptr) object = call.world().platform.handles().find(handle);
    if (object == nullptr) return false;
    found.push_back(std::dynamic_pointer_cast<Waitable>(object));
  }
  return true;
}

// Takes what the wait is for; its answer, or WAIT_TIMEOUT while there is nothing to take.
DWORD take(const Objects& objects, bool all) {
  const auto signalled = [](const std::shared_ptr<Waitable>& object) {
    return object != nullptr && object->signalled();
  };
  if (all) {
    for (const auto& object : objects) {
      if (!signalled(object)) return WAIT_TIMEOUT;
    }
    bool abandoned = false;
    for (const auto& object : objects) abandoned |= object->taken();
    return abandoned ? kAbandoned : WAIT_OBJECT_0;
  }
  for (DWORD i = 0; i < objects.size(); ++i) {
    if (!signalled(objects[i])) continue;
    return (objects[i]->taken() ? kAbandoned : WAIT_OBJECT_0) + i;
  }
  return WAIT_TIMEOUT;
}

}  // namespace

std::uint64_t deadline_after(const World& world, DWORD milliseconds) {
  return milliseconds == INFINITE ? kNever : world.kernel.now_ps() + milliseconds * kMillisecondPs;
}

DWORD wait_for_overlapped(const ApiCall& call, const OVERLAPPED& overlapped, const WaitRequest& request) {
  if (overlapped.hEvent != nullptr) {
    WaitRequest for_event = request;
    for_event.handles = &overlapped.hEvent;
    return wait_for_objects(call, for_event);
  }
  if (!call.has_world()) return WAIT_FAILED;
  World& world = call.world();
  const std::uint64_t deadline_ps = deadline_after(world, request.milliseconds);
  while (__atomic_load_n(&overlapped.Internal, __ATOMIC_ACQUIRE) == kStatusPending) {
    if (request.alertable && world.win32->make_queued_calls()) return kCallsMade;
    if (world.kernel.now_ps() >= deadline_ps) return WAIT_TIMEOUT;
    world.kernel.wait(world.signalled, deadline_ps);
  }
  return WAIT_OBJECT_0;
}

DWORD wait_for_objects(const ApiCall& call, const WaitRequest& request) {
  if (!call.has_world()) return WAIT_FAILED;
  World& world = call.world();
  Objects objects;
  if (request.count == 0 || request.count > MAXIMUM_WAIT_OBJECTS) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return WAIT_FAILED;
  }
  if (!find_waitables(call, request, objects)) {
    SetLastError(ERROR_INVALID_HANDLE);
    return WAIT_FAILED;
  }
  const std::uint64_t deadline_ps = deadline_after(world, request.milliseconds);
  DWORD answer = take(objects, request.all);
  while (answer == WAIT_TIMEOUT) {
    if (request.alertable && world.win32->make_queued_calls()) return kCallsMade;
    if (world.kernel.now_ps() >= deadline_ps) break;
    world.kernel.wait(world.signalled, deadline_ps);
    answer = take(objects, request.all);
  }
  // Asking again and again without waiting is polling.
  call.looked(answer ^ reinterpret_cast<std::uintptr_t>(request.handles[0]));
  return answer;
}

}  // namespace ringproof
