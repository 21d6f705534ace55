// Two runs that must be alike: INV-07, INV-44, INV-47, and INV-10 as far as neighbours are concerned.

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "model/nic/bare_port.h"
#include "model/nic/queue_engine.h"
#include "sim/monitor/socket_trace.h"
#include "sim/run/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof {
namespace {

using test::kModes;
using test::ReadySocket;
using test::SocketShape;
using test::TestProgram;
using Frame = std::vector<unsigned char>;

constexpr std::uint64_t kUs = 1'000'000;

struct Setting {
  xdp::SocketSettings sockets{};
  std::uint64_t rtl_seed = 1;
  bool hostile_neighbour = false;
};

class Frames final : public nic::FrameSource {
 public:
  explicit Frames(std::vector<Frame> frames) : frames_(std::move(frames)) {}
  bool next(nic::SourceFrame& frame) override {
    if (next_ == frames_.size()) return false;
    frame.offset_ps = 0;
    frame.bytes = frames_[next_++];
    return true;
  }

 private:
  std::vector<Frame> frames_;
  std::size_t next_ = 0;
};

// The trace of socket 1 while it receives and sends, beside a second socket on its queue.
class OneRun {
 public:
  explicit OneRun(const Setting& setting) : setting_(setting) {
    file_.ports.resize(1);
    file_.ports[0].nic.rx_queues = file_.ports[0].nic.tx_queues = 1;
    file_.platform.sockets = setting.sockets;
    machine_ = std::make_unique<Machine>(MachineParts{
        file_, port_maker(), {&trace}, nullptr, [](const char* what) { ADD_FAILURE() << what; }});
    machine_->enter();
    bool over = false;
    machine_->kernel().start_application("test", [&] {
      machine_->driver(0).wait_until_ready();
      body();
      over = true;
    });
    EXPECT_TRUE(machine_->run([&]() -> std::uint64_t { return over ? 0 : kNever; }));
    machine_->leave();
  }

  SocketTrace trace{1};

 private:
  PortMaker port_maker() const {
    return [seed = setting_.rtl_seed](const nic::NicConfig& config, std::uint32_t port, Host& host,
                                      const TapList& taps) -> std::unique_ptr<nic::Port> {
      return std::make_unique<nic::BarePort>(config, port, host, taps, nic::make_rtl_engine("", seed), 1);
    };
  }

  void body() {
    SocketShape shape;
    shape.ring_size = 8;
    ReadySocket socket(shape.in(kModes[0]));
    ReadySocket neighbour(shape.in(kModes[0]));
    const auto program = TestProgram::redirect_all(socket, 0, kModes[0].program_flag);
    if (setting_.hostile_neighbour) break_rings(neighbour);
    for (unsigned char round = 0; round < 5; ++round) exchange(socket, round);
  }

  static void break_rings(ReadySocket& socket) {
    for (XSK_RING* ring : {&socket.fill, &socket.rx_ring, &socket.tx_ring, &socket.completion}) {
      test::set_index(ring->SharedProducer, 0x12345678);
      test::set_index(ring->SharedConsumer, 0x87654321);
    }
    static_cast<void>(socket.notify(XSK_NOTIFY_FLAG_POKE_TX));
  }

  // Six frames in and six out; a seventh finds no chunk.
  void exchange(ReadySocket& socket, unsigned char round) {
    EXPECT_EQ(socket.post_chunks(0, 6), 6u);
    std::vector<Frame> in;
    for (std::size_t k = 0; k < 7; ++k) in.emplace_back(60 + k, round);
    for (UINT32 k = 0; k < 6; ++k) socket.send(32 + k, Frame(100 + k, round));
    machine_->port(0).start_traffic(sources_.emplace_back(std::move(in)), machine_->kernel().now_ps());
    machine_->kernel().sleep(200 * kUs);
    EXPECT_EQ(socket.received().size(), 6u);
    EXPECT_EQ(socket.completed().size(), 6u);
  }

  const Setting setting_;
  NicFile file_;
  std::deque<Frames> sources_;
  std::unique_ptr<Machine> machine_;
};

std::string difference(const OneRun& one, const OneRun& other) {
  return SocketTrace::difference(one.trace, other.trace).value_or("equal");
}

// INV-07: from far before the wrap to shortly after it, for rings of 8 entries.
TEST(Metamorphic, WhereTheIndicesBeginMakesNoDifference) {
  const OneRun at_zero({});
  EXPECT_GT(at_zero.trace.events(), 250u);
  for (std::uint32_t before = 1; before <= 16; before += 3) {
    SCOPED_TRACE(before);
    Setting setting;
    setting.sockets.ring_start_index = 0u - before;
    EXPECT_EQ(difference(at_zero, OneRun(setting)), "equal");
  }
}

// INV-47: ring elements, and the reset state of the RTL.
TEST(Metamorphic, WhatFreshMemoryHoldsMakesNoDifference) {
  const OneRun with_zeros({});
  for (const unsigned char fill : {0xA5, 0xFF}) {
    Setting setting;
    setting.sockets.ring_fill = fill;
    setting.rtl_seed = fill;
    EXPECT_EQ(difference(with_zeros, OneRun(setting)), "equal");
  }
}

// INV-44, INV-10
TEST(Metamorphic, AHostileNeighbourMakesNoDifference) {
  for (const bool strict : {false, true}) {
    Setting setting;
    setting.sockets.strict = strict;
    const OneRun beside_idle(setting);
    setting.hostile_neighbour = true;
    EXPECT_EQ(difference(beside_idle, OneRun(setting)), "equal");
  }
}

// The comparison sees what is different.
TEST(Metamorphic, AnotherFrameIsADifference) {
  SocketTrace one(1);
  SocketTrace other(1);
  const unsigned char byte = 1;
  for (SocketTrace* trace : {&one, &other}) trace->tx_judged(1, 0, true, Tap::Bytes(&byte, 1));
  EXPECT_FALSE(SocketTrace::difference(one, other).has_value());
  other.frame_delivered(0, 1, 1, 256, Tap::Bytes(&byte, 1), 1000);
  EXPECT_NE(SocketTrace::difference(one, other).value_or("").find("received, event 0"), std::string::npos);
}

}  // namespace
}  // namespace ringproof
