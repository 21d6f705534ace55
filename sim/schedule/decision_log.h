// decision_log.h: the answers of a run that differ from what happens without exploration.
// Role     what makes a schedule: recorded, written to a failure file, replayed, and made smaller
// Shapes   a decision is known by its kind, the actor it is about, and its number among those of that actor,
//          from 1: so a log still means the same when one of its earlier entries is taken out.
//          schedule: `at` would go on, `run` does; memory: `at` loads, and gets possibility `value`
// Errors   none
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ringproof {

enum class DecisionKind : std::uint8_t { kSchedule, kMemory };

struct Decision {
  DecisionKind kind = DecisionKind::kSchedule;
  std::string at;
  std::uint32_t number = 0;
  std::string run;          // schedule
  std::uint32_t value = 0;  // memory
  bool operator==(const Decision&) const = default;
};

using DecisionLog = std::vector<Decision>;

// "main 57: port1.rx0 runs", for people.
std::string in_words(const Decision& decision);
// "2 pre-emptions in 5 decisions"
std::string in_words(const DecisionLog& log);

// The places of entries that keep one actor waiting, in the order of the log: their numbers follow each
// other, and no entry in between lets the actor go on.
using Preemption = std::vector<std::size_t>;
// In the order of their first entries. Every schedule entry is in one of them, a memory entry in none.
std::vector<Preemption> preemptions_of(const DecisionLog& log);

// What people count of a log: fewer pre-emptions and older values, then fewer decisions.
struct LogSize {
  std::size_t changes = 0;
  std::size_t decisions = 0;
  auto operator<=>(const LogSize&) const = default;
};
LogSize size_of(const DecisionLog& log);

}  // namespace ringproof
