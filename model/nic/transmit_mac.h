// transmit_mac.h: the sending half of the MAC.
// Role     puts in the checksums that are asked for, then serialises the frames that the engine hands over,
//          in order, at the rate of the wire; keeps the time at which each leaves it
// Shapes   a bounded buffer: a frame may begin while a whole longest frame fits; timestamps of the latest
//          kTimestampsPerQueue frames of each queue; a frame that is not sent keeps its place among them
// Units    times [ps], timestamps [ns]
// Errors   a frame whose DMA reads failed is not sent, and told; a request that does not fit its frame is
//          ignored as a whole, and told
// Source   docs/code-map.md, docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "model/base/fault.h"
#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/base/zeroed_memory.h"
#include "model/nic/checksum.h"
#include "model/nic/nic_config.h"
#include "model/nic/wire_clock.h"

namespace ringproof::nic {

// What comes with a frame from the engine.
struct TxTag {
  std::uint32_t queue = 0;
  std::uint32_t index = 0;    // of its descriptor, free-running
  std::uint32_t request = 0;  // unpack_tx_request()
};

class TransmitMac {
 public:
  // The largest hardware ring: nothing a driver still has to look at is overwritten.
  static constexpr std::size_t kTimestampsPerQueue = 8192;

  TransmitMac(const NicConfig& config, std::uint32_t port, const TapList& taps);

  // Before anything is sent: the link may have faults.
  void use(FaultPoints& faults) { faults_ = &faults; }

  bool has_room() const { return buffered_bytes_ < kBufferBytes; }
  // A frame that is complete in the buffer at `now_ps`.
  void send(const TxTag& tag, std::vector<unsigned char> bytes, std::uint64_t now_ps);
  void refuse(const TxTag& tag, DropReason reason = DropReason::kDmaError);
  // Without a link frames are taken from the engine, and go nowhere.
  void set_link(bool up) { link_up_ = up; }

  // When the frame of this index ended, or will end, on the wire: known once the frame is handed over. 0 when
  // it was refused, or without the offload.
  std::uint64_t timestamp_ns(std::uint32_t queue, std::uint32_t index) const;

  // The frame in front has left the wire, and what is not sent behind it is told. REQUIRES: next_end_ps() is
  // not kNever.
  void leave();
  // All that leaves before `now_ps`.
  void advance(std::uint64_t now_ps) {
    while (next_end_ps() < now_ps) leave();
  }
  std::uint64_t next_end_ps() const { return buffer_.empty() ? kNever : buffer_.front().end_ps; }
  bool drained() const { return buffer_.empty(); }

 private:
  static constexpr std::uint64_t kBufferBytes = 16 * 1024;
  static constexpr std::uint64_t kRefusedBytes = 64;  // so that those not sent are no more than fit, either
  struct Leaving {
    std::uint32_t queue;
    std::uint64_t end_ps;
    std::vector<unsigned char> bytes;
    Insertion inserted;
    std::optional<DropReason> refused{};
    std::uint64_t room_bytes() const { return refused.has_value() ? kRefusedBytes : bytes.size(); }
  };
  void pop();
  Insertion insert(const TxTag& tag, std::span<unsigned char> bytes) const;
  void stamp(const TxTag& tag, std::uint64_t timestamp_ns);
  static std::size_t stamp_at(std::uint32_t queue, std::uint32_t index) {
    return (queue * kTimestampsPerQueue + index % kTimestampsPerQueue) * sizeof(std::uint64_t);
  }

  const Offloads offloads_;
  const std::uint32_t port_;
  const TapList& taps_;
  const std::uint64_t bits_per_us_;
  FaultPoints* faults_ = &FaultPoints::none();
  WireClock wire_;
  bool link_up_ = true;
  std::deque<Leaving> buffer_;
  std::uint64_t buffered_bytes_ = 0;
  ZeroedMemory timestamps_ns_;  // 64-bit words, by queue, then index
};

}  // namespace ringproof::nic
