// engine_layout.h: descriptor entries of the queue engine, for drivers and test benches.
// Role     what lies in host memory, beside the registers; the two words that the engine only carries
// Shapes   entries are little endian and lie in host memory as these structs
// Units    [bytes]
// Errors   packing cuts a value to its bits
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>

#include "model/nic/registers.h"

namespace ringproof::nic {

constexpr std::uint32_t kTxVectorBase = 64;  // RX queue q: vector q; TX queue q: vector 64 + q

constexpr std::uint32_t kRingLog2Max = 16;
constexpr std::uint32_t kNoAnswer = 0xFFFFFFFF;  // what a register reads as where there is no device

// What a read is for: the lower two bits of its id. The others are a tag of the engine's choice.
enum ReadFor : std::uint8_t { kReadRxDescriptor, kReadTxDescriptor, kReadTxPayload };
constexpr std::uint8_t read_for(std::uint8_t id) { return id & 3; }

struct PostEntry {
  std::uint64_t address;
  std::uint32_t length;
  std::uint32_t cookie;  // RX: the host's own; TX: an offload request, pack_tx_request()
};
static_assert(sizeof(PostEntry) == 16);

struct RxCompletionEntry {
  std::uint32_t cookie;
  std::uint32_t length;
  std::uint32_t rss_hash;
  std::uint32_t flags;
  std::uint64_t timestamp_ns;
  std::uint32_t index;
  std::uint32_t meta;  // what the MAC found in the frame, unpack_rx_meta()
};
static_assert(sizeof(RxCompletionEntry) == 32);

// Entries of the rings of a zero-copy queue [bytes].
constexpr std::uint32_t kFillEntryBytes = 8;
constexpr std::uint32_t kZeroCopyRxEntryBytes = 16;
constexpr std::uint32_t kZeroCopyTxEntryBytes = 8;

constexpr std::uint32_t kRxFlagDmaError = 1;
constexpr std::uint32_t kRxFlagTruncated = 2;

// What the MAC says of a received frame. Verdicts and types are coded as in XDP_FRAME_CHECKSUM and
// XDP_FRAME_LAYOUT; lengths are 0 where the MAC did not look.
enum class Verdict : std::uint8_t { kNotChecked = 0, kSucceeded = 1, kFailed = 2 };
enum class Layer3 : std::uint8_t {
  kUnknown = 0,
  kIpv4WithOptions = 2,
  kIpv4NoOptions = 3,
  kIpv6WithExtensions = 5,
  kIpv6NoExtensions = 6,
};
enum class Layer4 : std::uint8_t { kUnknown = 0, kTcp = 1, kUdp = 2, kIpFragment = 3, kIpNotFragment = 4 };

struct RxMeta {
  Verdict layer3_verdict = Verdict::kNotChecked;
  Verdict layer4_verdict = Verdict::kNotChecked;
  Layer3 layer3 = Layer3::kUnknown;
  Layer4 layer4 = Layer4::kUnknown;
  std::uint32_t layer2_bytes = 0;
  std::uint32_t layer3_bytes = 0;
  std::uint32_t layer4_bytes = 0;  // a multiple of 4
  bool operator==(const RxMeta&) const = default;
};

// [1:0] layer 3 verdict, [3:2] layer 4 verdict, [6:4] layer 3 type, [9:7] layer 4 type, [16:10] layer 2
// header bytes, [25:17] layer 3 header bytes, [31:26] layer 4 header bytes / 4.
constexpr std::uint32_t pack_rx_meta(const RxMeta& meta) {
  return (static_cast<std::uint32_t>(meta.layer3_verdict) & 3) |
         (static_cast<std::uint32_t>(meta.layer4_verdict) & 3) << 2 |
         (static_cast<std::uint32_t>(meta.layer3) & 7) << 4 |
         (static_cast<std::uint32_t>(meta.layer4) & 7) << 7 | (meta.layer2_bytes & 0x7F) << 10 |
         (meta.layer3_bytes & 0x1FF) << 17 | (meta.layer4_bytes / 4 & 0x3F) << 26;
}

constexpr RxMeta unpack_rx_meta(std::uint32_t word) {
  return {.layer3_verdict = static_cast<Verdict>(word & 3),
          .layer4_verdict = static_cast<Verdict>(word >> 2 & 3),
          .layer3 = static_cast<Layer3>(word >> 4 & 7),
          .layer4 = static_cast<Layer4>(word >> 7 & 7),
          .layer2_bytes = word >> 10 & 0x7F,
          .layer3_bytes = word >> 17 & 0x1FF,
          .layer4_bytes = (word >> 26 & 0x3F) * 4};
}

// Which checksums the MAC puts into a frame to send, and where. The MAC ignores a request that does not fit
// the frame.
enum class RequestLayer3 : std::uint8_t { kNone = 0, kIpv4 = 1, kIpv6 = 2 };
enum class RequestLayer4 : std::uint8_t { kNone = 0, kTcp = 1, kUdp = 2 };

struct TxRequest {
  bool insert_layer3 = false;
  bool insert_layer4 = false;
  RequestLayer3 layer3 = RequestLayer3::kNone;
  RequestLayer4 layer4 = RequestLayer4::kNone;
  std::uint32_t layer2_bytes = 0;
  std::uint32_t layer3_bytes = 0;
  bool nothing() const { return !insert_layer3 && !insert_layer4; }
  bool operator==(const TxRequest&) const = default;
};

// [0] insert layer 3, [1] insert layer 4, [3:2] layer 3, [5:4] layer 4, [14:8] layer 2 header bytes,
// [24:16] layer 3 header bytes.
constexpr std::uint32_t pack_tx_request(const TxRequest& request) {
  return static_cast<std::uint32_t>(request.insert_layer3) |
         static_cast<std::uint32_t>(request.insert_layer4) << 1 |
         (static_cast<std::uint32_t>(request.layer3) & 3) << 2 |
         (static_cast<std::uint32_t>(request.layer4) & 3) << 4 | (request.layer2_bytes & 0x7F) << 8 |
         (request.layer3_bytes & 0x1FF) << 16;
}

constexpr TxRequest unpack_tx_request(std::uint32_t word) {
  return {.insert_layer3 = (word & 1) != 0,
          .insert_layer4 = (word & 2) != 0,
          .layer3 = static_cast<RequestLayer3>(word >> 2 & 3),
          .layer4 = static_cast<RequestLayer4>(word >> 4 & 3),
          .layer2_bytes = word >> 8 & 0x7F,
          .layer3_bytes = word >> 16 & 0x1FF};
}

}  // namespace ringproof::nic
