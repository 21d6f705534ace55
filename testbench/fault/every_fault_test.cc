// Every fault that has a meaning: it strikes, the monitors stay quiet, and afterwards the machine works.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

class EveryFault : public FaultTest, public testing::WithParamInterface<std::size_t> {};

std::vector<std::size_t> faults_with_a_meaning() {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    // The death of the process would be that of the test.
    const bool fatal = fault_at(i) == FaultId::kLif05;
    if (fault_info(fault_at(i)).nowhere == nullptr && !fatal) result.push_back(i);
  }
  return result;
}

// Often where there are many opportunities, at once where there are few.
FaultRecord record_of(FaultId id) {
  FaultTrigger trigger;
  if (id == FaultId::kIrq06 || id == FaultId::kAlc03) {
    trigger.kind = FaultTrigger::Kind::kEvent;
    trigger.number = 1;
  }
  trigger.rate = std::max(fault_info(id).rate_max, 0.05);
  FaultRecord record = fault_record(id, trigger);
  if (record.times == 1) record.times = 3;
  return record;
}

TEST_P(EveryFault, StrikesIsContainedAndHeals) {
  play(record_of(fault_at(GetParam())));
  EXPECT_GT(struck, 0u);
}

// The same story, told twice, is the same in every number.
TEST_P(EveryFault, StrikesTheSameWayTwice) {
  const FaultRecord record = record_of(fault_at(GetParam()));
  play(record, 6);
  const auto first = std::tuple(struck, received, completed, sent, ended_us, drops.by);
  drops = {};
  play(record, 6);
  EXPECT_EQ(std::tuple(struck, received, completed, sent, ended_us, drops.by), first);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryFault, testing::ValuesIn(faults_with_a_meaning()),
                         [](const auto& each) {
                           std::string name = fault_info(fault_at(each.param)).id;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace ringproof::test
