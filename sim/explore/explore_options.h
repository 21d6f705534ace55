// explore_options.h: everything `ringproof explore`, `shrink` and `replay-failure` were asked to do.
// Role     the command line as values; checked in form, not against files
// Units    in the names; wall time where it says so
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/cli/replay_options.h"
#include "sim/engine/engine_choice.h"
#include "sim/memory/memory_kind.h"

namespace ringproof {

enum class StrategyKind : std::uint8_t { kFirstCome, kRandom, kPct, kBounded, kDelays };

// What a depth and a window can be; later than a second is another traffic.
constexpr std::uint32_t kDepthMax = 1000;
constexpr std::uint64_t kWindowMaxPs = 1'000'000'000'000;
// Of pct and delays 1 at least; a bounded search may do without any decision.
constexpr std::uint32_t depth_min(StrategyKind kind) { return kind == StrategyKind::kBounded ? 0 : 1; }

struct ExploreOptions {
  std::string program = "ringproof";  // as the user called it, for commands that are shown
  // What each schedule runs. Its seed is that of the first schedule; its out_dir takes failures and results;
  // engine, memory and faults are those below.
  ReplayOptions run;
  std::optional<std::vector<std::uint32_t>> frames;  // those of the capture that come, from 1; none: all
  std::string scenario_path;                         // instead of a capture and what follows it
  std::set<std::string>
      given;  // options that the command line named, "--" for arguments; they win over the file
  EngineChoice engine = EngineKind::kFunctional;
  std::uint64_t schedules = 1000;  // 0: as many as the time allows
  StrategyKind strategy = StrategyKind::kRandom;
  std::uint32_t depth = 3;  // PCT: of the bug; bounded, delays: pre-emptions
  std::uint64_t window_ps = 5'000'000;
  MemoryKind memory = MemoryKind::kSequential;
  std::string faults;                // empty: none; "swarm"; otherwise a fault plan
  std::uint32_t workers = 0;         // processes; 0: one for each core
  std::uint64_t time_s = 0;          // wall; 0: until all schedules are done
  std::uint64_t compare_every = 64;  // of so many schedules one is compared with equal ones; 0: none
  bool free = false;                 // run: in free-running mode
  std::uint32_t failures = 10;       // ends when so many different ones were found; 0: never
};

struct ShrinkOptions {
  std::string failure_path;
  std::string out_path;
  std::string program = "ringproof";  // as in ExploreOptions
  std::uint32_t workers = 0;
  std::uint64_t time_s = 0;  // wall; 0: until nothing can be taken away
};

struct ReplayFailureOptions {
  std::string failure_path;
  std::string out_dir;    // as in ReplayOptions
  std::string wave_path;  // as in ReplayOptions; rtl engine only
  std::string timeline_path;
};

const char* strategy_name(StrategyKind kind);

}  // namespace ringproof
