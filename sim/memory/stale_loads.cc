#include <algorithm>

#include "sim/memory/memory_model.h"

namespace ringproof {

bool lies_in(const std::uint32_t* word, const void* memory, std::size_t bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(word);
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  return at >= begin && at - begin < bytes;
}

std::uint32_t StaleLoads::count(ActorId actor, const std::uint32_t* word) const {
  for (const Entry& entry : entries_) {
    if (entry.actor == actor && entry.word == word) return entry.count;
  }
  return 0;
}

bool StaleLoads::any(const std::uint32_t* word) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [word](const Entry& entry) { return entry.word == word; });
}

void StaleLoads::note(ActorId actor, const std::uint32_t* word, bool stale) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.actor == actor && entry.word == word;
  });
  if (!stale) {
    if (found != entries_.end()) entries_.erase(found);
  } else if (found == entries_.end()) {
    entries_.push_back({actor, word, 1});
  } else {
    ++found->count;
  }
}

void StaleLoads::forget(const void* memory, std::size_t bytes) {
  std::erase_if(entries_, [&](const Entry& entry) { return lies_in(entry.word, memory, bytes); });
}

std::vector<const std::uint32_t*> StaleLoads::take() {
  std::vector<const std::uint32_t*> words;
  for (const Entry& entry : entries_) {
    if (std::find(words.begin(), words.end(), entry.word) == words.end()) words.push_back(entry.word);
  }
  entries_.clear();
  return words;
}

}  // namespace ringproof
