// worker_pool.h: several processes that do the same work and send back lines.
// Role     forks workers, collects what they say until all have ended
// Shapes   a message is one line of text without a newline
// Threads  the caller must be the only thread of its process; SIGINT, SIGTERM and SIGHUP ask for an early
//          end, and a second one ends at once
// Errors   no process to be had, or a worker that crashes -> std::runtime_error once the others have ended
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace ringproof {

class WorkerPool {
 public:
  using Say = std::function<void(const std::string& line)>;
  struct Callbacks {
    std::function<void(std::uint32_t worker, const Say& say)> work;  // in the worker
    std::function<void(const std::string& line)> heard;              // in this process
    std::function<void()> tick;  // in this process, about ten times a second
    std::function<void()> stop;  // in this process: the workers are to end soon, for a signal or a crash
  };

  // Returns the signal that came, or 0.
  static int run(std::uint32_t workers, const Callbacks& callbacks);
};

// One for each core that this process may use.
std::uint32_t workers_for_cores();

}  // namespace ringproof
