// Plans: what may be written, what is refused and how, and what the swarm draws.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "sim/fault/catalogue.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

std::string plan_with(const std::string& record) {
  return R"({"schema": "ringproof.faults/1", "faults": [)" + record + "]}";
}

std::string refusal(const std::string& text, bool functional = false) {
  try {
    plan_from_text("plan.json", text, {functional});
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FaultCatalogue, NamesEveryIdOnceAndGivesDefaultsWithinTheirRange) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    const FaultInfo& info = fault_info(fault_at(i));
    EXPECT_TRUE(names.insert(info.id).second) << info.id;
    EXPECT_EQ(find_fault(info.id), fault_at(i));
    for (const FaultParameter& parameter : {info.amount, info.extent}) {
      if (parameter.name == nullptr) continue;
      EXPECT_LE(parameter.least, parameter.usual) << info.id;
      EXPECT_LE(parameter.usual, parameter.most) << info.id;
    }
  }
  EXPECT_EQ(names.size(), 67u);
}

TEST(FaultCatalogue, NumbersClassesInTheOrderOfTheTaxonomy) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    const std::size_t number = fault_class(fault_at(i));
    ASSERT_LT(number, kFaultClasses) << fault_info(fault_at(i)).id;
    EXPECT_EQ(fault_class_name(number), std::string_view(fault_info(fault_at(i)).id).substr(2, 3));
    EXPECT_TRUE(number == last || number == last + 1) << fault_info(fault_at(i)).id;
    last = number;
  }
  EXPECT_EQ(last, kFaultClasses - 1);
}

TEST(FaultPlan, IsReadWithDefaults) {
  const FaultPlan plan =
      plan_from_text("plan.json", plan_with(R"({"id": "F-DMA-05", "trigger": {"event": "wire-in", "nth": 7},
                                 "target": {"port": 1, "queue": "tx3"}, "parameters": {"credits": 4}})"),
                     {});
  ASSERT_EQ(plan.records.size(), 1u);
  const FaultRecord& record = plan.records[0];
  EXPECT_EQ(record.id, FaultId::kDma05);
  EXPECT_EQ(record.trigger.event, FaultEvent::kWireIn);
  EXPECT_EQ(record.trigger.number, 7u);
  EXPECT_EQ(record.target.port, 0u);
  EXPECT_EQ(record.target.queue, 67u);
  EXPECT_EQ(record.amount, 4u);
  EXPECT_EQ(record.extent, 2000u);
  EXPECT_EQ(record.times, 1u);
}

TEST(FaultPlan, ComesBackFromJsonAsItWas) {
  const FaultPlan drawn = draw_swarm(5, false);
  ASSERT_FALSE(drawn.empty());
  const nlohmann::json json = to_json(drawn);
  EXPECT_EQ(to_json(plan_from_json(json, "failure.json", "/faults", {})), json);
}

TEST(FaultPlan, NamesThePlaceOfWhatIsWrong) {
  EXPECT_EQ(refusal("[]"), "plan.json: expected an object, got []");
  EXPECT_EQ(
      refusal("{"),
      "plan.json: line 1, column 2: expected JSON, got: syntax error while parsing object key - unexpected "
      "end of input; expected string literal");
  EXPECT_EQ(refusal("{}"), "plan.json: /schema: expected \"ringproof.faults/1\", got none");
  EXPECT_EQ(refusal(plan_with(R"({"id": "F-LNK-99", "trigger": {"rate": 1}})")),
            "plan.json: /faults/0/id: expected an id of docs/faults.md, got \"F-LNK-99\"");
  EXPECT_EQ(
      refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {}})")),
      "plan.json: /faults/0/trigger: expected rate, step, time_ns, cycle, event or ring, got none of them");
  EXPECT_EQ(refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {"rate": 2}})")),
            "plan.json: /faults/0/trigger/rate: expected a number above 0 and up to 1, got 2");
  EXPECT_EQ(
      refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {"rate": 1}, "parameters": {"burst_frames": 0}})")),
      "plan.json: /faults/0/parameters/burst_frames: expected a whole number from 1 to 1000, got 0");
  EXPECT_EQ(
      refusal(plan_with(R"({"id": "F-LNK-02", "trigger": {"rate": 1}, "parameters": {"kind": "bad"}})")),
      "plan.json: /faults/0/parameters/kind: expected bad-fcs, good-fcs, got \"bad\"");
  EXPECT_EQ(
      refusal(plan_with(R"({"id": "F-LNK-02", "trigger": {"rate": 1}, "targets": {}})")),
      "plan.json: /faults/0/targets: expected a key of docs/faults.md, got an unknown one (did you mean "
      "target?)");
}

// None of the keys is unknown, but one trigger has one of them.
TEST(FaultPlan, ATriggerIsOneThing) {
  const auto trigger = [](const std::string& keys) {
    return refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {)" + keys + "}}"));
  };
  const std::string one =
      "plan.json: /faults/0/trigger: expected only one of rate, step, time_ns, cycle, event or ring, got ";
  EXPECT_EQ(trigger(R"("rate": 0.5, "step": 3)"), one + "rate and step");
  EXPECT_EQ(trigger(R"("cycle": 1, "rate": 7, "event": "taken")"), one + "rate and cycle and event");
  EXPECT_EQ(trigger(R"("step": 3, "nth": 2)"),
            "plan.json: /faults/0/trigger/nth: expected it beside event only, got it beside step");
  EXPECT_EQ(trigger(R"("event": "taken", "is": "full")"),
            "plan.json: /faults/0/trigger/is: expected it beside ring only, got it beside event");
  EXPECT_EQ(
      trigger(R"("rate": 0.5, "steps": 3)"),
      "plan.json: /faults/0/trigger/steps: expected a key of docs/faults.md, got an unknown one (did you "
      "mean step?)");
}

// The last of two equal keys would win, where another reader takes the first.
TEST(FaultPlan, RefusesKeysThatAreGivenTwice) {
  EXPECT_EQ(refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {"rate": 0.5, "rate": 1}})")),
            "plan.json: /faults/0/trigger/rate: expected this key once, got it twice");
  EXPECT_EQ(refusal(R"({"schema": "ringproof.faults/1", "faults": [], "heal_ns": 1, "heal_ns": 2})"),
            "plan.json: /heal_ns: expected this key once, got it twice");
}

TEST(FaultPlan, NamesTheLimitOfANumber) {
  const auto trigger = [](const std::string& key, const std::string& number) {
    return refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {")" + key + "\": " + number + "}}"));
  };
  const std::string place = "plan.json: /faults/0/trigger/";
  constexpr const char* kMost = "18446744073709551615";
  EXPECT_EQ(trigger("time_ns", kMost),
            place + "time_ns: expected a whole number from 0 to 18446744073709551, got 18446744073709551615");
  EXPECT_EQ(trigger("time_ns", "18446744073709551"), "accepted");
  EXPECT_EQ(trigger("cycle", kMost),
            place + "cycle: expected a whole number from 0 to 4611686018427387, got 18446744073709551615");
  EXPECT_EQ(trigger("step", kMost),
            place + "step: expected a whole number from 0 to 9223372036854775807, got 18446744073709551615");
  EXPECT_EQ(
      refusal(R"({"schema": "ringproof.faults/1", "faults": [], "heal_ns": 18446744073709552})"),
      "plan.json: /heal_ns: expected a whole number from 0 to 18446744073709551, got 18446744073709552");
  EXPECT_EQ(trigger("rate", "1e999"),
            place + "rate: expected a number between -1.8e308 and 1.8e308, got 1e999");
}

TEST(FaultPlan, SaysWhatIsMissing) {
  EXPECT_EQ(refusal(R"({"schema": "ringproof.faults/1"})"),
            "plan.json: /faults: expected a list of at most 1000 faults, got none");
  EXPECT_EQ(refusal(plan_with(R"({"trigger": {"rate": 1}})")),
            "plan.json: /faults/0/id: expected an id of docs/faults.md, got none");
  EXPECT_EQ(refusal(plan_with(R"({"id": "F-LNK-01", "trigger": {"ring": "RX"}})")),
            "plan.json: /faults/0/trigger/is: expected empty, full, got none");
}

// A fault there would never strike.
TEST(FaultPlan, RefusesPlacesThatTheMachineHasNot) {
  NicFile nic_file{{PortSettings(), PortSettings()}, {}};
  nic_file.ports[0].nic.rx_queues = 2;
  nic_file.ports[1].nic.tx_queues = 8;
  const auto at = [&nic_file](const std::string& target) -> std::string {
    const std::string record = R"({"id": "F-IRQ-05", "trigger": {"rate": 1}, "target": {)" + target + "}}";
    try {
      plan_from_text("plan.json", plan_with(R"({"id": "F-LNK-01", "trigger": {"rate": 1}}, )" + record),
                     {false, &nic_file});
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(at(R"("port": 2, "queue": "rx3")"), "accepted");
  EXPECT_EQ(at(R"("queue": "tx7")"), "accepted");
  const std::string place = "plan.json: /faults/1/target/";
  EXPECT_EQ(at(R"("port": 3)"), place + "port: expected a port from 1 to 2, got 3");
  EXPECT_EQ(at(R"("port": 1, "queue": "rx2")"),
            place + R"(queue: expected a queue of port 1, "rx0" to "rx1" or "tx0" to "tx3", got "rx2")");
  EXPECT_EQ(at(R"("queue": "tx8")"),
            place + R"(queue: expected a queue of a port, "rx0" to "rx3" or "tx0" to "tx7", got "tx8")");
}

// Of a failure file the machine is known later than the plan.
TEST(FaultPlan, IsHeldAgainstTheMachineLaterToo) {
  const FaultPlan plan = plan_from_text(
      "plan.json", plan_with(R"({"id": "F-IRQ-05", "trigger": {"rate": 1}, "target": {"port": 2}})"), {});
  const NicFile two_ports{{PortSettings(), PortSettings()}, {}};
  EXPECT_NO_THROW(expect_fits(plan, two_ports, "failure.json", "/faults"));
  try {
    expect_fits(plan, {{PortSettings()}, {}}, "failure.json", "/faults");
    ADD_FAILURE() << "no refusal";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "failure.json: /faults/0/target/port: expected a port from 1 to 1, got 2");
  }
}

TEST(FaultPlan, RefusesWhatHasNoMeaningWithTheReason) {
  EXPECT_EQ(refusal(plan_with(R"({"id": "F-DSC-05", "trigger": {"rate": 1}})")),
            "plan.json: /faults/0/id: expected a fault of a run, got F-DSC-05: the hardware rings go by "
            "free-running "
            "indices; there is no such bit");
  const std::string slow_read = plan_with(R"({"id": "F-DMA-02", "trigger": {"rate": 1}})");
  EXPECT_EQ(refusal(slow_read), "accepted");
  EXPECT_EQ(
      refusal(slow_read, true),
      "plan.json: /faults/0/id: expected a fault that the functional engine can have, got F-DMA-02: the "
      "functional device has no bus bursts");
}

// Streams are named, so that a record taken away leaves the others theirs.
TEST(FaultPlan, RecordsOfOneIdHaveStreamsOfTheirOwn) {
  const std::string record = R"({"id": "F-LNK-01", "trigger": {"rate": 0.5}})";
  FaultPlan plan = plan_from_text("plan.json", plan_with(record + "," + record), {});
  EXPECT_EQ(plan.records[0].stream, 0u);
  EXPECT_EQ(plan.records[1].stream, 1u);
  plan.records.erase(plan.records.begin());
  EXPECT_EQ(plan_from_json(to_json(plan), "", "", {}).records[0].stream, 1u);
}

TEST(FaultSwarm, DrawsTheSamePlanForASeedAndManyDifferentOnes) {
  std::set<std::string> plans;
  std::set<FaultId> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const FaultPlan plan = draw_swarm(seed, false);
    EXPECT_EQ(to_json(plan), to_json(draw_swarm(seed, false)));
    plans.insert(to_json(plan).dump());
    for (const FaultRecord& record : plan.records) seen.insert(record.id);
  }
  EXPECT_GT(plans.size(), 200u);
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    EXPECT_EQ(seen.contains(fault_at(i)), fault_info(fault_at(i)).nowhere == nullptr)
        << fault_info(fault_at(i)).id;
  }
}

TEST(FaultSwarm, DrawsOnlyWhatTheEngineCanHave) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    for (const FaultRecord& record : draw_swarm(seed, true).records) {
      EXPECT_EQ(fault_info(record.id).not_functional, nullptr) << fault_info(record.id).id;
    }
  }
}

}  // namespace
}  // namespace ringproof
