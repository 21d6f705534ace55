// life_monitors_test.cc: states, calls, waits and what is left open, fed by hand.

#include <gtest/gtest.h>

#include "model/xdp/public_api.h"
#include "sim/monitor/balance_monitor.h"
#include "sim/monitor/state_monitor.h"
#include "sim/monitor/wait_monitor.h"
#include "testbench/sim/monitor/expect_log.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kBadState = 0x80070016;
constexpr std::uint32_t kTimeout = 0x800705B4;
constexpr std::uint64_t kMs = 1'000'000'000;
constexpr SocketCall kBind = {SocketCall::Kind::kBind, XSK_BIND_FLAG_RX};
constexpr SocketCall kSizeRing = {SocketCall::Kind::kSetOption, XSK_SOCKOPT_RX_RING_SIZE};

class States : public testing::Test {
 protected:
  static SocketView view(SocketState state, std::uint64_t rings = 0) {
    SocketView result;
    result.state = state;
    result.fields[3] = rings;
    return result;
  }
  void go(SocketState from, SocketState to) { monitor_.state_changed(1, from, to, 1000); }
  void bind_succeeds() {
    monitor_.call_began(1, kBind, view(SocketState::kUnbound), 1000);
    go(SocketState::kUnbound, SocketState::kBinding);
    go(SocketState::kBinding, SocketState::kBound);
    monitor_.call_ended(1, kBind, 0, view(SocketState::kBound), 2000);
  }
  // A call that finds and leaves the socket in `state`.
  void call(const SocketCall& call, SocketState state, std::uint32_t status) {
    monitor_.call_began(1, call, view(state), 1000);
    monitor_.call_ended(1, call, status, view(state), 2000);
  }

  InvariantLog log_;
  StateMonitor monitor_{log_};
};

TEST_F(States, AListedWayIsLegal) {
  bind_succeeds();
  go(SocketState::kBound, SocketState::kActivating);
  go(SocketState::kActivating, SocketState::kActive);
  go(SocketState::kActive, SocketState::kDetached);
  go(SocketState::kDetached, SocketState::kClosing);
  expect_held(log_, Invariant::k41);
}

TEST_F(States, AWayThatIsNotListedIsSaid) {
  go(SocketState::kUnbound, SocketState::kActive);
  expect_violated(log_, Invariant::k41, "from Unbound to Active");
}

TEST_F(States, ACallMayBeRefusedWhereTheTableSaysSo) {
  call(kBind, SocketState::kBound, kBadState);
  call(kSizeRing, SocketState::kActive, 0x80070057);  // the parameter is looked at first
  expect_held(log_, Invariant::k41);
}

TEST_F(States, ACallThatSucceedsInAForbiddenStateIsSaid) {
  call(kSizeRing, SocketState::kActive, 0);
  expect_violated(log_, Invariant::k41, "XskSetSockopt of option 2 in state Active answered");
}

TEST_F(States, TheWrongErrorForAForbiddenStateIsSaid) {
  call({SocketCall::Kind::kNotify, XSK_NOTIFY_FLAG_WAIT_RX}, SocketState::kBound, kTimeout);
  expect_violated(log_, Invariant::k41, "0x80070016 is expected");
}

TEST_F(States, AStateThatChangedUnderTheCallExcusesIt) {
  monitor_.call_began(1, kSizeRing, view(SocketState::kActivating), 1000);
  go(SocketState::kActivating, SocketState::kBound);
  monitor_.call_ended(1, kSizeRing, 0, view(SocketState::kBound, 5), 2000);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(States, AFailedCallThatChangesNothingHolds) {
  call(kSizeRing, SocketState::kBound, 0x80070057);
  expect_held(log_, Invariant::k42);
}

TEST_F(States, AFailedCallThatLeavesSomethingBehindIsSaid) {
  monitor_.call_began(1, kSizeRing, view(SocketState::kBound), 1000);
  monitor_.call_ended(1, kSizeRing, 0x800705AA, view(SocketState::kBound, 4), 2000);
  expect_violated(log_, Invariant::k42, "rings is 0x4 where it was 0x0");
}

TEST_F(States, WhatAnotherCallChangedIsNotHeldAgainstIt) {
  monitor_.call_began(1, kSizeRing, view(SocketState::kBound), 1000);
  monitor_.call_began(1, {SocketCall::Kind::kSetOption, XSK_SOCKOPT_TX_RING_SIZE}, view(SocketState::kBound),
                      1000);
  monitor_.call_ended(1, kSizeRing, 0x800705AA, view(SocketState::kBound, 4), 2000);
  EXPECT_EQ(log_.violations(), 0u);
  EXPECT_EQ(log_.checks(Invariant::k42), 0u);
}

TEST_F(States, WhatATeardownUnderWayTookIsNotHeldAgainstACall) {
  monitor_.teardown_begun(Teardown::kClose, 1, 500);
  monitor_.call_began(1, kSizeRing, view(SocketState::kClosing, 4), 1000);
  monitor_.call_ended(1, kSizeRing, kBadState, view(SocketState::kClosing), 2000);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(States, WhatACallTakesAfterATeardownIsSaid) {
  monitor_.teardown_begun(Teardown::kDetach, 1, 500);
  monitor_.teardown_ended(Teardown::kDetach, 1, 600);
  monitor_.call_began(1, kSizeRing, view(SocketState::kDetached, 4), 1000);
  monitor_.call_ended(1, kSizeRing, kBadState, view(SocketState::kDetached), 2000);
  expect_violated(log_, Invariant::k42, "rings is 0x0 where it was 0x4");
}

// The first began while it was allowed, the second is refused; both ends look alike.
TEST_F(States, AnEndThatMayBeThatOfAnEarlierEqualCallIsNotJudged) {
  const SocketCall poke = {SocketCall::Kind::kNotify, XSK_NOTIFY_FLAG_POKE_TX};
  monitor_.call_began(1, poke, view(SocketState::kActive), 1000);
  go(SocketState::kActive, SocketState::kDetached);
  monitor_.call_began(1, poke, view(SocketState::kDetached), 2000);
  monitor_.call_ended(1, poke, kBadState, view(SocketState::kDetached), 3000);
  monitor_.call_ended(1, poke, 0, view(SocketState::kDetached), 4000);
  EXPECT_EQ(log_.violations(), 0u);
}

class Waits : public testing::Test {
 protected:
  void begin(std::uint64_t time_ps, std::uint32_t timeout_ms = 1) {
    monitor_.wait_began(1, 1, XSK_NOTIFY_FLAG_WAIT_RX, timeout_ms, time_ps);
    monitor_.wait_blocked(1, 1, time_ps);
  }
  void end(std::uint32_t status, std::uint32_t result, std::uint64_t time_ps) {
    monitor_.wait_ended(1, 1, status, result, time_ps);
  }

  InvariantLog log_;
  WaitMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Waits, OneThatEndsWithWhatItWaitedForHolds) {
  begin(0);
  memory_.publish(RingKind::kRx);
  monitor_.waiter_told(1, 2000);
  end(0, XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE, 3000);
  expect_held(log_, Invariant::k35);
}

TEST_F(Waits, AResultThatWasNeverSoIsSaid) {
  begin(0);
  end(0, XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE, 3000);
  expect_violated(log_, Invariant::k35, "was not so at any time since the call began");
}

TEST_F(Waits, AnEndForNoReasonIsSaid) {
  begin(0);
  end(0, 0, 3000);
  expect_violated(log_, Invariant::k35, "nothing ready, and nobody ended it");
}

TEST_F(Waits, ATimeoutMayNotComeEarly) {
  begin(0, 2);
  end(kTimeout, 0, kMs);
  expect_violated(log_, Invariant::k35, "2 ms were asked for");
}

TEST_F(Waits, ATimeoutInTimeHolds) {
  begin(0, 2);
  end(kTimeout, 0, 2 * kMs);
  expect_held(log_, Invariant::k35);
}

TEST_F(Waits, AFaultMayCutAWaitShort) {
  begin(0, 2);
  monitor_.fault_struck(FaultId::kIrq06, {.socket = 1}, 0);
  end(kTimeout, 0, kMs);
  expect_held(log_, Invariant::k35);
}

TEST_F(Waits, TheWaitBehindOneThatWasCutShortLastsItsTime) {
  begin(0, 2);
  monitor_.fault_struck(FaultId::kIrq06, {.socket = 1}, 0);
  end(kTimeout, 0, kMs);
  begin(kMs, 2);
  end(kTimeout, 0, 2 * kMs);
  expect_violated(log_, Invariant::k35, "2 ms were asked for");
}

TEST_F(Waits, AWaiterThatIsNotToldIsSaid) {
  begin(0);
  memory_.publish(RingKind::kRx);
  end(kTimeout, 0, kMs);
  expect_violated(log_, Invariant::k35, "was not told");
}

TEST_F(Waits, OneThatNeverEndsIsFoundAtTheEnd) {
  begin(0, 0xFFFFFFFF);
  memory_.publish(RingKind::kRx);
  monitor_.finish(kMs);
  expect_violated(log_, Invariant::k35, "was not told");
}

class Balance : public testing::Test {
 protected:
  void open() {
    monitor_.handle_opened(0x104);
    monitor_.socket_created(1, false);
    monitor_.tx_memory_mapped(1, {0, 0x100000000, 4096, nullptr, false, 1518});
  }
  void close() {
    monitor_.handle_closed(0x104);
    monitor_.tx_memory_unmapped(1, 0x100000000);
    monitor_.socket_closed(1);
  }

  InvariantLog log_;
  BalanceMonitor monitor_{log_};
};

TEST_F(Balance, WhatIsClosedIsInBalance) {
  open();
  close();
  monitor_.socket_destroyed(1);
  monitor_.finish(1000, true);
  expect_held(log_, Invariant::k43);
}

// Each port gives out DMA addresses of its own.
TEST_F(Balance, SocketsOfTwoPortsMayHaveTheSameAddress) {
  open();
  monitor_.socket_created(2, false);
  monitor_.tx_memory_mapped(2, {1, 0x100000000, 4096, nullptr, false, 1518});
  close();
  monitor_.tx_memory_unmapped(2, 0x100000000);
  monitor_.socket_closed(2);
  expect_held(log_, Invariant::k43);
}

TEST_F(Balance, AnAddressOfAnotherSocketIsNotUnmapped) {
  open();
  monitor_.tx_memory_unmapped(2, 0x100000000);
  expect_violated(log_, Invariant::k43, "is not mapped for it");
}

TEST_F(Balance, AHandleThatStaysOpenIsSaid) {
  monitor_.handle_opened(0x104);
  monitor_.finish(1000, true);
  expect_violated(log_, Invariant::k43, "handle 0x104 is still open");
}

TEST_F(Balance, ARunThatWasCutIsNotJudged) {
  open();
  monitor_.finish(1000, false);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(Balance, AReferenceThatIsKeptIsSaid) {
  open();
  close();
  monitor_.finish(1000, true);
  expect_violated(log_, Invariant::k43, "something still refers to it");
}

TEST_F(Balance, MemoryThatStaysMappedIsSaid) {
  open();
  monitor_.socket_closed(1);
  expect_violated(log_, Invariant::k43, "may still read its memory");
}

TEST_F(Balance, WhatMovesAfterTheCloseIsSaid) {
  open();
  close();
  monitor_.ring_moved(1, RingKind::kRx, Actor::kPlatform, 0, 1, 1000);
  expect_violated(log_, Invariant::k43, "a ring moved after it was closed");
}

}  // namespace
}  // namespace ringproof
