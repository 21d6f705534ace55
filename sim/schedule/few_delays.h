// few_delays.h: as without exploration, but for a few delays.
// Role     a strategy whose schedules have at most so many pre-emptions
// Shapes   a delay begins at a drawn question, with whoever comes first there, who is then passed over as
//          often as was drawn: lengths of each order of magnitude are equally likely. Under a weak memory
//          as many runs of loads, or all of them, see the value before
// Errors   none
// Source   delay bounding: Emmi, Qadeer and Rakamaric, "Delay-bounded scheduling"
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/random.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

class FewDelays final : public Chooser {
 public:
  // `questions`: how many a run is expected to have.
  FewDelays(std::uint64_t seed, std::uint32_t delays, std::uint64_t questions);
  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

 private:
  struct Delay {
    std::uint64_t begin;   // question
    std::uint64_t length;  // questions that it lasts
    ActorId actor;         // of a schedule, once it has begun
  };
  static std::vector<Delay> draw(RandomStream& stream, std::uint32_t delays, std::uint64_t questions);
  bool held(ActorId actor) const;

  std::vector<Delay> waiting_;   // begin later
  std::vector<Delay> holding_;   // somebody is passed over
  std::vector<Delay> unseen_;    // by questions of the memory
  std::uint64_t schedules_ = 0;  // questions so far
  std::uint64_t loads_ = 0;
};

}  // namespace ringproof
