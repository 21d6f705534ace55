// interface.h: interface handles and their offloads, as conformance tests use them.
// Role     opens, asks and sets through the published calls; good requests that a test spoils
// Errors   answers are numbers, by the short names of socket.h
// Source   XDP for Windows: XdpInterfaceOpen, XdpRssGet, XdpRssSet, XdpQeoSet
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#ifndef XDP_API_VERSION
#define XDP_API_VERSION 3
#endif
#include <xdpapi_experimental.h>

#include "testbench/conformance/socket.h"

namespace ringproof::test {

constexpr UINT32 kAlreadyExists = 0x80071392;

// A request for RSS: what is there is set.
struct RssWish {
  std::optional<UINT32> hash_types{};
  std::optional<std::vector<unsigned char>> key{};
  std::optional<std::vector<BYTE>> processors{};
  UINT32 more_flags = 0;

  // Header, key and table.
  std::vector<unsigned char> bytes() const {
    XDP_RSS_CONFIGURATION header;
    XdpInitializeRssConfiguration(&header, sizeof header);
    const std::vector<unsigned char> the_key = key.value_or(std::vector<unsigned char>());
    const std::vector<BYTE> table = processors.value_or(std::vector<BYTE>());
    header.Flags = (hash_types.has_value() ? XDP_RSS_FLAG_SET_HASH_TYPE : 0) |
                   (key.has_value() ? XDP_RSS_FLAG_SET_HASH_SECRET_KEY : 0) |
                   (processors.has_value() ? XDP_RSS_FLAG_SET_INDIRECTION_TABLE : 0) | more_flags;
    header.HashType = hash_types.value_or(0);
    header.HashSecretKeyOffset = sizeof header;
    header.HashSecretKeySize = static_cast<UINT16>(the_key.size());
    header.IndirectionTableOffset = static_cast<UINT16>(sizeof header + the_key.size());
    header.IndirectionTableSize = static_cast<UINT16>(table.size() * sizeof(PROCESSOR_NUMBER));
    std::vector<unsigned char> result(header.IndirectionTableOffset + header.IndirectionTableSize);
    std::memcpy(result.data(), &header, sizeof header);
    std::copy(the_key.begin(), the_key.end(), result.begin() + sizeof header);
    for (std::size_t i = 0; i < table.size(); ++i) {
      result[header.IndirectionTableOffset + i * sizeof(PROCESSOR_NUMBER) + 2] = table[i];
    }
    return result;
  }
};

// What XdpRssGet says.
struct RssAnswer {
  XDP_RSS_CONFIGURATION header{};
  std::vector<unsigned char> key;
  std::vector<BYTE> processors;
};

class OpenInterface {
 public:
  explicit OpenInterface(UINT32 index = 1) {
    EXPECT_EQ(number(XdpInterfaceOpen(index, &handle_)), kOk);
    EXPECT_NE(handle_, nullptr);
  }
  ~OpenInterface() { close(); }
  OpenInterface(const OpenInterface&) = delete;
  OpenInterface& operator=(const OpenInterface&) = delete;

  HANDLE handle() const { return handle_; }
  void close() {
    if (handle_ != nullptr) {
      EXPECT_TRUE(CloseHandle(handle_));
    }
    handle_ = nullptr;
  }
  // Leaves the handle to the end of the process.
  void forget() { handle_ = nullptr; }

  UINT32 set(const std::vector<unsigned char>& request) const {
    return number(XdpRssSet(handle_,
                            reinterpret_cast<const XDP_RSS_CONFIGURATION*>(request.data()),  // NOLINT
                            static_cast<UINT32>(request.size())));
  }
  UINT32 set(const RssWish& wish) const { return set(wish.bytes()); }

  // The answers alone; `size` as the calls have it.
  UINT32 try_capabilities(void* to, UINT32* size) const {
    return number(XdpRssGetCapabilities(handle_, static_cast<XDP_RSS_CAPABILITIES*>(to), size));
  }
  UINT32 try_get(void* to, UINT32* size) const {
    return number(XdpRssGet(handle_, static_cast<XDP_RSS_CONFIGURATION*>(to), size));
  }
  UINT32 rss_bytes() const {
    UINT32 size = 0;
    EXPECT_EQ(try_get(nullptr, &size), kMoreData);
    return size;
  }
  // What is in force, asked as a program would.
  RssAnswer rss() const {
    RssAnswer answer;
    std::vector<unsigned char> bytes(rss_bytes());
    auto size = static_cast<UINT32>(bytes.size());
    EXPECT_EQ(try_get(bytes.data(), &size), kOk);
    EXPECT_EQ(size, bytes.size());
    if (bytes.size() < sizeof answer.header) return answer;
    std::memcpy(&answer.header, bytes.data(), sizeof answer.header);
    const auto key = bytes.begin() + answer.header.HashSecretKeyOffset;
    answer.key.assign(key, key + answer.header.HashSecretKeySize);
    const unsigned char* table = bytes.data() + answer.header.IndirectionTableOffset;
    for (UINT32 i = 0; i < answer.header.IndirectionTableSize; i += sizeof(PROCESSOR_NUMBER)) {
      answer.processors.push_back(table[i + 2]);
    }
    return answer;
  }

  UINT32 qeo(std::vector<XDP_QUIC_CONNECTION>& connections) const {
    return number(XdpQeoSet(handle_, connections.data(),
                            static_cast<UINT32>(connections.size() * sizeof connections[0])));
  }
  UINT32 qeo(const XDP_QUIC_CONNECTION& connection) const {
    std::vector<XDP_QUIC_CONNECTION> one = {connection};
    return qeo(one);
  }

 private:
  HANDLE handle_ = nullptr;
};

// A connection to a port; with a status that no call gives.
inline XDP_QUIC_CONNECTION quic_connection(UINT16 port,
                                           XDP_QUIC_OPERATION operation = XDP_QUIC_OPERATION_ADD) {
  XDP_QUIC_CONNECTION connection;
  XdpInitializeQuicConnection(&connection, sizeof connection);
  connection.Operation = operation;
  connection.UdpPort = port;
  connection.ConnectionIdLength = 8;
  connection.Status = static_cast<XDP_STATUS>(0x12345678);
  return connection;
}

}  // namespace ringproof::test
