// litmus.h: small programs on a memory model, run in every possible way.
// Role     enumerates interleavings and the model's own questions together, and collects the outcomes
// Shapes   a program is a list of threads, a thread a list of operations on the words x, y, z, and on an atomic object
//          of the program's own, which no model keeps; an outcome is the digits of all registers, in the order of
//          their loads in the text, then of x, y and z if asked for
// Source   docs/memory-models.md
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/memory/memory_model.h"

namespace ringproof::test {

// Answers depth first: each run differs from all before it, until there is none left.
class EveryAnswer final : public Chooser {
 public:
  std::uint32_t schedule(std::span<const ScheduleOption> options) override {
    return pick(static_cast<std::uint32_t>(options.size()));
  }
  std::uint32_t choose(Choice, ActorId, std::uint32_t count) override { return pick(count); }
  std::uint32_t pick(std::uint32_t count) {
    if (next_ == path_.size()) path_.push_back({0, count});
    return path_[next_++].answer;
  }
  // To be called after each run; false: that was the last.
  bool another() {
    next_ = 0;
    while (!path_.empty() && path_.back().answer + 1 == path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().answer;
    return true;
  }

 private:
  struct Question {
    std::uint32_t answer;
    std::uint32_t count;
  };
  std::vector<Question> path_;
  std::size_t next_ = 0;
};

enum Word : std::uint8_t { x, y, z, kWords };

struct Operation {
  enum class Kind : std::uint8_t { kLoad, kStore, kChange, kFence, kOwnLoad, kOwnStore, kOwnChange } kind;
  Word word = x;
  std::uint32_t value = 0;
  MemoryOrder order = MemoryOrder::kRelaxed;
};
using Thread = std::vector<Operation>;
using Outcomes = std::set<std::string>;

constexpr MemoryOrder kRlx = MemoryOrder::kRelaxed;
constexpr MemoryOrder kAcq = MemoryOrder::kAcquire;
constexpr MemoryOrder kRel = MemoryOrder::kRelease;
constexpr MemoryOrder kSc = MemoryOrder::kSequential;

inline Operation load(Word word, MemoryOrder order = kAcq) {
  return {Operation::Kind::kLoad, word, 0, order};
}
inline Operation store(Word word, std::uint32_t value, MemoryOrder order = kRel) {
  return {Operation::Kind::kStore, word, value, order};
}
inline Operation set_bits(Word word, std::uint32_t bits) { return {Operation::Kind::kChange, word, bits}; }
inline Operation own_load(MemoryOrder order = kAcq) { return {Operation::Kind::kOwnLoad, x, 0, order}; }
inline Operation own_store(std::uint32_t value, MemoryOrder order = kRel) {
  return {Operation::Kind::kOwnStore, x, value, order};
}
inline Operation own_add(std::uint32_t value, MemoryOrder order) {
  return {Operation::Kind::kOwnChange, x, value, order};
}
inline Operation fence(MemoryOrder order = kSc) { return {Operation::Kind::kFence, x, 0, order}; }

class Litmus final : private MemoryMachine {
 public:
  using Maker = std::function<std::unique_ptr<MemoryModel>(Chooser&, MemoryMachine&)>;
  Litmus(Maker maker, std::vector<Thread> threads, bool with_memory = false)
      : maker_(std::move(maker)), threads_(std::move(threads)), with_memory_(with_memory) {}

  Outcomes outcomes() {
    Outcomes found;
    do {
      found.insert(run());
    } while (every_.another());
    return found;
  }

 private:
  std::uint64_t memory_now_ps() const override { return 0; }
  void became_visible(const std::uint32_t*) override {}

  std::string run() {
    words_.fill(0);
    own_ = 0;
    const std::unique_ptr<MemoryModel> model = maker_(every_, *this);
    std::vector<std::size_t> at(threads_.size(), 0);
    std::vector<std::string> seen(threads_.size());
    while (true) {
      std::vector<std::uint32_t> runnable;  // one step beyond the last operation is the thread's end
      for (std::uint32_t t = 0; t < threads_.size(); ++t) {
        if (at[t] <= threads_[t].size()) runnable.push_back(t);
      }
      if (runnable.empty()) break;
      const std::uint32_t t =
          runnable[runnable.size() == 1 ? 0 : every_.pick(static_cast<std::uint32_t>(runnable.size()))];
      if (at[t] == threads_[t].size()) {
        model->fence(t, kSc);
      } else {
        step(*model, t, threads_[t][at[t]], seen[t]);
      }
      ++at[t];
    }
    std::string outcome;
    for (const std::string& each : seen) outcome += each;
    if (with_memory_) outcome += ":" + digit(words_[x]) + digit(words_[y]) + digit(words_[z]);
    return outcome;
  }
  static std::string digit(std::uint32_t value) { return std::to_string(value); }
  void step(MemoryModel& model, ActorId actor, const Operation& operation, std::string& seen) {
    std::uint32_t* word = &words_[operation.word];
    switch (operation.kind) {
      case Operation::Kind::kLoad:
        seen += digit(model.load(actor, word, operation.order));
        break;
      case Operation::Kind::kStore:
        model.store(actor, word, operation.value, operation.order);
        break;
      case Operation::Kind::kChange:
        model.change(actor, word, operation.value, 0);
        break;
      case Operation::Kind::kFence:
        model.fence(actor, operation.order);
        break;
      case Operation::Kind::kOwnLoad:
        seen += digit(own_);
        model.atomic_done(actor, &own_, true, false, operation.order);
        break;
      case Operation::Kind::kOwnStore:
        own_ = operation.value;
        model.atomic_done(actor, &own_, false, true, operation.order);
        break;
      case Operation::Kind::kOwnChange:
        own_ += operation.value;
        model.atomic_done(actor, &own_, true, true, operation.order);
        break;
    }
  }

  const Maker maker_;
  const std::vector<Thread> threads_;
  const bool with_memory_;
  EveryAnswer every_;
  std::array<std::uint32_t, kWords> words_{};
  std::uint32_t own_ = 0;
};

inline Outcomes on_tso(std::vector<Thread> threads, bool with_memory = false) {
  return Litmus(make_tso, std::move(threads), with_memory).outcomes();
}
inline Outcomes on_release_acquire(std::vector<Thread> threads, bool with_memory = false) {
  return Litmus(make_release_acquire, std::move(threads), with_memory).outcomes();
}

// All outcomes of `digits` bits, except those named.
inline Outcomes all_but(std::uint32_t digits, const Outcomes& forbidden) {
  Outcomes all;
  for (std::uint32_t bits = 0; bits < (1U << digits); ++bits) {
    std::string outcome;
    for (std::uint32_t i = digits; i-- > 0;) outcome += (bits >> i & 1) != 0 ? '1' : '0';
    if (!forbidden.contains(outcome)) all.insert(outcome);
  }
  return all;
}

}  // namespace ringproof::test
