// The published AF_XDP calls. Each finds the socket, lets it judge the request, and gives its answer.

#include <ringproof/win32/rtl.h>

#include <optional>

#include "model/xdp/public_api.h"
#include "model/xdp/user_memory.h"
#include "sim/app/async_requests.h"
#include "sim/app/create_socket.h"
#include "sim/app/world.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::kAccessDenied;
using ringproof::kNoDriver;
using ringproof::xdp::failed;
using ringproof::xdp::Socket;
using ringproof::xdp::Status;

namespace {

XDP_STATUS answer(Status status) { return static_cast<XDP_STATUS>(status); }
XDP_STATUS no_driver() { return static_cast<XDP_STATUS>(kNoDriver); }

// Calls `operation` with the socket behind the handle, and answers with its status or that of the handle.
template <typename Operation>
XDP_STATUS with_socket(const ApiCall& call, HANDLE handle, Operation operation) {
  if (!call.has_world()) return no_driver();
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  std::shared_ptr<Socket> socket;
  const Status found = call.world().platform.find_socket(handle, &socket);
  return answer(failed(found) ? found : operation(*socket));
}

}  // namespace

XDP_STATUS ringproof::create_socket(HANDLE* socket, bool affinity) {
  const ApiCall call("XskCreate");
  *socket = nullptr;
  if (!call.has_world()) return no_driver();
  call.acted();
  if (call.world().win32->process().restricted) return static_cast<XDP_STATUS>(kAccessDenied);
  return answer(call.world().platform.create_socket(socket, affinity));
}

extern "C" {

XDP_STATUS XskCreate(HANDLE* Socket) { return ringproof::create_socket(Socket, false); }

XDP_STATUS XskBind(HANDLE Socket, UINT32 IfIndex, UINT32 QueueId, XSK_BIND_FLAGS Flags) {
  const ApiCall call("XskBind");
  return with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    call.acted();
    return socket.bind(call.world().platform, IfIndex, QueueId, static_cast<UINT32>(Flags));
  });
}

XDP_STATUS XskActivate(HANDLE Socket, XSK_ACTIVATE_FLAGS Flags) {
  const ApiCall call("XskActivate");
  return with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    call.acted();
    return socket.activate(static_cast<UINT32>(Flags));
  });
}

XDP_STATUS XskSetSockopt(HANDLE Socket, UINT32 OptionName, const VOID* OptionValue, UINT32 OptionLength) {
  const ApiCall call("XskSetSockopt");
  return with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    call.acted();
    return socket.set_option(OptionName, OptionValue, OptionLength);
  });
}

XDP_STATUS XskGetSockopt(HANDLE Socket, UINT32 OptionName, VOID* OptionValue, UINT32* OptionLength) {
  const ApiCall call("XskGetSockopt");
  const UINT32 given = *OptionLength;  // in the caller's own context
  UINT32 length = 0;
  const XDP_STATUS status = with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    length = given;
    const Status got = socket.get_option(OptionName, OptionValue, &length);
    call.looked(static_cast<std::uint64_t>(got));
    return got;
  });
  // API version 3 writes the length on every return; a handle that is not open gives 0 bytes.
  *OptionLength = length;
  return status;
}

XDP_STATUS XskIoctl(HANDLE, UINT32, const VOID*, UINT32, VOID*, UINT32*) { return XDP_STATUS_NOT_SUPPORTED; }

XDP_STATUS XskNotifySocket(HANDLE Socket, XSK_NOTIFY_FLAGS Flags, UINT32 WaitTimeoutMilliseconds,
                           XSK_NOTIFY_RESULT_FLAGS* Result) {
  const ApiCall call("XskNotifySocket");
  std::optional<UINT32> result;
  const XDP_STATUS answered = with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    UINT32 flags = 0;
    const Status status = socket.notify(static_cast<UINT32>(Flags), WaitTimeoutMilliseconds, &flags);
    if (!failed(status)) result = flags;
    call.looked((static_cast<std::uint64_t>(status) << 32) | flags);
    return status;
  });
  if (result.has_value()) *Result = static_cast<XSK_NOTIFY_RESULT_FLAGS>(*result);
  return answered;
}

XDP_STATUS XskNotifyAsync(HANDLE Socket, XSK_NOTIFY_FLAGS Flags, XDP_OVERLAPPED* Overlapped) {
  const ApiCall call("XskNotifyAsync");
  return with_socket(call, Socket, [&](ringproof::xdp::Socket& socket) {
    call.acted();
    return call.world().async->notify(Socket, socket, static_cast<UINT32>(Flags), Overlapped);
  });
}

XDP_STATUS XskGetNotifyAsyncResult(XDP_OVERLAPPED* Overlapped, XSK_NOTIFY_RESULT_FLAGS* Result) {
  constexpr std::uint32_t kFailure = 0x80000000;
  const ApiCall call("XskGetNotifyAsyncResult");
  const auto status = static_cast<std::uint32_t>(Overlapped->Internal);
  if (call.has_world()) call.looked(status ^ reinterpret_cast<std::uintptr_t>(Overlapped));
  // A status that is no failure counts as done, even that of a request under way: as upstream.
  if ((status & kFailure) != 0) {
    return HRESULT_FROM_WIN32(RtlNtStatusToDosError(static_cast<NTSTATUS>(status)));
  }
  *Result = static_cast<XSK_NOTIFY_RESULT_FLAGS>(Overlapped->InternalHigh);
  return XDP_STATUS_SUCCESS;
}

}  // extern "C"
