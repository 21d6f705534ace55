// end_in_words.h: how a simulation process came to its end, for people.
// Role     sentences about a child process, from what it last said of itself
// Errors   whatever the child wrote is not trusted
// Source   docs/command-line.md, "Progress and the end"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/host/progress.h"

namespace ringproof {

// "at 1.500 ms simulated, last API call XskBind".
std::string place_of(const Progress& progress);
// "segmentation fault (SIGSEGV)".
std::string signal_in_words(int signal);

// The first invariant that was violated before the process ended, as a line; empty: none.
std::string violation_of(const Progress& progress);
// The same, and then the end; the end alone where nothing was violated.
std::string behind_violation(const Progress& progress, const std::string& end);

// The program `app` was running, not the simulator.
bool in_application(const Progress& progress);
// The one of these programs, in the order of their processes, that ran last.
const std::string& program_of(const std::vector<std::string>& programs, const Progress& progress);
// A whole sentence each, about whoever was running. `own_engine`: the name of a queue engine that is not
// ours, and then the simulator alone is not to blame; empty: none.
std::string crash_in_words(const std::string& app, const Progress& progress, int signal,
                           const std::string& own_engine = {});
std::string exit_in_words(const std::string& app, const Progress& progress, int status,
                          const std::string& own_engine = {});
std::string stall_in_words(const std::string& app, const Progress& progress, std::uint32_t seconds,
                           const std::string& own_engine = {});
// "a bug of ours", or of that engine.
std::string bug_in_words(const std::string& own_engine);

}  // namespace ringproof
