// catalogue.h: every fault that a plan may name.
// Role     names, tolerance classes, parameters with ranges and defaults, and on which engines a fault has a
//          meaning; readers of plans, the injector, the swarm and docs/faults.md go by it
// Shapes   one entry for each FaultId, in its order
// Units    in the names of the parameters
// Errors   none
// Source   docs/faults.md
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/base/fault.h"

namespace ringproof {

// T1: invisible but for time. T2: loss, counted. T3: fails with a documented status, then recovers. T4: only
// contained.
enum class Tolerance : std::uint8_t { kInvisible = 1, kCountedLoss, kCleanFailure, kContained };

struct FaultParameter {
  const char* name = nullptr;  // none
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::uint64_t usual = 0;  // what holds when a plan does not say, and what the swarm draws around
};

struct FaultInfo {
  const char* id;
  const char* title;
  Tolerance tolerance;
  std::vector<const char*> kinds;
  FaultParameter amount;
  FaultParameter extent;
  // Largest rate that the swarm draws; 0: the swarm leaves it out.
  double rate_max;
  // Why it has no meaning anywhere, or none on an engine without a bus and clocks; null: it has one.
  const char* nowhere;
  const char* not_functional;
};

const FaultInfo& fault_info(FaultId id);
// What a program has to put up with once it has struck; kContained: memory that the program reads is no
// longer what it should be, and whatever the program then does is no news about it.
Tolerance tolerance_for_program(FaultId id);
// Of several, by id, each with how often it struck; below all classes when there is none.
Tolerance gravest_for_program(const std::map<std::string, std::uint64_t>& struck);
std::optional<FaultId> find_fault(std::string_view name);
inline FaultId fault_at(std::size_t i) { return static_cast<FaultId>(i); }

// Classes are numbered in the order of the taxonomy: 0 is LNK.
constexpr std::size_t kFaultClasses = 11;
std::size_t fault_class(FaultId id);
std::string_view fault_class_name(std::size_t fault_class);

}  // namespace ringproof
