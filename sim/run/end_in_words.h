// end_in_words.h: how a simulation process came to its end, for people.
// Role     sentences about a child process, from what it last said of itself
// Errors   whatever the child wrote is not trusted
// Source   docs/command-line.md, "Progress and the end"
#pragma once

#include <string>

#include "sim/host/progress.h"

namespace ringproof {

// "at 1.500 ms simulated, last API call XskBind".
std::string place_of(const Progress& progress);
// "segmentation fault (SIGSEGV)".
std::string signal_in_words(int signal);

}  // namespace ringproof
