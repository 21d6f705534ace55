// tx_send.h: nic_tx_send, in C++.
// Role     shifts the bytes of frames down to the start of the beat; a frame is done when the link has it
//          whole
// Timing   one beat per cycle; output registered. settle() is of the registers and the inputs of the cycle
// Errors   a failed read sets the error bit on its frame's last beat; a bad frame is one empty beat with it
// Source   rtl/nic_tx_send.sv
#pragma once

#include <cstdint>

#include "model/nic/cycle/bus_beat.h"
#include "model/nic/cycle/tx_read.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

class TxSend {
 public:
  // What happens in this cycle.
  struct Settled {
    bool prime = false;  // a beat is only remembered
    bool emit = false;   // a beat goes to the output
    bool pop = false;    // a data beat is used
    bool last = false;   // the beat that goes is the last of its frame
    std::uint32_t in_left = 0;
    std::uint32_t out_left = 0;
    const FrameToSend* frame = nullptr;  // whose beats these are
  };

  // `completable`: there is a place for a zero-copy frame behind this.
  Settled settle(const TxRead& read, bool tready, bool completable) const {
    Settled now;
    if (!read.frames().valid()) return now;
    const FrameToSend& frame = read.frames().front();
    const bool data = read.data().valid();
    now.frame = &frame;
    now.in_left = first_ ? beats_of(frame.offset + frame.length) : in_left_;
    now.out_left = first_ ? beats_of(frame.length) : out_left_;
    const bool aligned = frame.offset == 0;
    const bool need_data = now.in_left != 0;
    now.prime = !frame.bad && !aligned && !primed_ && now.in_left != 1 && data;
    now.last = frame.bad || now.out_left == 1;
    now.emit = (!valid_ || tready) && (completable || !frame.zero_copy || !now.last) &&
               (frame.bad || ((aligned || primed_ || now.in_left == 1) && (!need_data || data)));
    now.pop = now.prime || (now.emit && !frame.bad && need_data);
    return now;
  }

  void drive(EngineOutputs& out) const {
    out.tx_tvalid = valid_;
    if (!valid_) return;
    out.tx_tlast = last_;
    out.tx_error = bad_;
    out.tx_request = request_;
    out.tx_index = index_;
    out.tx_tid = static_cast<std::uint8_t>(queue_);
    out.tx_tkeep = keep_;
    out.tx_tdata = data_;
  }
  bool done(bool tready) const { return valid_ && last_ && tready; }
  std::uint32_t queue() const { return queue_; }
  bool error() const { return bad_; }
  bool has_bytes() const { return keep_ != 0; }
  bool zero_copy() const { return zero_copy_; }
  std::uint64_t entry() const { return entry_; }
  bool active(const Settled& now) const { return valid_ || now.prime || now.emit; }

  // Before the frame and its data are popped.
  void clock(const Settled& now, const TxRead& read, bool tready) {
    if (tready) valid_ = false;
    if (!now.prime && !now.emit) return;
    const FrameToSend& frame = *now.frame;
    const bool error = frame.bad || error_ || (now.pop && read.data().front().error);
    if (now.emit) emit(now, frame, read, error);
    const bool ends = now.emit && now.last;
    if (now.pop && frame.offset != 0) previous_ = read.data().front().data;
    first_ = ends;
    primed_ = !ends && frame.offset != 0;
    error_ = !ends && error;
    in_left_ = now.in_left - (now.pop ? 1 : 0);
    out_left_ = now.out_left - (now.emit ? 1 : 0);
  }

  void reset() {
    first_ = true;
    primed_ = error_ = valid_ = false;
    in_left_ = out_left_ = 0;
  }

 private:
  void emit(const Settled& now, const FrameToSend& frame, const TxRead& read, bool error) {
    valid_ = true;
    last_ = now.last;
    bad_ = now.last && error;
    queue_ = frame.queue;
    request_ = frame.request;
    zero_copy_ = frame.zero_copy;
    entry_ = frame.entry;
    index_ = frame.index;
    if (frame.bad) {
      keep_ = 0;
      data_.fill(0);
      return;
    }
    keep_ = now.last ? low_strobes(frame.length % kBeatBytes) : ~std::uint64_t{0};
    const BeatData* next = now.in_left != 0 ? &read.data().front().data : nullptr;
    if (frame.offset == 0) {
      data_ = read.data().front().data;
    } else if (!primed_) {
      cut(next, nullptr, frame.offset, data_);
    } else {
      cut(&previous_, next, frame.offset, data_);
    }
  }

  bool first_ = true;    // at the start of a frame
  bool primed_ = false;  // previous_ is the beat before the next
  bool error_ = false;
  std::uint32_t in_left_ = 0;
  std::uint32_t out_left_ = 0;
  BeatData previous_{};

  bool valid_ = false;
  bool last_ = false;
  bool bad_ = false;
  bool zero_copy_ = false;
  std::uint64_t entry_ = 0;
  std::uint32_t queue_ = 0;
  std::uint32_t request_ = 0;
  std::uint32_t index_ = 0;
  std::uint64_t keep_ = 0;
  BeatData data_{};
};

}  // namespace ringproof::nic::cycle
