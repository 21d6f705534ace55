// fault_plan.h: what shall go wrong in a run, as data.
// Role     the plan that a user writes, the swarm draws, a failure file keeps, and shrinking takes apart
// Shapes   records are independent: each draws from a stream of its own, so that one more or less moves none
//          of the others
// Units    in the names
// Errors   none
// Source   docs/faults.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/base/fault.h"
#include "model/base/tap.h"

namespace ringproof {

// What a trigger can count.
enum class FaultEvent : std::uint8_t {
  kOpportunity,  // the fault could strike here
  kWireIn,
  kWireOut,
  kDelivered,
  kPublished,  // the application moved an index
  kTaken,      // the platform took an entry
  kAttached,   // a program began to see frames
  kCount
};
const char* fault_event_name(FaultEvent event);

struct FaultTrigger {
  enum class Kind : std::uint8_t { kRate, kStep, kTime, kCycle, kEvent, kState };

  Kind kind = Kind::kRate;
  double rate = 0;           // of the opportunities
  std::uint64_t number = 0;  // step, time [ns], cycle or count, from which on it strikes
  FaultEvent event = FaultEvent::kOpportunity;
  RingKind ring = RingKind::kFill;  // state: this ring is full, or empty
  bool full = false;
};

struct FaultRecord {
  FaultId id = FaultId::kCount;
  FaultTrigger trigger;
  FaultTarget target;  // kAny: anywhere; `actor` and `kinds` are not used
  std::string actor;   // name of a task; empty: any
  std::optional<std::uint32_t> kind;
  std::uint64_t amount = 0;
  std::uint64_t extent = 0;
  std::uint64_t times = 0;   // at most so many strikes; 0: any number
  std::uint32_t stream = 0;  // tells streams of records with the same id apart
};

struct FaultPlan {
  std::vector<FaultRecord> records;
  std::uint64_t heal_ns = 0;  // when all faults end; 0: when the traffic is over

  bool empty() const { return records.empty(); }
};

// A record with the defaults of the catalogue, for a trigger.
FaultRecord fault_record(FaultId id, const FaultTrigger& trigger);

// Chooses for a seed which faults are on, and how hard they strike. The same for every seed and engine.
FaultPlan draw_swarm(std::uint64_t seed, bool functional);

}  // namespace ringproof
