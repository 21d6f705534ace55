// Total store order, as x86 has it: a store waits in the FIFO buffer of its actor until it drains.
//
// Buffers drain when somebody can tell the difference: at a load of a word that another actor's buffer holds,
// and when an actor empties its own buffer while others hold stores to the same words. Any other moment would
// give the same run as the next of these. Entries are kept in one list, in the order in which they were
// stored; the buffer of an actor is what is its own in there.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sim/memory/memory_model.h"

namespace ringproof {
namespace {

constexpr std::size_t kBufferEntries = 16;  // real ones have some tens; more only makes runs that drain later

class Tso final : public MemoryModel {
 public:
  Tso(Chooser& chooser, MemoryMachine& machine) : chooser_(chooser), machine_(machine) {}

  std::uint32_t load(ActorId actor, const std::uint32_t* word, MemoryOrder order) override;
  void store(ActorId actor, std::uint32_t* word, std::uint32_t value, MemoryOrder order) override;
  std::uint32_t change(ActorId actor, std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) override;
  void fence(ActorId actor, MemoryOrder order) override;
  void atomic_done(ActorId actor, const volatile void*, bool, bool wrote, MemoryOrder) override {
    // What it wrote is seen, so everything before it is.
    if (wrote) fence(actor, MemoryOrder::kSequential);
  }
  void forget(const void* memory, std::size_t bytes) override;
  void settle() override;

 private:
  struct Entry {
    ActorId actor;
    std::uint32_t* word;
    std::uint32_t value;
    std::uint64_t time_ps;
  };
  static constexpr std::uint32_t kDrainInOrder = 0;
  static constexpr std::uint32_t kDrainNoMore = 1;
  static constexpr std::uint32_t kFirstBuffer = 2;

  bool holds(const std::uint32_t* word) const { return find_last(word) != entries_.size(); }
  bool other_holds(ActorId actor, const std::uint32_t* word) const;
  const Entry* own_youngest(ActorId actor, const std::uint32_t* word) const;
  std::size_t find_last(const std::uint32_t* word) const;
  std::size_t find_oldest_of(ActorId actor) const;
  bool conflicts(ActorId actor) const;
  // Those whose buffer holds something, in the order of their oldest entry.
  std::vector<ActorId> buffers(bool with_own, ActorId own) const;
  std::uint32_t visible(const std::uint32_t* word) const;

  void drain(std::size_t entry);
  void drain_through(std::size_t last);
  void drain_own(ActorId actor);
  // What others drain before `actor` looks at the word.
  void let_others_drain(ActorId actor, const std::uint32_t* word);
  void empty_buffer(ActorId actor);
  void drain_what_is_old();
  void write_through(std::uint32_t* word, std::uint32_t value);
  // Whether there was one: no buffer holds the word any more.
  bool accept_strange_value(const std::uint32_t* word);

  Chooser& chooser_;
  MemoryMachine& machine_;
  std::vector<Entry> entries_;                             // oldest first
  std::map<const std::uint32_t*, std::uint32_t> visible_;  // of the words that a buffer holds; only looked up
  StaleLoads stale_;
};

std::size_t Tso::find_last(const std::uint32_t* word) const {
  for (std::size_t i = entries_.size(); i-- > 0;) {
    if (entries_[i].word == word) return i;
  }
  return entries_.size();
}

std::size_t Tso::find_oldest_of(ActorId actor) const {
  std::size_t i = 0;
  while (i < entries_.size() && entries_[i].actor != actor) ++i;
  return i;
}

bool Tso::other_holds(ActorId actor, const std::uint32_t* word) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.actor != actor && entry.word == word; });
}

const Tso::Entry* Tso::own_youngest(ActorId actor, const std::uint32_t* word) const {
  for (std::size_t i = entries_.size(); i-- > 0;) {
    if (entries_[i].actor == actor && entries_[i].word == word) return &entries_[i];
  }
  return nullptr;
}

bool Tso::conflicts(ActorId actor) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.actor == actor && other_holds(actor, entry.word);
  });
}

std::vector<ActorId> Tso::buffers(bool with_own, ActorId own) const {
  std::vector<ActorId> actors;
  for (const Entry& entry : entries_) {
    if (!with_own && entry.actor == own) continue;
    if (std::find(actors.begin(), actors.end(), entry.actor) == actors.end()) actors.push_back(entry.actor);
  }
  return actors;
}

std::uint32_t Tso::visible(const std::uint32_t* word) const {
  const auto found = visible_.find(word);
  return found == visible_.end() ? __atomic_load_n(word, __ATOMIC_RELAXED) : found->second;
}

void Tso::drain(std::size_t i) {
  const Entry entry = entries_[i];
  if (accept_strange_value(entry.word)) return;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
  // Where several actors write one word, the last to drain need not be the last that stored.
  const std::size_t last = find_last(entry.word);
  if (last == entries_.size()) {
    visible_.erase(entry.word);
    __atomic_store_n(entry.word, entry.value, __ATOMIC_RELAXED);
  } else {
    visible_[entry.word] = entry.value;
    __atomic_store_n(entry.word, entries_[last].value, __ATOMIC_RELAXED);
  }
  if (stale_.any(entry.word)) machine_.became_visible(entry.word);
}

void Tso::drain_through(std::size_t last) {
  for (std::size_t i = 0; i <= last && !entries_.empty(); ++i) drain(0);
}

void Tso::drain_own(ActorId actor) {
  for (std::size_t i = find_oldest_of(actor); i < entries_.size(); i = find_oldest_of(actor)) drain(i);
}

void Tso::let_others_drain(ActorId actor, const std::uint32_t* word) {
  const bool own = own_youngest(actor, word) != nullptr;
  const bool forced = actor == kOutsideTasks || stale_.count(actor, word) >= kStaleLoadsMax;
  while (other_holds(actor, word)) {
    const std::vector<ActorId> may_drain = buffers(own, actor);
    const std::uint32_t answer =
        forced ? kDrainInOrder
               : chooser_.choose(Choice::kMemory, actor,
                                 kFirstBuffer + static_cast<std::uint32_t>(may_drain.size()));
    if (answer == kDrainInOrder) drain_through(find_last(word));
    if (answer < kFirstBuffer) break;
    drain(find_oldest_of(may_drain[answer - kFirstBuffer]));
  }
}

void Tso::empty_buffer(ActorId actor) {
  while (conflicts(actor)) {
    const std::vector<ActorId> may_drain = buffers(true, actor);
    const std::uint32_t answer =
        chooser_.choose(Choice::kMemory, actor, kFirstBuffer + static_cast<std::uint32_t>(may_drain.size()));
    if (answer == kDrainInOrder) {
      std::size_t last = entries_.size() - 1;
      while (entries_[last].actor != actor) --last;
      drain_through(last);
    }
    if (answer < kFirstBuffer) break;
    drain(find_oldest_of(may_drain[answer - kFirstBuffer]));
  }
  drain_own(actor);
}

void Tso::drain_what_is_old() {
  const std::uint64_t now_ps = machine_.memory_now_ps();
  while (!entries_.empty() && entries_.front().time_ps + kVisibleWithinPs <= now_ps) drain(0);
}

// A program that stores without the helpers is not ordered by this model: what it wrote is there for all.
bool Tso::accept_strange_value(const std::uint32_t* word) {
  const std::size_t last = find_last(word);
  if (last == entries_.size()) return false;
  if (entries_[last].value == __atomic_load_n(word, __ATOMIC_RELAXED)) return false;
  std::erase_if(entries_, [word](const Entry& entry) { return entry.word == word; });
  visible_.erase(word);
  return true;
}

// What others still hold is going to overwrite it, so memory shows that already.
void Tso::write_through(std::uint32_t* word, std::uint32_t value) {
  if (holds(word)) {
    visible_[word] = value;
  } else {
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
  }
}

std::uint32_t Tso::load(ActorId actor, const std::uint32_t* word, MemoryOrder) {
  if (entries_.empty()) return __atomic_load_n(word, __ATOMIC_RELAXED);
  drain_what_is_old();
  accept_strange_value(word);
  let_others_drain(actor, word);
  const Entry* own = own_youngest(actor, word);
  const std::uint32_t value = own != nullptr ? own->value : visible(word);
  stale_.note(actor, word, own == nullptr && holds(word));
  return value;
}

void Tso::store(ActorId actor, std::uint32_t* word, std::uint32_t value, MemoryOrder order) {
  drain_what_is_old();
  accept_strange_value(word);
  const bool at_once = actor == kOutsideTasks || order == MemoryOrder::kSequential;  // xchg
  if (at_once) {
    empty_buffer(actor);
    let_others_drain(actor, word);
    write_through(word, value);
    return;
  }
  visible_.try_emplace(word, __atomic_load_n(word, __ATOMIC_RELAXED));
  entries_.push_back({actor, word, value, machine_.memory_now_ps()});
  __atomic_store_n(word, value, __ATOMIC_RELAXED);
  const auto held = std::count_if(entries_.begin(), entries_.end(),
                                  [actor](const Entry& entry) { return entry.actor == actor; });
  if (static_cast<std::size_t>(held) > kBufferEntries) drain(find_oldest_of(actor));
}

std::uint32_t Tso::change(ActorId actor, std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) {
  accept_strange_value(word);
  empty_buffer(actor);
  let_others_drain(actor, word);
  const std::uint32_t old = visible(word);
  write_through(word, (old & ~cleared) | set);
  return old;
}

void Tso::fence(ActorId actor, MemoryOrder order) {
  if (order == MemoryOrder::kSequential && !entries_.empty()) empty_buffer(actor);
}

void Tso::forget(const void* memory, std::size_t bytes) {
  std::erase_if(entries_, [&](const Entry& entry) {
    if (!lies_in(entry.word, memory, bytes)) return false;
    visible_.erase(entry.word);
    return true;
  });
  stale_.forget(memory, bytes);
}

void Tso::settle() {
  const std::vector<const std::uint32_t*> words = stale_.take();
  while (!entries_.empty()) drain(0);
  for (const std::uint32_t* word : words) machine_.became_visible(word);
}

}  // namespace

std::unique_ptr<MemoryModel> make_tso(Chooser& chooser, MemoryMachine& machine) {
  return std::make_unique<Tso>(chooser, machine);
}

}  // namespace ringproof
