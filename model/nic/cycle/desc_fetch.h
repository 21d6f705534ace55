// desc_fetch.h: nic_desc_fetch, in C++.
// Role     owns the doorbells and the window [used, posted) of each ring of one direction; fetches ahead
//          of use
// Shapes   one read = 64 bytes = up to 4 descriptors of 16 bytes, or of 8, in the half of the beat that holds
//          the first; reads are answered in any order
// Units    indices run free and wrap at 2^32
// Timing   look() and the questions are of the registers; clock_*() is the edge
// Errors   a doorbell out of range is ignored and remembered; a failed read gives descriptors that are `bad`
// Source   rtl/nic_desc_fetch.sv, rtl/nic_fetch_window.sv
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/round_robin.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/cycle/tag_table.h"
#include "model/nic/cycle/zero_copy.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

class DescFetch {
 public:
  // The queue that is looked at in this cycle, and the read that it wants.
  struct Look {
    bool any = false;
    bool want = false;
    bool arvalid = false;
    bool is_short = false;  // descriptors are an address of 8 bytes and no more
    std::uint8_t queue = 0;
    std::uint8_t count = 0;
    std::uint32_t slot = 0;
    std::uint64_t address = 0;
  };

  // A beat of an answer of memory, to a read of this tag.
  struct Answer {
    const BeatData& data;
    bool error;
    std::uint8_t tag;
    bool last;
  };

  Look look(const QueueConfig& config, bool receives) const {
    Look look;
    look.any = check_ != 0;
    if (!look.any) return look;
    look.queue = static_cast<std::uint8_t>(turn_.choice(check_));
    const Indices& at = indices_[look.queue];
    const QueueSettings& settings = config[look.queue];
    const std::uint32_t todo = at.posted - at.requested;
    look.slot = at.requested & ((1u << settings.ring_log2) - 1);
    // A ring of 2 entries fills half a block.
    const std::uint32_t in_block = settings.ring_log2 == 1 ? 2 - (look.slot & 1) : 4 - (look.slot & 3);
    look.count = static_cast<std::uint8_t>(todo < in_block ? todo : in_block);
    look.want = config.enabled(look.queue) && todo != 0 && at.requested - at.used + look.count <= kDepth;
    look.arvalid = look.want && tags_.ready();
    look.is_short = receives && settings.zero_copy.on;
    look.address = settings.desc_base + std::uint64_t{look.slot >> (look.is_short ? 3 : 2)} * kBeatBytes;
    return look;
  }

  // Judged before the edge: `finished` is how many entries of the queue are complete.
  bool in_range(const Command& command, std::uint32_t ring_log2, std::uint32_t finished) const {
    const std::uint32_t ahead = command.value - finished;
    return ahead <= 1u << ring_log2 && ahead >= indices_[command.queue].posted - finished;
  }

  std::uint64_t avail() const { return avail_; }
  bool pending(std::uint32_t queue) const { return indices_[queue].posted != indices_[queue].used; }
  const Descriptor& descriptor(std::uint32_t queue) const {
    return store_[queue][indices_[queue].used % kDepth];
  }
  std::uint32_t used(std::uint32_t queue) const { return indices_[queue].used; }
  std::uint32_t fetched(std::uint32_t queue) const { return indices_[queue].fetched; }
  bool reading(std::uint32_t queue) const { return indices_[queue].requested != indices_[queue].fetched; }
  std::uint32_t fetches(std::uint32_t queue) const { return counts_[queue].fetches; }
  std::uint32_t refused(std::uint32_t queue) const { return counts_[queue].refused; }
  bool range_error(std::uint32_t queue) const { return has(range_error_, queue); }
  bool active() const { return check_ != 0; }
  // Of the read that is wanted.
  std::uint8_t tag() const { return tags_.next(); }

  void clock_look(const Look& look, bool issue) {
    if (!look.any) return;
    turn_.taken(look.queue);
    if (!look.want) check_ &= ~bit(look.queue);
    if (!issue) return;
    Indices& at = indices_[look.queue];
    tags_.clock_take(1, {at.requested, look.queue, look.slot & 7, look.count, look.is_short});
    at.requested += look.count;
    ++counts_[look.queue].fetches;
  }

  void clock_pop(std::uint32_t queue) {
    Indices& at = indices_[queue];
    ++at.used;
    set(avail_, queue, at.fetched != at.used);
    check_ |= bit(queue);
  }

  void clock_answer(const Answer& answer, Rules& rules) {
    const auto came = tags_.clock_answer(answer.tag, answer.last, rules);
    if (came.info == nullptr) return;
    const Read read = *came.info;
    for (std::uint32_t i = 0; i < read.count; ++i) {
      Descriptor& to = store_[read.queue][(read.index + i) % kDepth];
      PostEntry entry;
      std::memcpy(
          &entry,
          reinterpret_cast<const unsigned char*>(answer.data.data()) + sizeof entry * ((read.lane + i) % 4),
          sizeof entry);
      to.address = read.is_short ? address_at(answer.data, read.lane + i) : entry.address;
      to.cookie = entry.cookie;
      to.length = static_cast<std::uint16_t>(entry.length);
      to.is_long = entry.length >> 16 != 0;
      to.bad = answer.error;
    }
    if (close_gap(read)) avail_ |= bit(read.queue);
  }

  // After the others: a start overrides them.
  void clock_command(const Command& command, bool in_range) {
    Indices& at = indices_[command.queue];
    if (command.doorbell && in_range) {
      at.posted = command.value;
      check_ |= bit(command.queue);
    }
    if (command.doorbell && !in_range) {
      range_error_ |= bit(command.queue);
      ++counts_[command.queue].refused;
    }
    if (!command.start) return;
    at = {command.value, command.value, command.value, command.value, 0};
    avail_ &= ~bit(command.queue);
    range_error_ &= ~bit(command.queue);
  }

  void reset() {
    indices_.fill(Indices{});
    counts_.fill(Counts{});
    check_ = avail_ = range_error_ = 0;
    tags_.reset();
    turn_.reset();
  }

 private:
  static constexpr std::uint32_t kDepth = 32;  // descriptors kept per queue

  struct Indices {
    std::uint32_t posted = 0;
    std::uint32_t requested = 0;
    std::uint32_t fetched = 0;
    std::uint32_t used = 0;
    std::uint32_t ahead = 0;  // bit i: the descriptor i behind `fetched` is here
  };
  struct Counts {
    std::uint32_t fetches = 0;
    std::uint32_t refused = 0;  // doorbells
  };
  struct Read {
    std::uint32_t index = 0;  // of its first descriptor
    std::uint32_t queue = 0;
    std::uint32_t lane = 0;
    std::uint32_t count = 0;
    bool is_short = false;
  };

  static std::uint64_t address_at(const BeatData& data, std::uint32_t lane) {
    return std::uint64_t{data[2 * lane + 1]} << 32 | data[2 * lane];
  }

  // The descriptors of a read are here: whether there are more without a gap now.
  bool close_gap(const Read& read) {
    Indices& at = indices_[read.queue];
    const std::uint32_t behind = (read.index - at.fetched) % kDepth;
    const std::uint64_t here = at.ahead | ((std::uint64_t{1} << read.count) - 1) << behind;
    const auto advance = static_cast<std::uint32_t>(std::countr_one(here));
    at.fetched += advance;
    at.ahead = static_cast<std::uint32_t>(here >> advance);
    return advance != 0;
  }

  static void set(std::uint64_t& mask, std::uint32_t index, bool value) {
    mask = value ? mask | bit(index) : mask & ~bit(index);
  }

  std::array<Indices, kQueues> indices_{};
  std::array<Counts, kQueues> counts_{};
  std::uint64_t check_ = 0;
  std::uint64_t avail_ = 0;
  std::uint64_t range_error_ = 0;
  RoundRobin turn_;
  TagTable<Read> tags_;
  std::array<std::array<Descriptor, kDepth>, kQueues> store_{};
};

}  // namespace ringproof::nic::cycle
