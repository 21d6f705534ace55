// tx_complete.h: nic_tx_complete, in C++.
// Role     writes the places of sent frames' buffers into completion rings of zero-copy queues; tells that a
//          frame is done when that has been answered
// Shapes   entry 8 bytes; the write for a frame that was not sent touches no byte
// Timing   questions are of the registers; clock*() is the edge
// Errors   a failed entry write counts as an error of the frame
// Source   rtl/nic_tx_complete.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/publish.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

// A frame of a zero-copy queue that the link has taken.
struct TakenFrame {
  std::uint64_t entry = 0;
  std::uint32_t queue = 0;
  bool skip = false;  // it was not sent
  bool error = false;
};

class TxComplete {
 public:
  static constexpr std::uint32_t kPlaces = 32;
  struct EntryAddress {
    std::uint64_t address = 0;
    std::uint32_t queue = 0;
  };
  struct Entry {
    std::uint64_t place = 0;
    std::uint64_t strobes = 0;
  };

  // There is a place for one more frame.
  bool ready() const { return reserved_ != kPlaces; }
  std::uint32_t issued(std::uint32_t queue) const { return issued_[queue]; }
  const Fifo<EntryAddress, kPlaces>& addresses() const { return addresses_; }
  const Fifo<Entry, kPlaces>& entries() const { return entries_; }
  void pop_address() { addresses_.pop(); }
  void pop_entry() { entries_.pop(); }
  bool done() const { return answered_.valid(); }
  bool active() const { return addresses_.valid() || entries_.valid() || done(); }

  // Of a response that comes now.
  std::uint32_t answered_queue(Rules& rules) const {
    rules.require(waiting_.valid(), "nic_tx_complete", "response_was_due");
    return waiting_.front().queue;
  }

  void clock_reserve() { ++reserved_; }
  void clock_taken(const TakenFrame& frame, const QueueConfig& config) {
    const QueueSettings& settings = config[frame.queue];
    const std::uint32_t slot = issued_[frame.queue] & ((1u << settings.zero_copy.comp_log2) - 1);
    constexpr std::uint32_t kPerBeat = kBeatBytes / sizeof(std::uint64_t);
    addresses_.push({settings.comp_base + std::uint64_t{slot / kPerBeat} * kBeatBytes, frame.queue});
    entries_.push({frame.entry, frame.skip ? 0 : std::uint64_t{0xFF} << slot % kPerBeat * 8});
    waiting_.push({frame.queue, 1, frame.error ? 1u : 0u, !frame.skip});
    if (!frame.skip) ++issued_[frame.queue];
  }
  void clock_response(bool error) {
    Done done = waiting_.front();
    waiting_.pop();
    if (error) done.errors = 1;
    answered_.push(done);
  }
  // REQUIRES: done()
  Done clock_done() {
    const Done done = answered_.front();
    answered_.pop();
    --reserved_;
    return done;
  }
  void clock_start(std::uint32_t queue, std::uint32_t first) { issued_[queue] = first; }

  void reset() {
    issued_.fill(0);
    reserved_ = 0;
    addresses_.clear();
    entries_.clear();
    waiting_.clear();
    answered_.clear();
  }

 private:
  std::array<std::uint32_t, kQueues> issued_{};
  std::uint32_t reserved_ = 0;
  Fifo<EntryAddress, kPlaces> addresses_;
  Fifo<Entry, kPlaces> entries_;
  Fifo<Done, kPlaces> waiting_;
  Fifo<Done, kPlaces> answered_;
};

}  // namespace ringproof::nic::cycle
