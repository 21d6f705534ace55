// The table of network interfaces: include/ringproof/win32/net_rows.h.

#include <ringproof/win32/net_rows.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

constexpr DWORD kNoError = 0;
constexpr DWORD kFileNotFound = 2;
constexpr DWORD kNotEnoughMemory = 8;
constexpr DWORD kInvalidParameter = 87;
constexpr DWORD kBufferOverflow = 111;

void put_text(PWCHAR text, WCHAR (&target)[IF_MAX_STRING_SIZE + 1]) {
  const std::u16string_view units(reinterpret_cast<const char16_t*>(text));
  std::copy_n(units.begin(), std::min<std::size_t>(units.size(), IF_MAX_STRING_SIZE),
              reinterpret_cast<char16_t*>(target));
}

void put_address(const IP_ADAPTER_ADDRESSES& adapter, MIB_IF_ROW2* row) {
  row->PhysicalAddressLength = adapter.PhysicalAddressLength;
  std::memcpy(row->PhysicalAddress, adapter.PhysicalAddress, adapter.PhysicalAddressLength);
  std::memcpy(row->PermanentPhysicalAddress, adapter.PhysicalAddress, adapter.PhysicalAddressLength);
}

MIB_IF_ROW2 row_of(const IP_ADAPTER_ADDRESSES& adapter) {
  MIB_IF_ROW2 row{};
  row.InterfaceLuid = adapter.Luid;
  row.InterfaceIndex = adapter.IfIndex;
  put_text(adapter.FriendlyName, row.Alias);
  put_text(adapter.Description, row.Description);
  put_address(adapter, &row);
  row.Mtu = adapter.Mtu;
  row.Type = adapter.IfType;
  row.MediaType = NdisMedium802_3;
  row.PhysicalMediumType = NdisPhysicalMedium802_3;
  row.AccessType = NET_IF_ACCESS_BROADCAST;
  row.InterfaceAndOperStatusFlags.HardwareInterface = 1;
  row.InterfaceAndOperStatusFlags.ConnectorPresent = 1;
  row.OperStatus = adapter.OperStatus;
  row.AdminStatus = NET_IF_ADMIN_STATUS_UP;
  row.MediaConnectState = MediaConnectStateConnected;
  row.ConnectionType = NET_IF_CONNECTION_DEDICATED;
  return row;
}

std::vector<MIB_IF_ROW2> all_rows() {
  std::vector<MIB_IF_ROW2> rows;
  std::vector<IP_ADAPTER_ADDRESSES> memory;
  ULONG bytes = 0;
  // An adapter may come between two questions.
  ULONG result = kBufferOverflow;
  while (result == kBufferOverflow) {
    memory.resize(bytes / sizeof(IP_ADAPTER_ADDRESSES) + 1);
    bytes = static_cast<ULONG>(memory.size() * sizeof(IP_ADAPTER_ADDRESSES));
    result = GetAdaptersAddresses(AF_UNSPEC, 0, nullptr, memory.data(), &bytes);
  }
  if (result != kNoError) return rows;
  for (const auto* adapter = memory.data(); adapter != nullptr; adapter = adapter->Next) {
    rows.push_back(row_of(*adapter));
  }
  return rows;
}

}  // namespace

extern "C" {

NETIO_STATUS GetIfEntry2(PMIB_IF_ROW2 Row) {
  if (Row == nullptr || (Row->InterfaceLuid.Value == 0 && Row->InterfaceIndex == 0)) return kInvalidParameter;
  for (const MIB_IF_ROW2& row : all_rows()) {
    const bool asked = Row->InterfaceLuid.Value != 0 ? Row->InterfaceLuid.Value == row.InterfaceLuid.Value
                                                     : Row->InterfaceIndex == row.InterfaceIndex;
    if (!asked) continue;
    *Row = row;
    return kNoError;
  }
  return kFileNotFound;
}

NETIO_STATUS GetIfTable2(PMIB_IF_TABLE2* Table) {
  if (Table == nullptr) return kInvalidParameter;
  const std::vector<MIB_IF_ROW2> rows = all_rows();
  *Table =
      static_cast<PMIB_IF_TABLE2>(std::calloc(1, sizeof(MIB_IF_TABLE2) + rows.size() * sizeof(MIB_IF_ROW2)));
  if (*Table == nullptr) return kNotEnoughMemory;
  (*Table)->NumEntries = static_cast<ULONG>(rows.size());
  if (!rows.empty()) std::memcpy((*Table)->Table, rows.data(), rows.size() * sizeof(MIB_IF_ROW2));
  return kNoError;
}

VOID FreeMibTable(PVOID Memory) { std::free(Memory); }

}  // extern "C"
