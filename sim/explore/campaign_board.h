// campaign_board.h: what the workers of a campaign share.
// Role     hands out schedules, adds up what they came to, and says when enough different things broke
// Shapes   lies in memory that processes share. No worker begins a schedule that is kAhead or more beyond one
//          that is not done: so the campaign ends kAhead schedules after the one that showed the last failure
//          that was asked for, whoever ran it and however many workers there are
// Threads  every worker and the parent, at once
// Errors   a worker that dies keeps the others waiting: the parent must ask for the end
// Source   docs/explore.md, "What a campaign promises"
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/explore/coverage.h"
#include "sim/explore/schedule_run.h"
#include "sim/fault/catalogue.h"

namespace ringproof {

class CampaignBoard {
 public:
  static constexpr std::uint32_t kWorkersMax = 256;
  static constexpr std::uint64_t kAhead = 256;  // at least as many as there can be workers
  static constexpr std::size_t kInvariantsMax = 64;

  // Schedules from `first` on, and below `end`; over when `failures` different things broke (0: never).
  // REQUIRES: workers are numbered from 0, and there are at most kWorkersMax.
  CampaignBoard(std::uint64_t first, std::uint64_t end, std::uint32_t failures, std::uint32_t workers);

  // Hands out schedules from where it stopped, and below `end`. REQUIRES: no worker is at work.
  void begin_wave(std::uint64_t first, std::uint64_t end);

  struct Taken {
    std::uint64_t first;
    std::uint32_t count;  // 1 at least
  };
  // The next schedules for this worker, so many at most, or none: it is over. What it took before is done.
  // REQUIRES: most is between 1 and kAhead.
  std::optional<Taken> take(std::uint32_t worker, std::uint32_t most);
  // Adds up what a schedule came to. REQUIRES: the worker has not taken another one yet.
  void count(std::uint64_t schedule, const Outcome& outcome);
  void ask_to_stop() { stop_.store(true, std::memory_order_relaxed); }

  std::uint64_t done() const { return done_.load(std::memory_order_relaxed); }
  std::uint64_t failed() const { return failed_.load(std::memory_order_relaxed); }
  std::uint64_t excused_ends() const { return excused_ends_.load(std::memory_order_relaxed); }
  std::uint64_t steps() const { return steps_.load(std::memory_order_relaxed); }
  // The same for the same schedules in any order.
  std::uint64_t hash() const { return hashes_.load(std::memory_order_relaxed); }
  std::uint64_t checked(std::size_t invariant) const { return checked_[invariant]; }
  std::uint64_t violations(std::size_t invariant) const { return violations_[invariant]; }
  std::uint64_t struck(std::size_t fault) const { return struck_[fault]; }
  // Schedules in which it did.
  std::uint64_t struck_in(std::size_t fault) const { return struck_in_[fault]; }
  // Schedules in which faults of both classes did. REQUIRES: the first class comes before the second.
  std::uint64_t struck_together(std::size_t first_class, std::size_t second_class) const {
    return struck_together_[first_class * kFaultClasses + second_class];
  }
  CoverageMap& coverage() { return coverage_; }
  const CoverageMap& coverage() const { return coverage_; }
  // Different things that broke, as far as they are told apart here.
  std::size_t kinds() const;

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  static constexpr std::size_t kKindsMax = 1024;  // of which more than a handful is a strange program
  struct Kind {
    std::atomic<std::uint64_t> key;    // a hash of it; 0: none
    std::atomic<std::uint64_t> first;  // schedule that showed it
  };

  std::uint64_t first_not_done() const;
  std::uint64_t end_by_failures() const;
  void note(std::uint64_t schedule, std::string_view key);
  void count_strikes(const Outcome& outcome);

  std::uint64_t end_;
  const std::uint32_t failures_;
  const std::uint32_t workers_;
  std::atomic<std::uint64_t> next_;
  std::atomic<bool> stop_{false};
  std::array<std::atomic<std::uint64_t>, kWorkersMax> current_;  // first of each worker; kNever: it has ended
  std::array<Kind, kKindsMax> kinds_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> excused_ends_{0};
  std::atomic<std::uint64_t> steps_{0};
  std::atomic<std::uint64_t> hashes_{0};
  std::array<std::atomic<std::uint64_t>, kInvariantsMax> checked_{};
  std::array<std::atomic<std::uint64_t>, kInvariantsMax> violations_{};
  std::array<std::atomic<std::uint64_t>, kFaultIds> struck_{};
  std::array<std::atomic<std::uint64_t>, kFaultIds> struck_in_{};
  std::array<std::atomic<std::uint64_t>, kFaultClasses * kFaultClasses> struck_together_{};
  CoverageMap coverage_;
};

}  // namespace ringproof
