#include "sim/explore/simpler_start.h"

#include <algorithm>
#include <cstddef>

namespace ringproof {
namespace {

// Of each number of frames: with no delay, with one, with two, with more.
constexpr std::uint64_t kAttempts[] = {16, 512, 1024, 2048};
constexpr std::size_t kFewestFrames = 2;
constexpr std::uint64_t kStepsMax = 2'000'000;  // of all attempts with one number of frames and of delays

}  // namespace

std::vector<SimplerStart::Start> SimplerStart::starts() const {
  std::vector<Start> starts;
  const std::vector<std::uint32_t>& frames = best_.frames();
  const auto add = [&](std::size_t count) {
    Failure failure = best_.failure();
    failure.log.clear();
    if (count < frames.size()) {
      failure.options.frames.emplace(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(count));
    }
    const Outcome bare = Trials::run(failure, Trials::Until::kViolation);
    if (best_.needs_cause() && bare.key == failure.key) return;
    starts.push_back({std::move(failure), bare.choices, bare.steps});
  };
  for (std::size_t count = kFewestFrames; count <= frames.size() / 2; count *= 2) add(count);
  add(frames.size());
  return starts;
}

bool SimplerStart::find(std::uint32_t delays_max) {
  const std::vector<Start> all = starts();
  for (std::uint32_t delays = 0; delays <= delays_max; ++delays) {
    for (const Start& start : all) {
      if (best_.go_on() && try_delays(start, delays)) return true;
    }
  }
  return false;
}

bool SimplerStart::try_delays(const Start& start, std::uint32_t delays) {
  const std::uint64_t affordable =
      std::max<std::uint64_t>(1, kStepsMax / std::max<std::uint64_t>(1, start.steps));
  const std::uint64_t attempts =
      std::min(kAttempts[std::min<std::size_t>(delays, std::size(kAttempts) - 1)], affordable);
  for (std::uint64_t begin = 0; begin < attempts && best_.go_on(); begin += Trials::kBatch) {
    const std::uint64_t count = std::min<std::uint64_t>(Trials::kBatch, attempts - begin);
    const std::size_t place = best_.keep_first(count, [&](std::size_t i) {
      Candidate candidate{start.failure, StrategyKind::kDelays, delays, start.questions};
      candidate.failure.seed += begin + i;
      return candidate;
    });
    if (place < count) return true;
  }
  return false;
}

}  // namespace ringproof
