// failing_tests.cc: tests of somebody else that fail, each in another way, and are to say so.
#include <ringproof/testbench_gtest.h>

using namespace ringproof::testbench;

TEST(Failing, ExpectationBesideAMachine) {
  TestMachine machine;
  EXPECT_EQ(1, 2);
}

TEST(Failing, ExpectationInAThread) {
  TestMachine machine;
  machine.join(machine.start("app", [] { EXPECT_EQ(3, 4); }));
}

TEST(Failing, TheMachineItself) {
  TestMachine machine;
  const std::optional<SentFrame> frame = machine.expect_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, Bytes(64, 0));
}

TEST(Failing, AFailureToldInAThread) {
  TestMachine machine;
  machine.join(machine.start("app", [&] { machine.fail("told by the thread"); }));
}

TEST(Failing, OneOfTheSchedules) {
  Exploring exploring;
  exploring.schedules = 5;
  expect_all_schedules_pass(
      exploring, [](Testbench& machine) { machine.join(machine.start("app", [] { EXPECT_EQ(5, 6); })); });
}
