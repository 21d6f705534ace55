// latencies.h: how many frames took how long.
// Role     percentiles by nearest rank, exact for any number of frames
// Shapes   as small as the number of different latencies; the last few are kept as they came, so that a short
//          run sorts them once, and a frame costs no search
// Units    [ns]
// Errors   none; without a frame every percentile is 0
// Source   docs/stats-json.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ringproof {

class Latencies {
 public:
  void add(std::uint64_t latency_ns) {
    ++frames_;
    recent_.push_back(latency_ns);
    if (recent_.size() == kRecentMax) sort_in();
  }

  std::uint64_t percentile_ns(std::uint64_t percent) {
    sort_in();
    const std::uint64_t rank = (frames_ * percent + 99) / 100;  // from 1
    std::uint64_t seen = 0;
    for (const auto& [latency_ns, count] : counts_) {
      seen += count;
      if (seen >= rank) return latency_ns;
    }
    return 0;
  }

 private:
  static constexpr std::size_t kRecentMax = 4096;  // sorted in less than a millisecond
  using Counts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  static void count(Counts& counts, std::uint64_t latency_ns, std::uint64_t frames) {
    if (counts.empty() || counts.back().first != latency_ns) counts.emplace_back(latency_ns, 0);
    counts.back().second += frames;
  }
  void sort_in() {
    if (recent_.empty()) return;
    std::sort(recent_.begin(), recent_.end());
    Counts merged;
    merged.reserve(counts_.size() + recent_.size());
    auto earlier = counts_.begin();
    for (const std::uint64_t latency_ns : recent_) {
      for (; earlier != counts_.end() && earlier->first <= latency_ns; ++earlier)
        count(merged, earlier->first, earlier->second);
      count(merged, latency_ns, 1);
    }
    for (; earlier != counts_.end(); ++earlier) count(merged, earlier->first, earlier->second);
    counts_ = std::move(merged);
    recent_.clear();
  }

  std::uint64_t frames_ = 0;
  std::vector<std::uint64_t> recent_;  // not in `counts_` yet
  Counts counts_;                      // by latency, in order
};

}  // namespace ringproof
