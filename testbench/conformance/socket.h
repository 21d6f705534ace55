// socket.h: sockets for tests, through the published calls only.
// Role     RawSocket: a handle and calls that answer with plain numbers; ReadySocket: a socket that was taken
//          all the way to Active, with its UMEM and rings
// Shapes   ReadySocket: kChunks chunks; the k-th is at k * chunk_bytes
// Errors   set-up that fails is a failure of the test
// Source   include/afxdp.h
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#ifndef XDP_API_VERSION
#define XDP_API_VERSION 3
#endif
#include <afxdp_experimental.h>
#include <afxdp_helper.h>
#include <xdpapi.h>

namespace ringproof::test {

// Answers of the calls, by the short names of the specification.
constexpr UINT32 kOk = 0;
constexpr UINT32 kInvalidHandle = 0x80070006;
constexpr UINT32 kBadState = 0x80070016;
constexpr UINT32 kBadParameter = 0x80070057;
constexpr UINT32 kNotSupported = 0x80070032;
constexpr UINT32 kNotFound = 0x80070490;
constexpr UINT32 kTooSmall = 0x8007007A;
constexpr UINT32 kMoreData = 0x800700EA;
constexpr UINT32 kNoAccess = 0x800703E6;
constexpr UINT32 kNoMemory = 0x80070008;
constexpr UINT32 kNoResources = 0x800705AA;
constexpr UINT32 kDeleting = 0x80070005;
constexpr UINT32 kDenied = 0x80070005;
constexpr UINT32 kNotReady = 0x80070015;
constexpr UINT32 kTimeout = 0x800705B4;
constexpr UINT32 kPending = 0x800703E5;
constexpr UINT32 kCancelled = 0x800703E3;

// A wait without a timeout.
constexpr UINT32 kNoTimeout = 0xFFFFFFFF;

// Flags, shorter; and the status of an OVERLAPPED whose operation is under way.
constexpr UINT32 kPokeRx = XSK_NOTIFY_FLAG_POKE_RX;
constexpr UINT32 kPokeTx = XSK_NOTIFY_FLAG_POKE_TX;
constexpr UINT32 kWaitRx = XSK_NOTIFY_FLAG_WAIT_RX;
constexpr UINT32 kWaitTx = XSK_NOTIFY_FLAG_WAIT_TX;
constexpr UINT32 kRxAvailable = XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE;
constexpr UINT32 kTxAvailable = XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE;
constexpr UINT32 kRxOnly = XSK_BIND_FLAG_RX;
constexpr UINT32 kTxOnly = XSK_BIND_FLAG_TX;
constexpr ULONG_PTR kStatusPending = 0x103;

inline UINT32 number(XDP_STATUS status) { return static_cast<UINT32>(status); }

// A registration of `bytes` at `address` as UMEM.
inline XSK_UMEM_REG umem_at(void* address, std::uint64_t bytes, UINT32 chunk_bytes = 2048,
                            UINT32 headroom = 0) {
  XSK_UMEM_REG umem{};
  umem.TotalSize = bytes;
  umem.ChunkSize = chunk_bytes;
  umem.Headroom = headroom;
  umem.Address = address;
  return umem;
}

class RawSocket {
 public:
  RawSocket() { EXPECT_EQ(number(XskCreate(&handle_)), kOk); }
  // Takes over a socket that was made by other means.
  explicit RawSocket(HANDLE made) : handle_(made) {}
  ~RawSocket() { close(); }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  HANDLE handle() const { return handle_; }
  void close() {
    if (handle_ != nullptr) {
      EXPECT_TRUE(CloseHandle(handle_));
    }
    handle_ = nullptr;
  }
  // Leaves the handle to the end of the process.
  void forget() { handle_ = nullptr; }
  UINT32 bind(UINT32 interface, UINT32 queue, UINT32 flags) const {
    return number(XskBind(handle_, interface, queue, static_cast<XSK_BIND_FLAGS>(flags)));
  }
  UINT32 activate(UINT32 flags = 0) const {
    return number(XskActivate(handle_, static_cast<XSK_ACTIVATE_FLAGS>(flags)));
  }
  template <typename Value>
  UINT32 set(UINT32 option, const Value& value, UINT32 length = sizeof(Value)) const {
    return number(XskSetSockopt(handle_, option, &value, length));
  }
  UINT32 set_number(UINT32 option, UINT32 value) const { return set(option, value); }
  // The value of an option that is expected to be there.
  template <typename Value>
  Value get(UINT32 option) const {
    Value value{};
    UINT32 length = sizeof(Value);
    EXPECT_EQ(number(XskGetSockopt(handle_, option, &value, &length)), kOk) << "option " << option;
    EXPECT_EQ(length, sizeof(Value)) << "option " << option;
    return value;
  }
  // The answer alone. `length` may be anything up to 256.
  UINT32 try_get(UINT32 option, UINT32* length) const {
    alignas(8) std::array<unsigned char, 256> buffer{};
    return number(XskGetSockopt(handle_, option, buffer.data(), length));
  }
  XSK_STATISTICS statistics() const { return get<XSK_STATISTICS>(XSK_SOCKOPT_STATISTICS); }
  UINT32 notify(UINT32 flags, UINT32 timeout_ms = 0, UINT32* result = nullptr) const {
    auto answer = static_cast<XSK_NOTIFY_RESULT_FLAGS>(result == nullptr ? 0 : *result);
    const UINT32 status =
        number(XskNotifySocket(handle_, static_cast<XSK_NOTIFY_FLAGS>(flags), timeout_ms, &answer));
    if (result != nullptr) *result = answer;
    return status;
  }

 private:
  HANDLE handle_ = nullptr;
};

// The two modes of an interface, and what differs between them. Loops over kModes say mode.name in a
// SCOPED_TRACE.
struct Mode {
  const char* name;
  UINT32 bind_flag;
  UINT32 program_flag;
  UINT32 frame_bytes_max;  // of a frame to send, with the default MTU
};
constexpr std::array<Mode, 2> kModes = {{
    {"native", XSK_BIND_FLAG_NATIVE, XDP_CREATE_PROGRAM_FLAG_NATIVE, 1518},
    {"generic", XSK_BIND_FLAG_GENERIC, XDP_CREATE_PROGRAM_FLAG_GENERIC, 1514},
}};

struct SocketShape {
  UINT32 bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | XSK_BIND_FLAG_NATIVE;
  UINT32 queue = 0;
  UINT32 chunks = 64;
  UINT32 chunk_bytes = 2048;
  UINT32 headroom = 0;
  UINT32 extra_bytes = 0;    // of the UMEM, behind the last whole chunk
  UINT32 address_shift = 0;  // of the UMEM, from an aligned address
  UINT32 ring_size = 16;
  UINT32 fill_size = 0;        // 0: ring_size
  UINT32 completion_size = 0;  // 0: ring_size
  bool activated = true;       // false: the test calls activate()
  // Where they are not the usual ones.
  std::optional<XDP_HOOK_ID> rx_hook = {};
  std::optional<XDP_HOOK_ID> tx_hook = {};
  std::vector<UINT32> offloads = {};  // options that are set to 1 between bind and the rings

  // Both directions, or those that are named, in this mode.
  SocketShape& in(const Mode& mode, UINT32 directions = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX) {
    bind_flags = directions | mode.bind_flag;
    return *this;
  }
};

// An index as it is in shared memory now.
inline UINT32 index_in(const UINT32* word) { return ringproof_load32(word, RINGPROOF_ACQUIRE); }
// What only a broken application does: an index, its own or not, made to be anything.
inline void set_index(UINT32* word, UINT32 value) { ringproof_store32(word, value, RINGPROOF_RELEASE); }

class ReadySocket : public RawSocket {
 public:
  explicit ReadySocket(const SocketShape& shape = {}) : shape_(shape) { get_ready(); }
  ReadySocket(const SocketShape& shape, HANDLE made) : RawSocket(made), shape_(shape) { get_ready(); }
  // Its memory is the platform's until it is closed.
  ~ReadySocket() { close(); }
  ReadySocket(const ReadySocket&) = delete;
  ReadySocket& operator=(const ReadySocket&) = delete;

  unsigned char* umem() { return memory_.data() + shape_.address_shift; }
  const unsigned char* umem() const { return memory_.data() + shape_.address_shift; }
  std::uint64_t chunk(UINT32 k) const { return std::uint64_t{k} * shape_.chunk_bytes; }

  // Posts UMEM addresses to FILL. Returns how many there was room for.
  UINT32 post(const std::vector<std::uint64_t>& addresses) {
    UINT32 index;
    const UINT32 room = XskRingProducerReserve(&fill, static_cast<UINT32>(addresses.size()), &index);
    for (UINT32 i = 0; i < room; ++i) {
      *static_cast<UINT64*>(XskRingGetElement(&fill, index + i)) = addresses[i];
    }
    if (room > 0) XskRingProducerSubmit(&fill, room);
    return room;
  }
  // Posts chunks [first, first + count).
  UINT32 post_chunks(UINT32 first, UINT32 count) {
    std::vector<std::uint64_t> addresses;
    for (UINT32 i = 0; i < count; ++i) addresses.push_back(chunk(first + i));
    return post(addresses);
  }
  // Entries that wait in RX; copied, and released unless `keep`.
  std::vector<XSK_BUFFER_DESCRIPTOR> received(bool keep = false) {
    std::vector<XSK_BUFFER_DESCRIPTOR> result;
    UINT32 index;
    const UINT32 count = XskRingConsumerReserve(&rx_ring, rx_ring.Size, &index);
    for (UINT32 i = 0; i < count; ++i) {
      result.push_back(*static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&rx_ring, index + i)));
    }
    if (!keep && count > 0) XskRingConsumerRelease(&rx_ring, count);
    return result;
  }
  std::vector<unsigned char> bytes_of(const XSK_BUFFER_DESCRIPTOR& buffer) const {
    const unsigned char* data = umem() + buffer.Address.BaseAddress + buffer.Address.Offset;
    return {data, data + buffer.Length};
  }

  static XSK_BUFFER_DESCRIPTOR descriptor(std::uint64_t base, UINT32 offset, UINT32 length) {
    XSK_BUFFER_DESCRIPTOR buffer{};
    buffer.Address.AddressAndOffset = base | (std::uint64_t{offset} << 48);
    buffer.Length = length;
    return buffer;
  }
  // Puts descriptors into TX without a poke. Returns how many there was room for.
  UINT32 submit(const std::vector<XSK_BUFFER_DESCRIPTOR>& buffers) {
    UINT32 index;
    const UINT32 room = XskRingProducerReserve(&tx_ring, static_cast<UINT32>(buffers.size()), &index);
    for (UINT32 i = 0; i < room; ++i) {
      std::memcpy(XskRingGetElement(&tx_ring, index + i), &buffers[i], sizeof buffers[i]);
    }
    if (room > 0) XskRingProducerSubmit(&tx_ring, room);
    return room;
  }
  // As an application should look: after a full fence.
  bool need_poke() const {
    XdpBarrierBetweenReleaseAndAcquire();
    return XskRingProducerNeedPoke(&tx_ring) != 0;
  }
  // Returns whether a poke was needed.
  bool poke_if_needed() {
    const bool needed = need_poke();
    if (needed) {
      EXPECT_EQ(notify(XSK_NOTIFY_FLAG_POKE_TX), kOk);
    }
    return needed;
  }
  void poke() { EXPECT_EQ(notify(XSK_NOTIFY_FLAG_POKE_TX), kOk); }
  // Writes bytes into the UMEM.
  void put(std::uint64_t address, const std::vector<unsigned char>& bytes) {
    std::memcpy(umem() + address, bytes.data(), bytes.size());
  }
  // Writes a frame into chunk k and sends it from there.
  void send(UINT32 k, const std::vector<unsigned char>& frame) {
    put(chunk(k), frame);
    EXPECT_EQ(submit({descriptor(chunk(k), 0, static_cast<UINT32>(frame.size()))}), 1u);
    poke_if_needed();
  }
  // With a request for checksums beside its descriptor. REQUIRES: the offload is enabled.
  void send_with(UINT32 k, const std::vector<unsigned char>& frame, const XDP_FRAME_LAYOUT& layout,
                 const XDP_FRAME_CHECKSUM& checksum) {
    UINT32 index;
    ASSERT_EQ(XskRingProducerReserve(&tx_ring, 1, &index), 1u);
    auto* element = static_cast<unsigned char*>(XskRingGetElement(&tx_ring, index));
    std::memcpy(element + get<UINT16>(XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION), &layout, sizeof layout);
    std::memcpy(element + get<UINT16>(XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION), &checksum, sizeof checksum);
    send(k, frame);
  }
  // Base addresses that wait in COMPLETION; released unless `keep`.
  std::vector<std::uint64_t> completed(bool keep = false) {
    std::vector<std::uint64_t> result;
    UINT32 index;
    const UINT32 count = XskRingConsumerReserve(&completion, completion.Size, &index);
    for (UINT32 i = 0; i < count; ++i) {
      result.push_back(*static_cast<UINT64*>(XskRingGetElement(&completion, index + i)));
    }
    if (!keep && count > 0) XskRingConsumerRelease(&completion, count);
    return result;
  }

  XSK_RING fill{}, rx_ring{}, tx_ring{}, completion{};

 private:
  // From a socket that was made to an active one.
  void get_ready() {
    const bool rx = (shape_.bind_flags & XSK_BIND_FLAG_RX) != 0;
    const bool tx = (shape_.bind_flags & XSK_BIND_FLAG_TX) != 0;
    const std::size_t bytes = std::size_t{shape_.chunks} * shape_.chunk_bytes + shape_.extra_bytes;
    memory_.resize(shape_.address_shift + bytes);
    const XSK_UMEM_REG umem_reg = umem_at(umem(), bytes, shape_.chunk_bytes, shape_.headroom);
    if (shape_.rx_hook.has_value()) {
      EXPECT_EQ(set(XSK_SOCKOPT_RX_HOOK_ID, *shape_.rx_hook), kOk);
    }
    if (shape_.tx_hook.has_value()) {
      EXPECT_EQ(set(XSK_SOCKOPT_TX_HOOK_ID, *shape_.tx_hook), kOk);
    }
    EXPECT_EQ(bind(1, shape_.queue, shape_.bind_flags), kOk);
    EXPECT_EQ(set(XSK_SOCKOPT_UMEM_REG, umem_reg), kOk);
    for (const UINT32 option : shape_.offloads) EXPECT_EQ(set_number(option, 1), kOk) << option;
    const UINT32 fill_size = shape_.fill_size != 0 ? shape_.fill_size : shape_.ring_size;
    const UINT32 completion_size = shape_.completion_size != 0 ? shape_.completion_size : shape_.ring_size;
    if (rx) {
      EXPECT_EQ(set_number(XSK_SOCKOPT_RX_RING_SIZE, shape_.ring_size), kOk);
      EXPECT_EQ(set_number(XSK_SOCKOPT_RX_FILL_RING_SIZE, fill_size), kOk);
    }
    if (tx) {
      EXPECT_EQ(set_number(XSK_SOCKOPT_TX_RING_SIZE, shape_.ring_size), kOk);
      EXPECT_EQ(set_number(XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, completion_size), kOk);
    }
    if (shape_.activated) {
      EXPECT_EQ(activate(), kOk);
    }
    const auto info = get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    if (rx) {
      XskRingInitialize(&fill, &info.Fill);
      XskRingInitialize(&rx_ring, &info.Rx);
    }
    if (tx) {
      XskRingInitialize(&tx_ring, &info.Tx);
      XskRingInitialize(&completion, &info.Completion);
    }
  }

  const SocketShape shape_;
  std::vector<unsigned char> memory_;
};

// A program on a queue of interface 1; closed with the object.
class TestProgram {
 public:
  // Everything that arrives goes to the socket: the exclusive path.
  static std::unique_ptr<TestProgram> redirect_all(const RawSocket& socket, UINT32 queue = 0,
                                                   UINT32 flags = XDP_CREATE_PROGRAM_FLAG_NATIVE) {
    return std::make_unique<TestProgram>(std::vector<XDP_RULE>{redirect(socket)}, queue, flags);
  }
  // The same by the normal path: a second rule, which never decides, makes the program one of two rules.
  static std::unique_ptr<TestProgram> redirect_batched(const RawSocket& socket, UINT32 queue = 0,
                                                       UINT32 flags = XDP_CREATE_PROGRAM_FLAG_NATIVE) {
    XDP_RULE drop{};
    drop.Match = XDP_MATCH_ALL;
    drop.Action = XDP_PROGRAM_ACTION_DROP;
    return std::make_unique<TestProgram>(std::vector<XDP_RULE>{redirect(socket), drop}, queue, flags);
  }
  // Frames to a UDP port go to the socket.
  static XDP_RULE redirect_port(const RawSocket& socket, UINT16 port) {
    XDP_RULE rule = redirect(socket);
    rule.Match = XDP_MATCH_UDP_DST;
    rule.Pattern.Port = static_cast<UINT16>((port >> 8) | (port << 8));
    return rule;
  }
  static XDP_RULE redirect(const RawSocket& socket) {
    XDP_RULE rule{};
    rule.Match = XDP_MATCH_ALL;
    rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
    rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
    rule.Redirect.Target = socket.handle();
    return rule;
  }
  static UINT32 create(const std::vector<XDP_RULE>& rules, UINT32 queue, UINT32 flags, HANDLE* handle) {
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    return number(XdpCreateProgram(1, &hook, queue, static_cast<XDP_CREATE_PROGRAM_FLAGS>(flags),
                                   rules.data(), static_cast<UINT32>(rules.size()), handle));
  }

  TestProgram(const std::vector<XDP_RULE>& rules, UINT32 queue, UINT32 flags) {
    EXPECT_EQ(create(rules, queue, flags, &handle_), kOk);
  }
  ~TestProgram() {
    if (handle_ != nullptr) {
      EXPECT_TRUE(CloseHandle(handle_));
    }
  }
  // Leaves the handle to the end of the process.
  void forget() { handle_ = nullptr; }
  TestProgram(const TestProgram&) = delete;
  TestProgram& operator=(const TestProgram&) = delete;

 private:
  HANDLE handle_ = nullptr;
};

}  // namespace ringproof::test
