// What the operating system, the wire and the device do around an application.

#include <array>
#include <functional>
#include <optional>
#include <set>

#include "testbench/conformance/interface.h"
#include "testbench/testbench_api/one_socket.h"

namespace ringproof::testbench {
namespace {

using namespace std::chrono_literals;
using ControlPlane = OneSocket;

constexpr UINT32 kNoDriver = 0x80070002;

TEST_F(ControlPlane, AHeldFrameReportsWhatTheTestSays) {
  TxHold hold = machine.hold_tx({.bytes = {7}, .offset = 60});
  send(0, udp_frame(64, 7));
  send(1, udp_frame(64, 8));
  machine.expect_frame({.bytes = {8}, .offset = 60});
  machine.expect_no_frame();
  ASSERT_EQ(hold.size(), 1u);
  hold.set(0, 42, false);
  hold.complete({0});
  machine.expect_no_frame();
  EXPECT_EQ(completed().size(), 2u);
  EXPECT_EQ(machine.snapshot().counters["port1.tx0.dropped"], 1u);
}

TEST_F(ControlPlane, AHeldFrameShowsWhatItsApplicationAsksOfTheDevice) {
  close();
  machine.call([this] {
    test::SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
    socket.emplace(shape.in(test::kModes[0], test::kTxOnly));
  });
  const TxHold hold = machine.hold_tx();
  XDP_FRAME_LAYOUT layout{};
  layout.Layer2HeaderLength = 18;
  layout.Layer3HeaderLength = 40;
  layout.Layer4HeaderLength = 32;
  layout.Layer2Type = XdpFrameLayer2TypeEthernet;
  layout.Layer3Type = XdpFrameLayer3TypeIPv6NoExtensions;
  layout.Layer4Type = XdpFrameLayer4TypeTcp;
  XDP_FRAME_CHECKSUM checksum{};
  checksum.Layer4 = XdpFrameTxChecksumActionRequired;
  machine.call([&] { socket->send_with(0, udp_frame(100, 7), layout, checksum); });
  machine.expect_no_frame();
  ASSERT_EQ(hold.size(), 1u);
  const HeldFrame held = hold.peek(0);
  EXPECT_FALSE(held.layer3_checksum_wanted);
  EXPECT_TRUE(held.layer4_checksum_wanted);
  EXPECT_EQ(held.layer2_header_bytes, 18u);
  EXPECT_EQ(held.layer3_header_bytes, 40u);
  EXPECT_EQ(held.layer4_header_bytes, 32u);
  EXPECT_EQ(held.layer2_type, std::uint32_t{XdpFrameLayer2TypeEthernet});
  EXPECT_EQ(held.layer3_type, std::uint32_t{XdpFrameLayer3TypeIPv6NoExtensions});
  EXPECT_EQ(held.layer4_type, std::uint32_t{XdpFrameLayer4TypeTcp});
}

TEST_F(ControlPlane, ADroppedHoldLetsItsFramesGo) {
  {
    const TxHold hold = machine.hold_tx();
    send(0, udp_frame(64, 7));
    machine.expect_no_frame();
  }
  EXPECT_TRUE(machine.expect_frame().has_value());
}

TEST_F(ControlPlane, TheHostSendsThroughTheSamePort) {
  machine.host_send(udp_frame(200, 9));
  send(0, udp_frame(64, 1));
  EXPECT_EQ(next_frame({.bytes = {9}, .offset = 60}), udp_frame(200, 9));
  EXPECT_EQ(next_frame(), udp_frame(64, 1));
  machine.expect_no_frame();
  EXPECT_THROW(machine.host_send({}), std::invalid_argument);
}

TEST_F(ControlPlane, APausedInterfaceLosesFramesBothWays) {
  give_buffers(2);
  {
    const Handle paused = machine.pause_interface();
    machine.inject(udp_frame(64, 1));
    send(5, udp_frame(64, 2));
    machine.expect_no_frame();
    EXPECT_EQ(completed().size(), 1u);
  }
  machine.inject(udp_frame(64, 3));
  machine.run_until_idle();
  EXPECT_EQ(received(), std::vector<Bytes>{udp_frame(64, 3)});
  EXPECT_EQ(machine.snapshot().counters["dropped.paused"], 1u);
}

// Without a link nothing arrives, and what is sent is completed and gone.
TEST_F(ControlPlane, WithoutALinkNothingComesOrGoes) {
  give_buffers(2);
  Handle down = machine.link_down();
  machine.inject(udp_frame(64, 1));
  send(5, udp_frame(64, 2));
  machine.expect_no_frame();
  EXPECT_EQ(completed().size(), 1u);
  EXPECT_EQ(machine.snapshot().counters["wire_in"], 0u);
  down.undo();
  machine.inject(udp_frame(64, 3));
  machine.run_until_idle();
  EXPECT_EQ(received(), std::vector<Bytes>{udp_frame(64, 3)});
}

// A restart costs the socket its interface; a new one works.
TEST_F(ControlPlane, ARestartDetachesWhatWasBound) {
  const Handle restart = machine.restart_interface();
  machine.run_until([&] { return restart.done(); });
  EXPECT_NE(machine.snapshot().ring("TX").flags & XSK_RING_FLAG_ERROR, 0u);
  close();
  open();
  send(0, udp_frame(64, 1));
  EXPECT_TRUE(machine.expect_frame().has_value());
}

// The interface cannot go before the device gave every frame back.
TEST_F(ControlPlane, RemovalWaitsForFramesInFlight) {
  TxHold hold = machine.hold_tx();
  send(0, udp_frame(64, 1));
  machine.expect_no_frame();
  Handle removed = machine.remove_interface();
  machine.run_for(1ms);
  EXPECT_FALSE(removed.done());
  hold.release();
  machine.run_until([&] { return removed.done(); });
  EXPECT_THROW(machine.add_interface(2), std::invalid_argument);
  removed.undo();
  machine.run_until_idle();
  EXPECT_THROW(machine.add_interface(), std::invalid_argument) << "it is back";
}

TEST_F(ControlPlane, AnMtuHoldsForWhoBindsNext) {
  close();
  Handle mtu = machine.set_mtu(1400);
  machine.run_until([&] { return mtu.done(); });
  const auto invalid = [this](std::size_t bytes) {
    UINT64 count = 0;
    machine.call([&] {
      test::ReadySocket generic(test::SocketShape{}.in(test::kModes[1]));
      generic.send(0, udp_frame(bytes, 1));
      Sleep(1);
      count = generic.statistics().TxInvalidDescriptors;
    });
    return count;
  };
  EXPECT_EQ(invalid(1415), 1u);
  mtu.undo();
  machine.run_until_idle();
  EXPECT_EQ(invalid(1415), 0u);
  open();
}

TEST_F(ControlPlane, WhatTheHardwareCanDoMayChange) {
  const auto enables = [this] {
    UINT32 answer = 0;
    machine.call([&] {
      const test::RawSocket raw;
      EXPECT_EQ(raw.bind(1, 0, XSK_BIND_FLAG_TX | XSK_BIND_FLAG_NATIVE), test::kOk);
      answer = raw.set_number(XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP, 1);
    });
    return answer;
  };
  close();
  {
    const Handle less = machine.set_capabilities({.tx_timestamp = false});
    EXPECT_EQ(enables(), test::kNotSupported);
  }
  EXPECT_EQ(enables(), test::kOk);
  EXPECT_THROW(machine.set_offloads({.rx_timestamp = false}), std::invalid_argument);
  open();
}

TEST_F(ControlPlane, AStoppedDriverTakesEveryHandleWithIt) {
  Handle stopped = machine.stop_driver();
  machine.run_until([&] { return stopped.done(); });
  machine.call([&] {
    EXPECT_EQ(socket->notify(XSK_NOTIFY_FLAG_POKE_TX), test::kInvalidHandle);
    HANDLE handle = nullptr;
    EXPECT_EQ(test::number(XskCreate(&handle)), kNoDriver);
    socket->forget();
    program->forget();
    socket.reset();
    program.reset();
  });
  stopped.undo();
  machine.run_until_idle();
  open();
  send(0, udp_frame(64, 1));
  EXPECT_TRUE(machine.expect_frame().has_value());
}

TEST(Rss, TheHostSpreadsFramesAnew) {
  Options options;
  options.queues = 4;
  TestMachine machine(options);
  PassUp stack = machine.pass_up();
  const auto queue_now = [&] {
    machine.inject(udp_frame(64, 1));
    machine.run_until_idle();
    return stack.peek(stack.waiting() - 1).queue;
  };
  const std::uint32_t before = queue_now();
  {
    const Handle rss = machine.set_rss({.table = std::vector<std::uint32_t>{(before + 1) % 4}});
    EXPECT_EQ(queue_now(), (before + 1) % 4);
  }
  EXPECT_EQ(queue_now(), before);
  EXPECT_THROW(machine.set_rss({.table = std::vector<std::uint32_t>{4}}), std::invalid_argument);
  EXPECT_THROW(machine.set_rss({.table = std::vector<std::uint32_t>{0, 1, 2}}), std::invalid_argument);
  EXPECT_THROW(machine.set_rss({.key = Bytes(39)}), std::invalid_argument);
  EXPECT_THROW(machine.set_rss({.hash_types = XDP_RSS_HASH_TYPE_UDP_IPV6_EX}), std::invalid_argument);
}

// A key, and what is hashed with it; 0 switches scaling off.
TEST(Rss, TheHostChoosesKeyAndHashTypes) {
  Options options;
  options.queues = 4;
  TestMachine machine(options);
  PassUp stack = machine.pass_up();
  const auto queues_now = [&] {
    std::set<std::uint32_t> queues;
    for (std::uint16_t port = 1; port <= 32; ++port) machine.inject(udp_frame(64, 1, port));
    machine.run_until_idle();
    for (std::size_t i = stack.waiting() - 32; i < stack.waiting(); ++i) queues.insert(stack.peek(i).queue);
    return queues.size();
  };
  EXPECT_EQ(queues_now(), 4u);
  {
    const Handle rss = machine.set_rss({.hash_types = XDP_RSS_HASH_TYPE_IPV4});
    EXPECT_EQ(queues_now(), 1u);
  }
  {
    const Handle rss = machine.set_rss({.key = Bytes(40)});
    EXPECT_EQ(queues_now(), 1u);
  }
  {
    const Handle rss = machine.set_rss({.hash_types = 0});
    EXPECT_EQ(queues_now(), 1u);
  }
  EXPECT_EQ(queues_now(), 4u);
}

// What a program has set itself stays until it lets go of it.
TEST(Rss, TheHostWaitsForAProgramThatHasSetItItself) {
  Options options;
  options.queues = 4;
  TestMachine machine(options);
  PassUp stack = machine.pass_up();
  const auto queue_now = [&] {
    machine.inject(udp_frame(64, 1));
    machine.run_until_idle();
    return stack.peek(stack.waiting() - 1).queue;
  };
  std::optional<test::OpenInterface> interface;
  machine.call([&] {
    interface.emplace();
    EXPECT_EQ(interface->set(test::RssWish{.processors = std::vector<BYTE>{3}}), test::kOk);
  });
  const Handle rss = machine.set_rss({.table = std::vector<std::uint32_t>{2}});
  EXPECT_EQ(queue_now(), 0u);
  machine.call([&] { interface.reset(); });
  EXPECT_EQ(queue_now(), 2u);
}

TEST(Quic, TheTestSeesConnectionsAndAnswersThem) {
  constexpr UINT32 kSomeFailure = 0x80004005;
  TestMachine machine;
  std::optional<test::OpenInterface> interface;
  const auto add = [&](UINT16 port) {
    std::vector<XDP_QUIC_CONNECTION> batch = {test::quic_connection(port)};
    batch[0].DecryptFailureAction = XDP_QUIC_DECRYPT_FAILURE_ACTION_CONTINUE;
    batch[0].PayloadKey[31] = 1;
    batch[0].HeaderKey[0] = 2;
    batch[0].PayloadIv[11] = 3;
    UINT32 answer = 0;
    machine.call([&] {
      answer = interface->qeo(batch);
      if (answer == test::kOk) answer = test::number(batch[0].Status);
    });
    return answer;
  };
  machine.call([&] { interface.emplace(); });
  EXPECT_EQ(add(0x3412), test::kOk);  // in network order
  ASSERT_EQ(machine.quic_connections().size(), 1u);
  const QuicConnection seen = machine.quic_connections().front();
  EXPECT_EQ(seen.udp_port, 0x1234u);
  EXPECT_EQ(seen.connection_id, Bytes(8));
  EXPECT_FALSE(seen.receive);
  EXPECT_TRUE(seen.passes_undecrypted);
  ASSERT_EQ(seen.payload_key.size(), 32u);
  EXPECT_EQ(seen.payload_key[31], 1);
  ASSERT_EQ(seen.header_key.size(), 32u);
  EXPECT_EQ(seen.header_key[0], 2);
  ASSERT_EQ(seen.payload_iv.size(), 12u);
  EXPECT_EQ(seen.payload_iv[11], 3);
  {
    const Handle full = machine.set_quic_answers({.connections_max = 1});
    EXPECT_EQ(add(2), test::kNoResources);
  }
  {
    const Handle broken = machine.set_quic_answers({.request_status = kSomeFailure});
    EXPECT_EQ(add(2), kSomeFailure);
  }
  EXPECT_EQ(add(2), test::kOk);
  machine.call([&] { interface.reset(); });
  EXPECT_TRUE(machine.quic_connections().empty());
}

TEST(ControlRequests, TheTestAnswersForTheAdapter) {
  constexpr UINT32 kSomeFailure = 0x80004005;
  Options options;
  options.queues = 4;
  TestMachine machine(options);
  std::optional<test::OpenInterface> interface;
  machine.call([&] { interface.emplace(); });
  UINT32 answer = 0;
  const auto sets = [&] { answer = interface->set(test::RssWish{.processors = std::vector<BYTE>{3, 3}}); };

  ControlHold hold = machine.hold_control_requests(ControlRequest::kRssSet);
  Thread setter = machine.start("setter", sets);
  machine.run_until_idle();
  EXPECT_FALSE(setter.ended());
  ASSERT_EQ(hold.size(), 1u);
  EXPECT_EQ(hold.peek(0).rss.table, std::vector<std::uint32_t>(128, 0));
  EXPECT_EQ(hold.peek(0).rss.key->size(), 40u);
  hold.complete(0, kSomeFailure);
  machine.join(setter);
  EXPECT_EQ(answer, kSomeFailure);
  EXPECT_EQ(hold.size(), 0u);

  // Who failed does not own it; another one may, after whoever waits before it.
  Thread first = machine.start("first", sets);
  std::optional<test::OpenInterface> other;
  UINT32 answer_of_other = 0;
  Thread second = machine.start("second", [&] {
    other.emplace();
    answer_of_other = other->set(test::RssWish{.processors = std::vector<BYTE>{3}});
  });
  machine.run_until_idle();
  EXPECT_EQ(hold.size(), 1u);
  hold.release();
  machine.join(first);
  machine.join(second);
  EXPECT_EQ(answer == test::kOk ? answer_of_other : answer, test::kBadState);
  machine.call([&] {
    interface.reset();
    other.reset();
  });
}

TEST(ControlRequests, ConnectionsWaitAndAreSeen) {
  TestMachine machine;
  std::optional<test::OpenInterface> interface;
  machine.call([&] { interface.emplace(); });
  ControlHold hold = machine.hold_control_requests(ControlRequest::kConnectionOffload);
  std::vector<XDP_QUIC_CONNECTION> batch = {test::quic_connection(0x3412)};
  Thread thread = machine.start("adds", [&] { EXPECT_EQ(interface->qeo(batch), test::kOk); });
  machine.run_until_idle();
  ASSERT_EQ(hold.size(), 1u);
  ASSERT_EQ(hold.peek(0).added.size(), 1u);
  EXPECT_EQ(hold.peek(0).added[0].udp_port, 0x1234u);
  EXPECT_TRUE(hold.peek(0).removed.empty());
  EXPECT_TRUE(machine.quic_connections().empty());
  EXPECT_THROW(hold.peek(1), std::invalid_argument);
  EXPECT_THROW(hold.complete(0, 5), std::invalid_argument);
  hold.complete(0);
  machine.join(thread);
  EXPECT_EQ(machine.quic_connections().size(), 1u);
  machine.call([&] { interface.reset(); });
}

// The handle goes while its request waits: what was set ends with it all the same.
TEST(ControlRequests, CloseWaitsForTheAnswer) {
  Options options;
  options.queues = 2;
  TestMachine machine(options);
  std::optional<test::OpenInterface> interface;
  machine.call([&] { interface.emplace(); });
  ControlHold hold = machine.hold_control_requests(ControlRequest::kRssSet);
  Thread sets = machine.start("sets", [&] {
    EXPECT_EQ(interface->set(test::RssWish{.processors = std::vector<BYTE>{3}}), test::kOk);
  });
  machine.run_until_idle();
  Thread closes = machine.start("closes", [&] { CloseHandle(interface->handle()); });
  machine.run_until_idle();
  EXPECT_FALSE(closes.ended());
  hold.complete(0);
  machine.join(sets);
  machine.join(closes);
  hold.release();
  machine.call([&] {
    interface->forget();
    const test::OpenInterface next;
    EXPECT_EQ(next.set(test::RssWish{.processors = std::vector<BYTE>{3}}), test::kOk);
  });
}

// Nobody answers, and two holds of each kind are open: the end lets everything go.
TEST(ControlRequests, TheEndOfTheMachineAnswersAll) {
  TestMachine machine;
  std::optional<test::OpenInterface> interface;
  machine.call([&] { interface.emplace(); });
  const ControlHold first = machine.hold_control_requests(ControlRequest::kConnectionOffload);
  const ControlHold second = machine.hold_control_requests(ControlRequest::kConnectionOffload);
  const TxHold third = machine.hold_tx();
  const TxHold fourth = machine.hold_tx(Pattern{.bytes = {9}});
  std::vector<XDP_QUIC_CONNECTION> batch = {test::quic_connection(1)};
  machine.start("adds", [&] { interface->qeo(batch); });
  machine.run_until_idle();
  machine.finish();
  interface->forget();
}

// ---- time ----

TEST_F(ControlPlane, OperationsComeAtTheirTime) {
  give_buffers(4);
  Time came{};
  const Handle at = machine.at(machine.now() + 50us, [&] {
    came = machine.now();
    machine.inject(udp_frame(64, 1));
  });
  const Time planned = machine.now() + 50us;
  machine.run_for(10us);
  EXPECT_FALSE(at.done());
  machine.run_until_idle();
  EXPECT_TRUE(at.done());
  EXPECT_EQ(came, planned);
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(ControlPlane, AnOperationThatIsTakenBackNeverComes) {
  bool came = false;
  {
    const Handle at = machine.at(machine.now() + 50us, [&] { came = true; });
  }
  machine.run_for(100us);
  EXPECT_FALSE(came);
  EXPECT_THROW(machine.at(Time(0), [] {}), std::invalid_argument);
}

TEST_F(ControlPlane, AStepIsASituationOfItsOwn) {
  std::uint64_t came = 0;
  const std::uint64_t planned = machine.step() + 7;
  const Handle at = machine.at_step(planned, [&] { came = machine.step(); });
  machine.start("busy", [&] { socket->poke(); });
  machine.run_until_idle();
  EXPECT_EQ(came, planned);
}

TEST_F(ControlPlane, CyclesAreThoseOfThePort) {
  const Time before = machine.now();
  machine.run_cycles(250);
  EXPECT_EQ(machine.now() - before, Time(1us));
}

// Outside, what an operation does comes after all that the hardware has done, however far it has run ahead.
class OnEveryEngine : public testing::TestWithParam<Engine> {};
INSTANTIATE_TEST_SUITE_P(Time, OnEveryEngine,
                         testing::Values(Engine::kFunctional, Engine::kCycle, Engine::kRtl));

TEST_P(OnEveryEngine, OperationsWorkAfterRest) {
  Options options;
  options.engine = GetParam();
  TestMachine machine(options);
  std::optional<test::ReadySocket> socket;
  machine.call([&] { socket.emplace(); });
  const auto after_rest = [&](const std::function<void()>& operation) {
    machine.inject(udp_frame(1000, 1));
    machine.host_send(udp_frame(1500, 2));
    machine.run_until_idle();
    operation();
    machine.run_until_idle();
  };
  after_rest([&] {
    machine.enqueue(udp_frame(1000, 3));
    machine.flush();
  });
  after_rest([&] { const Handle rss = machine.set_rss({.table = std::vector<std::uint32_t>{0}}); });
  after_rest([&] { const TxHold hold = machine.hold_tx(); });
  after_rest([&] { const Handle paused = machine.pause_interface(); });
  after_rest([&] { machine.host_send(udp_frame(64, 4)); });
  after_rest([&] { machine.restart_interface(); });
  machine.call([&] {
    socket->close();
    socket.reset();
  });
  EXPECT_GT(machine.sent().size(), 6u);
}

TEST_P(OnEveryEngine, WhatLeftInTimeIsSeenInTime) {
  Options options;
  options.engine = GetParam();
  TestMachine machine(options);
  std::optional<test::ReadySocket> socket;
  machine.call([&] {
    socket.emplace();
    for (UINT32 k = 0; k < 8; ++k) socket->send(k, udp_frame(k < 4 ? 1400 : 64, 1));
  });
  machine.run_for(1ms);
  EXPECT_EQ(machine.sent().size(), 8u);
  machine.call([&] {
    socket->close();
    socket.reset();
  });
}

#ifdef RINGPROOF_OWN_ENGINE
TEST(OwnEngine, TakesThePlaceOfOurs) {
  Options options;
  options.queues = 2;
  options.own_engine = RINGPROOF_OWN_ENGINE;
  TestMachine machine(options);
  std::optional<test::ReadySocket> socket;
  machine.call([&] {
    socket.emplace();
    for (UINT32 k = 0; k < 4; ++k) socket->send(k, udp_frame(200, 1));
  });
  machine.run_until_idle();
  EXPECT_EQ(machine.sent().size(), 4u);
  machine.call([&] {
    socket->close();
    socket.reset();
  });
}

TEST(OwnEngine, MustBeThereAndLargeEnough) {
  const auto refusal = [](const Options& options) -> std::string {
    try {
      const Testbench machine(options);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "none";
  };
  Options options;
  options.own_engine = "./none.so";
  EXPECT_EQ(refusal(options),
            "Options::own_engine: expected a shared object that can be read, got ./none.so");
  options.own_engine = RINGPROOF_OWN_ENGINE;
  options.queues = 5;
  EXPECT_NE(refusal(options).find("rx_queues: expected at most 4 on engine "), std::string::npos);
}
#endif

// A run that is over at its time before the timer of that time leaves nothing behind that knows of its frame.
TEST(Time, ARunLeavesNothingBehind) {
  Options options;
  options.polling = true;
  TestMachine machine(options);
  std::optional<test::ReadySocket> socket;
  machine.call([&] { socket.emplace(); });
  const Thread waiter = machine.start("waiter", [&] { socket->notify(test::kWaitRx, INFINITE); });
  machine.run_for(50us);
  machine.call([&] { socket->set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET); });
  const auto run = [&] { machine.run_for(50us); };
  run();
  std::array<unsigned char, 8192> frame{};
  const volatile unsigned char* const seen = frame.data();
  machine.call([&] { socket->close(); });
  machine.join(waiter);
  for (std::size_t i = 0; i < frame.size(); ++i) EXPECT_EQ(seen[i], 0) << i;
  machine.call([&] { socket.reset(); });
}

// ---- the verdict ----

TEST(Verdict, AThreadThatWaitsForEverIsAFailure) {
  Testbench machine;
  const Thread thread = machine.start("waiter", [] {
    const test::ReadySocket socket;
    socket.notify(test::kWaitRx, INFINITE);
  });
  EXPECT_FALSE(machine.join(thread));
  ASSERT_EQ(machine.failures().size(), 1u);
  EXPECT_NE(machine.failures()[0].find("the end of thread waiter"), std::string::npos);
}

TEST(Verdict, AViolationIsAFailureUnlessItIsExpected) {
  for (const bool expected : {false, true}) {
    Testbench machine;
    if (expected) machine.expect_application_violations();
    machine.call([] {
      test::ReadySocket socket;
      socket.post({0, 0});
    });
    machine.finish();
    EXPECT_FALSE(machine.violations().empty());
    EXPECT_EQ(machine.failures().empty(), expected);
  }
}

TEST(Verdict, TwoMachinesAtATimeAreRefused) {
  const TestMachine one;
  EXPECT_THROW(Testbench(), std::invalid_argument);
}

TEST_F(ControlPlane, ASnapshotSaysWhoHasEachBuffer) {
  give_buffers(3);
  const Snapshot snapshot = machine.snapshot();
  EXPECT_EQ(snapshot.ring("FILL").producer, 3u);
  EXPECT_EQ(snapshot.ring("FILL").consumer, 0u);
  EXPECT_EQ(snapshot.buffers_of("FILL"), 3u);
  EXPECT_EQ(snapshot.buffers_of("APP"), snapshot.buffers.size() - 3);
  EXPECT_THROW(static_cast<void>(snapshot.ring("FILL", 9)), std::invalid_argument);
}

TEST_F(ControlPlane, ASnapshotHasTheCountersOfReceiveQueues) {
  give_buffers(1);
  for (int i = 0; i < 2; ++i) machine.inject(udp_frame(64, 1));
  machine.run_until_idle();
  Snapshot snapshot = machine.snapshot();
  EXPECT_EQ(snapshot.counters["native.if_1_queue_0.XskFramesDelivered"], 1u);
  EXPECT_EQ(snapshot.counters["native.if_1_queue_0.XskFramesDropped"], 1u);
  EXPECT_FALSE(snapshot.counters.contains("generic.if_1_queue_0.XskFramesDelivered"));
}

}  // namespace
}  // namespace ringproof::testbench
