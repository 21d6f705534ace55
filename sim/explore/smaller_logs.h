// smaller_logs.h: logs that may do instead of a longer one, when no single entry of it can go.
// Role     the last step of making a schedule smaller
// Shapes   each has fewer entries than the log, and none comes twice; those that save most come first within
//          each kind: the rest first-come after a prefix; part of a pre-emption, or another task for all of
//          it; two entries less
// Errors   none; of a log that is too long for it, a kind is left out
// Source   docs/explore.md, "Making it smaller"
#pragma once

#include <vector>

#include "sim/schedule/decision_log.h"

namespace ringproof {

std::vector<DecisionLog> smaller_logs(const DecisionLog& log);

}  // namespace ringproof
