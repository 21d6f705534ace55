// Release and acquire as the language promises them, without values out of thin air: an operational model in
// which each word keeps its last messages and each actor a view of what it must have seen.
//
// A load may read any message that its actor's view does not rule out; a store appends a message, or, where
// several actors write one word, may come before messages its actor has not seen. Source: the promise-free
// fragment of Kang and others, "A promising semantics for relaxed-memory concurrency", with sequential fences
// through one global view, and without reordering of a load with a later store.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sim/memory/memory_model.h"
#include "sim/memory/view.h"

namespace ringproof {
namespace {

constexpr std::size_t kMessagesKept = 16;
constexpr std::uint64_t kStampStep = std::uint64_t{1} << 24;  // room for stores that come before others

bool acquires(MemoryOrder order) { return order != MemoryOrder::kRelaxed && order != MemoryOrder::kRelease; }
bool releases(MemoryOrder order) { return order != MemoryOrder::kRelaxed && order != MemoryOrder::kAcquire; }

struct Message {
  std::uint64_t stamp;
  std::uint32_t value;
  bool follows;  // the change that read the message before: nothing comes between them
  std::uint64_t time_ps;
  View view;  // what whoever acquires it must have seen
};

struct Location {
  std::uint32_t* word = nullptr;
  std::vector<Message> messages;  // by stamp; never empty
  std::uint64_t settled = 0;      // nobody sees anything older
};

struct ActorViews {
  View now;       // what it must have seen
  View acquired;  // the same after its next acquiring fence
  View released;  // what its relaxed stores carry: as of its last releasing fence
};

class ReleaseAcquire final : public MemoryModel {
 public:
  ReleaseAcquire(Chooser& chooser, MemoryMachine& machine) : chooser_(chooser), machine_(machine) {}

  std::uint32_t load(ActorId actor, const std::uint32_t* word, MemoryOrder order) override;
  void store(ActorId actor, std::uint32_t* word, std::uint32_t value, MemoryOrder order) override;
  std::uint32_t change(ActorId actor, std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) override;
  void fence(ActorId actor, MemoryOrder order) override;
  void atomic_done(ActorId actor, const volatile void* object, bool read, bool wrote,
                   MemoryOrder order) override;
  void forget(const void* memory, std::size_t bytes) override;
  void settle() override;

 private:
  std::uint32_t number_of(const std::uint32_t* word);
  ActorViews& views(ActorId actor);
  // The message that a load gets.
  const Message& pick_message(ActorId actor, std::uint32_t number);
  // Before which message a store comes; the number of messages for the newest.
  std::size_t pick_place(ActorId actor, std::uint32_t number);
  static std::size_t first_visible(const Location& location, std::uint64_t seen);
  void insert(Location& location, std::size_t place, Message message);
  void sequential_fence(ActorId actor);

  Chooser& chooser_;
  MemoryMachine& machine_;
  std::map<const std::uint32_t*, std::uint32_t> numbers_;  // only looked up
  std::vector<Location> locations_;
  std::map<const volatile void*, View> objects_;  // what whoever acquires one must have seen; only looked up
  std::vector<std::uint32_t> free_numbers_;
  std::vector<ActorViews> actors_;  // those outside tasks first, then by task
  View sequential_;
  StaleLoads stale_;
};

std::uint32_t ReleaseAcquire::number_of(const std::uint32_t* word) {
  const std::uint32_t value = __atomic_load_n(word, __ATOMIC_RELAXED);
  const auto [found, is_new] = numbers_.try_emplace(word, static_cast<std::uint32_t>(locations_.size()));
  if (is_new) {
    if (free_numbers_.empty()) {
      locations_.emplace_back();
    } else {
      found->second = free_numbers_.back();
      free_numbers_.pop_back();
    }
    Location& location = locations_[found->second];
    location.word = const_cast<std::uint32_t*>(word);
    location.messages.assign(1, {0, value, false, machine_.memory_now_ps(), {}});
    location.settled = 0;
    return found->second;
  }
  Location& location = locations_[found->second];
  if (location.messages.back().value != value) {
    // Stored without the helpers, by nobody we know, and there for all.
    insert(location, location.messages.size(), {0, value, false, machine_.memory_now_ps(), {}});
    location.settled = location.messages.back().stamp;
  }
  return found->second;
}

ActorViews& ReleaseAcquire::views(ActorId actor) {
  const std::size_t i = actor == kOutsideTasks ? 0 : actor + std::size_t{1};
  if (i >= actors_.size()) actors_.resize(i + 1);
  return actors_[i];
}

std::size_t ReleaseAcquire::first_visible(const Location& location, std::uint64_t seen) {
  const std::uint64_t oldest = std::max(seen, location.settled);
  std::size_t i = location.messages.size() - 1;
  while (i > 0 && location.messages[i].stamp > oldest) --i;
  return i;
}

const Message& ReleaseAcquire::pick_message(ActorId actor, std::uint32_t number) {
  const Location& location = locations_[number];
  const std::vector<Message>& messages = location.messages;
  std::size_t first = first_visible(location, views(actor).now.at(number));
  // What has been there for long hides what came before it.
  const std::uint64_t now_ps = machine_.memory_now_ps();
  for (std::size_t i = messages.size() - 1; i > first; --i) {
    if (messages[i].time_ps + kVisibleWithinPs <= now_ps) first = i;
  }
  const bool forced = actor == kOutsideTasks || stale_.count(actor, location.word) >= kStaleLoadsMax;
  const auto count = static_cast<std::uint32_t>(messages.size() - first);
  const std::uint32_t older = forced || count == 1 ? 0 : chooser_.choose(Choice::kMemory, actor, count);
  stale_.note(actor, location.word, older != 0);
  return messages[messages.size() - 1 - older];
}

std::size_t ReleaseAcquire::pick_place(ActorId actor, std::uint32_t number) {
  const Location& location = locations_[number];
  const std::vector<Message>& messages = location.messages;
  std::vector<std::size_t> places{messages.size()};
  const std::size_t first = first_visible(location, views(actor).now.at(number));
  for (std::size_t i = messages.size() - 1; i > first; --i) {
    const bool room = messages[i].stamp - messages[i - 1].stamp > 1;
    if (!messages[i].follows && room) places.push_back(i);
  }
  if (places.size() == 1 || actor == kOutsideTasks) return places[0];
  return places[chooser_.choose(Choice::kMemory, actor, static_cast<std::uint32_t>(places.size()))];
}

void ReleaseAcquire::insert(Location& location, std::size_t place, Message message) {
  std::vector<Message>& messages = location.messages;
  const std::uint64_t before = messages[place - 1].stamp;
  message.stamp =
      place == messages.size() ? before + kStampStep : before + (messages[place].stamp - before) / 2;
  messages.insert(messages.begin() + static_cast<std::ptrdiff_t>(place), std::move(message));
  if (messages.size() > kMessagesKept) messages.erase(messages.begin());
  // Where several actors write one word, the newest need not be the last that was stored.
  __atomic_store_n(location.word, messages.back().value, __ATOMIC_RELAXED);
}

std::uint32_t ReleaseAcquire::load(ActorId actor, const std::uint32_t* word, MemoryOrder order) {
  if (order == MemoryOrder::kSequential) sequential_fence(actor);
  const std::uint32_t number = number_of(word);
  const Message& message = pick_message(actor, number);
  ActorViews& mine = views(actor);
  mine.now.see(number, message.stamp);
  mine.acquired.see(number, message.stamp);
  mine.acquired.join(message.view);
  if (acquires(order)) mine.now.join(message.view);
  return message.value;
}

void ReleaseAcquire::store(ActorId actor, std::uint32_t* word, std::uint32_t value, MemoryOrder order) {
  if (order == MemoryOrder::kSequential) sequential_fence(actor);
  const std::uint32_t number = number_of(word);
  Location& location = locations_[number];
  std::size_t place = pick_place(actor, number);
  ActorViews& mine = views(actor);
  Message message{0, value, false, machine_.memory_now_ps(), releases(order) ? mine.now : mine.released};
  const std::uint64_t before = location.messages[place - 1].stamp;
  const std::uint64_t stamp = place == location.messages.size()
                                  ? before + kStampStep
                                  : before + (location.messages[place].stamp - before) / 2;
  message.view.see(number, stamp);
  mine.now.see(number, stamp);
  mine.acquired.see(number, stamp);
  insert(location, place, std::move(message));
  if (order == MemoryOrder::kSequential) sequential_fence(actor);
}

std::uint32_t ReleaseAcquire::change(ActorId actor, std::uint32_t* word, std::uint32_t set,
                                     std::uint32_t cleared) {
  const std::uint32_t number = number_of(word);
  Location& location = locations_[number];
  const Message& last = location.messages.back();
  const std::uint32_t old = last.value;
  ActorViews& mine = views(actor);
  mine.now.join(last.view);
  mine.now.see(number, last.stamp + kStampStep);
  mine.acquired.join(mine.now);
  // Being a change, it hands on what the message before it released.
  insert(location, location.messages.size(),
         {0, (old & ~cleared) | set, true, machine_.memory_now_ps(), mine.now});
  stale_.note(actor, word, false);
  return old;
}

void ReleaseAcquire::fence(ActorId actor, MemoryOrder order) {
  if (order == MemoryOrder::kSequential) {
    sequential_fence(actor);
    return;
  }
  ActorViews& mine = views(actor);
  if (acquires(order)) mine.now.join(mine.acquired);
  if (releases(order)) mine.released = mine.now;
}

void ReleaseAcquire::atomic_done(ActorId actor, const volatile void* object, bool read, bool wrote,
                                 MemoryOrder order) {
  if (order == MemoryOrder::kSequential) sequential_fence(actor);
  ActorViews& mine = views(actor);
  if (const auto carried = objects_.find(object); read && carried != objects_.end()) {
    mine.acquired.join(carried->second);
    if (acquires(order)) mine.now.join(carried->second);
  }
  if (!wrote) return;
  View& carried = objects_[object];
  if (!read) carried = {};  // a change hands on what was there
  carried.join(releases(order) ? mine.now : mine.released);
  if (order == MemoryOrder::kSequential) sequential_fence(actor);
}

void ReleaseAcquire::sequential_fence(ActorId actor) {
  ActorViews& mine = views(actor);
  mine.now.join(mine.acquired);
  mine.now.join(sequential_);
  sequential_ = mine.now;
  mine.acquired = mine.now;
  mine.released = mine.now;
}

void ReleaseAcquire::forget(const void* memory, std::size_t bytes) {
  const auto* first = static_cast<const std::uint32_t*>(memory);
  stale_.forget(memory, bytes);
  for (auto i = numbers_.lower_bound(first); i != numbers_.end() && lies_in(i->first, memory, bytes);
       i = numbers_.erase(i)) {
    const std::uint32_t number = i->second;
    for (Location& location : locations_) {
      for (Message& message : location.messages) message.view.clear(number);
    }
    for (ActorViews& each : actors_) {
      for (View* view : {&each.now, &each.acquired, &each.released}) view->clear(number);
    }
    sequential_.clear(number);
    for (auto& [object, view] : objects_) view.clear(number);
    locations_[number] = {};
    free_numbers_.push_back(number);
  }
}

void ReleaseAcquire::settle() {
  for (Location& location : locations_) {
    if (location.word != nullptr) location.settled = location.messages.back().stamp;
  }
  for (const std::uint32_t* word : stale_.take()) machine_.became_visible(word);
}

}  // namespace

std::unique_ptr<MemoryModel> make_release_acquire(Chooser& chooser, MemoryMachine& machine) {
  return std::make_unique<ReleaseAcquire>(chooser, machine);
}

}  // namespace ringproof
