// sent_path_monitors_test.cc: frames on their way to the hardware ring, from sockets and from rules that send
// back.

#include <algorithm>
#include <cstring>

#include "sim/monitor/forward_monitor.h"
#include "sim/monitor/sent_time_monitor.h"
#include "sim/monitor/tx_path_monitor.h"
#include "testbench/sim/monitor/accused.h"

namespace ringproof {
namespace {

using Bytes = Tap::Bytes;

// ---- L2FWD ----

class Forwarded : public Accused {
 protected:
  Forwarded() {
    XDP_RULE rule{};
    rule.Action = XDP_PROGRAM_ACTION_L2FWD;
    const RuleTold told{&rule, 5, 0};
    forwards_.rules_changed({0, 0, false, true}, 1, {&told, 1});
    for (std::uint64_t i = 0; i < 2; ++i) {
      sent_[i].assign(64, static_cast<unsigned char>(i));
      for (std::size_t k = 0; k < 12; ++k) sent_[i][k] = static_cast<unsigned char>(k);
      forwards_.wire_in(0, 1 + i, Bytes(sent_[i]));
      forwards_.frame_judged({0, 0, false, true}, Judgement{1 + i, 1, 0, 5}, Bytes(sent_[i]));
      forwards_.frame_forwarded(0, 1 + i, 2000);
      std::swap_ranges(sent_[i].begin(), sent_[i].begin() + 6, sent_[i].begin() + 6);
    }
  }
  std::array<std::vector<unsigned char>, 2> sent_;
  ForwardMonitor forwards_{log_, ports_};
};

TEST_F(Forwarded, InOrderAsTheyCame) {
  for (std::uint32_t i = 0; i < 2; ++i) forwards_.hw_tx_posted(0, 0, i, Bytes(sent_[i]));
  forwards_.finish(9000, true);
  expect_none();
}

TEST_F(Forwarded, TheOtherWayRound) {
  for (std::uint32_t i = 0; i < 2; ++i) forwards_.hw_tx_posted(0, 0, i, Bytes(sent_[1 - i]));
  expect(Invariant::k18, "platform");
}

TEST_F(Forwarded, WithAnotherByte) {
  sent_[0][40] ^= 1;
  for (std::uint32_t i = 0; i < 2; ++i) forwards_.hw_tx_posted(0, 0, i, Bytes(sent_[i]));
  forwards_.finish(9000, true);
  EXPECT_GT(log_.violations(), 0u);
}

TEST_F(Forwarded, HeldByATestInAnyOrder) {
  for (const auto& each : sent_) forwards_.tx_held(0, 0, Bytes(each));
  for (std::uint32_t i = 0; i < 2; ++i) forwards_.hw_tx_posted(0, 0, i, Bytes(sent_[1 - i]));
  forwards_.finish(9000, true);
  expect_none();
}

TEST_F(Forwarded, GivenBackByADriverThatIsPaused) {
  forwards_.wire_out_dropped(0, 0, DropReason::kPaused);
  forwards_.hw_tx_posted(0, 0, 0, Bytes(sent_[1]));
  forwards_.finish(9000, true);
  expect_none();
}

TEST_F(Forwarded, NeverPosted) {
  forwards_.finish(9000, true);
  expect(Invariant::k17, "platform");
}

// ---- sockets ----

// Two sockets on one memory; each gives the chunks of its own half.
class Given : public Accused {
 protected:
  Given() {
    for (std::uint64_t number = 1; number <= 2; ++number) {
      path_.tx_memory_mapped(number, {0, 0x10000, memory_.size(), memory_.data(), false, 1514});
      for (std::size_t i = 0; i < 3; ++i) path_.tx_judged(number, 0, true, at(number, i));
    }
  }
  Bytes at(std::uint64_t number, std::size_t i) const {
    return {memory_.data() + 1024 * (number - 1) + 256 * i, 60};
  }
  void post(std::uint64_t number, std::size_t i) { path_.hw_tx_posted(0, 0, posted_++, at(number, i)); }

  std::array<unsigned char, 2048> memory_{};
  std::uint32_t posted_ = 0;
  TxPathMonitor path_{log_};
};

TEST_F(Given, InTheOrderOfEachSocket) {
  post(2, 0);
  for (std::size_t i = 0; i < 3; ++i) post(1, i);
  for (std::size_t i = 1; i < 3; ++i) post(2, i);
  expect_none();
  EXPECT_EQ(log_.checks(Invariant::k18), 6u);
}

TEST_F(Given, LaterOnesFirst) {
  post(1, 2);
  expect(Invariant::k18, "platform");
}

// A fault has made the application misbehave, which may give a frame twice.
TEST_F(Given, LaterOnesFirstOfASocketThatIsExcused) {
  log_.excuse_socket(1, InvariantLog::Set().set());
  post(1, 2);
  expect_none();
  post(2, 2);
  expect(Invariant::k18, "platform");
}

TEST_F(Given, NobodyGaveThese) {
  path_.hw_tx_posted(0, 0, 0, {memory_.data() + 10, 60});
  expect(Invariant::k17, "platform");
}

TEST_F(Given, TheSameOneForAll) {
  post(1, 0);
  post(1, 0);
  expect(Invariant::k17, "platform");
}

TEST_F(Given, SomeGivenBack) {
  path_.wire_out_dropped(0, 0, DropReason::kSendFailed);
  post(1, 1);
  path_.tx_finished(1, 0, at(1, 0));
  post(1, 2);
  expect_none();
}

TEST_F(Given, HeldByATestInAnyOrder) {
  for (std::size_t i = 0; i < 3; ++i) path_.tx_held(0, 0, at(1, i));
  for (const std::size_t i : {2u, 0u, 1u}) post(1, i);
  expect_none();
}

// ---- times of COMPLETION entries ----

class Timed : public Accused {
 protected:
  static std::vector<nic::NicConfig> stamping() {
    nic::NicConfig port;
    port.offloads.tx_timestamp = true;
    return {port};
  }
  Timed() {
    RingShape shape{ring_.data(), 4, 16};
    shape.extensions.timestamp = 8;
    times_.ring_created(1, RingKind::kCompletion, shape);
    times_.tx_memory_mapped(1, {0, 0x10000, frame_.size(), frame_.data(), false, 1514});
    times_.tx_joined(1, 0, 0, false, true);
  }
  Bytes at(std::size_t i) { return {frame_.data() + 64 * i, 60}; }
  void send(std::uint32_t i) {
    times_.hw_tx_posted(0, 0, i, at(i));
    times_.tx_handed_over(0, 0, i);
  }
  void leave(std::uint64_t end_ps) { times_.wire_out(0, 0, end_ps, {}); }
  void tell(std::uint32_t i, std::uint64_t time_ns) {
    std::memcpy(ring_.data() + 192 + std::size_t{16} * (told_++ & 3) + 8, &time_ns, sizeof time_ns);
    times_.tx_finished(1, 64 * i, at(i));
  }
  SentTimeMonitor times_{log_, stamping()};
  std::array<unsigned char, 192 + 4 * 16> ring_{};
  std::uint32_t told_ = 0;
};

TEST_F(Timed, WhenTheyLeft) {
  for (std::uint32_t i = 0; i < 2; ++i) send(i);
  leave(5'999);
  tell(0, 5);
  tell(1, 7);  // the entry comes first
  leave(7'000);
  expect_none();
  EXPECT_EQ(log_.checks(Invariant::k20), 2u);
}

TEST_F(Timed, WhenTheNextOneLeft) {
  for (std::uint32_t i = 0; i < 2; ++i) send(i);
  leave(5'999);
  leave(7'000);
  tell(0, 7);
  expect(Invariant::k20, "platform");
}

TEST_F(Timed, NotAtAll) {
  send(0);
  tell(0, 0);
  leave(7'000);
  expect(Invariant::k20, "platform");
}

TEST_F(Timed, ByATestThatHeldIt) {
  times_.tx_held(0, 0, at(0));
  send(0);
  leave(7'000);
  tell(0, 1234);
  expect_none();
}

// Frames of others take their place on the wire.
TEST_F(Timed, AmongFramesOfOthers) {
  times_.tx_handed_over(0, 0, 0);
  send(1);
  leave(5'000);
  leave(7'000);
  tell(1, 7);
  expect_none();
}

TEST_F(Timed, TakenBackWhenTheQueueWentOff) {
  send(0);
  times_.queue_disabled(0, 64, 6'000);
  tell(0, 0);
  leave(7'000);
  expect_none();
}

}  // namespace
}  // namespace ringproof
