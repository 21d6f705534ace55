// trace_recorder.h: what a run did between its decisions, and which other decisions would have made a
// difference.
// Role     stands between the kernel and a replayed log; afterwards names the alternatives that are worth a
//          run
// Shapes   a trace is a list of accesses and decisions in the order in which they were made. An object is
//          what actors share: a word of a ring, a signal, the platform, the memory of the application, a
//          device's queue of events
// Errors   none
// Source   dynamic partial-order reduction: Flanagan and Godefroid; of equal traces one is enough: Musuvathi
//          and Qadeer, "Fair stateless model checking"; docs/decisions/0005-bounded-search.md
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/schedule/access_observer.h"
#include "sim/schedule/choice_numbers.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_log.h"

namespace ringproof {

// Another decision at the same place: the first `kept` entries of the run's log stay, and `decision` follows.
struct Alternative {
  std::uint32_t kept = 0;
  Decision decision;
};

struct TraceFindings {
  std::uint64_t trace_hash = 0;  // equal for runs that differ only in the order of what does not conflict
  std::vector<Alternative> alternatives;
};

enum class Reduction : std::uint8_t { kNone, kRaces };

class TraceRecorder final : public Chooser, public AccessObserver {
 public:
  // `inner` answers, and its answers are those of the log that the run is about.
  TraceRecorder(Chooser& inner, const ChoiceNumbers& numbers) : inner_(inner), numbers_(numbers) {}
  // REQUIRES: called before the first decision.
  void set_names(std::function<std::string(ActorId)> name_of) { name_of_ = std::move(name_of); }

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;
  void accessed(ActorId actor, const volatile void* object, bool write) override;

  // Once the run is over. Without reduction: every other answer to every question. With it: only those that
  // change the order of two accesses which conflict, and every other value of a load.
  TraceFindings findings(Reduction reduction) const;

 private:
  struct Question {
    DecisionKind kind;
    ActorId at;            // schedule: the first option; memory: who loads
    std::uint32_t number;  // among those of `at`
    std::uint32_t picked;  // schedule: the option; memory: the value
    std::uint32_t kept;    // differing answers before it
    std::uint32_t first_option;
    std::uint32_t option_count;
  };
  struct Access {
    ActorId actor;
    const volatile void* object;
    bool write;
    std::uint32_t questions;  // that were asked before it
  };
  ActorId option(const Question& question, std::uint32_t i) const {
    return options_[question.first_option + i];
  }
  ActorId who_went_on(const Question& question) const { return option(question, question.picked); }
  Alternative alternative(const Question& question, std::uint32_t pick) const;
  void add_every_other_answer(const Question& question, std::vector<Alternative>& to) const;
  void add_reversals(std::vector<Alternative>& to) const;
  void let_go_first(ActorId later, const Access& earlier, std::vector<bool>& done,
                    std::vector<Alternative>& to) const;
  std::uint64_t hash() const;

  Chooser& inner_;
  const ChoiceNumbers& numbers_;
  std::function<std::string(ActorId)> name_of_;
  std::uint32_t differing_ = 0;
  std::vector<Question> questions_;
  std::vector<ActorId> options_;  // of all schedule questions, one after the other
  std::vector<Access> accesses_;
};

}  // namespace ringproof
