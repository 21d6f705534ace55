// commands.h: the commands of exploration.
// Role     explore, run, shrink and replay-failure from options to exit status
// Threads  the caller must be the only thread of its process
// Errors   wrong input -> InputError
// Source   docs/explore.md
#pragma once

#include "sim/explore/explore_options.h"

namespace ringproof {

// Each returns the exit status of the command.
int run_explore(const ExploreOptions& options);
// A scenario file, once.
int run_scenario(const ExploreOptions& options);
int run_shrink(const ShrinkOptions& options);
int run_replay_failure(const ReplayFailureOptions& options);

}  // namespace ringproof
