// output_problems.h: results that are written one after the other.
// Role     one that cannot be written costs none of the others
// Errors   kept until somebody asks: InputError, and a waveform's own
// Source   docs/command-line.md, "Results"
#pragma once

#include <fmt/format.h>

#include <string>

#include "model/nic/queue_engine.h"
#include "sim/replay/input_error.h"

namespace ringproof {

class OutputProblems {
 public:
  // False: it cannot be written.
  template <class Write>
  bool attempt(Write write) {
    try {
      write();
      return true;
    } catch (const InputError& error) {
      add(error.what());
    } catch (const nic::WaveError& error) {
      add(fmt::format("--wave {}", error.what()));
    }
    return false;
  }
  bool any() const { return count_ > 0; }
  // The first, and how many there are besides.
  std::string line() const {
    return count_ < 2 ? first_ : fmt::format("{}; {} more cannot be written either", first_, count_ - 1);
  }

 private:
  void add(const std::string& line) {
    if (count_++ == 0) first_ = line;
  }

  std::string first_;
  std::size_t count_ = 0;
};

}  // namespace ringproof
