#include "sim/schedule/trace_recorder.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "model/base/hash.h"

namespace ringproof {
namespace {

// Actors as small numbers, in the order in which they first did something.
class ActorNumbers {
 public:
  std::size_t of(ActorId actor) {
    const auto [place, is_new] = numbers_.try_emplace(actor, numbers_.size());
    return place->second;
  }

 private:
  std::map<ActorId, std::size_t> numbers_;
};

// How much of each actor's doing is known to have happened before.
class VectorClock {
 public:
  std::uint32_t operator[](std::size_t actor) const { return actor < ticks_.size() ? ticks_[actor] : 0; }
  std::uint32_t tick(std::size_t actor) {
    if (actor >= ticks_.size()) ticks_.resize(actor + 1);
    return ++ticks_[actor];
  }
  void join(const VectorClock& other) {
    if (other.ticks_.size() > ticks_.size()) ticks_.resize(other.ticks_.size());
    for (std::size_t i = 0; i < other.ticks_.size(); ++i) ticks_[i] = std::max(ticks_[i], other.ticks_[i]);
  }

 private:
  std::vector<std::uint32_t> ticks_;
};

// What is known of an object: its last write, and the reads since.
struct History {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t write = kNone;  // numbers of accesses
  std::vector<std::size_t> reads;
};

}  // namespace

std::uint32_t TraceRecorder::schedule(std::span<const ScheduleOption> options) {
  const ActorId first = options.front().actor;
  const std::uint32_t pick = inner_.schedule(options);
  questions_.push_back({DecisionKind::kSchedule, first, numbers_.of_schedule(first), pick, differing_,
                        static_cast<std::uint32_t>(options_.size()),
                        static_cast<std::uint32_t>(options.size())});
  for (const ScheduleOption& each : options) options_.push_back(each.actor);
  if (pick != 0) ++differing_;
  return pick;
}

std::uint32_t TraceRecorder::choose(Choice kind, ActorId actor, std::uint32_t count) {
  const std::uint32_t pick = inner_.choose(kind, actor, count);
  questions_.push_back({DecisionKind::kMemory, actor, numbers_.of_memory(actor), pick, differing_, 0, count});
  if (pick != 0) ++differing_;
  return pick;
}

void TraceRecorder::accessed(ActorId actor, const volatile void* object, bool write) {
  accesses_.push_back({actor, object, write, static_cast<std::uint32_t>(questions_.size())});
}

TraceFindings TraceRecorder::findings(Reduction reduction) const {
  TraceFindings found;
  found.trace_hash = hash();
  for (const Question& question : questions_) {
    const bool reducible = question.kind == DecisionKind::kSchedule && reduction == Reduction::kRaces;
    if (!reducible) add_every_other_answer(question, found.alternatives);
  }
  if (reduction == Reduction::kRaces) add_reversals(found.alternatives);
  return found;
}

Alternative TraceRecorder::alternative(const Question& question, std::uint32_t pick) const {
  Decision decision{question.kind, name_of_(question.at), question.number, {}, 0};
  if (question.kind == DecisionKind::kSchedule) {
    decision.run = name_of_(option(question, pick));
  } else {
    decision.value = pick;
  }
  return {question.kept, std::move(decision)};
}

// Answer 0 is that of the run without the decision, which was made before this one.
void TraceRecorder::add_every_other_answer(const Question& question, std::vector<Alternative>& to) const {
  for (std::uint32_t pick = 1; pick < question.option_count; ++pick) {
    if (pick != question.picked) to.push_back(alternative(question, pick));
  }
}

// Each pair of conflicting accesses of two actors that nothing else puts in order could have come the other
// way round: whoever was second is let go before the first.
void TraceRecorder::add_reversals(std::vector<Alternative>& to) const {
  ActorNumbers numbers;
  std::vector<VectorClock> now;  // of each actor
  std::vector<VectorClock> at(accesses_.size());
  std::unordered_map<const volatile void*, History> histories;  // never iterated
  std::vector<bool> done(options_.size());
  for (std::size_t i = 0; i < accesses_.size(); ++i) {
    const Access& access = accesses_[i];
    const std::size_t actor = numbers.of(access.actor);
    if (actor >= now.size()) now.resize(actor + 1);
    VectorClock& clock = now[actor];
    const VectorClock before = clock;
    History& history = histories[access.object];
    const auto after = [&](std::size_t earlier) {
      const Access& other = accesses_[earlier];
      const std::size_t its_actor = numbers.of(other.actor);
      if (its_actor != actor && at[earlier][its_actor] > before[its_actor]) {
        let_go_first(access.actor, other, done, to);
      }
      clock.join(at[earlier]);
    };
    if (history.write != History::kNone) after(history.write);
    if (access.write) {
      for (const std::size_t read : history.reads) after(read);
      history = {i, {}};
    } else {
      history.reads.push_back(i);
    }
    clock.tick(actor);
    at[i] = clock;
  }
}

// The last question before the earlier access at which the later actor could have gone on instead; where
// there is none, whoever could.
void TraceRecorder::let_go_first(ActorId later, const Access& earlier, std::vector<bool>& done,
                                 std::vector<Alternative>& to) const {
  const auto add = [&](const Question& question, std::uint32_t pick) {
    if (pick == 0 || pick == question.picked || done[question.first_option + pick]) return;
    done[question.first_option + pick] = true;
    to.push_back(alternative(question, pick));
  };
  const Question* last = nullptr;
  for (std::uint32_t q = earlier.questions; q-- > 0;) {
    const Question& question = questions_[q];
    if (question.kind != DecisionKind::kSchedule) continue;
    if (last != nullptr && who_went_on(question) != earlier.actor) break;
    if (last == nullptr) last = &question;
    for (std::uint32_t pick = 0; pick < question.option_count; ++pick) {
      if (option(question, pick) == later) return add(question, pick);
    }
  }
  if (last == nullptr) return;
  for (std::uint32_t pick = 1; pick < last->option_count; ++pick) add(*last, pick);
}

// A sum over all accesses, so that the order in which they are visited does not matter; each says what it saw
// by whose access, counted per actor, came before it, so that addresses do not matter either.
std::uint64_t TraceRecorder::hash() const {
  std::uint64_t sum = 0;
  ActorCounters counts;
  std::vector<std::uint32_t> number(accesses_.size());
  std::unordered_map<const volatile void*, History> histories;  // never iterated
  std::map<ActorId, std::uint64_t> names;
  const auto name = [&](ActorId actor) {
    const auto [place, is_new] = names.try_emplace(actor, 0);
    if (is_new) {
      const std::string text = name_of_(actor);
      place->second = hash_bytes(text.data(), text.size());
    }
    return place->second;
  };
  for (std::size_t i = 0; i < accesses_.size(); ++i) {
    const Access& access = accesses_[i];
    number[i] = ++counts[access.actor];
    History& history = histories[access.object];
    const auto pair_with = [&](std::size_t earlier, std::uint64_t how) {
      Hash64 pair;
      pair.add_u64(name(access.actor));
      pair.add_u64(number[i]);
      pair.add_u64(how);
      if (earlier != History::kNone) {
        pair.add_u64(name(accesses_[earlier].actor));
        pair.add_u64(number[earlier]);
      }
      sum += pair.value();
    };
    pair_with(history.write, access.write ? 1 : 0);
    if (access.write) {
      for (const std::size_t read : history.reads) pair_with(read, 2);
      history = {i, {}};
    } else {
      history.reads.push_back(i);
    }
  }
  for (const Question& question : questions_) {
    if (question.kind != DecisionKind::kMemory || question.picked == 0) continue;
    Hash64 load;
    load.add_u64(name(question.at));
    load.add_u64(question.number);
    load.add_u64(question.picked);
    sum += load.value();
  }
  return sum;
}

}  // namespace ringproof
