// The published calls for programs, maps and interfaces.

#include "model/xdp/public_api.h"
#include "sim/app/world.h"

using ringproof::ApiCall;
using ringproof::kNoDriver;

extern "C" {

XDP_STATUS XdpCreateProgram(UINT32 InterfaceIndex, const XDP_HOOK_ID* HookId, UINT32 QueueId,
                            XDP_CREATE_PROGRAM_FLAGS Flags, const XDP_RULE* Rules, UINT32 RuleCount,
                            HANDLE* Program) {
  const ApiCall call("XdpCreateProgram");
  const XDP_HOOK_ID hook = *HookId;  // read in the caller's own context
  *Program = nullptr;
  if (!call.has_world()) return static_cast<XDP_STATUS>(kNoDriver);
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  call.acted();
  return static_cast<XDP_STATUS>(call.world().platform.create_program(
      InterfaceIndex, hook, QueueId, static_cast<UINT32>(Flags), Rules, RuleCount, Program));
}

XDP_STATUS XdpInterfaceOpen(UINT32, HANDLE* InterfaceHandle) {
  *InterfaceHandle = nullptr;
  return XDP_STATUS_NOT_SUPPORTED;
}

XDP_STATUS XdpMapCreate(HANDLE* Map, XDP_MAP_TYPE Type) {
  const ApiCall call("XdpMapCreate");
  *Map = nullptr;
  if (!call.has_world()) return static_cast<XDP_STATUS>(kNoDriver);
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  call.acted();
  return static_cast<XDP_STATUS>(call.world().platform.create_map(static_cast<INT32>(Type), Map));
}

XDP_STATUS XdpMapInsert(HANDLE Map, const VOID* Key, const VOID* Value) {
  const ApiCall call("XdpMapInsert");
  if (!call.has_world()) return static_cast<XDP_STATUS>(kNoDriver);
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  call.acted();
  return static_cast<XDP_STATUS>(call.world().platform.insert_into_map(Map, Key, Value));
}

XDP_STATUS XdpMapDelete(HANDLE Map, const VOID* Key) {
  const ApiCall call("XdpMapDelete");
  if (!call.has_world()) return static_cast<XDP_STATUS>(kNoDriver);
  const ringproof::HostKernel::InSystem in_system(call.world().kernel);
  call.acted();
  return static_cast<XDP_STATUS>(call.world().platform.remove_from_map(Map, Key));
}

XDP_STATUS XdpRssGetCapabilities(HANDLE, XDP_RSS_CAPABILITIES*, UINT32* RssCapabilitiesSize) {
  *RssCapabilitiesSize = 0;
  return XDP_STATUS_NOT_SUPPORTED;
}

XDP_STATUS XdpRssSet(HANDLE, const XDP_RSS_CONFIGURATION*, UINT32) { return XDP_STATUS_NOT_SUPPORTED; }

XDP_STATUS XdpRssGet(HANDLE, XDP_RSS_CONFIGURATION*, UINT32* RssConfigurationSize) {
  *RssConfigurationSize = 0;
  return XDP_STATUS_NOT_SUPPORTED;
}

XDP_STATUS XdpQeoSet(HANDLE, XDP_QUIC_CONNECTION*, UINT32) { return XDP_STATUS_NOT_SUPPORTED; }

}  // extern "C"
