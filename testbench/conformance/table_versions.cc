#include "testbench/conformance/table_versions.h"

#define XDP_API_VERSION 2
#include <afxdp.h>
#include <gtest/gtest.h>
#include <xdpapi.h>

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

}  // namespace ringproof::test
