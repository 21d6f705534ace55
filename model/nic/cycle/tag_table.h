// tag_table.h: nic_tag_table, in C++.
// Role     gives each read of one reader a tag that no other one under way has; keeps what the reader wants
//          to know when the data comes; counts the beats that came, the last of which frees the tag
// Shapes   64 tags; a read is 1 to 8 beats
// Timing   ready() and next() are of the registers; clock_*() is the edge
// Errors   an answer that nobody asked for, or that ends at the wrong beat, breaks a rule
// Source   rtl/nic_tag_table.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/round_robin.h"
#include "model/nic/cycle/rules.h"

namespace ringproof::nic::cycle {

constexpr std::uint32_t kReadTags = 64;

template <class Info>
class TagTable {
 public:
  bool ready() const { return free_ != 0; }
  // REQUIRES: ready()
  std::uint8_t next() const { return static_cast<std::uint8_t>(turn_.choice(free_)); }

  // A read of `beats` is asked for under next().
  void clock_take(std::uint32_t beats, const Info& info) {
    const std::uint32_t tag = turn_.choice(free_);
    turn_.taken(tag);
    free_ &= ~bit(tag);
    reads_[tag] = {info, beats, 0};
  }

  // Which beat of which read has come; none, if nobody asked.
  struct Came {
    const Info* info = nullptr;
    std::uint32_t beat = 0;
  };
  // After the clock_take() of the cycle: what becomes free can be given in the next.
  Came clock_answer(std::uint32_t tag, bool last, Rules& rules) {
    const bool known = tag < kReadTags && !has(free_, tag);
    rules.require(known, "nic_tag_table", "answer_was_asked");
    if (!known) return {};
    Read& read = reads_[tag];
    const std::uint32_t beat = read.came++;
    const bool ends = read.came == read.beats;
    rules.require(last == ends, "nic_tag_table", "last_beat_is_last");
    if (ends) free_ |= bit(tag);
    return {&read.info, beat};
  }

  void reset() {
    free_ = ~std::uint64_t{0};
    turn_.reset();
  }

 private:
  struct Read {
    Info info{};
    std::uint32_t beats = 0;
    std::uint32_t came = 0;
  };

  static_assert(kReadTags == 64, "one bit of a word for each");
  std::uint64_t free_ = ~std::uint64_t{0};
  RoundRobin turn_;
  std::array<Read, kReadTags> reads_{};
};

}  // namespace ringproof::nic::cycle
