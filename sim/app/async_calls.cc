// Events, waits, completion ports and overlapped operations, as Windows programs call them.

#include <ringproof/app.h>
#include <ringproof/win32/rtl.h>

#include <string>

#include "sim/app/async_requests.h"
#include "sim/app/waits.h"
#include "sim/app/world.h"
#include "sim/win32/names.h"
#include "sim/win32/pipe.h"
#include "sim/win32/pipe_request.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::CompletionPacket;
using ringproof::CompletionPort;
using ringproof::deadline_after;
using ringproof::Event;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::wait_for_objects;
using ringproof::World;

namespace {

HANDLE create_event(const ApiCall& call, const std::u16string& name, bool manual_reset, bool set) {
  if (!call.has_world()) return nullptr;
  call.acted();
  World& world = call.world();
  return world.win32->open_or_make<Event>(name,
                                          [&] { return std::make_shared<Event>(world, manual_reset, set); });
}

BOOL cancel(const ApiCall& call, HANDLE handle, const OVERLAPPED* overlapped, bool own_only) {
  if (const auto end = find_object<ringproof::PipeEnd>(call, handle)) {
    call.acted();
    const int maker = own_only ? call.world().kernel.current_task() : -1;
    const bool any = call.world().win32->pipe_requests->cancel(*end, overlapped, maker);
    return any || own_only ? TRUE : fail_with(ERROR_NOT_FOUND);
  }
  const auto socket = find_object<ringproof::xdp::Socket>(call, handle);
  if (socket == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  const bool cancelled = call.world().async->cancel(handle, *socket, overlapped, own_only);
  return cancelled || own_only ? TRUE : fail_with(ERROR_NOT_FOUND);
}

}  // namespace

extern "C" {

HANDLE CreateEventA(struct _SECURITY_ATTRIBUTES*, BOOL ManualReset, BOOL InitialState, const CHAR* Name) {
  const ApiCall call("CreateEvent");
  return create_event(call, ringproof::wide_name(Name), ManualReset != FALSE, InitialState != FALSE);
}

HANDLE CreateEventW(struct _SECURITY_ATTRIBUTES*, BOOL ManualReset, BOOL InitialState, const WCHAR* Name) {
  const ApiCall call("CreateEvent");
  return create_event(call, ringproof::wide_name(Name), ManualReset != FALSE, InitialState != FALSE);
}

BOOL SetEvent(HANDLE Object) {
  const ApiCall call("SetEvent");
  const auto event = find_object<Event>(call, Object);
  if (event == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  event->set();
  return TRUE;
}

BOOL ResetEvent(HANDLE Object) {
  const ApiCall call("ResetEvent");
  const auto event = find_object<Event>(call, Object);
  if (event == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  event->reset();
  return TRUE;
}

DWORD WaitForSingleObject(HANDLE Handle, DWORD Milliseconds) {
  const ApiCall call("WaitForSingleObject");
  return wait_for_objects(call, {.handles = &Handle, .milliseconds = Milliseconds});
}

DWORD WaitForMultipleObjects(DWORD Count, const HANDLE* Handles, BOOL WaitAll, DWORD Milliseconds) {
  const ApiCall call("WaitForMultipleObjects");
  return wait_for_objects(call, {Count, Handles, WaitAll != FALSE, Milliseconds});
}

HANDLE CreateIoCompletionPort(HANDLE File, HANDLE ExistingPort, ULONG_PTR Key, DWORD) {
  const ApiCall call("CreateIoCompletionPort");
  if (!call.has_world()) return nullptr;
  call.acted();
  World& world = call.world();
  const bool with_file = File != INVALID_HANDLE_VALUE;
  std::shared_ptr<CompletionPort> port = find_object<CompletionPort>(call, ExistingPort);
  const bool bad_port = ExistingPort != nullptr && port == nullptr;
  const bool bad_file = with_file && find_object<ringproof::xdp::Socket>(call, File) == nullptr &&
                        find_object<ringproof::PipeEnd>(call, File) == nullptr;
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
  return ExistingPort != nullptr ? ExistingPort : world.open_handle(port);
}

BOOL GetQueuedCompletionStatus(HANDLE Port, DWORD* Bytes, ULONG_PTR* Key, OVERLAPPED** Overlapped,
                               DWORD Milliseconds) {
  const ApiCall call("GetQueuedCompletionStatus");
  *Overlapped = nullptr;
  const auto port = find_object<CompletionPort>(call, Port);
  if (port == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  CompletionPacket packet;
  switch (port->next(deadline_after(call.world(), Milliseconds), &packet)) {
    case CompletionPort::Outcome::kTimeout:
      call.looked(reinterpret_cast<std::uintptr_t>(Port));
      return fail_with(WAIT_TIMEOUT);
    case CompletionPort::Outcome::kClosed:
      return fail_with(ERROR_ABANDONED_WAIT_0);
    default:
      break;
  }
  call.acted();
  *Bytes = packet.bytes;
  *Key = packet.key;
  *Overlapped = packet.overlapped;
  return packet.error == 0 ? TRUE : fail_with(packet.error);
}

BOOL PostQueuedCompletionStatus(HANDLE Port, DWORD Bytes, ULONG_PTR Key, OVERLAPPED* Overlapped) {
  const ApiCall call("PostQueuedCompletionStatus");
  const auto port = find_object<CompletionPort>(call, Port);
  if (port == nullptr) return fail_with(ERROR_INVALID_HANDLE);
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

BOOL GetOverlappedResult(HANDLE, OVERLAPPED* Overlapped, DWORD* Bytes, BOOL Wait) {
  const ApiCall call("GetOverlappedResult");
  if (Overlapped->Internal == ringproof::kStatusPending && Wait != FALSE) {
    if (ringproof::wait_for_overlapped(call, *Overlapped, {}) == WAIT_FAILED) return FALSE;
  }
  const auto status = static_cast<std::uint32_t>(Overlapped->Internal);
  if (call.has_world()) call.looked(status ^ reinterpret_cast<std::uintptr_t>(Overlapped));
  if (status == ringproof::kStatusPending) return fail_with(ERROR_IO_INCOMPLETE);
  *Bytes = static_cast<DWORD>(Overlapped->InternalHigh);
  return status == 0 ? TRUE : fail_with(RtlNtStatusToDosError(static_cast<NTSTATUS>(status)));
}

}  // extern "C"
