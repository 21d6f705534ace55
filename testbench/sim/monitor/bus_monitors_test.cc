// bus_monitors_test.cc: words that wait, beats, tags, and rules of the RTL, by hand-fed cycles.

#include <gtest/gtest.h>

#include "sim/monitor/assertion_monitor.h"
#include "sim/monitor/handshake_monitor.h"
#include "sim/monitor/tag_monitor.h"
#include "testbench/sim/monitor/expect.h"

namespace ringproof {
namespace {

class Pins : public testing::Test {
 protected:
  void cycle() {
    handshake_.cycle(0, now_ps_, in_, out_);
    tags_.cycle(0, now_ps_, in_, out_);
    now_ps_ += 4000;
  }
  void ask_read(std::uint8_t id, std::uint8_t beats) {
    out_.axi_arvalid = in_.axi_arready = true;
    out_.axi_arid = id;
    out_.axi_arlen = static_cast<std::uint8_t>(beats - 1);
    cycle();
    out_.axi_arvalid = false;
  }
  void answer_read(std::uint8_t id, bool last) {
    in_.axi_rvalid = out_.axi_rready = true;
    in_.axi_rid = id;
    in_.axi_rlast = last;
    cycle();
    in_.axi_rvalid = false;
  }
  void write(std::uint8_t id) {
    out_.axi_awvalid = in_.axi_awready = true;
    out_.axi_awid = id;
    cycle();
    out_.axi_awvalid = false;
    out_.axi_wvalid = in_.axi_wready = out_.axi_wlast = true;
    cycle();
    out_.axi_wvalid = false;
  }
  void answer_write(std::uint8_t id) {
    in_.axi_bvalid = out_.axi_bready = true;
    in_.axi_bid = id;
    cycle();
    in_.axi_bvalid = false;
  }

  InvariantLog log_;
  HandshakeMonitor handshake_{log_};
  TagMonitor tags_{log_};
  nic::EngineInputs in_;
  nic::EngineOutputs out_;
  std::uint64_t now_ps_ = 0;
};

TEST_F(Pins, AWordThatWaitsAndStaysIsCounted) {
  out_.axi_arvalid = true;
  out_.axi_araddr = 64;
  cycle();
  cycle();
  EXPECT_EQ(log_.checks(Invariant::k31), 1u);
  in_.axi_arready = true;
  cycle();
  expect_held(log_, Invariant::k31);
}

TEST_F(Pins, NothingIsCountedWhereNothingWaits) {
  ask_read(1, 1);
  ask_read(2, 1);
  EXPECT_EQ(log_.checks(Invariant::k31), 0u);
}

TEST_F(Pins, AWordThatChangesWhileItWaitsIsAViolation) {
  out_.axi_arvalid = true;
  out_.axi_araddr = 64;
  cycle();
  out_.axi_araddr = 128;
  cycle();
  expect_broken(log_, Invariant::k31, "device: interface 1 at 4.000 ns: AXI read address: the word changed");
}

TEST_F(Pins, AValidThatFallsIsAViolation) {
  out_.irq_valid = true;
  in_.irq_ready = false;
  cycle();
  out_.irq_valid = false;
  cycle();
  expect_broken(log_, Invariant::k31, "interrupt request: valid fell");
}

TEST_F(Pins, AResetMayTakeAWordAway) {
  out_.axi_arvalid = true;
  cycle();
  in_.rst_n = false;
  cycle();
  in_.rst_n = true;
  out_.axi_arvalid = false;
  cycle();
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(Pins, ABeatWithRoomInsideAFrameIsAViolation) {
  out_.tx_tvalid = in_.tx_tready = true;
  out_.tx_tkeep = ~std::uint64_t{0};
  cycle();
  out_.tx_tkeep = 0xFFFF;
  cycle();
  expect_broken(log_, Invariant::k31, "stream of frames to send: a beat inside a frame has the bytes 0xffff");
}

TEST_F(Pins, ReadsOfOneIdAreAnsweredInOrder) {
  ask_read(2, 2);
  ask_read(2, 1);
  answer_read(2, false);
  answer_read(2, true);
  answer_read(2, true);
  tags_.finish(now_ps_, true);
  expect_held(log_, Invariant::k30);
}

TEST_F(Pins, AnAnswerToNobodyIsAViolation) {
  ask_read(1, 1);
  answer_read(2, true);
  expect_broken(log_, Invariant::k30, "read data of id 2 came, for which no read waits");
}

TEST_F(Pins, AnAnswerThatIsTooShortIsAViolation) {
  ask_read(1, 2);
  answer_read(1, true);
  expect_broken(log_, Invariant::k30, "read data of id 1 ended with 1 beats to come");
}

TEST_F(Pins, ABurstMayFillItsBlock) {
  out_.axi_araddr = 1024;
  ask_read(1, 8);
  out_.axi_araddr = 1024 + 448;
  ask_read(2, 1);
  EXPECT_EQ(log_.checks(Invariant::k30), 2u);
  expect_held(log_, Invariant::k30);
}

TEST_F(Pins, ABurstOutOfItsBlockIsAViolation) {
  out_.axi_araddr = 448;
  ask_read(1, 2);
  expect_broken(log_, Invariant::k30,
                "a read of id 1 has 2 beats from 0x1c0 on, beyond its block of 512 bytes");
}

TEST_F(Pins, ABurstOfHalfBeatsIsAViolation) {
  out_.axi_arsize = 5;
  ask_read(1, 1);
  expect_broken(log_, Invariant::k30, "a read of id 1 asks for beats of 32 bytes in a burst of type 1");
}

TEST_F(Pins, AWriteToOneAddressIsAViolation) {
  out_.axi_awburst = 0;
  write(3);
  expect_broken(log_, Invariant::k30, "a write of id 3 asks for beats of 64 bytes in a burst of type 0");
}

TEST_F(Pins, AWriteIsAnsweredOnce) {
  write(3);
  answer_write(3);
  expect_held(log_, Invariant::k30);
  answer_write(3);
  expect_broken(log_, Invariant::k30, "a write of id 3 was answered, but none is complete");
}

TEST_F(Pins, ARequestThatIsNeverAnsweredIsAViolationAtTheEnd) {
  ask_read(1, 1);
  write(0);
  answer_write(0);
  tags_.finish(now_ps_, false);
  EXPECT_EQ(log_.violations(), 0u);
  tags_.finish(now_ps_, true);
  expect_broken(log_, Invariant::k30, "1 requests to memory were never answered");
}

TEST(RtlAssertion, BelongsToTheInvariantOfItsModule) {
  InvariantLog log;
  AssertionMonitor assertions(log);
  assertions.assertion_failed(0, "nic_desc_fetch", 213, 8000);
  expect_broken(log, Invariant::k27, "assertion failed at nic_desc_fetch.sv:213");
}

}  // namespace
}  // namespace ringproof
