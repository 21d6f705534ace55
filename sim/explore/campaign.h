// campaign.h: many schedules of one scenario.
// Role     spreads schedules over workers, and adds up what they came to
// Shapes   schedule 0 is first-come; schedule i has seed `first seed + i`, or, in a bounded search, the first
//          seed and a log of its own. What is found does not depend on the number of workers, unless time or
//          a signal ends it
// Threads  the caller must be the only thread of its process
// Errors   a program that cannot be loaded -> InputError
// Source   docs/explore.md
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/campaign_result.h"
#include "sim/explore/failure_file.h"
#include "sim/explore/findings_board.h"
#include "sim/explore/scenario.h"

namespace ringproof {

class CampaignBoard;

class Campaign {
 public:
  Campaign(const ExploreOptions& options, const Scenario& scenario);
  ~Campaign();
  Campaign(const Campaign&) = delete;
  Campaign& operator=(const Campaign&) = delete;

  // `show` is called about ten times a second.
  CampaignResult run(const std::function<void(const CampaignProgress&)>& show);
  // Those of the result, in its order.
  const std::vector<Failure>& failures() const { return failures_; }
  // The signal that ended it early, or 0.
  int ended_by() const { return ended_by_; }

 private:
  struct Found {
    FoundFailure summary;
    Failure failure;
  };

  using Show = std::function<void(const CampaignProgress&)>;
  // False: it was ended early.
  bool run_baseline(const Show& show);
  bool time_is_up() const;
  void run_workers(const Show& show);
  void run_bounded(const Show& show);
  ScheduleSpec spec_of(std::uint64_t schedule) const;
  void work(std::uint32_t worker, const std::function<void(const std::string&)>& say);
  void heard(const std::string& line);
  Failure failure_of(const ScheduleSpec& spec, const Outcome& outcome) const;
  void note(std::uint64_t schedule, Failure failure, std::uint64_t times);
  CampaignProgress progress() const;
  double certified() const;
  CampaignResult result();

  const ExploreOptions& options_;
  const Scenario& scenario_;
  const std::uint32_t workers_;
  CampaignBoard* board_;
  Outcome baseline_;
  std::uint32_t batch_ = 1;             // schedules that a worker takes at a time
  std::map<std::string, Found> found_;  // by key
  std::vector<Failure> failures_;
  const double begin_s_;
  int ended_by_ = 0;
  bool out_of_time_ = false;
  // Of a bounded search.
  std::unique_ptr<FindingsBoard> findings_;
  std::vector<DecisionLog> wave_;  // what is run now
  std::uint64_t wave_first_ = 0;   // the schedule with the first of these logs
  bool complete_ = false;
};

}  // namespace ringproof
