// requirement.h: what docs/design/queue-engine.md asks of a queue engine, sentence by sentence.
// Role     a requirement sets a situation with the neighbours of bench.h and judges what comes of it; their
//          rules are judged all the while
// Shapes   ids are GROUP.NAME, in the order in which they are listed
// Units    cycles of the bench that broke; a requirement may make several, one after the other
// Threads  none
// Errors   whatever the engine does, a verdict comes: a hang ends after a bounded number of cycles
// Source   docs/design/queue-engine.md, docs/your-own-engine.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/conform/bench.h"
#include "sim/engine/engine_choice.h"

namespace ringproof::conform {

class Trial;

struct Requirement {
  const char* id;
  const char* sentence;
  const char* source;  // the section
  void (*check)(Trial&);
};

const std::vector<Requirement>& requirements();

// How an engine was made, as its registers tell.
struct EngineShape {
  std::uint32_t rx_queues = 1;
  std::uint32_t tx_queues = 1;
  std::uint32_t ring_log2_max = 1;
};
EngineShape read_shape(const EngineMaker& maker);

struct Verdict {
  bool passed = true;
  Broken broken;            // if not
  std::uint32_t bench = 0;  // which one of the requirement broke, from 0
  bool absent = false;      // passed, as FEATURES does not name what it is about
};

// Asks for a waveform of the bench in which it broke, from a cycle on and for so many cycles more.
struct WaveRequest {
  std::string path;
  std::uint32_t bench = 0;
  std::uint64_t first_cycle = 0;
  std::uint64_t cycles_after = 0;
};

// The same maker, shape and seed give the same verdict, with and without waveform. A waveform that cannot be
// written -> nic::WaveError.
Verdict judge(const Requirement& requirement, const EngineMaker& maker, const EngineShape& shape,
              std::uint64_t seed, const std::optional<WaveRequest>& wave = std::nullopt);

}  // namespace ringproof::conform
