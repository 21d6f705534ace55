#include "sim/win32/crt_state.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "sim/app/world.h"

namespace ringproof::win32 {

CrtState& crt_state() {
  static CrtState& outside = *new CrtState(0);
  return current_world == nullptr ? outside : *current_world->crt;
}

RandomStream& random_stream() {
  const SystemEntry entry;
  CrtState& state = crt_state();
  const int task = current_world == nullptr ? -1 : current_world->kernel.current_task();
  const auto found = state.random.find(task);
  if (found != state.random.end()) return found->second;
  return state.random.emplace(task, RandomStream(state.seed, fmt::format("application.{}", task)))
      .first->second;
}

std::uint32_t& rand_state() {
  constexpr std::uint32_t kSeed = 1;
  const SystemEntry entry;
  const int task = current_world == nullptr ? -1 : current_world->kernel.current_task();
  return crt_state().rand.try_emplace(task, kSeed).first->second;
}

// A release build of Microsoft's library tells the handler nothing.
void invalid_parameter(const char* function, const char* problem) {
  if (const InvalidParameterHandler handler = crt_state().invalid_parameter) {
    handler(nullptr, nullptr, nullptr, 0, 0);
    return;
  }
  std::fflush(stdout);
  std::fprintf(stderr, "ringproof: %s: %s: an invalid parameter, which ends a Windows program\n", function,
               problem);
  std::abort();
}

}  // namespace ringproof::win32
