// The names of network interfaces: include/ringproof/win32/net_interfaces.h.

#include <fmt/format.h>
#include <ringproof/app.h>
#include <ringproof/win32/net_interfaces.h>

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "sim/app/world.h"

namespace {

constexpr DWORD kNoError = 0;
constexpr DWORD kFileNotFound = 2;
constexpr DWORD kInvalidParameter = 87;
constexpr DWORD kInvalidName = 123;
constexpr DWORD kNotEnoughMemory = 8;
constexpr std::string_view kPrefix = "ethernet_";

ULONG interfaces() {
  const ringproof::SystemEntry entry;
  return ringproof::current_world == nullptr ? 0 : ringproof::current_world->platform.adapter_count();
}

bool exists(ULONG index) { return index >= 1 && index <= interfaces(); }

// 0 for a LUID of another kind.
ULONG index_of(const NET_LUID& luid) {
  return luid.Info.IfType == IF_TYPE_ETHERNET_CSMACD ? static_cast<ULONG>(luid.Info.NetLuidIndex) : 0;
}

}  // namespace

extern "C" {

NETIO_STATUS ConvertInterfaceIndexToLuid(NET_IFINDEX InterfaceIndex, PNET_LUID InterfaceLuid) {
  if (InterfaceLuid == nullptr) return kInvalidParameter;
  InterfaceLuid->Value = 0;
  if (!exists(InterfaceIndex)) return kFileNotFound;
  InterfaceLuid->Info.NetLuidIndex = InterfaceIndex;
  InterfaceLuid->Info.IfType = IF_TYPE_ETHERNET_CSMACD;
  return kNoError;
}

NETIO_STATUS ConvertInterfaceLuidToIndex(const NET_LUID* InterfaceLuid, PNET_IFINDEX InterfaceIndex) {
  if (InterfaceLuid == nullptr || InterfaceIndex == nullptr) return kInvalidParameter;
  *InterfaceIndex = 0;
  if (!exists(index_of(*InterfaceLuid))) return kFileNotFound;
  *InterfaceIndex = index_of(*InterfaceLuid);
  return kNoError;
}

NETIO_STATUS ConvertInterfaceLuidToNameA(const NET_LUID* InterfaceLuid, PSTR InterfaceName, SIZE_T Length) {
  if (InterfaceLuid == nullptr || InterfaceName == nullptr) return kInvalidParameter;
  if (!exists(index_of(*InterfaceLuid))) return kInvalidParameter;
  const std::string name = fmt::format("{}{}", kPrefix, index_of(*InterfaceLuid));
  if (name.size() >= Length) return kNotEnoughMemory;
  std::memcpy(InterfaceName, name.c_str(), name.size() + 1);
  return kNoError;
}

NETIO_STATUS ConvertInterfaceNameToLuidA(PCSTR InterfaceName, NET_LUID* InterfaceLuid) {
  if (InterfaceLuid == nullptr) return kInvalidParameter;
  InterfaceLuid->Value = 0;
  std::string_view name(InterfaceName == nullptr ? "" : InterfaceName);
  if (!name.starts_with(kPrefix)) return kInvalidName;
  name.remove_prefix(kPrefix.size());
  ULONG index = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
  if (read.ec != std::errc() || read.ptr != name.data() + name.size()) return kInvalidName;
  return ConvertInterfaceIndexToLuid(index, InterfaceLuid) == kNoError ? kNoError : kInvalidName;
}

NET_IFINDEX if_nametoindex(PCSTR InterfaceName) {
  NET_LUID luid;
  return ConvertInterfaceNameToLuidA(InterfaceName, &luid) == kNoError ? index_of(luid) : 0;
}

PSTR if_indextoname(NET_IFINDEX InterfaceIndex, PSTR InterfaceName) {
  NET_LUID luid;
  if (ConvertInterfaceIndexToLuid(InterfaceIndex, &luid) != kNoError) return nullptr;
  return ConvertInterfaceLuidToNameA(&luid, InterfaceName, IF_NAMESIZE) == kNoError ? InterfaceName : nullptr;
}

DWORD GetNumberOfInterfaces(PDWORD pdwNumIf) {
  if (pdwNumIf == nullptr) return kInvalidParameter;
  *pdwNumIf = interfaces();
  return kNoError;
}

}  // extern "C"
