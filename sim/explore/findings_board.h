// findings_board.h: what traced runs found, on its way from the processes that ran them.
// Role     the answers that would have made a difference, by schedule, for the next wave of a bounded search
// Shapes   records one behind the other in memory that processes share; pages that are not written cost
//          nothing
// Threads  every worker and its children write, the parent reads when they have ended
// Errors   what does not fit is not kept: lost() says so. A program may have written into it, so the reader
//          trusts no number on it and leaves out what it cannot read
// Source   docs/decisions/0005-bounded-search.md
#pragma once

#include <atomic>
#include <cstdint>
#include <map>

#include "sim/schedule/trace_recorder.h"

namespace ringproof {

class FindingsBoard {
 public:
  FindingsBoard();
  ~FindingsBoard();
  FindingsBoard(const FindingsBoard&) = delete;
  FindingsBoard& operator=(const FindingsBoard&) = delete;

  void write(std::uint64_t schedule, const TraceFindings& found);
  // By schedule; of one that was run twice, what it found first. Empties the board.
  std::map<std::uint64_t, TraceFindings> take();
  // Something did not fit, up to the last take().
  bool lost() const { return lost_; }

 private:
  static constexpr std::uint64_t kBytes = std::uint64_t{1} << 30;
  struct Shared {
    std::atomic<std::uint64_t> used;
    std::atomic<bool> lost;
    unsigned char bytes[kBytes];
  };
  struct Header {
    std::uint64_t schedule;
    std::uint64_t trace_hash;
    std::uint64_t text_bytes;
  };

  Shared* shared_;
  bool lost_ = false;
};

}  // namespace ringproof
