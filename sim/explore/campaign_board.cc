#include "sim/explore/campaign_board.h"

#include <algorithm>
#include <bitset>
#include <ctime>
#include <vector>

#include "model/base/hash.h"

namespace ringproof {
namespace {

void wait_a_little() {
  const timespec time{0, 200'000};
  nanosleep(&time, nullptr);
}

}  // namespace

CampaignBoard::CampaignBoard(std::uint64_t first, std::uint64_t end, std::uint32_t failures,
                             std::uint32_t workers)
    : end_(end), failures_(failures), workers_(workers), next_(first) {
  begin_wave(first, end);
  for (Kind& kind : kinds_) {
    kind.key = 0;
    kind.first = kNever;
  }
}

void CampaignBoard::begin_wave(std::uint64_t first, std::uint64_t end) {
  end_ = end;
  next_ = first;
  for (std::uint32_t i = 0; i < kWorkersMax; ++i) current_[i] = i < workers_ ? first : kNever;
}

std::optional<CampaignBoard::Taken> CampaignBoard::take(std::uint32_t worker, std::uint32_t most) {
  // Until the first schedule is known it is at least the next one.
  current_[worker] = next_.load();
  const std::uint64_t schedule = next_.fetch_add(most);
  current_[worker] = schedule;
  bool over = schedule >= end_;
  while (!over && schedule + most - 1 - first_not_done() >= kAhead) {
    over = stop_.load(std::memory_order_relaxed);
    wait_a_little();
  }
  // All schedules that could end it before the last of these are done, and have been noted.
  const std::uint64_t end = std::min(end_, end_by_failures());
  over = over || stop_.load(std::memory_order_relaxed) || schedule >= end;
  if (!over)
    return Taken{schedule, static_cast<std::uint32_t>(std::min<std::uint64_t>(most, end - schedule))};
  current_[worker] = kNever;
  return std::nullopt;
}

std::uint64_t CampaignBoard::first_not_done() const {
  std::uint64_t least = kNever;
  for (const auto& current : current_) least = std::min(least, current.load());
  return least;
}

std::uint64_t CampaignBoard::end_by_failures() const {
  if (failures_ == 0) return kNever;
  std::vector<std::uint64_t> firsts;
  for (const Kind& kind : kinds_) {
    if (kind.key.load() == 0) break;
    firsts.push_back(kind.first.load());
  }
  if (firsts.size() < failures_) return kNever;
  std::nth_element(firsts.begin(), firsts.begin() + (failures_ - 1), firsts.end());
  const std::uint64_t last = firsts[failures_ - 1];
  return last > kNever - kAhead ? kNever : last + kAhead;
}

void CampaignBoard::note(std::uint64_t schedule, std::string_view key) {
  Hash64 hash;
  hash.add_bytes(key.data(), key.size());
  const std::uint64_t value = std::max<std::uint64_t>(hash.value(), 1);
  for (Kind& kind : kinds_) {
    std::uint64_t there = 0;
    if (!kind.key.compare_exchange_strong(there, value) && there != value) continue;
    std::uint64_t first = kind.first.load();
    while (schedule < first && !kind.first.compare_exchange_weak(first, schedule)) {
    }
    return;
  }
}

void CampaignBoard::count(std::uint64_t schedule, const Outcome& outcome) {
  Hash64 hash;
  hash.add_u64(schedule);
  hash.add_u64(outcome.result.result_hash);
  hash.add_bytes(outcome.key.data(), outcome.key.size());
  hashes_.fetch_add(hash.value(), std::memory_order_relaxed);
  steps_.fetch_add(outcome.steps, std::memory_order_relaxed);
  const std::vector<InvariantResult>& invariants = outcome.result.invariants;
  for (std::size_t i = 0; i < std::min(invariants.size(), kInvariantsMax); ++i) {
    checked_[i].fetch_add(invariants[i].checked, std::memory_order_relaxed);
    violations_[i].fetch_add(invariants[i].violations, std::memory_order_relaxed);
  }
  count_strikes(outcome);
  if (outcome.broke()) {
    note(schedule, outcome.key);
    failed_.fetch_add(1, std::memory_order_relaxed);
  }
  if (outcome.excused_end) excused_ends_.fetch_add(1, std::memory_order_relaxed);
  done_.fetch_add(1, std::memory_order_relaxed);
}

void CampaignBoard::count_strikes(const Outcome& outcome) {
  std::bitset<kFaultClasses> classes;
  for (const auto& [name, times] : outcome.result.faults) {
    const std::optional<FaultId> id = find_fault(name);
    if (!id.has_value()) continue;
    struck_[static_cast<std::size_t>(*id)].fetch_add(times, std::memory_order_relaxed);
    struck_in_[static_cast<std::size_t>(*id)].fetch_add(1, std::memory_order_relaxed);
    classes.set(fault_class(*id));
  }
  for (std::size_t second = 1; second < kFaultClasses; ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      if (classes[first] && classes[second])
        struck_together_[first * kFaultClasses + second].fetch_add(1, std::memory_order_relaxed);
    }
  }
}

std::size_t CampaignBoard::kinds() const {
  return static_cast<std::size_t>(
      std::count_if(kinds_.begin(), kinds_.end(), [](const Kind& kind) { return kind.key.load() != 0; }));
}

}  // namespace ringproof
