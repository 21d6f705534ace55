// publish.h: nic_publish, in C++.
// Role     counts the frames done and writes the count to the host word of the queue; one write per queue is
//          under way at a time and covers all frames done when it was made. A zero-copy queue has two words,
//          written one behind the other
// Units    indices run free and wrap at 2^32
// Timing   settle() is of the registers; clock_*() is the edge. News waits for more as COALESCE says
// Errors   a failed index write counts as an error; the index is taken as published all the same
// Source   rtl/nic_publish.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/round_robin.h"
#include "model/nic/cycle/rules.h"

namespace ringproof::nic::cycle {

// Frames of one queue that are finished with.
struct Done {
  std::uint32_t queue = 0;
  std::uint32_t count = 0;
  std::uint32_t errors = 0;  // of them
  bool entry = false;        // it is one, of a zero-copy queue, and has an entry
};

class Publish {
 public:
  struct IndexAddress {
    std::uint64_t address = 0;
    std::uint32_t queue = 0;
  };
  struct IndexValue {
    std::uint32_t value = 0;
    std::uint32_t word = 0;  // within the bus beat
  };
  struct Settled {
    bool any = false;     // a queue has news
    bool due = false;     // which have waited long enough
    bool issue = false;   // and its write goes out
    bool second = false;  // the second word of a queue goes out instead
    std::uint8_t queue = 0;
  };

  Settled settle(const QueueConfig& config) const {
    Settled now;
    const std::uint64_t requests = pending_ & ~writing_;
    now.any = requests != 0;
    const bool port_ready = addresses_.ready() && values_.ready() && waiting_.ready();
    if (second_.pending) {
      now.second = port_ready;
      return now;
    }
    if (!now.any) return now;
    now.queue = static_cast<std::uint8_t>(turn_.choice(requests));
    const Counts& counts = counts_[now.queue];
    now.due = config[now.queue].coalesce.due((now_ - counts.since) & kPacingClockMask,
                                             counts.finished - counts.published);
    now.issue = now.due && port_ready;
    return now;
  }

  std::uint32_t finished(std::uint32_t queue) const { return counts_[queue].finished; }
  std::uint32_t published(std::uint32_t queue) const { return counts_[queue].published; }
  std::uint32_t frames(std::uint32_t queue) const { return counts_[queue].frames; }
  std::uint32_t errors(std::uint32_t queue) const { return counts_[queue].errors; }
  std::uint32_t publishes(std::uint32_t queue) const { return counts_[queue].publishes; }
  bool writing(std::uint32_t queue) const { return has(writing_, queue); }

  const Fifo<IndexAddress, 4>& addresses() const { return addresses_; }
  const Fifo<IndexValue, 4>& values() const { return values_; }
  void pop_address() { addresses_.pop(); }
  void pop_value() { values_.pop(); }

  // What a response that comes now is to.
  struct Write {
    std::uint32_t queue = 0;
    std::uint32_t value = 0;
    bool first = false;  // of two words
  };
  Write answered(Rules& rules) const {
    rules.require(waiting_.valid(), "nic_publish", "response_was_due");
    return waiting_.front();
  }

  bool active(const Settled& now) const {
    return now.any || second_.pending || addresses_.valid() || values_.valid();
  }

  // Before the others: they work with the time of this cycle.
  void clock_issue(const Settled& now, const QueueConfig& config) {
    cycle_ = now_;
    if (pending_ != 0) now_ = (now_ + 1) & kPacingClockMask;
    if (second_.pending) {
      if (now.second) write({second_.queue, second_.value, false}, config[second_.queue].index_address);
      second_.pending = !now.second;
      return;
    }
    if (!now.any) return;
    if (now.issue || !now.due) turn_.taken(now.queue);
    if (!now.issue) return;
    const Counts& counts = counts_[now.queue];
    const QueueSettings& settings = config[now.queue];
    if (settings.zero_copy.on) {
      second_ = {true, now.queue, counts.finished};
      write({now.queue, counts.entries, true}, settings.zero_copy.comp_address);
    } else {
      write({now.queue, counts.finished, false}, settings.index_address);
    }
    pending_ &= ~bit(now.queue);
    writing_ |= bit(now.queue);
  }
  void clock_response(bool error) {
    const Write write = waiting_.front();
    waiting_.pop();
    if (error) ++counts_[write.queue].errors;
    if (write.first) return;
    counts_[write.queue].published = write.value;
    writing_ &= ~bit(write.queue);
  }
  void clock_done(const Done& done) {
    Counts& counts = counts_[done.queue];
    counts.finished += done.count;
    counts.frames += done.count;
    counts.entries += done.entry ? 1 : 0;
    counts.errors += done.errors;
    if (!has(pending_, done.queue)) counts.since = cycle_;
    pending_ |= bit(done.queue);
  }
  // After the others: a start overrides them.
  void clock_start(const Command& command, std::uint32_t comp_start) {
    counts_[command.queue].finished = command.value;
    counts_[command.queue].published = command.value;
    counts_[command.queue].entries = comp_start;
  }

  void reset() {
    counts_.fill(Counts{});
    pending_ = writing_ = 0;
    now_ = 0;
    second_ = {};
    turn_.reset();
    addresses_.clear();
    values_.clear();
    waiting_.clear();
  }

 private:
  struct Counts {
    std::uint32_t finished = 0;
    std::uint32_t published = 0;
    std::uint32_t frames = 0;
    std::uint32_t entries = 0;  // in the RX or completion ring
    std::uint32_t errors = 0;
    std::uint32_t publishes = 0;
    std::uint32_t since = 0;  // when the first of the news came
  };
  // The second word of a queue, still to be written.
  struct Second {
    bool pending = false;
    std::uint32_t queue = 0;
    std::uint32_t value = 0;
  };

  void write(const Write& write, std::uint64_t address) {
    ++counts_[write.queue].publishes;
    addresses_.push({address / kBeatBytes * kBeatBytes, write.queue});
    values_.push({write.value, static_cast<std::uint32_t>(address % kBeatBytes / 4)});
    waiting_.push(write);
  }

  std::array<Counts, kQueues> counts_{};
  std::uint64_t pending_ = 0;
  std::uint64_t writing_ = 0;
  std::uint32_t now_ = 0;    // counts while there is news
  std::uint32_t cycle_ = 0;  // now_ before the edge
  Second second_;
  RoundRobin turn_;
  Fifo<IndexAddress, 4> addresses_;
  Fifo<IndexValue, 4> values_;
  Fifo<Write, 64> waiting_;
};

}  // namespace ringproof::nic::cycle
