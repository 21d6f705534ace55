// reducer.h: takes away what a failure does not need.
// Role     decisions, faults, frames, loops and arguments of the program: chunks, then single ones
// Shapes   in the end no single decision, fault or frame can go, nor any two decisions of a short log
// Threads  the caller must be the only thread of its process
// Errors   none
// Source   delta debugging: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input"
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "sim/explore/smallest_failure.h"

namespace ringproof {

class Reducer {
 public:
  explicit Reducer(SmallestFailure& best) : best_(best) {}

  // Until nothing can go.
  void all();

 private:
  // `without` is the best failure without a part of the list.
  struct List {
    std::function<std::size_t()> size;
    std::function<Failure(std::size_t begin, std::size_t end)> without;
  };
  // A number of a failure, and how it becomes another one.
  struct Number {
    std::function<std::uint64_t(const Failure&)> get;
    std::function<void(Failure&, std::uint64_t)> set;
  };
  bool round();
  bool reduce(const List& list);
  bool reduce_chunks(const List& list, std::size_t chunk);
  bool reduce_decisions();
  bool cut_tail();
  bool replace_log();
  bool reduce_faults();
  bool reduce_frames();
  bool reduce_arguments();
  bool reduce_loops();
  bool reduce_number(const Number& number);

  SmallestFailure& best_;
};

}  // namespace ringproof
