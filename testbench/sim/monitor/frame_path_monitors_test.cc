// frame_path_monitors_test.cc: order, steering, programs, metadata and counters, fed by hand.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "model/nic/checksum.h"
#include "model/nic/frame_offload.h"
#include "model/nic/toeplitz.h"
#include "sim/monitor/counter_monitor.h"
#include "sim/monitor/frame_order_monitor.h"
#include "sim/monitor/metadata_monitor.h"
#include "sim/monitor/program_monitor.h"
#include "sim/monitor/steering_monitor.h"
#include "testbench/sim/monitor/expect_log.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

constexpr QueuePlace kQueue = {0, 0, false, true};

// IPv4 and UDP, without checksums.
std::vector<unsigned char> udp_frame(std::uint16_t port, std::size_t size = 60) {
  std::vector<unsigned char> frame(std::max<std::size_t>(size, 40));
  frame[12] = 8;
  frame[14] = 0x45;
  frame[17] = static_cast<unsigned char>(size - 14);
  frame[23] = 17;
  frame[26] = frame[30] = 10;
  frame[36] = static_cast<unsigned char>(port >> 8);
  frame[37] = static_cast<unsigned char>(port);
  frame[39] = static_cast<unsigned char>(size - 34);
  frame.resize(size);
  return frame;
}

XDP_RULE udp_rule(std::uint16_t port, XDP_RULE_ACTION action) {
  XDP_RULE rule{};
  rule.Match = XDP_MATCH_UDP_DST;
  rule.Pattern.Port = static_cast<UINT16>(port << 8 | port >> 8);
  rule.Action = action;
  return rule;
}

template <typename Monitor>
void attach(Monitor& monitor, const XDP_RULE& rule, std::uint64_t version = 1, std::uint64_t program = 1) {
  const RuleTold told = {&rule, program, 1};
  monitor.rules_changed(kQueue, version, std::span(&told, 1));
}

// Two frames of one flow, at 1 and 2 ns, in queue 0.
class FrameOrder : public testing::Test {
 protected:
  FrameOrder() {
    for (const std::uint64_t ns : {1, 2}) {
      monitor_.wire_in(0, ns, udp_frame(7));
      monitor_.nic_accepted(0, 0, ns);
    }
  }
  void complete(std::uint64_t ns) { monitor_.hw_rx_completed(0, 0, 0, ns, {}); }
  void deliver(std::uint64_t ns) { monitor_.frame_delivered(0, ns, 1, 0, {}, ns * 1000); }
  void pass(std::uint64_t ns) { monitor_.frame_passed(0, ns, ns * 1000); }

  InvariantLog log_;
  FrameOrderMonitor monitor_{log_};
};

TEST_F(FrameOrder, InTheOrderOfArrivalHolds) {
  complete(1);
  complete(2);
  deliver(1);
  deliver(2);
  expect_held(log_, Invariant::k18);
}

TEST_F(FrameOrder, TheOlderAfterTheYoungerIsSaid) {
  complete(1);
  complete(2);
  deliver(2);
  deliver(1);
  expect_violated(log_, Invariant::k18, "the frame of 1 ns was delivered after that of 2 ns");
}

TEST_F(FrameOrder, WithinAPassTheHostStackComesLast) {
  complete(1);
  complete(2);
  deliver(2);
  pass(1);
  expect_held(log_, Invariant::k18);
}

TEST_F(FrameOrder, AcrossPassesAFlowKeepsItsOrder) {
  complete(1);
  monitor_.wire_in(0, 3, udp_frame(9));
  monitor_.frame_dropped(0, 3, DropReason::kRule);  // something of the first pass ends
  complete(2);
  deliver(2);
  pass(1);
  expect_violated(log_, Invariant::k18, "of the same flow");
}

// The driver drops it while it looks at the pass.
TEST_F(FrameOrder, AFailedFrameBeginsNoPass) {
  complete(1);
  monitor_.wire_in(0, 3, udp_frame(9));
  monitor_.frame_dropped(0, 3, DropReason::kDmaError);
  complete(2);
  deliver(2);
  pass(1);
  expect_held(log_, Invariant::k18);
}

TEST_F(FrameOrder, FramesLeaveInTheOrderOfTheirDescriptors) {
  const std::vector<unsigned char> small(60);
  const std::vector<unsigned char> large(90);
  for (const auto* frame : {&small, &large, &small, &large}) monitor_.hw_tx_posted(0, 0, 0, *frame);
  monitor_.wire_out(0, 0, 1000, small);
  monitor_.wire_out(0, 0, 2000, large);
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.wire_out(0, 0, 3000, large);
  expect_violated(log_, Invariant::k18, "the oldest that was posted has 60 bytes");
}

TEST_F(FrameOrder, FramesThatTheDriverKeepsHaveNoPlaceOnTheWire) {
  const std::vector<unsigned char> small(60);
  const std::vector<unsigned char> large(90);
  monitor_.hw_tx_posted(0, 0, 0, small);
  monitor_.wire_out_dropped(0, 0, DropReason::kPaused);
  monitor_.hw_tx_posted(0, 0, 1, large);
  monitor_.wire_out(0, 0, 1000, small);
  monitor_.wire_out(0, 0, 2000, large);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(FrameOrder, NorHaveThoseThatItTakesBackFromAQueueThatIsOff) {
  const std::vector<unsigned char> small(60);
  const std::vector<unsigned char> large(90);
  monitor_.queue_enabled(0, 64, 0, 8, 0);
  monitor_.hw_tx_posted(0, 0, 0, small);
  monitor_.hw_tx_posted(0, 0, 1, large);
  monitor_.tx_handed_over(0, 0, 0);
  monitor_.device_reset(0, 100);
  monitor_.hw_tx_completed(0, 0, 0);
  monitor_.hw_tx_completed(0, 0, 1);
  monitor_.queue_enabled(0, 64, 2, 8, 200);
  monitor_.hw_tx_posted(0, 0, 2, small);
  monitor_.wire_out(0, 0, 1000, small);
  monitor_.wire_out(0, 0, 2000, small);
  EXPECT_EQ(log_.violations(), 0u);
}

class Steering : public testing::Test {
 protected:
  Steering() { monitor_.wire_in(0, 1, frame_); }
  void judge(std::uint32_t rule) { monitor_.frame_judged(kQueue, {1, 1, rule, 1}, frame_); }
  std::uint32_t queue_by_model() const {
    return nic::ReceiveSideScaling(nic::kDefaultRssKey, 4).choose(frame_).queue;
  }

  const std::vector<unsigned char> frame_ = udp_frame(7);
  const XDP_RULE redirect_ = udp_rule(7, XDP_PROGRAM_ACTION_REDIRECT);
  InvariantLog log_;
  SteeringMonitor monitor_{log_, {nic::NicConfig()}};
};

TEST_F(Steering, TheQueueOfTheHashHolds) {
  monitor_.nic_accepted(0, queue_by_model(), 1);
  expect_held(log_, Invariant::k19);
}

TEST_F(Steering, AnotherQueueIsSaid) {
  monitor_.nic_accepted(0, (queue_by_model() + 1) % 4, 1);
  expect_violated(log_, Invariant::k19, "its hash chooses queue");
}

TEST_F(Steering, AFrameThatFoundNoBufferWasSteeredAsWell) {
  monitor_.rx_starved(0, queue_by_model(), 1);
  monitor_.nic_dropped(0, 1, DropReason::kNoDescriptor);
  expect_held(log_, Invariant::k19);
  monitor_.wire_in(0, 2, frame_);
  monitor_.rx_starved(0, (queue_by_model() + 1) % 4, 2);
  expect_violated(log_, Invariant::k19, "found no buffer in queue");
}

// It has what the host has said by then, or nothing, until it is told anew; all its queues are off.
TEST_F(Steering, ADeviceThatWasResetIsNotHeldToWhatItWasTold) {
  monitor_.device_reset(0, 1000);
  monitor_.rx_starved(0, (queue_by_model() + 1) % 4, 1);
  monitor_.nic_dropped(0, 1, DropReason::kNoDescriptor);
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.queue_enabled(0, 0, 0, 8, 2000);
  monitor_.wire_in(0, 2, frame_);
  monitor_.rx_starved(0, (queue_by_model() + 1) % 4, 2);
  expect_violated(log_, Invariant::k19, "found no buffer in queue");
}

// As after a reset: it is lost, and says nothing of steering.
TEST_F(Steering, AFrameThatNoQueueWasChosenForIsNotJudged) {
  monitor_.nic_dropped(0, 1, DropReason::kNoDescriptor);
  EXPECT_EQ(log_.checks(Invariant::k19), 0u);
  EXPECT_EQ(log_.violations(), 0u);
}

nic::RxCompletionEntry completion_of(std::uint64_t timestamp_ns, std::uint32_t hash) {
  nic::RxCompletionEntry entry{};
  entry.timestamp_ns = timestamp_ns;
  entry.rss_hash = hash;
  return entry;
}

Tap::Bytes bytes_of(const nic::RxCompletionEntry& entry) {
  return {reinterpret_cast<const unsigned char*>(&entry), sizeof entry};
}

TEST_F(Steering, AnotherHashInTheCompletionIsSaid) {
  const nic::RssChoice choice = nic::ReceiveSideScaling(nic::kDefaultRssKey, 4).choose(frame_);
  monitor_.nic_accepted(0, choice.queue, 1);
  const auto right = completion_of(1, choice.hash), wrong = completion_of(1, choice.hash ^ 1);
  monitor_.completion_written(0, choice.queue, 0, bytes_of(right), true, 1000);
  monitor_.completion_written(0, choice.queue, 0, bytes_of(wrong), false, 1000);  // is not in memory
  expect_held(log_, Invariant::k19);
  monitor_.completion_written(0, choice.queue, 0, bytes_of(wrong), true, 1000);
  expect_violated(log_, Invariant::k19, "was completed with hash");
}

// Between wire and queue, either setting may be the one; but all of it.
TEST_F(Steering, AFrameOnItsWayHasHashAndQueueOfOneSetting) {
  const nic::RssChoice before = nic::ReceiveSideScaling(nic::kDefaultRssKey, 4).choose(frame_);
  nic::RssSettings rss{{}, {}, nic::rss_hash::kAll};  // hash 0
  rss.table[0] = static_cast<std::uint8_t>((before.queue + 1) % 4);
  monitor_.rss_changed(0, {rss.key, rss.table, rss.hash_types});
  monitor_.nic_accepted(0, rss.table[0], 1);
  const auto right = completion_of(1, 0), mixed = completion_of(1, before.hash);
  monitor_.completion_written(0, rss.table[0], 0, bytes_of(right), true, 1000);
  expect_held(log_, Invariant::k19);
  monitor_.completion_written(0, rss.table[0], 0, bytes_of(mixed), true, 1000);
  expect_violated(log_, Invariant::k19, "was completed with hash");
}

TEST_F(Steering, WhatIsToldAnewHoldsFromTheNextFrameOn) {
  nic::RssSettings rss{{}, {}, nic::rss_hash::kUdpIpv4};
  rss.table.fill(3);
  rss.table[0] = 2;  // the queue of hash 0
  const auto arrives = [&](std::uint64_t ns, std::uint32_t queue) {
    monitor_.rss_changed(0, {rss.key, rss.table, rss.hash_types});
    monitor_.wire_in(0, ns, frame_);
    monitor_.nic_accepted(0, queue, ns);
  };
  monitor_.rss_changed(0, {rss.key, rss.table, rss.hash_types});
  monitor_.nic_accepted(0, queue_by_model(), 1);  // was on its way
  arrives(2, 2);                                  // a key of zeros
  rss.key = nic::kDefaultRssKey;
  arrives(3, 3);
  rss.hash_types = nic::rss_hash::kTcpIpv4;
  arrives(4, 2);
  expect_held(log_, Invariant::k19);
  arrives(5, 3);
  expect_violated(log_, Invariant::k19, "its hash chooses queue 2");
}

TEST_F(Steering, TheRuleThatMatchesFirstHolds) {
  attach(monitor_, redirect_);
  judge(0);
  monitor_.frame_delivered(0, 1, 1, 0, {}, 1000);
  expect_held(log_, Invariant::k19);
}

TEST_F(Steering, ARuleThatWasOverlookedIsSaid) {
  attach(monitor_, redirect_);
  judge(Judgement::kNoRule);
  expect_violated(log_, Invariant::k19, "decided by no rule; rule 0 matches first");
}

TEST_F(Steering, AnEndThatTheRuleDoesNotNameIsSaid) {
  attach(monitor_, redirect_);
  judge(0);
  monitor_.frame_passed(0, 1, 1000);
  expect_violated(log_, Invariant::k19, "was passed (socket 0); its rules say redirected (socket 1)");
}

// A redirect through map 5, whose entries say what holds.
class SteeringByMap : public Steering {
 protected:
  SteeringByMap() {
    const RuleTold told = {&redirect_, 1, 0, 5};
    monitor_.rules_changed(kQueue, 1, std::span(&told, 1));
    monitor_.map_changed(5, kQueue.queue, 9);
  }
};

TEST_F(SteeringByMap, TheEntryOfTheQueueHolds) {
  judge(0);
  monitor_.frame_delivered(0, 1, 9, 0, {}, 1000);
  expect_held(log_, Invariant::k19);
}

TEST_F(SteeringByMap, AnotherSocketIsSaid) {
  judge(0);
  monitor_.frame_delivered(0, 1, 8, 0, {}, 1000);
  expect_violated(log_, Invariant::k19, "was redirected (socket 8); its rules say redirected (socket 9)");
}

TEST_F(SteeringByMap, WithoutAnEntryTheFrameIsDropped) {
  monitor_.map_changed(5, kQueue.queue, 0);
  judge(0);
  monitor_.frame_dropped(0, 1, DropReason::kMapMiss);
  expect_held(log_, Invariant::k19);
}

TEST_F(SteeringByMap, AMissThatIsPassedIsSaid) {
  monitor_.map_changed(5, kQueue.queue, 0);
  judge(0);
  monitor_.frame_passed(0, 1, 1000);
  expect_violated(log_, Invariant::k19, "was passed (socket 0); its rules say dropped (socket 0)");
}

TEST_F(Steering, AFrameToForwardLeavesOrThereIsNoRoom) {
  const XDP_RULE forward = udp_rule(7, XDP_PROGRAM_ACTION_L2FWD);
  attach(monitor_, forward);
  judge(0);
  monitor_.frame_forwarded(0, 1, 1000);
  monitor_.wire_in(0, 2, frame_);
  monitor_.frame_judged(kQueue, {2, 1, 0, 1}, frame_);
  monitor_.frame_dropped(0, 2, DropReason::kForwardFull);
  expect_held(log_, Invariant::k19);
}

// A frame whose UDP header is in a second buffer: what the rule sees depends on the interface.
TEST_F(Steering, TheBuffersOfTheFrameAreJudgedAsTheInterfaceTakesThem) {
  attach(monitor_, redirect_);
  const std::array<std::uint32_t, 2> buffers = {34, 26};
  monitor_.frame_judged(kQueue, {1, 1, 0, 1, buffers}, frame_);
  monitor_.frame_judged(kQueue, {1, 1, Judgement::kNoRule, 0, buffers, 0}, frame_);
  expect_held(log_, Invariant::k19);
  monitor_.frame_judged(kQueue, {1, 1, 0, 1, buffers, 0}, frame_);
  expect_violated(log_, Invariant::k19, "decided by rule 0; no rule matches first");
}

TEST_F(Steering, OdditiesOfTheInterfaceAreKnown) {
  XDP_RULE reply{};
  reply.Match = XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST;
  reply.Pattern.IpMask.Address.Ipv4.S_un.S_addr = 10;
  attach(monitor_, reply);
  std::vector<unsigned char> frame = frame_;
  frame[23] = 253;
  monitor_.frame_judged(kQueue, {1, 1, 0, 1}, frame);
  InspectorQuirks quirks;
  quirks.icmp_any_protocol = false;
  monitor_.frame_judged(kQueue, {1, 1, Judgement::kNoRule, 0, {}, 64, quirks}, frame);
  expect_held(log_, Invariant::k19);
  monitor_.frame_judged(kQueue, {1, 1, 0, 1, {}, 64, quirks}, frame);
  EXPECT_EQ(log_.violations(), 1u);
}

class Programs : public testing::Test {
 protected:
  Programs() {
    monitor_.wire_in(0, 1, {});
    attach(monitor_, rule_);
  }
  void judge(std::uint64_t version, std::uint64_t program = 1) {
    monitor_.frame_judged(kQueue, {1, version, 0, program}, {});
  }

  const XDP_RULE rule_ = udp_rule(7, XDP_PROGRAM_ACTION_REDIRECT);
  InvariantLog log_;
  ProgramMonitor monitor_{log_};
};

TEST_F(Programs, ThePresentVersionJudgesOnce) {
  judge(1);
  monitor_.frame_delivered(0, 1, 1, 0, {}, 1000);
  expect_held(log_, Invariant::k45);
}

TEST_F(Programs, AnEarlierVersionIsSaid) {
  attach(monitor_, rule_, 2);
  judge(1);
  expect_violated(log_, Invariant::k45, "by version 1 of the rules; 2 is the present one");
}

TEST_F(Programs, ADetachedProgramIsSaid) {
  judge(1, 5);
  expect_violated(log_, Invariant::k45, "program 5, which is not attached");
}

TEST_F(Programs, ASecondJudgementIsSaid) {
  judge(1);
  judge(1);
  expect_violated(log_, Invariant::k45, "judged twice");
}

TEST_F(Programs, AFrameThatIsDeliveredUnderLaterRulesIsSaid) {
  judge(1);
  attach(monitor_, rule_, 2);
  monitor_.frame_delivered(0, 1, 1, 0, {}, 1000);
  expect_violated(log_, Invariant::k45, "that version 1 of the rules chose");
}

TEST_F(Programs, ADropUnderLaterRulesIsSaid) {
  judge(1);
  attach(monitor_, rule_, 2);
  monitor_.frame_dropped(0, 1, DropReason::kSocketRxFull);
  expect_violated(log_, Invariant::k45, "that version 1 of the rules chose");
}

// Whether there is room to send a frame out again is known when the rules may have changed.
TEST_F(Programs, AFrameThatFindsNoRoomLaterIsNotTheirs) {
  judge(1);
  attach(monitor_, rule_, 2);
  monitor_.frame_dropped(0, 1, DropReason::kForwardFull);
  expect_held(log_, Invariant::k45);
}

class Metadata : public testing::Test {
 protected:
  void arrive() { monitor_.wire_in(0, 1, frame_); }
  void deliver(std::uint32_t length) { memory_.deliver(256, length); }

  const std::vector<unsigned char> frame_ = udp_frame(7);
  InvariantLog log_;
  MetadataMonitor monitor_{log_, {nic::NicConfig()}};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Metadata, AnElementThatNamesItsFrameHolds) {
  arrive();
  deliver(60);
  expect_held(log_, Invariant::k20);
}

TEST_F(Metadata, AnotherLengthIsSaid) {
  arrive();
  memory_.write(RingKind::kRx, 0, 256 | std::uint64_t{32} << 48, 61);
  memory_.told_delivered(256, 60);
  expect_violated(log_, Invariant::k20, "says address 0x20000000000100 and 61 bytes");
}

TEST_F(Metadata, AWrongVerdictIsSaid) {
  alignas(8) std::array<unsigned char, 192 + 4 * 24> ring{};
  RingShape shape{ring.data(), 4, 24};
  shape.extensions.checksum = 16;
  monitor_.ring_created(1, RingKind::kRx, shape);
  monitor_.umem_registered(1, {memory_.umem(), 2048, 256, 32});
  arrive();
  const std::uint64_t location = 256 | std::uint64_t{32} << 48;
  std::memcpy(ring.data() + 192, &location, 8);
  ring[192 + 8] = 60;
  ring[192 + 16] = 1;  // layer 3 succeeded: there is no checksum in the header
  memory_.told_delivered(256, 60);
  expect_violated(log_, Invariant::k20,
                  "the checksum verdict of the frame of 1 ns is 0x1; 0x2 belongs to it");
}

// The reference and the model were written apart, and agree on frames of any bytes.
TEST(MetadataReference, AgreesWithTheModel) {
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<unsigned char> frame = udp_frame(7, 34 + static_cast<std::size_t>(i % 90));
    for (int change = i % 5; change > 0; --change) {
      state = state * 1'664'525 + 1'013'904'223;
      frame[(state >> 8) % frame.size()] = static_cast<unsigned char>(state >> 24);
    }
    if (i % 3 == 0) frame[12] = 0x86, frame[13] = 0xDD, frame[14] = 0x60, frame[20] = i % 2 == 0 ? 17 : 6;
    const std::uint32_t meta = nic::pack_rx_meta(nic::judge_checksums(frame));
    const XDP_FRAME_LAYOUT layout = nic::rx_layout(meta);
    const XDP_FRAME_CHECKSUM checksum = nic::rx_checksum(meta);
    const reference::Metadata expected = reference::metadata_of(frame);
    ASSERT_EQ(std::memcmp(&layout, &expected.layout, sizeof layout), 0) << i;
    ASSERT_EQ(std::memcmp(&checksum, &expected.checksum, sizeof checksum), 0) << i;
  }
}

class Counters : public testing::Test {
 protected:
  Counters() {
    monitor_.umem_registered(1, {nullptr, 2048, 256, 32});
    monitor_.wire_in(0, 1, std::vector<unsigned char>(300));
    Judgement judgement{1, 1, 0, 1};
    judgement.socket = 1;
    monitor_.frame_judged(kQueue, judgement, {});
  }

  InvariantLog log_;
  CounterMonitor monitor_{log_, {nic::NicConfig()}};
};

TEST_F(Counters, WhatHappenedIsCounted) {
  monitor_.fill_judged(1, 5000, false);
  monitor_.frame_dropped(0, 1, DropReason::kSocketBadFill);
  monitor_.statistics_read(1, {1, 0, 1, 0});
  expect_held(log_, Invariant::k22);
}

TEST_F(Counters, AFrameOnItsWayMayBeCountedAlready) {
  monitor_.statistics_read(1, {1, 0, 0, 0});
  expect_held(log_, Invariant::k22);
}

TEST_F(Counters, ALossThatIsNotCountedIsSaid) {
  monitor_.frame_dropped(0, 1, DropReason::kSocketRxFull);
  monitor_.statistics_read(1, {});
  expect_violated(log_, Invariant::k22, "RxDropped is 0; it was 0, and the events make it 1");
}

TEST_F(Counters, ATruncationThatIsCountedTwiceIsSaid) {
  monitor_.frame_delivered(0, 1, 1, 0, std::vector<unsigned char>(224), 1000);
  monitor_.statistics_read(1, {0, 2, 0, 0});
  expect_violated(log_, Invariant::k22, "RxTruncated is 2");
}

TEST_F(Counters, ACounterThatFallsIsSaid) {
  monitor_.statistics_read(1, {1, 0, 0, 0});
  monitor_.statistics_read(1, {});
  expect_violated(log_, Invariant::k22, "RxDropped is 0; it was 1");
}

// While a device works on the rings of a socket it counts for it.
class LentCounters : public Counters {
 protected:
  LentCounters() {
    monitor_.frame_dropped(0, 1, DropReason::kRule);  // the frame of the others
    monitor_.hw_ring_changed(0, 0, 0, 8, 1);
    monitor_.rx_starved(0, 0, 1);  // not on yet: the device counts from later on
    monitor_.zero_copy_enabled(0, 0, {0, 8, 0x1000}, 1000);
  }
  void starve() { monitor_.rx_starved(0, 0, 2); }
  void cut() {
    monitor_.wire_in(0, 3, std::vector<unsigned char>(300));
    monitor_.nic_accepted(0, 0, 3);
    monitor_.frame_delivered(0, 3, 1, 0, std::vector<unsigned char>(224), 3000);
  }
  void ask() { monitor_.call_began(1, kAsk, {}, 4000); }
  void answer(std::uint64_t dropped, std::uint64_t truncated) {
    monitor_.statistics_read(1, {dropped, truncated, 0, 0});
    monitor_.call_ended(1, kAsk, 0, {}, 5000);
  }
  void take_back() {
    monitor_.queue_disabled(0, 0, 6000);
    starve();
    monitor_.hw_ring_changed(0, 0, 8, 8, 0);
  }
  static constexpr SocketCall kAsk{SocketCall::Kind::kGetOption, XSK_SOCKOPT_STATISTICS};
};

TEST_F(LentCounters, WhatHadHappenedWhenTheApplicationAskedIsCounted) {
  starve();
  cut();
  ask();
  starve();
  answer(1, 1);
  ask();
  answer(2, 1);
  take_back();
  monitor_.statistics_read(1, {2, 1, 0, 0});
  expect_held(log_, Invariant::k22);
}

TEST_F(LentCounters, AFrameThatFoundNoChunkAndIsNotCountedIsTheDevices) {
  starve();
  ask();
  answer(0, 0);
  expect_violated(log_, Invariant::k22, "device: socket 1 at 0.000 ns: RxDropped is 0; it was 0");
}

TEST_F(LentCounters, AFrameThatIsCutAndNotCountedIsTheDevices) {
  cut();
  ask();
  answer(0, 0);
  expect_violated(log_, Invariant::k22, "device: socket 1 at 3.000 ns: RxTruncated is 0; it was 0");
}

TEST_F(LentCounters, TheLastWordIsWhenTheRingsAreTakenBack) {
  starve();
  take_back();
  monitor_.statistics_read(1, {});
  expect_violated(log_, Invariant::k22, "RxDropped is 0; it was 0, and the events make it 1 to 3");
}

// A device cuts a frame and counts it, and then memory refuses its bytes.
TEST_F(LentCounters, AFrameThatIsCutAndThenLostMayBeCountedTwice) {
  monitor_.wire_in(0, 3, std::vector<unsigned char>(300));
  monitor_.nic_accepted(0, 0, 3);
  monitor_.frame_dropped(0, 3, DropReason::kSocketBadFill);
  ask();
  answer(1, 1);
  expect_held(log_, Invariant::k22);
}

// Two that ask at once: the device may have answered the first before the second one asked.
TEST_F(LentCounters, TheOldestQuestionCounts) {
  ask();
  starve();
  ask();
  answer(0, 0);
  answer(1, 0);
  expect_held(log_, Invariant::k22);
}

TEST_F(LentCounters, WhatADeviceForgetsNobodyCounts) {
  starve();
  cut();
  monitor_.device_reset(0, 4000);
  take_back();
  monitor_.statistics_read(1, {});
  expect_held(log_, Invariant::k22);
}

}  // namespace
}  // namespace ringproof
