// conform.h: `ringproof conform`.
// Role     judges one queue engine by the requirements, prints what came of each; keeps waveforms
// Errors   wrong use: UsageError; everything that an engine does wrong is a line of the result
// Source   docs/your-own-engine.md, docs/command-line.md
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ringproof::conform {

struct ConformOptions {
  std::string engine;    // a name or a path
  std::string only;      // an id, or what stands before its dot; empty: all
  std::string wave_dir;  // empty: no waveforms
  std::uint64_t seed = 1;
};

// Reads as "OPTION: expected THIS, got THAT".
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// 0: all passed, 1: something failed.
int run_conform(const ConformOptions& options);

}  // namespace ringproof::conform
