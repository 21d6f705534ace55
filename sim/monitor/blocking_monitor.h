// blocking_monitor.h: nobody can come to wait for somebody who waits for him.
// Role     INV-40: the order in which tasks come to have locks has no cycle, no task wants what it has, and
//          no task waits inside a pass of the data path
// Shapes   the graph is one of kinds of locks, so that two sockets which meet in opposite orders are found
//          without ever meeting; among locks of one kind it is one of single locks
// Errors   the platform is blamed. That a timer or an interrupt handler waits, which no task does for it,
//          ends the run in the host kernel, with the number of the invariant. Counted as checked: a lock that
//          is wanted by a task which has another one, and each wait
// Source   invariants-and-faults.md F; model/base/host.h, LockName
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/host/blocking_observer.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class BlockingMonitor final : public BlockingObserver {
 public:
  explicit BlockingMonitor(InvariantLog& log) : log_(log) {}

  void lock_wanted(const Task& task, const LockName& lock, std::uint64_t time_ps) override;
  void lock_taken(const Task& task, const LockName& lock) override;
  void lock_left(const Task& task, const LockName& lock) override;
  void task_waits(const Task& task, std::uint64_t time_ps) override;

 private:
  struct Lock {
    std::uint32_t kind;
    std::uint64_t number;
    bool may_block;
    bool operator==(const Lock& other) const { return kind == other.kind && number == other.number; }
  };

  std::uint32_t kind_of(const char* name);
  std::string text(const Lock& lock) const;
  void add_order(const Task& task, const Lock& first, const Lock& then, std::uint64_t time_ps);
  // Whether the kind can be reached from the other one.
  bool reaches(std::uint32_t from, std::uint32_t to) const;
  template <typename Describe>
  void violated(std::uint64_t time_ps, Describe describe);

  InvariantLog& log_;
  std::vector<const char*> kinds_;       // by number
  std::vector<std::vector<Lock>> held_;  // by task, in order of taking
  std::set<std::pair<std::uint32_t, std::uint32_t>> order_;
  std::map<std::uint32_t, std::set<std::pair<std::uint64_t, std::uint64_t>>> order_within_;  // by kind
  EventTrail trail_;
};

}  // namespace ringproof
