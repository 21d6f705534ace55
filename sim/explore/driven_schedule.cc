#include "sim/explore/driven_schedule.h"

#include "sim/schedule/few_delays.h"
#include "sim/schedule/strategies.h"

namespace ringproof {
namespace {

std::unique_ptr<LogReplay> make_replay(const ScheduleSpec& spec, const ChoiceNumbers& numbers) {
  return spec.log.has_value() ? std::make_unique<LogReplay>(*spec.log, numbers) : nullptr;
}

std::unique_ptr<Chooser> make_strategy(const ScheduleSpec& spec) {
  if (spec.log.has_value()) return nullptr;
  switch (spec.strategy) {
    case StrategyKind::kRandom:
      return std::make_unique<RandomWalk>(spec.seed);
    case StrategyKind::kPct:
      return std::make_unique<PriorityChange>(spec.seed, spec.depth, spec.expected_choices);
    case StrategyKind::kDelays:
      return std::make_unique<FewDelays>(spec.seed, spec.depth, spec.expected_choices);
    default:
      if (spec.loads_drawn) return std::make_unique<OlderValues>(spec.seed);
      return std::make_unique<FirstCome>();
  }
}

bool delays(const ScheduleSpec& spec) {
  return spec.log.has_value() ? !spec.log->empty() : spec.strategy != StrategyKind::kFirstCome;
}

}  // namespace

DrivenSchedule::DrivenSchedule(const ScheduleSpec& spec, std::uint64_t window_ps, DecisionTape& tape)
    : replay_(make_replay(spec, numbers_)),
      strategy_(make_strategy(spec)),
      fair_(replay_ != nullptr ? static_cast<Chooser&>(*replay_) : *strategy_, fairness_of(window_ps)),
      tracer_(spec.traced || spec.findings != nullptr ? std::make_unique<TraceRecorder>(fair_, numbers_)
                                                      : nullptr),
      recorder_(tracer_ != nullptr ? static_cast<Chooser&>(*tracer_) : fair_, numbers_, tape),
      late_ps_max_(delays(spec) ? fairness_of(window_ps).late_ps_max : 0) {}

void DrivenSchedule::set_names(const std::function<std::string(ActorId)>& name_of) {
  recorder_.set_names(name_of);
  if (tracer_ != nullptr) tracer_->set_names(name_of);
  if (replay_ != nullptr) replay_->set_names(name_of);
}

std::optional<std::string> DrivenSchedule::divergence() const {
  return replay_ != nullptr ? replay_->divergence() : std::nullopt;
}

}  // namespace ringproof
