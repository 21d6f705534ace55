// Values of options in memory that cannot be read or written: 2.4.

#include <cstring>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/memory_pages.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

// An option, the length of its value, and the answer to a shorter one.
struct Option {
  UINT32 option;
  UINT32 bytes;
  UINT32 too_short;
};

// All that can be set.
constexpr std::array<Option, 15> kSetters = {{
    {XSK_SOCKOPT_UMEM_REG, sizeof(XSK_UMEM_REG), kBadParameter},
    {XSK_SOCKOPT_RX_RING_SIZE, 4, kBadParameter},
    {XSK_SOCKOPT_RX_FILL_RING_SIZE, 4, kBadParameter},
    {XSK_SOCKOPT_TX_RING_SIZE, 4, kBadParameter},
    {XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, 4, kBadParameter},
    {XSK_SOCKOPT_RX_HOOK_ID, sizeof(XDP_HOOK_ID), kTooSmall},
    {XSK_SOCKOPT_TX_HOOK_ID, sizeof(XDP_HOOK_ID), kTooSmall},
    {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4, kTooSmall},
    {XSK_SOCKOPT_TX_PROCESSOR_AFFINITY, 4, kTooSmall},
    {XSK_SOCKOPT_POLL_MODE, 4, kBadParameter},
    {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, 4, kTooSmall},
    {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, 4, kTooSmall},
    {XSK_SOCKOPT_RX_ORIGINAL_LENGTH, 4, kTooSmall},
    {XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, 4, kTooSmall},
    {XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP, 4, kTooSmall},
}};

// Of those that can be got, one of each kind.
constexpr std::array<Option, 7> kGetters = {{
    {XSK_SOCKOPT_RING_INFO, sizeof(XSK_RING_INFO_SET), kBadParameter},
    {XSK_SOCKOPT_STATISTICS, sizeof(XSK_STATISTICS), kBadParameter},
    {XSK_SOCKOPT_RX_HOOK_ID, sizeof(XDP_HOOK_ID), kBadParameter},
    {XSK_SOCKOPT_RX_ERROR, 4, kBadParameter},
    {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4, kTooSmall},
    {XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION, 2, kBadParameter},
    {XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, 10, kTooSmall},
}};

class Access : public Conformance {
 protected:
  static UINT32 set_at(const RawSocket& socket, UINT32 option, const void* value, UINT32 length) {
    return number(XskSetSockopt(socket.handle(), option, value, length));
  }
  static UINT32 get_at(const RawSocket& socket, UINT32 option, void* value, UINT32* length) {
    return number(XskGetSockopt(socket.handle(), option, value, length));
  }
  static void bind(const RawSocket& socket) {
    EXPECT_EQ(socket.bind(1, 0, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX), kOk);
  }
};

// S-042, 2.4
CONFORMANCE(Access, SettersReadNothingThatIsNotThere) {
  MemoryPages pages(3);
  pages.forbid(1);
  const RawSocket socket;
  bind(socket);
  for (const Option& each : kSetters) {
    SCOPED_TRACE(each.option);
    EXPECT_EQ(set_at(socket, each.option, nullptr, each.bytes), kNoAccess);
    EXPECT_EQ(set_at(socket, each.option, pages.at(1), each.bytes), kNoAccess);
    void* wrapping = reinterpret_cast<void*>(~std::uintptr_t{3});
    EXPECT_EQ(set_at(socket, each.option, wrapping, each.bytes), kNoAccess);
    // The length comes first.
    EXPECT_EQ(set_at(socket, each.option, nullptr, each.bytes - 1), each.too_short);
    EXPECT_EQ(set_at(socket, each.option, nullptr, 0), each.too_short);
  }
}

// 2.4: the first byte lies in memory, the last one does not.
CONFORMANCE(Access, SettersReadNothingAcrossAForbiddenPage) {
  MemoryPages pages(2);
  pages.forbid(1);
  const RawSocket socket;
  bind(socket);
  for (const Option& each : kSetters) {
    if (each.bytes == 4) continue;  // four aligned bytes lie in one page
    EXPECT_EQ(set_at(socket, each.option, pages.at(1) - 4, each.bytes), kNoAccess) << each.option;
  }
}

// 2.4
CONFORMANCE(Access, MisalignedValuesAreRefused) {
  alignas(8) std::array<unsigned char, 64> memory{};
  const RawSocket socket;
  bind(socket);
  for (const Option& each : kSetters) {
    for (const UINT32 shift : {1u, 2u, 3u}) {
      EXPECT_EQ(set_at(socket, each.option, memory.data() + shift, each.bytes), kNoAccess) << each.option;
    }
  }
  const RawSocket unbound;
  XDP_HOOK_ID hook = unbound.get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID);
  std::memcpy(memory.data() + 4, &hook, sizeof hook);
  EXPECT_EQ(set_at(unbound, XSK_SOCKOPT_RX_HOOK_ID, memory.data() + 4, sizeof hook), kOk);
}

// 2.4: what is too long is accepted, but all of it must be there.
CONFORMANCE(Access, ExcessLengthMustBeReadable) {
  std::vector<unsigned char> memory(2 * 2048);
  const XSK_UMEM_REG umem = umem_at(memory.data(), memory.size());
  MemoryPages pages(3);
  pages.forbid(2);
  void* const value = pages.at_end(0, umem);
  const RawSocket socket;
  for (const UINT32 length : {24u + 4097u, 65536u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    EXPECT_EQ(set_at(socket, XSK_SOCKOPT_UMEM_REG, value, length), kNoAccess) << length;
  }
  EXPECT_EQ(set_at(socket, XSK_SOCKOPT_UMEM_REG, value, 24 + 4096), kOk);
  void* const size = pages.at_end(1, UINT32{8});
  EXPECT_EQ(set_at(socket, XSK_SOCKOPT_RX_RING_SIZE, size, 5), kNoAccess);
  EXPECT_EQ(set_at(socket, XSK_SOCKOPT_RX_RING_SIZE, size, 4), kOk);
}

// 2.4: setters only read.
CONFORMANCE(Access, SettersTakeReadOnlyValues) {
  MemoryPages pages(2);
  pages.forbid(1);
  void* const size = pages.at_end(0, UINT32{8});
  pages.make_read_only(0);
  const RawSocket socket;
  EXPECT_EQ(set_at(socket, XSK_SOCKOPT_RX_RING_SIZE, size, 4), kOk);
  EXPECT_EQ(socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO).Rx.Size, 8u);
}

// 2.4, S-043: all of the declared length must be writable, be it needed or not.
CONFORMANCE(Access, GettersWriteNothingThatIsNotThere) {
  const ReadySocket socket;
  MemoryPages pages(3);
  pages.forbid(1);
  pages.make_read_only(2);
  for (const Option& each : kGetters) {
    SCOPED_TRACE(each.option);
    struct Case {
      void* to;
      UINT32 length;
    };
    for (const Case& bad : {Case{nullptr, each.bytes}, Case{nullptr, 1}, Case{pages.at(1), each.bytes},
                            Case{pages.at(2), each.bytes}, Case{pages.at(1) - each.bytes, each.bytes + 1},
                            Case{pages.at(1) - each.bytes, 0xFFFFFFFF}}) {
      UINT32 length = bad.length;
      EXPECT_EQ(get_at(socket, each.option, bad.to, &length), kNoAccess);
      EXPECT_EQ(length, 0u);
    }
    UINT32 length = each.bytes - 1;
    EXPECT_EQ(get_at(socket, each.option, pages.at(1) - each.bytes, &length), each.too_short);
    EXPECT_EQ(length, 0u);
  }
}

// 2.4: a getter needs no more room than its value, and no alignment.
CONFORMANCE(Access, GettersWriteUpToTheEndOfAPage) {
  const ReadySocket socket;
  MemoryPages pages(2);
  pages.forbid(1);
  for (const Option& each : {kGetters[0], kGetters[1], kGetters[2], kGetters[3], kGetters[6]}) {
    SCOPED_TRACE(each.option);
    UINT32 length = each.bytes;
    EXPECT_EQ(get_at(socket, each.option, pages.at(1) - each.bytes, &length), kOk);
    EXPECT_EQ(length, each.bytes);
    length = each.bytes + 1;
    EXPECT_EQ(get_at(socket, each.option, pages.at(1) - each.bytes - 1, &length), kOk);
    EXPECT_EQ(length, each.bytes);
  }
}

// 2.4: an option that is not there is not there wherever its value lies.
CONFORMANCE(Access, UnknownOptionsAreNotSupportedWhateverTheValue) {
  const RawSocket socket;
  for (const UINT32 option : {0u, 6u, 77u, 1001u}) {
    EXPECT_EQ(set_at(socket, option, nullptr, 4), kNotSupported) << option;
  }
}

// 2.4: a refused value was never looked at.
CONFORMANCE(Access, RefusedAccessLeavesTheSocketAsItWas) {
  const RawSocket socket;
  for (const UINT32 option : {XSK_SOCKOPT_UMEM_REG, XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_RX_HOOK_ID}) {
    EXPECT_EQ(set_at(socket, option, nullptr, 24), kNoAccess);
  }
  std::vector<unsigned char> memory(2 * 2048);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, umem_at(memory.data(), memory.size())), kOk);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_TX_RING_SIZE, 4), kOk);
  EXPECT_EQ(socket.get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID).SubLayer, XDP_HOOK_INSPECT);
}

}  // namespace
}  // namespace ringproof::test
