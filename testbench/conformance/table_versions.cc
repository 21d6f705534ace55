#include "testbench/conformance/table_versions.h"

#define XDP_API_VERSION 2
#include <afxdp.h>
#include <gtest/gtest.h>
#include <xdpapi.h>
#include <xdpapi_experimental.h>

#include <array>

namespace ringproof::test {
namespace {

const XDP_API_TABLE& table_of(unsigned version) {
  const XDP_API_TABLE* table = nullptr;
  EXPECT_EQ(XdpOpenApi(version, &table), S_OK);
  return *table;
}

}  // namespace

HANDLE create_by_table(unsigned version) {
  HANDLE socket = nullptr;
  EXPECT_EQ(table_of(version).XskCreate(&socket), S_OK);
  return socket;
}

UINT32 get_by_table(unsigned version, HANDLE socket, UINT32 option, UINT32* length) {
  alignas(8) std::array<unsigned char, 256> buffer{};
  return static_cast<UINT32>(table_of(version).XskGetSockopt(socket, option, buffer.data(), length));
}

std::vector<UINT32> use_interface_by_table(unsigned version) {
  const XDP_API_TABLE& table = table_of(version);
  const auto routine = [&](const char* name) {
    VOID* found = table.XdpGetRoutine(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  };
  auto* capabilities =
      reinterpret_cast<XDP_RSS_GET_CAPABILITIES_FN*>(routine(XDP_RSS_GET_CAPABILITIES_FN_NAME));
  auto* get = reinterpret_cast<XDP_RSS_GET_FN*>(routine(XDP_RSS_GET_FN_NAME));
  auto* set = reinterpret_cast<XDP_RSS_SET_FN*>(routine(XDP_RSS_SET_FN_NAME));
  auto* qeo = reinterpret_cast<XDP_QEO_SET_FN*>(routine(XDP_QEO_SET_FN_NAME));
  HANDLE interface = nullptr;
  std::vector<UINT32> answers = {static_cast<UINT32>(table.XdpInterfaceOpen(1, &interface))};
  alignas(8) std::array<unsigned char, 1024> buffer{};
  UINT32 size = buffer.size();
  const auto add = [&](HRESULT answer) { answers.push_back(static_cast<UINT32>(answer)); };
  add(capabilities(interface, reinterpret_cast<XDP_RSS_CAPABILITIES*>(buffer.data()), &size));
  size = buffer.size();
  auto* configuration = reinterpret_cast<XDP_RSS_CONFIGURATION*>(buffer.data());
  add(get(interface, configuration, &size));
  // What it answers can be set again.
  configuration->Flags = XDP_RSS_FLAG_SET_INDIRECTION_TABLE | XDP_RSS_FLAG_SET_HASH_TYPE;
  add(set(interface, configuration, size));
  XDP_QUIC_CONNECTION connection;
  XdpInitializeQuicConnection(&connection, sizeof connection);
  add(qeo(interface, &connection, sizeof connection));
  EXPECT_TRUE(CloseHandle(interface));
  return answers;
}

}  // namespace ringproof::test
