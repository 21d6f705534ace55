// teardown_monitor.h: what takes things away comes to an end.
// Role     INV-39: close, detach, removal of a program and of an interface, and resets of queues end in bounded
//          time, and none is left when nothing happens any more
// Shapes   several of a kind may be under way for one object; they are taken to end in order of their
//          beginning
// Units    [ps]
// Errors   the platform is blamed. A test that holds frames to send in the driver holds up their socket's end
//          as well, and has to let them go in time. Pause takes effect at once here. A queue is reset when a loan
//          begins or ends as well, and all of a port are when its device is lost or comes back. Faulty times do not count, see Patience
// Source   invariants-and-faults.md F
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/patience.h"

namespace ringproof {

class TeardownMonitor final : public Tap {
 public:
  TeardownMonitor(InvariantLog& log, const Patience& patience) : log_(log), patience_(patience) {}

  // The run is over; `quiet`: nothing would happen any more, so what is under way never ends.
  void finish(std::uint64_t end_ps, bool quiet);

  void teardown_begun(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;
  void teardown_ended(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;

 private:
  using Key = std::pair<Teardown, std::uint64_t>;
  static Place place_of(const Key& key);
  void too_long(const Key& key, std::uint64_t since_ps, std::uint64_t time_ps, const char* how);

  InvariantLog& log_;
  const Patience& patience_;
  std::map<Key, std::vector<std::uint64_t>> under_way_;  // times of their beginning
};

}  // namespace ringproof
