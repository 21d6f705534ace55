// Faults that a test arms, and heals.

#include "testbench/testbench_api/one_socket.h"

namespace ringproof::testbench {
namespace {

using Faults = OneSocket;

constexpr const char* kLoseEachFrame = R"({"id": "F-LNK-01", "trigger": {"rate": 1}})";

TEST_F(Faults, AnArmedFaultStrikesUntilItsHandleGoes) {
  give_buffers(4);
  {
    const Handle losing = machine.fault(kLoseEachFrame);
    machine.inject(udp_frame(64, 1));
    machine.run_until_idle();
    EXPECT_TRUE(received().empty());
  }
  machine.inject(udp_frame(64, 2));
  machine.run_until_idle();
  EXPECT_EQ(received(), std::vector<Bytes>{udp_frame(64, 2)});
  EXPECT_EQ(machine.snapshot().counters["dropped.line_lost"], 1u);
}

TEST_F(Faults, CanBeArmedAgainAfterAllHaveHealed) {
  give_buffers(4);
  for (std::uint8_t i = 0; i < 3; ++i) {
    Handle losing = machine.fault(kLoseEachFrame);
    machine.inject(udp_frame(64, i));
    machine.run_until_idle();
    losing.undo();
  }
  EXPECT_EQ(machine.snapshot().counters["dropped.line_lost"], 3u);
}

TEST_F(Faults, TwoOfOneKindStrikeOnTheirOwn) {
  give_buffers(4);
  Handle once = machine.fault(R"({"id": "F-LNK-01", "trigger": {"event": "opportunity", "nth": 1}})");
  Handle always = machine.fault(kLoseEachFrame);
  once.undo();
  machine.inject(udp_frame(64, 1));
  machine.run_until_idle();
  EXPECT_TRUE(received().empty());
  always.undo();
  machine.inject(udp_frame(64, 2));
  machine.run_until_idle();
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(Faults, StandInTheListOfEvents) {
  machine.fault(kLoseEachFrame).undo();
  std::vector<std::string> texts;
  for (const Event& event : machine.events()) {
    if (event.text.find("F-LNK-01") != std::string::npos) texts.push_back(event.text);
  }
  ASSERT_EQ(texts.size(), 2u);
  const std::string record = kLoseEachFrame;
  EXPECT_EQ(texts[0], "fault " + record);
  EXPECT_EQ(texts[1], "undo fault " + record);
}

TEST_F(Faults, WhatIsNoFaultIsRefusedWithItsPlace) {
  const auto refusal = [&](const char* record) -> std::string {
    try {
      machine.fault(record);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no refusal";
  };
  EXPECT_EQ(refusal("{"),
            "fault: line 1, column 2: expected JSON, got: syntax error while parsing object key - unexpected "
            "end of "
            "input; expected string literal");
  EXPECT_EQ(refusal(R"({"id": "F-LNK-99", "trigger": {"rate": 1}})"),
            "fault: /id: expected an id of docs/faults.md, got \"F-LNK-99\"");
  EXPECT_EQ(refusal(R"({"id": "F-LNK-01", "trigger": {"rate": 2}})"),
            "fault: /trigger/rate: expected a number above 0 and up to 1, got 2");
  EXPECT_EQ(refusal(R"({"id": "F-LNK-01", "trigger": {"rate": 1}, "target": {"port": 5}})"),
            "fault: /target/port: expected a port from 1 to 1, got 5");
}

TEST(FaultsOfExploring, StrikeInEachSchedule) {
  Exploring exploring;
  exploring.schedules = 5;
  exploring.faults = {kLoseEachFrame};
  const Exploration result = explore(exploring, [](Testbench& machine) {
    machine.inject(udp_frame(64, 1));
    machine.run_until_idle();
    if (machine.snapshot().counters["dropped.line_lost"] != 1) machine.fail("the frame came through");
  });
  EXPECT_FALSE(result.failed()) << result.failure->story();
  EXPECT_EQ(result.schedules, 5u);
}

}  // namespace
}  // namespace ringproof::testbench
