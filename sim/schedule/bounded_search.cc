#include "sim/schedule/bounded_search.h"

#include <algorithm>

#include "model/base/hash.h"

namespace ringproof {
namespace {

std::uint64_t hash_of(const DecisionLog& log) {
  Hash64 hash;
  for (const Decision& decision : log) {
    hash.add_u64(static_cast<std::uint64_t>(decision.kind));
    hash.add_bytes(decision.at.data(), decision.at.size());
    hash.add_u64(decision.number);
    hash.add_bytes(decision.run.data(), decision.run.size());
    hash.add_u64(decision.value);
  }
  return hash.value();
}

}  // namespace

// Of runs with equal traces one is enough, unless another leaves more room for further decisions.
void BoundedSearch::ran(const DecisionLog& log, const TraceFindings& found) {
  logs_.insert(hash_of(log));
  const auto [known, is_new] = traces_.try_emplace(found.trace_hash, log.size());
  if (!is_new && known->second <= log.size()) return;
  known->second = log.size();
  for (const Alternative& each : found.alternatives) {
    if (each.kept >= preemptions_max_ || each.kept > log.size()) continue;
    DecisionLog next(log.begin(), log.begin() + each.kept);
    next.push_back(each.decision);
    if (logs_.insert(hash_of(next)).second) waiting_[next.size()].push_back(std::move(next));
  }
}

std::vector<DecisionLog> BoundedSearch::next_wave() {
  const auto smallest =
      std::find_if(waiting_.begin(), waiting_.end(), [](const auto& logs) { return !logs.empty(); });
  if (smallest == waiting_.end()) return {};
  // Neighbours show much the same; so they do not come one after the other.
  std::vector<std::pair<std::uint64_t, DecisionLog>> shuffled;
  for (DecisionLog& log : std::exchange(*smallest, {})) shuffled.emplace_back(hash_of(log), std::move(log));
  std::stable_sort(shuffled.begin(), shuffled.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<DecisionLog> wave;
  for (auto& [hash, log] : shuffled) wave.push_back(std::move(log));
  return wave;
}

}  // namespace ringproof
