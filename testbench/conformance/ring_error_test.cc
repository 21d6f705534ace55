// When a ring is in error, what stops and what goes on: S-083, S-084, and INV-10 in strict mode.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using RingErrors = Conformance;
using Addresses = std::vector<std::uint64_t>;

constexpr std::uint64_t kLongUs = 100;

bool every_frame(Tap::Bytes) { return true; }

// A ring of a socket with the option that tells its error.
struct NamedRing {
  const char* name;
  XSK_RING ReadySocket::*ring;
  UINT32 option;
};
constexpr std::array<NamedRing, 4> kRings = {{
    {"FILL", &ReadySocket::fill, XSK_SOCKOPT_RX_FILL_ERROR},
    {"RX", &ReadySocket::rx_ring, XSK_SOCKOPT_RX_ERROR},
    {"TX", &ReadySocket::tx_ring, XSK_SOCKOPT_TX_ERROR},
    {"COMPLETION", &ReadySocket::completion, XSK_SOCKOPT_TX_COMPLETION_ERROR},
}};

// Exactly the rings whose option is `option` are in error, by flag and by getter.
void expect_error_only_on(const ReadySocket& socket, UINT32 option) {
  for (const NamedRing& each : kRings) {
    SCOPED_TRACE(each.name);
    const bool wrong = each.option == option;
    EXPECT_EQ(socket.get<XSK_ERROR>(each.option), wrong ? XSK_ERROR_INVALID_RING : XSK_NO_ERROR);
    EXPECT_EQ(XskRingGetFlags(&(socket.*each.ring)) & XSK_RING_FLAG_ERROR, wrong ? 1u : 0u);
  }
}

// One frame each way, to show that both work.
void expect_both_directions_work(Machine& machine, ReadySocket& socket) {
  ASSERT_EQ(socket.post_chunks(30, 1), 1u);
  machine.wire({udp_frame(100, 1)});
  socket.send(31, udp_frame(100, 2));
  machine.settle();
  EXPECT_EQ(socket.received().size(), 1u);
  EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(31)}));
}

// A frame of the socket is with the driver, and COMPLETION is made to look full.
void break_completion(Machine& machine, ReadySocket& socket) {
  machine.driver().hold_tx(every_frame);
  socket.send(0, udp_frame(100, 1));
  machine.sleep_us(kLongUs);
  ASSERT_EQ(machine.driver().held_tx().size(), 1u);
  set_index(socket.completion.SharedProducer,
            index_in(socket.completion.SharedConsumer) + socket.completion.Size);
}

// S-083, S-084
CONFORMANCE(RingErrors, CompletionRingWithoutRoomForOutstandingFramesIsInvalid) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    break_completion(machine(), socket);
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_COMPLETION_ERROR), XSK_NO_ERROR);
    ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(1), 0, 60)}), 1u);
    socket.poke();
    machine().sleep_us(kLongUs);
    expect_error_only_on(socket, XSK_SOCKOPT_TX_COMPLETION_ERROR);
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 1u);

    // RX and FILL keep working, and so do calls.
    ASSERT_EQ(socket.post_chunks(10, 1), 1u);
    machine().wire({udp_frame(100, 3)});
    machine().sleep_us(kLongUs);
    EXPECT_EQ(socket.received().size(), 1u);
    EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX), kOk);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    machine().settle();
  }
}

// S-084: a ring that is invalid when its interface goes away stays invalid; the others are detached.
CONFORMANCE(RingErrors, TheFirstErrorOfARingIsTheOneThatIsTold) {
  machine().expect_application_violations();
  ReadySocket socket;
  break_completion(machine(), socket);
  socket.poke();
  machine().driver().hold_tx(nullptr);
  machine().driver().release_all_tx();
  machine().settle();
  machine().platform().remove_adapter(1);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_COMPLETION_ERROR), XSK_ERROR_INVALID_RING);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_ERROR_INTERFACE_DETACH);
  machine().platform().add_adapter(1);
}

// S-084: the error stays although the indices are put right, the flag is cleared by the application, and the
// ring works again.
CONFORMANCE(RingErrors, ErrorIsStickyAlthoughTheRingWorksAgain) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    break_completion(machine(), socket);
    socket.poke();
    machine().sleep_us(kLongUs);
    expect_error_only_on(socket, XSK_SOCKOPT_TX_COMPLETION_ERROR);

    set_index(socket.completion.SharedProducer, 0);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    machine().settle();
    EXPECT_EQ(socket.completed(), (Addresses{0}));
    expect_both_directions_work(machine(), socket);
    expect_error_only_on(socket, XSK_SOCKOPT_TX_COMPLETION_ERROR);

    set_index(socket.completion.SharedFlags, 0);
    expect_both_directions_work(machine(), socket);
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_COMPLETION_ERROR), XSK_ERROR_INVALID_RING);
  }
}

// Section 4.4: found when the frame is completed, the same error; the completion is lost.
CONFORMANCE(RingErrors, CompletionThatFindsNoRoomIsLost) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    break_completion(machine(), socket);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    machine().settle();
    expect_error_only_on(socket, XSK_SOCKOPT_TX_COMPLETION_ERROR);
    EXPECT_EQ(index_in(socket.completion.SharedProducer), socket.completion.Size);

    // Nothing is outstanding any more: the rings can be put right and used.
    set_index(socket.completion.SharedProducer, 0);
    socket.completion.CachedProducer = 0;
    expect_both_directions_work(machine(), socket);
  }
}

// What an application does to break a ring: its own index claims more than the ring holds.
void break_ring(ReadySocket& socket, const NamedRing& each) {
  XSK_RING& ring = socket.*each.ring;
  const bool produces = each.ring == &ReadySocket::fill || each.ring == &ReadySocket::tx_ring;
  UINT32* own = produces ? ring.SharedProducer : ring.SharedConsumer;
  set_index(own, index_in(own) + ring.Size + 1);
}

// INV-10: in strict mode each ring that is claimed to hold more than it can gets the error, for good, while
// another socket of the same queues goes on.
CONFORMANCE_ON(RingErrors, StrictModeRaisesTheErrorOnEveryRing, settings.platform.sockets.strict = true) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    for (const NamedRing& each : kRings) {
      SCOPED_TRACE(testing::Message() << mode.name << ", " << each.name);
      ReadySocket broken(SocketShape().in(mode));
      ReadySocket honest(SocketShape().in(mode));
      const TestProgram program(
          {TestProgram::redirect_port(broken, 1), TestProgram::redirect_port(honest, 2)}, 0,
          mode.program_flag);
      ASSERT_EQ(broken.post_chunks(0, 8), 8u);
      ASSERT_EQ(honest.post_chunks(0, 8), 8u);
      machine().wire({udp_frame(100, 1, 1), udp_frame(100, 1, 2)});
      broken.send(20, udp_frame(100, 2));
      machine().settle();
      expect_error_only_on(broken, 0);

      break_ring(broken, each);
      for (int round = 0; round < 2; ++round) {
        machine().wire({udp_frame(100, 3, 1), udp_frame(100, 3, 2)});
        broken.poke();
        machine().settle();
        expect_error_only_on(broken, each.option);
      }
      honest.send(20, udp_frame(100, 4));
      machine().settle();
      EXPECT_EQ(honest.received().size(), 3u);
      EXPECT_EQ(honest.completed(), (Addresses{honest.chunk(20)}));
      expect_error_only_on(honest, 0);
    }
  }
}

// INV-10: rings filled to the last slot are no reason for an error.
// INV-10: the error stays, and the ring is not worked on, though the application repairs its indices.
CONFORMANCE_ON(RingErrors, StrictModeDoesNotForgive, settings.platform.sockets.strict = true) {
  machine().expect_application_violations();
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  const UINT32 good = index_in(socket.fill.SharedProducer);
  set_index(socket.fill.SharedProducer, good + socket.fill.Size + 1);
  machine().wire({udp_frame(100, 1)});
  machine().settle();
  expect_error_only_on(socket, XSK_SOCKOPT_RX_FILL_ERROR);
  set_index(socket.fill.SharedProducer, good);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  machine().wire({udp_frame(100, 2)});
  machine().settle();
  expect_error_only_on(socket, XSK_SOCKOPT_RX_FILL_ERROR);
  EXPECT_TRUE(socket.received().empty());
  EXPECT_EQ(socket.statistics().RxDropped, 2u);
}

CONFORMANCE_ON(RingErrors, StrictModeLeavesFullRingsAlone, settings.platform.sockets.strict = true) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 4;
    ReadySocket socket(shape.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 4), 4u);
    machine().wire(std::vector<Bytes>(6, udp_frame(100, 1)));
    for (UINT32 k = 10; k < 14; ++k) socket.send(k, udp_frame(100, 2));
    machine().settle();
    socket.poke();
    machine().settle();
    EXPECT_EQ(socket.received().size(), 4u);
    EXPECT_EQ(socket.completed().size(), 4u);
    expect_error_only_on(socket, 0);
    expect_both_directions_work(machine(), socket);
  }
}

}  // namespace
}  // namespace ringproof::test
