// process_state.h: what the C and C++ libraries keep for a process, as a program finds it when it starts.
// Role     lets many runs in one process find the same: drawn numbers, environment, locale, mask of files,
//          working directory, options that were read, and how the standard streams write
// Shapes   of the process that runs the simulation; made before the programs of a run start, gone when it ended
// Threads  simulation thread
// Errors   none: what cannot be told or set stays as it is
// Source   docs/design/many-worlds.md; C11 7.22.2 (rand), POSIX drand48
#pragma once

#include <locale>
#include <string>
#include <vector>

namespace ringproof {

class ProcessState {
 public:
  // Generators of random numbers begin as if nobody had seeded or used them.
  ProcessState();
  // Everything else is as it was.
  ~ProcessState();
  ProcessState(const ProcessState&) = delete;
  ProcessState& operator=(const ProcessState&) = delete;

 private:
  std::vector<char*> environment_;  // its last is null
  std::vector<std::string> words_;  // as its entries read
  std::string folder_;              // empty: cannot be told
  std::string c_locale_;
  std::locale locale_;
  unsigned file_mask_;
};

}  // namespace ringproof
