#include "sim/run/run_faults.h"

#include <utility>

namespace ringproof {

RunFaults::RunFaults(FaultPlan plan, std::uint64_t seed, Progress& progress)
    : progress_(progress),
      injector_(plan.empty() ? nullptr : std::make_unique<FaultInjector>(std::move(plan), seed)) {
  progress_.gravest_fault = 0;  // of a run before this one
}

void RunFaults::fill(RunResult& result) const {
  if (injector_ == nullptr) return;
  result.faults = injector_->struck();
  for (const FaultRecord& record : injector_->plan().records) {
    result.planned_faults.insert(fault_info(record.id).id);
  }
}

void RunFaults::fault_struck(FaultId id, const FaultTarget&, std::uint64_t) {
  const auto tolerance = static_cast<std::uint32_t>(tolerance_for_program(id));
  if (tolerance > progress_.gravest_fault.load(std::memory_order_relaxed)) {
    progress_.gravest_fault.store(tolerance, std::memory_order_relaxed);
  }
}

}  // namespace ringproof
