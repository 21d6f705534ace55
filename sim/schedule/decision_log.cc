#include "sim/schedule/decision_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace ringproof {

std::string in_words(const Decision& decision) {
  return decision.kind == DecisionKind::kSchedule
             ? fmt::format("{} at its choice {}: {} runs instead", decision.at, decision.number, decision.run)
             : fmt::format("{} at its load {}: sees an older value ({})", decision.at, decision.number,
                           decision.value);
}

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::vector<Preemption> preemptions_of(const DecisionLog& log) {
  std::vector<Preemption> all;
  std::map<std::string, std::size_t> open;  // by the actor that waits, its place in `all`
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Decision& entry = log[i];
    if (entry.kind != DecisionKind::kSchedule) continue;
    const auto waits = open.find(entry.at);
    const bool goes_on = waits != open.end() && log[all[waits->second].back()].number + 1 == entry.number;
    if (!goes_on) {
      open[entry.at] = all.size();
      all.emplace_back();
    }
    all[open[entry.at]].push_back(i);
    open.erase(entry.run);
  }
  return all;
}

LogSize size_of(const DecisionLog& log) {
  const auto values = static_cast<std::size_t>(std::count_if(
      log.begin(), log.end(), [](const Decision& entry) { return entry.kind == DecisionKind::kMemory; }));
  return {preemptions_of(log).size() + values, log.size()};
}

std::string in_words(const DecisionLog& log) {
  const auto values = static_cast<std::size_t>(std::count_if(
      log.begin(), log.end(), [](const Decision& entry) { return entry.kind == DecisionKind::kMemory; }));
  return fmt::format("{}{} in {}", counted(preemptions_of(log).size(), "pre-emption"),
                     values == 0 ? std::string() : " and " + counted(values, "older value"),
                     counted(log.size(), "decision"));
}

}  // namespace ringproof
