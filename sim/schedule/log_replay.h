// log_replay.h: answers as a log says, and as without exploration where it says nothing.
// Role     replays a failure; notices where a run does not fit its log
// Shapes   a log need not be complete
// Errors   an entry that cannot be followed is skipped; the first such is told by divergence()
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/schedule/choice_numbers.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_log.h"

namespace ringproof {

class LogReplay final : public Chooser {
 public:
  // `numbers` are those of the questions that it is asked. REQUIRES: the log stays where it is.
  LogReplay(const DecisionLog& log, const ChoiceNumbers& numbers);
  // Whose names the log means. REQUIRES: called before the first decision.
  void set_names(std::function<std::string(ActorId)> name_of) { name_of_ = std::move(name_of); }

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

  // The first choice that differs from the log, in words; for entries that were never reached, once the run
  // is over.
  std::optional<std::string> divergence() const;

 private:
  struct Line {  // the entries of one actor and kind, in order
    std::vector<const Decision*> entries;
    std::size_t next = 0;
  };
  // What is known of an actor, found by its name when it is first asked about.
  struct Known {
    bool found = false;
    Line* schedule = nullptr;
    Line* memory = nullptr;
  };
  Known& known(ActorId actor);
  static const Decision* entry_at(Line* line, std::uint32_t number);
  void differs(const Decision& entry, const std::string& why);

  const ChoiceNumbers& numbers_;
  std::function<std::string(ActorId)> name_of_;
  std::map<std::string, Line> schedule_lines_;
  std::map<std::string, Line> memory_lines_;
  std::map<ActorId, Known> known_;
  std::optional<std::string> divergence_;
};

}  // namespace ringproof
