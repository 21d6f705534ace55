#include "sim/schedule/decision_tape.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace ringproof {

void DecisionTape::clear() {
  entry_count = 0;
  name_count = 0;
  lost = false;
}

void DecisionTape::add(const Entry& entry) {
  const std::uint32_t count = entry_count.load(std::memory_order_relaxed);
  if (count >= kEntriesMax) {
    lost = true;
    return;
  }
  entries[count] = entry;
  entry_count.store(count + 1, std::memory_order_release);
}

void DecisionTape::add_name(ActorId actor, const char* name) {
  const std::uint32_t count = name_count.load(std::memory_order_relaxed);
  if (count >= kActorsMax) {
    lost = true;
    return;
  }
  names[count].actor = actor;
  std::strncpy(names[count].text, name, kNameBytesMax - 1);
  names[count].text[kNameBytesMax - 1] = '\0';
  name_count.store(count + 1, std::memory_order_release);
}

DecisionLog read_tape(const DecisionTape& tape) {
  std::map<ActorId, std::string> names;
  const std::uint32_t name_count = std::min(tape.name_count.load(), DecisionTape::kActorsMax);
  for (std::uint32_t i = 0; i < name_count; ++i) {
    const char* text = tape.names[i].text;
    names[tape.names[i].actor] = std::string(text, strnlen(text, DecisionTape::kNameBytesMax));
  }
  DecisionLog log;
  const std::uint32_t entry_count = std::min(tape.entry_count.load(), DecisionTape::kEntriesMax);
  for (std::uint32_t i = 0; i < entry_count; ++i) {
    const DecisionTape::Entry& entry = tape.entries[i];
    if (entry.kind == DecisionKind::kSchedule) {
      log.push_back({entry.kind, names[entry.at], entry.number, names[entry.pick], 0});
    } else {
      log.push_back({entry.kind, names[entry.at], entry.number, {}, entry.pick});
    }
  }
  return log;
}

}  // namespace ringproof
