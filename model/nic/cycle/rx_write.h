// rx_write.h: nic_rx_write, in C++.
// Role     decides at the first beat of a frame whether it has a buffer; shifts the bytes to the buffer's
//          alignment; cuts the frame into bursts; says what the completion will say
// Shapes   a burst ends at the next multiple of 512 bytes or with the frame
// Timing   settle() is of the registers and the inputs of the cycle; clock() is the edge
// Errors   no buffer or queue disabled: the frame is discarded and counted; longer than the buffer: cut
// Source   rtl/nic_rx_write.sv
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/nic/cycle/bus_beat.h"
#include "model/nic/cycle/desc_fetch.h"
#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/rss.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

// What the completion entry of a frame will say.
struct BegunFrame {
  std::uint64_t timestamp_ns = 0;  // of a zero-copy queue: what its RX ring will say of the buffer
  std::uint32_t meta = 0;
  std::uint32_t hash = 0;
  std::uint32_t cookie = 0;
  std::uint32_t queue = 0;
  std::uint16_t length = 0;
  bool cut = false;
  bool bad = false;
  bool empty = false;  // nothing will be written
  bool zero_copy = false;
};

class RxWrite {
 public:
  struct BurstAddress {
    std::uint64_t address = 0;
    std::uint32_t queue = 0;
    std::uint32_t last_beat = 0;  // beats - 1
  };
  struct Beat {
    BeatData data{};
    std::uint64_t strobes = 0;
    bool last = false;  // of its burst
  };

  // What happens in this cycle.
  struct Settled {
    bool ready = false;
    bool discard = false;
    bool take = false;
    bool pop = false;   // a descriptor is used: the frame begins
    bool drop = false;  // the last beat of a discarded frame
    bool step = false;  // of the stage
    bool stage_done = false;
    bool emit = false;        // a beat goes into the FIFO
    bool burst_end = false;   // it is the last of its burst
    bool burst_last = false;  // which is the last of its frame
  };

  // `frames_ready`, `bursts_ready`: the completion has room for one more.
  Settled settle(const RxBeat& in, std::uint64_t enabled, const DescFetch& fetch, bool frames_ready,
                 bool bursts_ready) const {
    Settled now;
    if (stage_valid_) {
      const bool room = beats_.ready() && bursts_.ready() && bursts_ready;
      now.emit = left_ != 0 && room;
      now.burst_last = left_ == 1;
      now.burst_end = now.burst_last || beat_ % kMaxBurstBeats == kMaxBurstBeats - 1;
      now.step = left_ == 0 || room;
      now.stage_done = now.step && !spill_next();
    }
    if (in.data == nullptr) return now;
    const bool first = !in_frame_;
    const bool avail = has(fetch.avail(), in.queue);
    now.discard = first ? !(has(enabled, in.queue) && (avail || fetch.pending(in.queue))) : dropping_;
    const bool stage_ready = !stage_valid_ || now.stage_done;
    now.ready = now.discard || (stage_ready && (!first || (avail && frames_ready)));
    now.take = now.ready;
    now.pop = now.take && first && !now.discard;
    now.drop = now.take && now.discard && in.last;
    return now;
  }

  // REQUIRES: a frame begins in this cycle.
  static BegunFrame begun(const RxBeat& in, const ResolvedDescriptor& descriptor) {
    BegunFrame frame;
    frame.zero_copy = descriptor.zero_copy;
    frame.timestamp_ns = descriptor.zero_copy ? descriptor.entry : in.timestamp_ns;
    frame.meta = in.meta;
    frame.hash = in.hash;
    frame.queue = in.queue;
    frame.bad = descriptor.bad;
    frame.cookie = descriptor.bad ? 0 : descriptor.cookie;
    frame.cut = in.length > room_of(descriptor) && !descriptor.bad;
    frame.length = written_bytes(in, descriptor);
    frame.empty = frame.length == 0;
    return frame;
  }

  void check(const RxBeat& in, const Settled& now, Rules& rules) const {
    if (!now.take || in_frame_) return;
    rules.require(in.last == (in.length <= kBeatBytes), "nic_rx_write", "short_frame_is_one_beat");
  }

  const Fifo<BurstAddress, 32>& bursts() const { return bursts_; }
  const Fifo<Beat, 64>& beats() const { return beats_; }
  void pop_burst() { bursts_.pop(); }
  void pop_beat() { beats_.pop(); }

  std::uint32_t drops(std::uint32_t queue) const { return drops_[queue]; }
  bool active() const { return stage_valid_ || bursts_.valid(); }

  // `descriptor` counts only when a frame begins.
  void clock(const RxBeat& in, const Settled& now, const Descriptor* descriptor) {
    if (now.step) clock_stage(now);
    if (!now.take) return;
    in_frame_ = !in.last;
    dropping_ = now.discard;
    if (now.drop) ++drops_[in.queue];
    if (now.discard) return;
    stage_valid_ = true;
    stage_last_ = in.last;
    stage_data_ = *in.data;
    if (!now.pop) return;
    const std::uint32_t bytes = written_bytes(in, *descriptor);
    queue_ = in.queue;
    offset_ = static_cast<std::uint32_t>(descriptor->address % kBeatBytes);
    const std::uint32_t span = offset_ + bytes;
    tail_ = span % kBeatBytes;
    beat_ = descriptor->address / kBeatBytes;
    left_ = bytes == 0 ? 0 : beats_of(span);
    burst_ = 0;
    head_ = true;
  }

  void reset() {
    in_frame_ = dropping_ = stage_valid_ = stage_last_ = stage_spill_ = head_ = false;
    left_ = 0;
    drops_.fill(0);
    bursts_.clear();
    beats_.clear();
  }

 private:
  static std::uint16_t room_of(const Descriptor& descriptor) {
    return descriptor.is_long ? 0xFFFF : descriptor.length;
  }

  static std::uint16_t written_bytes(const RxBeat& in, const Descriptor& descriptor) {
    return descriptor.bad ? std::uint16_t{0} : std::min(in.length, room_of(descriptor));
  }

  // The shifted frame may need one bus beat more than it has beats.
  bool spill_next() const { return stage_last_ && !stage_spill_ && left_ > 1; }

  void clock_stage(const Settled& now) {
    const bool spill = spill_next();
    if (now.emit) emit(now);
    if (!stage_last_ && offset_ != 0) previous_data_ = stage_data_;
    stage_spill_ = spill;
    if (now.stage_done) stage_valid_ = false;
  }

  void emit(const Settled& now) {
    Beat& beat = beats_.push();
    if (offset_ == 0) {
      beat.data = stage_data_;
    } else if (stage_spill_) {
      cut(&stage_data_, nullptr, kBeatBytes - offset_, beat.data);
    } else {
      cut(head_ ? nullptr : &previous_data_, &stage_data_, kBeatBytes - offset_, beat.data);
    }
    beat.strobes = now.burst_last ? low_strobes(tail_) : ~std::uint64_t{0};
    if (head_) beat.strobes &= ~std::uint64_t{0} << offset_;
    beat.last = now.burst_end;
    if (now.burst_end) bursts_.push({(beat_ - burst_) * kBeatBytes, queue_, burst_});
    --left_;
    ++beat_;
    burst_ = now.burst_end ? 0 : burst_ + 1;
    head_ = false;
  }

  bool in_frame_ = false;
  bool dropping_ = false;

  // One beat with its frame's place in memory.
  bool stage_valid_ = false;
  bool stage_last_ = false;
  bool stage_spill_ = false;
  bool head_ = false;  // the next bus beat is the first of its frame
  std::uint32_t queue_ = 0;
  std::uint32_t offset_ = 0;  // byte within the bus beat at which the frame starts
  std::uint32_t tail_ = 0;    // bytes in the last bus beat, 0 for all
  std::uint32_t left_ = 0;    // bus beats still to write
  std::uint32_t burst_ = 0;   // beats of the current burst that are in the FIFO
  std::uint64_t beat_ = 0;    // address of the next bus beat / 64
  BeatData stage_data_{};
  BeatData previous_data_{};

  Fifo<BurstAddress, 32> bursts_;
  Fifo<Beat, 64> beats_;
  std::array<std::uint32_t, kQueues> drops_{};
};

}  // namespace ringproof::nic::cycle
