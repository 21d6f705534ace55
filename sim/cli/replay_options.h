// replay_options.h: everything `ringproof replay` was asked to do.
// Role     the command line as values; checked in form, not against files
// Units    in the names
// Source   docs/command-line.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/engine_choice.h"
#include "sim/memory/memory_kind.h"

namespace ringproof {

enum class PaceKind : std::uint8_t { kOriginal, kLineRate, kFactor, kFramesPerSecond };

struct ReplayOptions {
  std::string capture_path;
  std::string app;                         // as given: a name or a path
  std::vector<std::string> app_arguments;  // "1" when none were given
  std::string nic_path;                    // empty: the default NIC
  PaceKind pace = PaceKind::kOriginal;
  double pace_value = 1.0;  // factor, or frames per second
  std::uint64_t start_delay_ps = 1'000'000;
  std::uint32_t loops = 1;
  std::uint64_t seed = 1;
  EngineChoice engine = EngineKind::kRtl;  // one with a clock
  MemoryKind memory = MemoryKind::kSequential;
  std::string faults;             // empty: none; "swarm"; otherwise a fault plan
  std::uint64_t max_time_ps = 0;  // 0: ten seconds after the last frame
  std::string wave_path;
  std::string out_dir;               // empty: write nothing
  bool record_stack = false;         // write stack.pcapng there as well
  bool twice = false;                // compare with a first, silent run
  std::uint32_t stall_seconds = 10;  // wall time without a schedule point before the run is stopped
};

}  // namespace ringproof
