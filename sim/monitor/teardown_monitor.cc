#include "sim/monitor/teardown_monitor.h"

#include <fmt/format.h>

namespace ringproof {

Place TeardownMonitor::place_of(const Key& key) {
  const bool of_socket = key.first == Teardown::kClose || key.first == Teardown::kDetach;
  return of_socket ? Place::socket(key.second) : Place::port(static_cast<std::uint32_t>(key.second));
}

void TeardownMonitor::too_long(const Key& key, std::uint64_t since_ps, std::uint64_t time_ps,
                               const char* how) {
  EventTrail trail;
  trail.add("begun", 0, 0, since_ps);
  log_.violated(Invariant::k39, Party::kPlatform, place_of(key), trail, time_ps, [&] {
    return fmt::format("{} {} {} ns after its beginning; {} ns are allowed", teardown_name(key.first), how,
                       patience_.lasted_ps(since_ps, time_ps) / 1000, patience_.bound_ps() / 1000);
  });
}

void TeardownMonitor::teardown_begun(Teardown what, std::uint64_t object, std::uint64_t time_ps) {
  under_way_[{what, object}].push_back(time_ps);
}

void TeardownMonitor::teardown_ended(Teardown what, std::uint64_t object, std::uint64_t time_ps) {
  const auto found = under_way_.find({what, object});
  if (found == under_way_.end()) return;
  log_.checked(Invariant::k39);
  const std::uint64_t since_ps = found->second.front();
  if (patience_.exhausted(since_ps, time_ps)) too_long(found->first, since_ps, time_ps, "ended");
  found->second.erase(found->second.begin());
  if (found->second.empty()) under_way_.erase(found);
}

void TeardownMonitor::finish(std::uint64_t end_ps, bool quiet) {
  for (const auto& [key, begun] : under_way_) {
    log_.checked(Invariant::k39);
    if (quiet || patience_.exhausted(begun.front(), end_ps)) {
      too_long(key, begun.front(), end_ps, quiet ? "never ends: nothing happens any more" : "had not ended");
    }
  }
}

}  // namespace ringproof
