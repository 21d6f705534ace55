// replay.h: one replay of a capture, from its files to its reports.
// Role     the body of the simulation process
// Errors   wrong input: one line on stderr, status 2; a run that found something wrong: status 1
// Source   docs/command-line.md
#pragma once

#include "sim/cli/replay_options.h"
#include "sim/host/progress.h"

namespace ringproof {

int run_replay_child(const ReplayOptions& options, Progress& progress);
// The same with what `maker` makes in the place of the engine that is asked for.
int run_replay_child(const ReplayOptions& options, Progress& progress, const EngineMaker& maker);

}  // namespace ringproof
