// explore_display.h: shows how far a campaign has come.
// Role     a line that is redrawn on a terminal, now and then a line elsewhere
// Units    wall time
// Threads  one at a time
// Source   docs/explore.md
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sim/explore/campaign_result.h"

namespace ringproof {

// "120 of 1,000 schedules, 60/s, coverage 812 (3 new), 1 thing broke, 2 s".
std::string in_words(const CampaignProgress& progress, std::uint64_t new_coverage);

class ExploreDisplay {
 public:
  ExploreDisplay();
  ~ExploreDisplay();
  ExploreDisplay(const ExploreDisplay&) = delete;
  ExploreDisplay& operator=(const ExploreDisplay&) = delete;

  // May be called as often as one likes.
  void show(const CampaignProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  const bool terminal_;
  bool drawn_ = false;
  Clock::time_point shown_ = Clock::now();
  // New is what was not there at the last mark, and a mark is made every ten seconds.
  Clock::time_point marked_ = shown_;
  std::uint64_t coverage_at_mark_ = 0;
};

}  // namespace ringproof
