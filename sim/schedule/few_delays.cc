#include "sim/schedule/few_delays.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace ringproof {

FewDelays::FewDelays(std::uint64_t seed, std::uint32_t delays, std::uint64_t questions) {
  RandomStream schedule(seed, "schedule.delays");
  RandomStream memory(seed, "memory.delays");
  waiting_ = draw(schedule, delays, questions);
  unseen_ = draw(memory, delays, questions);
  if (delays > 0 && memory.below(2) == 0) unseen_ = {{0, std::numeric_limits<std::uint64_t>::max(), 0}};
}

std::vector<FewDelays::Delay> FewDelays::draw(RandomStream& stream, std::uint32_t delays,
                                              std::uint64_t questions) {
  const std::uint64_t places = std::max<std::uint64_t>(questions, 1);
  std::vector<Delay> drawn;
  for (std::uint32_t i = 0; i < delays; ++i) {
    const std::uint64_t begin = stream.below(places);
    const std::uint64_t order = stream.below(static_cast<std::uint64_t>(std::bit_width(places)));
    drawn.push_back({begin, (std::uint64_t{1} << order) + stream.below(std::uint64_t{1} << order), 0});
  }
  std::sort(drawn.begin(), drawn.end(), [](const Delay& a, const Delay& b) { return a.begin > b.begin; });
  return drawn;
}

bool FewDelays::held(ActorId actor) const {
  return std::any_of(holding_.begin(), holding_.end(),
                     [actor](const Delay& delay) { return delay.actor == actor; });
}

std::uint32_t FewDelays::schedule(std::span<const ScheduleOption> options) {
  while (!waiting_.empty() && waiting_.back().begin <= schedules_) {
    holding_.push_back(waiting_.back());
    holding_.back().actor = options.front().actor;
    waiting_.pop_back();
  }
  ++schedules_;
  if (holding_.empty()) return 0;
  std::uint32_t pick = 0;
  while (pick < options.size() && held(options[pick].actor)) ++pick;
  if (pick == options.size()) pick = 0;
  for (Delay& delay : holding_) {
    if (pick > 0 && delay.actor == options.front().actor) --delay.length;
  }
  std::erase_if(holding_, [](const Delay& delay) { return delay.length == 0; });
  return pick;
}

// The next older value, or no store drains.
std::uint32_t FewDelays::choose(Choice, ActorId, std::uint32_t) {
  const std::uint64_t now = loads_++;
  const bool older = std::any_of(unseen_.begin(), unseen_.end(), [now](const Delay& delay) {
    return now >= delay.begin && now - delay.begin < delay.length;
  });
  return older ? 1 : 0;
}

}  // namespace ringproof
