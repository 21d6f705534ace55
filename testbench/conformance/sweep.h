// sweep.h: the same race at many distances in time.
// Role     finds by itself where the outcome of a race changes, and looks closely there
// Units    distances [ps]
#pragma once

#include <cstdint>

namespace ringproof::test {

// Runs trial(distance) from 0 to `end_ps` in steps of `step_ps`, and between two neighbours with different
// outcomes again in kFineSteps steps. Returns how often the outcome changed between neighbours: a sweep that
// never saw a change did not meet the race.
template <typename Trial>
std::uint32_t sweep(std::uint64_t end_ps, std::uint64_t step_ps, Trial trial) {
  constexpr std::uint64_t kFineSteps = 64;
  std::uint32_t changes = 0;
  auto before = trial(0);
  for (std::uint64_t at_ps = step_ps; at_ps <= end_ps; at_ps += step_ps) {
    const auto outcome = trial(at_ps);
    if (outcome != before) {
      ++changes;
      for (std::uint64_t i = 1; i < kFineSteps; ++i) trial(at_ps - step_ps + i * step_ps / kFineSteps);
    }
    before = outcome;
  }
  return changes;
}

}  // namespace ringproof::test
