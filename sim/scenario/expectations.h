// expectations.h: what a scenario file says a run must come to.
// Role     numbers of the result, each within its bounds, and where it must end
// Errors   broken(): the first expectation that does not hold, in one line
// Source   docs/scenario-file.md, "Expectations"
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "sim/replay/run_result.h"

namespace ringproof {

struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

// Frames that were dropped because somebody was not there, or not ready, in time. Whoever waits for all of
// them waits for ever.
std::uint64_t lost_by_lateness(const RunResult& result);

struct Expectations {
  std::map<std::string, Bounds> frames;  // "delivered", "passed", "forwarded", "sent", "received", "to_stack"
  std::map<std::string, Bounds> dropped;  // by reason
  bool in_order = false;                  // INV-08 and INV-18 were put to the test, and held
  std::optional<std::uint64_t> buffers_leaked{};
  std::optional<bool> application_returns{};

  // The faults that the file itself names, by id, or that it lets any strike: in spite of them all holds.
  // Of others the gravest says what is still demanded, see docs/scenario-file.md.
  std::set<std::string> own_faults{};
  bool any_faults = false;

  // Empty: all hold.
  std::string broken(const RunResult& result) const;

 private:
  std::string broken_count(const RunResult& result, bool may_be_late) const;
};

}  // namespace ringproof
