// receive_mac.h: the receiving half of the MAC.
// Role     brings frames from a source over the wire into a bounded buffer, stamped, hashed and judged
// Shapes   frames in order of arrival; each is in the buffer from the end of its FCS until the engine took
//          it, and known until the engine has decided what becomes of it
// Units    timestamps [ns], strictly increasing per port; times [ps]
// Errors   a frame that is too long, empty, or finds no room is dropped and told
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/faulty_line.h"
#include "model/nic/frame_source.h"
#include "model/nic/nic_config.h"
#include "model/nic/toeplitz.h"
#include "model/nic/transaction_decoder.h"
#include "model/nic/wire_clock.h"

namespace ringproof::nic {

struct ReceivedFrame {
  std::span<const unsigned char> bytes;
  std::uint64_t timestamp_ns = 0;
  RssChoice rss;
  bool steered = false;    // the queue does not come from the hash
  std::uint32_t meta = 0;  // pack_rx_meta(); 0 without the offload
};

class ReceiveMac {
 public:
  ReceiveMac(const NicConfig& config, std::uint32_t port, const ReceiveSideScaling& rss, const TapList& taps);

  // Before anything arrives: the line may have faults.
  void use(FaultPoints& faults);
  // Who is told what the engine took.
  void tell(TransactionDecoder& decoder) { decoder_ = &decoder; }

  void start(FrameSource& source, std::uint64_t at_ps);
  // No frame begins after `now_ps`; one that is on the wire then still arrives.
  void stop(std::uint64_t now_ps);
  bool over() const { return source_ == nullptr && !on_wire_; }
  std::uint64_t frames_begun() const { return frames_begun_; }

  // The frame on the wire has arrived. REQUIRES: next_arrival_ps() is not kNever.
  void arrive();
  // All that arrives up to and including `now_ps`.
  void advance(std::uint64_t now_ps) {
    while (next_arrival_ps() <= now_ps) arrive();
  }
  // End of the frame that is on the wire or next on it.
  std::uint64_t next_arrival_ps() const { return on_wire_ ? arrival_ps_ : kNever; }

  const ReceivedFrame* front() const { return taken_ == buffer_.size() ? nullptr : &buffer_[taken_]; }
  // The engine took the frame in front.
  void take();
  // The oldest frame that it took, and that is not decided, was put in this queue or discarded.
  void decide(bool discarded, std::uint32_t queue);
  bool undecided() const { return taken_ != 0; }
  // Both at once, with the queue that the MAC chose. REQUIRES: !undecided().
  void pop(bool discarded) {
    const std::uint32_t queue = front()->rss.queue;
    take();
    decide(discarded, queue);
  }
  // The engine forgets what it took, before a queue was decided for it.
  void discard_undecided() {
    while (undecided()) lose();
  }
  // Nobody will take what is here.
  void discard_all() {
    while (front() != nullptr) take();
    discard_undecided();
  }

  // Without a link what is sent to this port never arrives.
  void set_link(bool up) {
    link_up_ = up;
    taps_.tell(&Tap::link_changed, port_, up);
  }
  // Lengths of the buffers of a frame that the engine took, if its source named them; asked once per frame.
  std::vector<std::uint32_t> take_buffers(std::uint64_t timestamp_ns);

 private:
  void fetch();
  std::uint32_t meta() const;
  RssChoice rss_choice() const;
  // Why the MAC does not take the frame that arrived; kCount: it does.
  DropReason refusal();
  // The oldest frame that the engine took is gone, and no queue ever had it.
  void lose();
  void forget();

  const NicConfig& config_;
  const std::uint32_t port_;
  const ReceiveSideScaling& rss_;
  const TapList& taps_;
  WireClock wire_;
  FaultPoints* faults_ = &FaultPoints::none();
  TransactionDecoder* decoder_ = nullptr;
  FaultyLine line_;
  FrameSource* source_ = nullptr;
  std::uint64_t start_ps_ = 0;
  bool on_wire_ = false;
  SourceFrame wire_frame_;
  bool link_up_ = true;
  std::uint64_t begin_ps_ = 0;
  std::uint64_t arrival_ps_ = 0;
  std::uint64_t last_timestamp_ns_ = 0;
  std::uint64_t frames_begun_ = 0;
  std::deque<ReceivedFrame> buffer_;
  std::size_t taken_ = 0;  // of these, from the first on
  std::uint64_t buffered_bytes_ = 0;
  std::map<std::uint64_t, std::vector<std::uint32_t>> buffers_;  // of frames, by timestamp, that named them
};

}  // namespace ringproof::nic
