#include "sim/schedule/decision_log.h"

#include <fmt/format.h>

namespace ringproof {

std::string in_words(const Decision& decision) {
  return decision.kind == DecisionKind::kSchedule
             ? fmt::format("{} at its choice {}: {} runs instead", decision.at, decision.number, decision.run)
             : fmt::format("{} at its load {}: sees an older value ({})", decision.at, decision.number,
                           decision.value);
}

}  // namespace ringproof
