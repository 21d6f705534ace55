#include "sim/explore/shrink.h"

#include <algorithm>
#include <utility>

namespace ringproof {
namespace {

// What a person takes in at a glance.
constexpr std::size_t kFewChanges = 3;

}  // namespace

Shrinker::Shrinker(Failure failure, std::uint32_t workers, std::function<bool(const ShrinkProgress&)> show)
    : best_(std::move(failure), workers, std::move(show)) {}

const Failure* Shrinker::run() {
  if (!best_.comes_back()) return nullptr;
  // To make a long way shorter takes longer than to find a short one.
  if (best_.size().changes > kFewChanges) simpler_.find(kFewChanges);
  reducer_.all();
  while (best_.go_on() && start_again()) {
  }
  best_.complete();
  return &best_.failure();
}

// Another schedule may be smaller once it is reduced, too.
bool Shrinker::start_again() {
  const Failure before = best_.failure();
  const LogSize size = best_.size();
  if (size.changes == 0) return false;
  const auto fewer = static_cast<std::uint32_t>(std::min(size.changes - 1, kFewChanges));
  if (!simpler_.find(fewer)) return false;
  reducer_.all();
  if (best_.size() < size) return true;
  best_.restore(before);
  return false;
}

}  // namespace ringproof
