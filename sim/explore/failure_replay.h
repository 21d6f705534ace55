// failure_replay.h: brings a failure back, for everybody to see.
// Role     the body of the simulation process of `ringproof replay-failure`
// Errors   wrong input: one line on stderr, status 2
// Source   docs/explore.md, "Failure files"
#pragma once

#include <string>

#include "sim/explore/explore_options.h"
#include "sim/explore/failure_file.h"
#include "sim/host/progress.h"

namespace ringproof {

// 1: something broke, as the file says or otherwise; 0: nothing did.
int replay_failure(const Failure& failure, const ReplayFailureOptions& options, Progress& progress);

// Compares with the file how the process ended that could not tell itself.
void tell_end(const Failure& failure, const std::string& said);

}  // namespace ringproof
