// mutant_engine.h: the queue engine as a netlist that holds many mutants, one or none of them active.
// Role     the player loads libraries of such engines: one for each part of the list
// Shapes   mutants count from 1; 0 is the engine as it should be
// Threads  one engine belongs to one thread
// Errors   none signalled
// Source   testbench/mutation/mutation.py, which makes the netlists
#pragma once

#include <cstdint>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

// By this name it is found in a library. Equal seeds fill equal registers equally.
constexpr const char* kMakeMutant = "ringproof_make_mutant";
using MakeMutant = QueueEngine* (*)(std::uint32_t mutant, std::uint64_t x_seed);

}  // namespace ringproof::nic
