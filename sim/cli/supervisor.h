// supervisor.h: runs the simulation in a child process and says in a sentence how that ended.
// Role     fork, progress bar or lines, heartbeat, every kind of end of a foreign program
// Units    wall time in the settings; simulated time in what it prints
// Threads  the caller must be the only thread of the process
// Errors   a child that crashes, ends by itself or stalls: one line on stderr, status 1, nothing partial left
// Source   docs/command-line.md, "Progress and the end"
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/host/progress.h"

namespace ringproof {

struct SupervisorSettings {
  std::uint32_t bar_after_ms = 500;     // a short run shows no bar
  std::uint32_t bar_every_ms = 200;     // redrawn at most so often
  std::uint32_t line_every_ms = 10000;  // without a terminal; the first line after as long
};

// What the supervisor has to know of the simulation.
struct Supervised {
  std::vector<std::string>
      programs;  // as they are called in messages, in the order of their processes; one at least
  std::uint32_t stall_seconds = 10;  // wall time without a schedule point before it is stopped; 0: never
  std::vector<std::string> partial_files;  // removed when the child did not come to its end
  std::string own_engine{};                // the name of a queue engine that is not ours; empty: none
};

struct SupervisedEnd {
  int status = 0;    // that of `child`, or 1 when it did not end by returning, or 128 + the signal that came
  std::string said;  // why the child did not return; empty when it did
};

// What the child process does; returns its exit status.
using SimulationBody = std::function<int(Progress&)>;

SupervisedEnd supervise(const Supervised& what, const SimulationBody& child,
                        const SupervisorSettings& settings = {});

}  // namespace ringproof
