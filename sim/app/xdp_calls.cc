// The published calls for programs, maps and interfaces.

#include "model/xdp/public_api.h"
#include "sim/app/world.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::kAccessDenied;
using ringproof::kNoDriver;
using ringproof::xdp::Platform;
using ringproof::xdp::Status;
using Interface = ringproof::xdp::InterfaceHandle;

namespace {

// Calls `operation` with the platform, and answers with its status.
template <typename Operation>
XDP_STATUS with_platform(const ApiCall& call, Operation operation) {
  if (!call.has_world()) return static_cast<XDP_STATUS>(kNoDriver);
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  return static_cast<XDP_STATUS>(operation(call.world().platform));
}

// The same for a call that changes something.
template <typename Operation>
XDP_STATUS act(const ApiCall& call, Operation operation) {
  return with_platform(call, [&](Platform& platform) {
    call.acted();
    return operation(platform);
  });
}

// The same for a call that creates something, which a restricted process may not.
template <typename Operation>
XDP_STATUS create(const ApiCall& call, Operation operation) {
  if (call.has_world() && call.world().win32->process().restricted) {
    return static_cast<XDP_STATUS>(kAccessDenied);
  }
  return act(call, operation);
}

// Calls `operation` with what the handle opened, and answers with its status or that of the handle.
template <typename Operation>
XDP_STATUS with_interface(const ApiCall& call, HANDLE handle, Operation operation) {
  return with_platform(call, [&](Platform& platform) {
    std::shared_ptr<Interface> interface;
    const Status found = platform.find_interface_handle(handle, &interface);
    return failed(found) ? found : operation(*interface);
  });
}

}  // namespace

extern "C" {

XDP_STATUS XdpCreateProgram(UINT32 InterfaceIndex, const XDP_HOOK_ID* HookId, UINT32 QueueId,
                            XDP_CREATE_PROGRAM_FLAGS Flags, const XDP_RULE* Rules, UINT32 RuleCount,
                            HANDLE* Program) {
  const ApiCall call("XdpCreateProgram");
  const XDP_HOOK_ID hook = *HookId;  // read in the caller's own context
  *Program = nullptr;
  return create(call, [&](Platform& platform) {
    return platform.create_program(InterfaceIndex, hook, QueueId, static_cast<UINT32>(Flags), Rules,
                                   RuleCount, Program);
  });
}

XDP_STATUS XdpInterfaceOpen(UINT32 InterfaceIndex, HANDLE* InterfaceHandle) {
  const ApiCall call("XdpInterfaceOpen");
  *InterfaceHandle = nullptr;
  return create(call,
                [&](Platform& platform) { return platform.open_interface(InterfaceIndex, InterfaceHandle); });
}

XDP_STATUS XdpMapCreate(HANDLE* Map, XDP_MAP_TYPE Type) {
  const ApiCall call("XdpMapCreate");
  *Map = nullptr;
  return create(call, [&](Platform& platform) { return platform.create_map(static_cast<INT32>(Type), Map); });
}

XDP_STATUS XdpMapInsert(HANDLE Map, const VOID* Key, const VOID* Value) {
  const ApiCall call("XdpMapInsert");
  return act(call, [&](Platform& platform) { return platform.insert_into_map(Map, Key, Value); });
}

XDP_STATUS XdpMapDelete(HANDLE Map, const VOID* Key) {
  const ApiCall call("XdpMapDelete");
  return act(call, [&](Platform& platform) { return platform.remove_from_map(Map, Key); });
}

// Both queries write the size whatever happens; a handle that is not open gives 0.

XDP_STATUS XdpRssGetCapabilities(HANDLE InterfaceHandle, XDP_RSS_CAPABILITIES* RssCapabilities,
                                 UINT32* RssCapabilitiesSize) {
  const ApiCall call("XdpRssGetCapabilities");
  UINT32 size = 0;
  const XDP_STATUS status = with_interface(call, InterfaceHandle, [&](const Interface& interface) {
    size = *RssCapabilitiesSize;
    const Status got = interface.rss_capabilities(RssCapabilities, &size);
    call.looked(static_cast<std::uint64_t>(got));
    return got;
  });
  *RssCapabilitiesSize = size;
  return status;
}

XDP_STATUS XdpRssGet(HANDLE InterfaceHandle, XDP_RSS_CONFIGURATION* RssConfiguration,
                     UINT32* RssConfigurationSize) {
  const ApiCall call("XdpRssGet");
  UINT32 size = 0;
  const XDP_STATUS status = with_interface(call, InterfaceHandle, [&](const Interface& interface) {
    size = *RssConfigurationSize;
    const Status got = interface.rss_get(RssConfiguration, &size);
    call.looked(static_cast<std::uint64_t>(got));
    return got;
  });
  *RssConfigurationSize = size;
  return status;
}

XDP_STATUS XdpRssSet(HANDLE InterfaceHandle, const XDP_RSS_CONFIGURATION* RssConfiguration,
                     UINT32 RssConfigurationSize) {
  const ApiCall call("XdpRssSet");
  return with_interface(call, InterfaceHandle, [&](Interface& interface) {
    call.acted();
    return interface.rss_set(RssConfiguration, RssConfigurationSize);
  });
}

XDP_STATUS XdpQeoSet(HANDLE InterfaceHandle, XDP_QUIC_CONNECTION* QuicConnections,
                     UINT32 QuicConnectionsSize) {
  const ApiCall call("XdpQeoSet");
  return with_interface(call, InterfaceHandle, [&](Interface& interface) {
    call.acted();
    return interface.qeo_set(QuicConnections, QuicConnectionsSize);
  });
}

}  // extern "C"
