// rx_complete.h: nic_rx_complete, in C++.
// Role     waits for the responses of a frame's payload, then writes its completion entry; tells that the
//          frame is done when that has been answered too
// Shapes   completion entry 32 bytes; two of one bus beat go out together. Of a zero-copy queue: 16 bytes,
//          each alone
// Timing   settle() is of the registers; clock*() is the edge
// Errors   a failed payload write sets flag 0 of the entry and counts as an error of the frame
// Source   rtl/nic_rx_complete.sv
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/publish.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/cycle/rx_write.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

class RxComplete {
 public:
  struct BeatAddress {
    std::uint64_t address = 0;
    std::uint32_t queue = 0;
  };
  struct Beat {
    BeatData data{};
    std::uint64_t strobes = 0;
  };

  // What happens in this cycle.
  struct Settled {
    bool settled = false;  // the next frame can be completed
    bool hold = false;     // its entry waits for its neighbour
    bool finish = false;   // its entry goes out
    bool pair = false;     // together with the one that waited
    bool flush = false;    // the oldest that waits goes out alone
    bool stale = false;    // what was the oldest is not waiting any more
    bool failed = false;
    bool lost = false;  // and bytes of it were not written
  };

  bool frames_ready() const { return frames_.ready(); }
  bool bursts_ready() const { return bursts_.ready(); }

  Settled settle() const {
    Settled now;
    if (frames_.valid()) {
      const BegunFrame& frame = frames_.front();
      now.settled = frame.empty || results_.valid();
      now.lost = !frame.empty && results_.front();
      now.failed = frame.bad || now.lost;
    }
    if (!now.settled && !order_.valid()) return now;
    const bool port_ready = addresses_.ready() && beats_.ready() && waiting_.ready();
    bool overdue = false;
    if (order_.valid()) {
      const Waits& oldest = order_.front();
      now.stale = !has(held_, oldest.queue) || held_entries_[oldest.queue].since != oldest.since;
      overdue = !now.stale && (now_ - oldest.since) % kClockModulus >= kHoldCycles;
    }
    if (now.settled) {
      const BegunFrame& frame = frames_.front();
      const bool upper = issued_[frame.queue] % 2 != 0;
      now.hold = !upper && !frame.zero_copy && order_.ready();
      now.finish = (frame.zero_copy ? !overdue : upper) && port_ready;
      now.pair = now.finish && !frame.zero_copy && has(held_, frame.queue);
    }
    const bool waits = order_.valid() && !now.stale;
    now.flush = waits && port_ready && !now.finish && (!frames_.valid() || overdue);
    return now;
  }

  // The queue of the frame that is completed.
  std::uint32_t queue() const { return frames_.front().queue; }
  // Index of the next entry.
  std::uint32_t issued(std::uint32_t queue) const { return issued_[queue]; }
  const Fifo<BeatAddress, 8>& addresses() const { return addresses_; }
  const Fifo<Beat, 8>& beats() const { return beats_; }
  void pop_address() { addresses_.pop(); }
  void pop_beat() { beats_.pop(); }

  bool active(const Settled& now) const {
    return now.settled || held_ != 0 || order_.valid() || addresses_.valid() || beats_.valid();
  }

  // The response of a completion entry: which frames are done with it.
  Done done(bool error, Rules& rules) const {
    rules.require(waiting_.valid(), "nic_rx_complete", "entry_response_was_due");
    const Sent& sent = waiting_.front();
    const auto count = static_cast<std::uint32_t>(std::popcount(sent.halves));
    return {sent.queue, count, error ? count : static_cast<std::uint32_t>(std::popcount(sent.failures)),
            sent.entry};
  }
  void clock_done() { waiting_.pop(); }

  void clock(const Settled& now, const QueueConfig& config) {
    const std::uint64_t held_before = held_;
    const std::uint32_t since = now_;
    if (now.stale || now.flush) {
      if (now.flush) send(now, config, order_.front().queue);
      order_.pop();
    }
    if (now.finish && frames_.front().zero_copy) {
      deliver(frames_.front(), now.failed, config);
    } else if (now.finish) {
      send(now, config, frames_.front().queue);
    }
    if (now.hold || now.finish) {
      const BegunFrame frame = frames_.front();
      if (now.hold) {
        held_entries_[frame.queue] = {entry(frame, now.failed), since, now.failed};
        held_ |= bit(frame.queue);
        order_.push({since, frame.queue});
      }
      if (!frame.zero_copy || !now.failed) ++issued_[frame.queue];
      if (!frame.empty) results_.pop();
      frames_.pop();
    }
    if (held_before != 0) now_ = (now_ + 1) % kClockModulus;
  }

  void clock_payload_response(bool error, Rules& rules) {
    rules.require(bursts_.valid(), "nic_rx_complete", "payload_response_was_due");
    const bool last = bursts_.front();
    bursts_.pop();
    if (last && results_.ready()) results_.push(error_ || error);
    error_ = !last && (error_ || error);
  }
  void clock_begun(const BegunFrame& frame) { frames_.push(frame); }
  void clock_burst(bool last) { bursts_.push(last); }
  void clock_start(std::uint32_t queue, std::uint32_t first) { issued_[queue] = first; }

  void reset() {
    error_ = false;
    held_ = 0;
    now_ = 0;
    issued_.fill(0);
    for (Held& held : held_entries_) held.since = 0;
    bursts_.clear();
    results_.clear();
    frames_.clear();
    order_.clear();
    addresses_.clear();
    beats_.clear();
    waiting_.clear();
  }

 private:
  static constexpr std::uint32_t kFramesMax = 128;
  static constexpr std::uint32_t kHoldCycles = 32;
  static constexpr std::uint32_t kClockModulus = 64;

  struct Waits {
    std::uint32_t since = 0;
    std::uint32_t queue = 0;
  };
  struct Held {
    RxCompletionEntry entry{};
    std::uint32_t since = 0;
    bool failed = false;
  };
  struct Sent {
    std::uint32_t queue = 0;
    std::uint32_t halves = 0;
    std::uint32_t failures = 0;
    bool entry = false;  // of a zero-copy queue
  };

  RxCompletionEntry entry(const BegunFrame& frame, bool failed) const {
    const std::uint32_t flags = (failed ? kRxFlagDmaError : 0) | (frame.cut ? kRxFlagTruncated : 0);
    return {frame.cookie,       frame.length,         frame.hash, flags,
            frame.timestamp_ns, issued_[frame.queue], frame.meta};
  }

  // A beat with both halves, an upper half alone, or a lower half alone.
  void send(const Settled& now, const QueueConfig& config, std::uint32_t queue) {
    const bool lower = now.pair || !now.finish;
    const QueueSettings& settings = config[queue];
    const std::uint32_t place = issued_[queue] / 2 & ((1u << (settings.comp_log2() - 1)) - 1);
    addresses_.push({settings.comp_base + std::uint64_t{place} * kBeatBytes, queue});
    const std::array<RxCompletionEntry, 2> entries = {
        lower ? held_entries_[queue].entry : RxCompletionEntry{},
        now.finish ? entry(frames_.front(), now.failed) : RxCompletionEntry{}};
    Beat& beat = beats_.push();
    static_assert(sizeof entries == sizeof beat.data);
    std::memcpy(beat.data.data(), entries.data(), sizeof entries);
    constexpr std::uint64_t kLowerHalf = 0xFFFFFFFF;
    beat.strobes = (lower ? kLowerHalf : 0) | (now.finish ? ~kLowerHalf : 0);
    const std::uint32_t halves = (lower ? 1u : 0u) | (now.finish ? 2u : 0u);
    const std::uint32_t failures =
        (lower && held_entries_[queue].failed ? 1u : 0u) | (now.finish && now.failed ? 2u : 0u);
    waiting_.push({queue, halves, failures, false});
    held_ &= ~bit(queue);
  }

  // The entry of a zero-copy queue: place and length; what stands behind them stays. A failed frame has none.
  void deliver(const BegunFrame& frame, bool failed, const QueueConfig& config) {
    const QueueSettings& settings = config[frame.queue];
    const std::uint32_t slot = issued_[frame.queue] & ((1u << settings.comp_log2()) - 1);
    addresses_.push({settings.comp_base + std::uint64_t{slot / 4} * kBeatBytes, frame.queue});
    Beat& beat = beats_.push();
    beat.data.fill(0);
    const std::uint32_t at = slot % 4 * 4;
    beat.data[at] = static_cast<std::uint32_t>(frame.timestamp_ns);
    beat.data[at + 1] = static_cast<std::uint32_t>(frame.timestamp_ns >> 32);
    beat.data[at + 2] = frame.length;
    beat.strobes = failed ? 0 : std::uint64_t{0xFFF} << at * 4;
    waiting_.push({frame.queue, 2, failed ? 2u : 0u, !failed});
  }

  std::array<std::uint32_t, kQueues> issued_{};

  // Responses of the payload bursts, gathered to one result per frame.
  Fifo<bool, 2 * kFramesMax> bursts_;  // whether each is the last of its frame
  Fifo<bool, kFramesMax> results_;     // whether one of its writes failed
  bool error_ = false;
  Fifo<BegunFrame, kFramesMax> frames_;

  // Entries that wait for their neighbour: at most one per queue, known by the time when it came.
  std::uint64_t held_ = 0;
  std::array<Held, kQueues> held_entries_{};
  std::uint32_t now_ = 0;
  Fifo<Waits, 64> order_;

  Fifo<BeatAddress, 8> addresses_;
  Fifo<Beat, 8> beats_;
  Fifo<Sent, 2 * kFramesMax> waiting_;
};

}  // namespace ringproof::nic::cycle
