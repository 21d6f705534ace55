// tx_read.h: nic_tx_read, in C++.
// Role     takes the queues in turn, WEIGHT frames each; cuts frames into read bursts; reserves the buffer
//          beats of a burst before asking for it
// Shapes   a burst ends at the next multiple of 512 bytes or with the frame; bursts are answered in any
//          order, their beats mixed
// Timing   burst() and begin() are of the registers and the inputs of the cycle; clock*() is the edge
// Errors   a failed read marks its beat; a bad descriptor, a length of 0 or above 65535 marks the frame
// Source   rtl/nic_tx_read.sv
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/nic/cycle/bus_beat.h"
#include "model/nic/cycle/desc_fetch.h"
#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/reorder_buffer.h"
#include "model/nic/cycle/round_robin.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/cycle/tag_table.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

// A frame to send, whose data follows.
struct FrameToSend {
  std::uint32_t index = 0;    // of its descriptor
  std::uint32_t request = 0;  // its cookie
  std::uint32_t queue = 0;
  std::uint32_t offset = 0;  // of its first byte in the first bus beat
  std::uint16_t length = 0;
  bool bad = false;
  bool zero_copy = false;
  std::uint64_t entry = 0;  // of a zero-copy queue: what its completion ring will say
};

class TxRead {
 public:
  static constexpr std::uint32_t kBufferBeats = 256;
  struct Beat {
    BeatData data{};
    bool error = false;
  };
  // The read that is wanted in this cycle.
  struct Burst {
    bool arvalid = false;
    bool last = false;  // of its frame
    std::uint8_t count = 0;
  };
  // The frame that is begun in this cycle.
  struct Begin {
    bool any = false;   // a queue has a descriptor
    bool load = false;  // and its frame is begun
    bool stay = false;  // in the turn of the queue that sent last
    std::uint8_t queue = 0;
  };

  Burst burst() const {
    Burst now;
    if (!valid_ || bad_) return now;
    const auto to_boundary = static_cast<std::uint32_t>(kMaxBurstBeats - beat_ % kMaxBurstBeats);
    now.last = left_ <= to_boundary;
    now.count = static_cast<std::uint8_t>(std::min(left_, to_boundary));
    now.arvalid = data_.fits(now.count) && tags_.ready();
    return now;
  }
  std::uint64_t address() const { return beat_ * kBeatBytes; }
  std::uint32_t queue() const { return queue_; }
  std::uint8_t tag() const { return tags_.next(); }

  Begin begin(std::uint64_t requests, const Burst& burst, bool issue) const {
    Begin now;
    now.any = requests != 0;
    if (!now.any) return now;
    now.stay = credit_ != 0 && has(requests, last_);
    now.queue = now.stay ? last_ : static_cast<std::uint8_t>(turn_.choice(requests));
    now.load = frames_.ready() && free(burst, issue);
    return now;
  }

  const Fifo<FrameToSend, 128>& frames() const { return frames_; }
  const ReorderBuffer<Beat, kBufferBeats>& data() const { return data_; }
  bool active(const Begin& now) const { return valid_ || now.any; }

  // What a frame is begun with.
  struct Begun {
    const ResolvedDescriptor* descriptor = nullptr;
    std::uint32_t index = 0;
    std::uint8_t weight = 0;
  };

  // `begun` counts only when a frame is begun.
  void clock(const Burst& burst, bool issue, const Begin& now, const Begun& begun) {
    const bool is_free = free(burst, issue);
    if (issue) {
      tags_.clock_take(burst.count, data_.place());
      data_.reserve(burst.count);
      beat_ += burst.count;
      left_ -= burst.count;
    }
    if (is_free) valid_ = now.load;
    if (!now.load) return;
    if (!now.stay) {
      turn_.taken(now.queue);
      credit_ = std::max<std::uint8_t>(begun.weight, 1);
    }
    --credit_;
    last_ = now.queue;
    const ResolvedDescriptor* descriptor = begun.descriptor;
    bad_ = descriptor->bad || descriptor->unusable();
    queue_ = now.queue;
    beat_ = descriptor->address / kBeatBytes;
    const auto offset = static_cast<std::uint32_t>(descriptor->address % kBeatBytes);
    left_ = beats_of(offset + descriptor->length);
    const std::uint32_t request = bad_ || descriptor->zero_copy ? 0 : descriptor->cookie;
    frames_.push({begun.index, request, now.queue, offset, descriptor->length, bad_, descriptor->zero_copy,
                  descriptor->entry});
  }
  void clock_answer(const DescFetch::Answer& answer, Rules& rules) {
    const auto came = tags_.clock_answer(answer.tag, answer.last, rules);
    if (came.info == nullptr) return;
    Beat& beat = data_.put(*came.info + came.beat, rules);
    beat.data = answer.data;
    beat.error = answer.error;
  }
  void pop_frame() { frames_.pop(); }
  void pop_data() { data_.pop(); }

  void reset() {
    valid_ = bad_ = false;
    last_ = credit_ = 0;
    left_ = 0;
    turn_.reset();
    tags_.reset();
    frames_.clear();
    data_.clear();
  }

 private:
  bool free(const Burst& burst, bool issue) const { return !valid_ || (issue && burst.last) || bad_; }

  std::uint8_t last_ = 0;    // the queue that sent last
  std::uint8_t credit_ = 0;  // frames that it may still send in its turn

  // The frame whose bursts are being asked for.
  bool valid_ = false;
  bool bad_ = false;
  std::uint32_t queue_ = 0;
  std::uint64_t beat_ = 0;
  std::uint32_t left_ = 0;  // beats not yet asked for
  RoundRobin turn_;
  Fifo<FrameToSend, 128> frames_;
  TagTable<std::uint32_t> tags_;  // and the place of each burst's first beat
  ReorderBuffer<Beat, kBufferBeats> data_;
};

}  // namespace ringproof::nic::cycle
