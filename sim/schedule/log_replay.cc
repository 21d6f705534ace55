#include "sim/schedule/log_replay.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof {

LogReplay::LogReplay(const DecisionLog& log, const ChoiceNumbers& numbers) : numbers_(numbers) {
  for (const Decision& entry : log) {
    auto& lines = entry.kind == DecisionKind::kSchedule ? schedule_lines_ : memory_lines_;
    lines[entry.at].entries.push_back(&entry);
  }
  for (auto* lines : {&schedule_lines_, &memory_lines_}) {
    for (auto& [name, line] : *lines) {
      std::stable_sort(line.entries.begin(), line.entries.end(),
                       [](const Decision* a, const Decision* b) { return a->number < b->number; });
    }
  }
}

LogReplay::Known& LogReplay::known(ActorId actor) {
  Known& known = known_[actor];
  if (known.found) return known;
  known.found = true;
  const std::string name = name_of_(actor);
  if (const auto line = schedule_lines_.find(name); line != schedule_lines_.end())
    known.schedule = &line->second;
  if (const auto line = memory_lines_.find(name); line != memory_lines_.end()) known.memory = &line->second;
  return known;
}

const Decision* LogReplay::entry_at(Line* line, std::uint32_t number) {
  if (line == nullptr) return nullptr;
  while (line->next < line->entries.size() && line->entries[line->next]->number < number) ++line->next;
  const bool here = line->next < line->entries.size() && line->entries[line->next]->number == number;
  return here ? line->entries[line->next++] : nullptr;
}

std::uint32_t LogReplay::schedule(std::span<const ScheduleOption> options) {
  const ActorId first = options.front().actor;
  const Decision* entry = entry_at(known(first).schedule, numbers_.of_schedule(first));
  if (entry == nullptr) return 0;
  std::string others;
  for (std::uint32_t i = 0; i < options.size(); ++i) {
    const std::string name = name_of_(options[i].actor);
    if (name == entry->run) return i;
    others += (others.empty() ? "" : ", ") + name;
  }
  differs(*entry, "only these could run: " + others);
  return 0;
}

std::uint32_t LogReplay::choose(Choice, ActorId actor, std::uint32_t count) {
  const Decision* entry = entry_at(known(actor).memory, numbers_.of_memory(actor));
  if (entry == nullptr) return 0;
  if (entry->value < count) return entry->value;
  differs(*entry, fmt::format("only {} values could be seen", count));
  return 0;
}

void LogReplay::differs(const Decision& entry, const std::string& why) {
  if (!divergence_.has_value()) divergence_ = in_words(entry) + ": " + why;
}

std::optional<std::string> LogReplay::divergence() const {
  if (divergence_.has_value()) return divergence_;
  for (const auto* lines : {&schedule_lines_, &memory_lines_}) {
    for (const auto& [name, line] : *lines) {
      if (line.next < line.entries.size())
        return in_words(*line.entries[line.next]) + ": the run never came to it";
    }
  }
  return std::nullopt;
}

}  // namespace ringproof
