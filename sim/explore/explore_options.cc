#include "sim/explore/explore_options.h"

namespace ringproof {

const char* strategy_name(StrategyKind kind) {
  static constexpr const char* kNames[] = {"first-come", "random", "pct", "bounded", "delays"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace ringproof
