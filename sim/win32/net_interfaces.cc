// The names of network interfaces: include/ringproof/win32/net_interfaces.h.

#include <fmt/format.h>
#include <ringproof/app.h>
#include <ringproof/win32/net_interfaces.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/world.h"

namespace {

constexpr DWORD kNoError = 0;
constexpr DWORD kFileNotFound = 2;
constexpr DWORD kInvalidParameter = 87;
constexpr DWORD kInvalidName = 123;
constexpr DWORD kBufferOverflow = 111;
constexpr DWORD kNoData = 232;
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

// One adapter as GetAdaptersAddresses gives it, with the texts that it points to.
struct AdapterEntry {
  IP_ADAPTER_ADDRESSES addresses;
  char name[sizeof "ethernet_4294967295"];
  char16_t friendly_name[sizeof "ethernet_4294967295"];
  char16_t description[sizeof "Simulated Ethernet adapter 4294967295"];
  char16_t no_suffix[1];
};

template <std::size_t Units>
PWCHAR put_wide(const std::string& text, char16_t (&target)[Units]) {
  std::copy_n(text.c_str(), text.size() + 1, target);
  return reinterpret_cast<PWCHAR>(target);
}

void fill_entry(ULONG index, bool friendly_name, AdapterEntry* entry) {
  constexpr ULONG kAddressBytes = 6;
  constexpr BYTE kLocallyAdministered = 2;
  IP_ADAPTER_ADDRESSES& addresses = entry->addresses;
  *entry = {};
  const std::string name = fmt::format("{}{}", kPrefix, index);
  addresses.Length = sizeof addresses;
  addresses.IfIndex = index;
  addresses.Ipv6IfIndex = index;
  std::memcpy(entry->name, name.c_str(), name.size() + 1);
  addresses.AdapterName = entry->name;
  if (friendly_name) addresses.FriendlyName = put_wide(name, entry->friendly_name);
  addresses.Description = put_wide(fmt::format("Simulated Ethernet adapter {}", index), entry->description);
  addresses.DnsSuffix = put_wide("", entry->no_suffix);
  addresses.PhysicalAddressLength = kAddressBytes;
  addresses.PhysicalAddress[0] = kLocallyAdministered;
  for (ULONG i = 0; i < sizeof index; ++i) {
    addresses.PhysicalAddress[kAddressBytes - 1 - i] = static_cast<BYTE>(index >> (8 * i));
  }
  addresses.Mtu = ringproof::current_world->platform.mtu(index);
  addresses.IfType = IF_TYPE_ETHERNET_CSMACD;
  addresses.OperStatus = IfOperStatusUp;
  ConvertInterfaceIndexToLuid(index, &addresses.Luid);
  addresses.CompartmentId = 1;
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

NETIO_STATUS ConvertInterfaceLuidToAlias(const NET_LUID* InterfaceLuid, PWSTR InterfaceAlias, SIZE_T Length) {
  char name[IF_NAMESIZE];
  if (InterfaceAlias == nullptr) return kInvalidParameter;
  const NETIO_STATUS status =
      ConvertInterfaceLuidToNameA(InterfaceLuid, name, std::min<SIZE_T>(Length, sizeof name));
  if (status == kNoError)
    std::copy_n(name, std::strlen(name) + 1, reinterpret_cast<char16_t*>(InterfaceAlias));
  return status;
}

NETIO_STATUS ConvertInterfaceAliasToLuid(const WCHAR* InterfaceAlias, PNET_LUID InterfaceLuid) {
  if (InterfaceAlias == nullptr || InterfaceLuid == nullptr) return kInvalidParameter;
  const std::u16string_view alias(reinterpret_cast<const char16_t*>(InterfaceAlias));
  std::string name;
  for (const char16_t unit : alias) name += unit < 0x80 ? static_cast<char>(unit) : '?';
  return ConvertInterfaceNameToLuidA(name.c_str(), InterfaceLuid) == kNoError ? kNoError : kInvalidParameter;
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

ULONG GetAdaptersAddresses(ULONG Family, ULONG Flags, PVOID, PIP_ADAPTER_ADDRESSES AdapterAddresses,
                           PULONG SizePointer) {
  const ringproof::ApiCall call("GetAdaptersAddresses");
  const bool known = Family == AF_UNSPEC || Family == AF_INET || Family == AF_INET6;
  if (!known || SizePointer == nullptr) return kInvalidParameter;
  std::vector<ULONG> present;
  for (ULONG index = 1; index <= interfaces(); ++index) {
    if (call.world().platform.has_adapter(index)) present.push_back(index);
  }
  if (present.empty()) return kNoData;
  const ULONG needed = static_cast<ULONG>(present.size() * sizeof(AdapterEntry));
  const bool fits = AdapterAddresses != nullptr && *SizePointer >= needed;
  *SizePointer = needed;
  if (!fits) return kBufferOverflow;
  auto* entry = reinterpret_cast<AdapterEntry*>(AdapterAddresses);
  for (std::size_t i = 0; i < present.size(); ++i) {
    fill_entry(present[i], (Flags & GAA_FLAG_SKIP_FRIENDLY_NAME) == 0, &entry[i]);
    if (i > 0) entry[i - 1].addresses.Next = &entry[i].addresses;
  }
  return kNoError;
}

}  // extern "C"
