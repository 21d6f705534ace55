// Events, waits, completion ports and overlapped operations, as Windows programs call them.

#include <ringproof/app.h>

#include <array>
#include <string>
#include <vector>

#include "sim/app/async_requests.h"
#include "sim/app/world.h"

using ringproof::ApiCall;
using ringproof::CompletionPacket;
using ringproof::CompletionPort;
using ringproof::Event;
using ringproof::kNever;
using ringproof::Waitable;
using ringproof::World;
using ringproof::xdp::KernelObject;

namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;

std::uint64_t deadline_after(const World& world, DWORD milliseconds) {
  return milliseconds == INFINITE ? kNever : world.kernel.now_ps() + milliseconds * kMillisecondPs;
}

BOOL fail(DWORD error) {
  SetLastError(error);
  return FALSE;
}

template <typename Kind>
std::shared_ptr<Kind> find(const ApiCall& call, HANDLE handle) {
  if (!call.has_world()) return nullptr;
  return std::dynamic_pointer_cast<Kind>(call.world().platform.handles().find(handle));
}

HANDLE create_event(const ApiCall& call, const std::u16string& name, bool manual_reset, bool set) {
  if (!call.has_world()) return nullptr;
  call.acted();
  bool existed = false;
  const std::shared_ptr<Event> event = call.world().async->make_event(name, manual_reset, set, &existed);
  SetLastError(existed ? ERROR_ALREADY_EXISTS : 0);
  return call.world().platform.handles().insert(event);
}

// The objects behind the handles; an entry is null for one that is never signalled. False: a handle that is
// not open.
bool find_waitables(const ApiCall& call, DWORD count, const HANDLE* handles,
                    std::vector<std::shared_ptr<Waitable>>& found) {
  for (DWORD i = 0; i < count; ++i) {
    const std::shared_ptr<KernelObject> object = find<KernelObject>(call, handles[i]);
    if (object == nullptr) return false;
    found.push_back(std::dynamic_pointer_cast<Waitable>(object));
  }
  return true;
}

// Takes what the wait is for; the number of the object, or -1 while there is nothing to take.
int take(const std::vector<std::shared_ptr<Waitable>>& objects, bool all) {
  const auto signalled = [](const std::shared_ptr<Waitable>& object) {
    return object != nullptr && object->signalled();
  };
  if (all) {
    for (const auto& object : objects) {
      if (!signalled(object)) return -1;
    }
    for (const auto& object : objects) object->taken();
    return 0;
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!signalled(objects[i])) continue;
    objects[i]->taken();
    return static_cast<int>(i);
  }
  return -1;
}

DWORD wait_for(const ApiCall& call, DWORD count, const HANDLE* handles, bool all, DWORD milliseconds) {
  if (!call.has_world()) return WAIT_FAILED;
  World& world = call.world();
  std::vector<std::shared_ptr<Waitable>> objects;
  if (count == 0 || count > MAXIMUM_WAIT_OBJECTS) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return WAIT_FAILED;
  }
  if (!find_waitables(call, count, handles, objects)) {
    SetLastError(ERROR_INVALID_HANDLE);
    return WAIT_FAILED;
  }
  const std::uint64_t deadline_ps = deadline_after(world, milliseconds);
  int taken = take(objects, all);
  while (taken < 0 && world.kernel.now_ps() < deadline_ps) {
    world.kernel.wait(world.signalled, deadline_ps);
    taken = take(objects, all);
  }
  // Asking again and again without waiting is polling.
  call.looked(static_cast<std::uint64_t>(taken) ^ reinterpret_cast<std::uintptr_t>(handles[0]));
  return taken < 0 ? WAIT_TIMEOUT : WAIT_OBJECT_0 + static_cast<DWORD>(taken);
}

BOOL cancel(const ApiCall& call, HANDLE handle, const OVERLAPPED* overlapped, bool own_only) {
  const auto socket = find<ringproof::xdp::Socket>(call, handle);
  if (socket == nullptr) return fail(ERROR_INVALID_HANDLE);
  call.acted();
  const bool cancelled = call.world().async->cancel(handle, *socket, overlapped, own_only);
  return cancelled || own_only ? TRUE : fail(ERROR_NOT_FOUND);
}

}  // namespace

extern "C" {

HANDLE CreateEventA(struct _SECURITY_ATTRIBUTES*, BOOL ManualReset, BOOL InitialState, const CHAR* Name) {
  const ApiCall call("CreateEvent");
  const std::string name = Name == nullptr ? "" : Name;
  return create_event(call, {name.begin(), name.end()}, ManualReset != FALSE, InitialState != FALSE);
}

HANDLE CreateEventW(struct _SECURITY_ATTRIBUTES*, BOOL ManualReset, BOOL InitialState, const WCHAR* Name) {
  const ApiCall call("CreateEvent");
  std::u16string name;
  for (const WCHAR* at = Name; at != nullptr && *at != 0; ++at) name += static_cast<char16_t>(*at);
  return create_event(call, name, ManualReset != FALSE, InitialState != FALSE);
}

BOOL SetEvent(HANDLE Object) {
  const ApiCall call("SetEvent");
  const auto event = find<Event>(call, Object);
  if (event == nullptr) return fail(ERROR_INVALID_HANDLE);
  call.acted();
  event->set();
  return TRUE;
}

BOOL ResetEvent(HANDLE Object) {
  const ApiCall call("ResetEvent");
  const auto event = find<Event>(call, Object);
  if (event == nullptr) return fail(ERROR_INVALID_HANDLE);
  call.acted();
  event->reset();
  return TRUE;
}

DWORD WaitForSingleObject(HANDLE Handle, DWORD Milliseconds) {
  const ApiCall call("WaitForSingleObject");
  return wait_for(call, 1, &Handle, false, Milliseconds);
}

DWORD WaitForMultipleObjects(DWORD Count, const HANDLE* Handles, BOOL WaitAll, DWORD Milliseconds) {
  const ApiCall call("WaitForMultipleObjects");
  return wait_for(call, Count, Handles, WaitAll != FALSE, Milliseconds);
}

HANDLE CreateIoCompletionPort(HANDLE File, HANDLE ExistingPort, ULONG_PTR Key, DWORD) {
  const ApiCall call("CreateIoCompletionPort");
  if (!call.has_world()) return nullptr;
  call.acted();
  World& world = call.world();
  const bool with_file = File != INVALID_HANDLE_VALUE;
  std::shared_ptr<CompletionPort> port = find<CompletionPort>(call, ExistingPort);
  const bool bad_port = ExistingPort != nullptr && port == nullptr;
  const bool bad_file = with_file && find<ringproof::xdp::Socket>(call, File) == nullptr;
  if (bad_port || bad_file) {
    SetLastError(ERROR_INVALID_HANDLE);
    return nullptr;
  }
  if (!with_file && ExistingPort != nullptr) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return nullptr;
  }
  if (port == nullptr) port = std::make_shared<CompletionPort>(world.kernel);
  if (with_file && !world.async->associate(File, port, Key)) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return nullptr;
  }
  return ExistingPort != nullptr ? ExistingPort : world.platform.handles().insert(port);
}

BOOL GetQueuedCompletionStatus(HANDLE Port, DWORD* Bytes, ULONG_PTR* Key, OVERLAPPED** Overlapped,
                               DWORD Milliseconds) {
  const ApiCall call("GetQueuedCompletionStatus");
  *Overlapped = nullptr;
  const auto port = find<CompletionPort>(call, Port);
  if (port == nullptr) return fail(ERROR_INVALID_HANDLE);
  CompletionPacket packet;
  switch (port->next(deadline_after(call.world(), Milliseconds), &packet)) {
    case CompletionPort::Outcome::kTimeout:
      call.looked(reinterpret_cast<std::uintptr_t>(Port));
      return fail(WAIT_TIMEOUT);
    case CompletionPort::Outcome::kClosed:
      return fail(ERROR_ABANDONED_WAIT_0);
    default:
      break;
  }
  call.acted();
  *Bytes = packet.bytes;
  *Key = packet.key;
  *Overlapped = packet.overlapped;
  return packet.error == 0 ? TRUE : fail(packet.error);
}

BOOL PostQueuedCompletionStatus(HANDLE Port, DWORD Bytes, ULONG_PTR Key, OVERLAPPED* Overlapped) {
  const ApiCall call("PostQueuedCompletionStatus");
  const auto port = find<CompletionPort>(call, Port);
  if (port == nullptr) return fail(ERROR_INVALID_HANDLE);
  call.acted();
  port->post({Bytes, Key, Overlapped, 0});
  return TRUE;
}

BOOL CancelIoEx(HANDLE Handle, OVERLAPPED* Overlapped) {
  const ApiCall call("CancelIoEx");
  return cancel(call, Handle, Overlapped, false);
}

BOOL CancelIo(HANDLE Handle) {
  const ApiCall call("CancelIo");
  return cancel(call, Handle, nullptr, true);
}

BOOL GetOverlappedResult(HANDLE Handle, OVERLAPPED* Overlapped, DWORD* Bytes, BOOL Wait) {
  constexpr DWORD kStatusPending = 0x103;
  const ApiCall call("GetOverlappedResult");
  if (Overlapped->Internal == kStatusPending && Wait != FALSE) {
    const HANDLE waited_for = Overlapped->hEvent != nullptr ? Overlapped->hEvent : Handle;
    if (wait_for(call, 1, &waited_for, false, INFINITE) == WAIT_FAILED) return FALSE;
  }
  const auto status = static_cast<std::uint32_t>(Overlapped->Internal);
  if (call.has_world()) call.looked(status ^ reinterpret_cast<std::uintptr_t>(Overlapped));
  if (status == kStatusPending) return fail(ERROR_IO_INCOMPLETE);
  *Bytes = static_cast<DWORD>(Overlapped->InternalHigh);
  return status == 0 ? TRUE : fail(ERROR_OPERATION_ABORTED);
}

}  // extern "C"
