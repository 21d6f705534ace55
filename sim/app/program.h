// program.h: what runs on the simulated machine, as the run sees it.
// Role     lets a run begin with an application from a shared object or with the body of a test
// Threads  simulation thread
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/host/host_kernel.h"

namespace ringproof {

class Program {
 public:
  virtual ~Program() = default;
  // Starts its first task.
  virtual void start(HostKernel& kernel) = 0;
  virtual bool ended() const = 0;
  // Of main or exit; 0 while it has not ended.
  virtual int status() const = 0;
  // Why it could not run, or could not go on; or empty. With a problem, ended() is true.
  virtual const std::string& problem() const = 0;
  // Processes that have ended since this was asked last; for a run of several programs, of which others go
  // on.
  virtual std::vector<std::uint32_t> take_ended() { return {}; }
  // What a process that take_ended() told of had open is closed.
  virtual void closed(std::uint32_t /*process*/) {}
  // An exception left the running task; does not return.
  virtual void threw(const char* what) = 0;
};

}  // namespace ringproof
