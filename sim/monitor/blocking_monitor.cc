#include "sim/monitor/blocking_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/monitor/grown.h"

namespace ringproof {

template <typename Describe>
void BlockingMonitor::violated(std::uint64_t time_ps, Describe describe) {
  // Locks belong to no single port or ring; all of it is one place.
  log_.violated(Invariant::k40, Party::kPlatform, Place::port(0), trail_, time_ps, describe);
}

std::uint32_t BlockingMonitor::kind_of(const char* name) {
  // Mostly it is the same literal.
  auto found = std::find(kinds_.begin(), kinds_.end(), name);
  if (found == kinds_.end()) {
    found = std::find_if(kinds_.begin(), kinds_.end(),
                         [name](const char* kind) { return std::strcmp(kind, name) == 0; });
  }
  if (found == kinds_.end()) found = kinds_.insert(found, name);
  return static_cast<std::uint32_t>(found - kinds_.begin());
}

std::string BlockingMonitor::text(const Lock& lock) const {
  return fmt::format("the {} (number {})", kinds_[lock.kind], lock.number);
}

bool BlockingMonitor::reaches(std::uint32_t from, std::uint32_t to) const {
  if (order_.contains({from, to})) return true;
  std::vector<std::uint32_t> open{from};
  std::vector<bool> seen(kinds_.size());
  while (!open.empty()) {
    const std::uint32_t kind = open.back();
    open.pop_back();
    if (kind == to) return true;
    if (seen[kind]) continue;
    seen[kind] = true;
    for (auto next = order_.lower_bound({kind, 0}); next != order_.end() && next->first == kind; ++next) {
      open.push_back(next->second);
    }
  }
  return false;
}

void BlockingMonitor::add_order(const Task& task, const Lock& first, const Lock& then,
                                std::uint64_t time_ps) {
  bool cycle = false;
  if (first == then) {
    violated(time_ps, [&] { return fmt::format("task {} wants {}, which it has", task.name, text(then)); });
    return;
  }
  if (first.kind == then.kind) {
    auto& order = order_within_[first.kind];
    if (!order.emplace(first.number, then.number).second) return;
    cycle = order.contains({then.number, first.number});
  } else {
    if (order_.contains({first.kind, then.kind})) return;
    cycle = reaches(then.kind, first.kind);
    order_.emplace(first.kind, then.kind);
  }
  if (!cycle) return;
  violated(time_ps, [&] {
    return fmt::format(
        "task {} has {} and wants {}; elsewhere they are taken the other way round, so that two "
        "tasks can wait for each other",
        task.name, text(first), text(then));
  });
}

void BlockingMonitor::lock_wanted(const Task& task, const LockName& name, std::uint64_t time_ps) {
  const std::vector<Lock>& held = grown(held_, task.number);
  if (held.empty()) return;
  const Lock wanted{kind_of(name.kind), name.number, name.may_block};
  log_.checked(Invariant::k40);
  for (const Lock& lock : held) add_order(task, lock, wanted, time_ps);
}

void BlockingMonitor::lock_taken(const Task& task, const LockName& name) {
  grown(held_, task.number).push_back({kind_of(name.kind), name.number, name.may_block});
}

void BlockingMonitor::lock_left(const Task& task, const LockName& name) {
  std::vector<Lock>& held = grown(held_, task.number);
  const Lock left{kind_of(name.kind), name.number, name.may_block};
  const auto found = std::find(held.rbegin(), held.rend(), left);
  if (found != held.rend()) held.erase(std::next(found).base());
}

void BlockingMonitor::task_waits(const Task& task, std::uint64_t time_ps) {
  log_.checked(Invariant::k40);
  for (const Lock& lock : grown(held_, task.number)) {
    if (lock.may_block) continue;
    violated(time_ps, [&] { return fmt::format("task {} waits inside {}", task.name, text(lock)); });
  }
}

}  // namespace ringproof
