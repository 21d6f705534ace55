// The processor of the data path: S-111, S-112.

#include <utility>

#include "testbench/conformance/interface.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kOptions[] = {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY};

class Affinity : public Conformance {
 protected:
  // Which rings say that the processor changed: a letter for each.
  static std::string changed(const ReadySocket& socket) {
    std::string result;
    if (XskRingAffinityChanged(&socket.fill)) result += 'F';
    if (XskRingAffinityChanged(&socket.rx_ring)) result += 'R';
    if (XskRingAffinityChanged(&socket.tx_ring)) result += 'T';
    if (XskRingAffinityChanged(&socket.completion)) result += 'C';
    return result;
  }
  static UINT32 answer(const RawSocket& socket, UINT32 option, UINT32 length) {
    return socket.try_get(option, &length);
  }
  void receive_one(ReadySocket& socket) {
    socket.post_chunks(0, 1);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    socket.received();
  }
  void send_one(ReadySocket& socket) {
    socket.send(8, udp_frame(64, 2));
    machine().settle();
    socket.completed();
  }
};

// S-111
CONFORMANCE(Affinity, IsUnknownBeforeActivation) {
  const RawSocket unbound;
  SocketShape shape;
  shape.activated = false;
  const ReadySocket bound(shape);
  for (const UINT32 option : kOptions) {
    for (const UINT32 length : {3u, 4u}) {
      EXPECT_EQ(answer(unbound, option, length), kBadState);
      EXPECT_EQ(answer(bound, option, length), kBadState);
    }
  }
}

// S-111, with profiling on or off.
CONFORMANCE(Affinity, IsNotReadyBeforeAnyActivity) {
  const ReadySocket socket;
  for (const UINT32 on : {0u, 1u}) {
    for (const UINT32 option : kOptions) {
      EXPECT_EQ(socket.set_number(option, on), kOk);
      EXPECT_EQ(answer(socket, option, 0), kTooSmall);
      EXPECT_EQ(answer(socket, option, 3), kTooSmall);
      EXPECT_EQ(answer(socket, option, 4), kNotReady);
    }
  }
}

// 11.1: a direction without its ring has no processor.
CONFORMANCE(Affinity, NeedsTheRingOfItsDirection) {
  const ReadySocket rx(SocketShape{}.in(kModes[0], XSK_BIND_FLAG_RX));
  EXPECT_EQ(answer(rx, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY, 4), kBadState);
  EXPECT_EQ(answer(rx, XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4), kNotReady);
  const ReadySocket tx(SocketShape{}.in(kModes[0], XSK_BIND_FLAG_TX));
  EXPECT_EQ(answer(tx, XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4), kBadState);
  EXPECT_EQ(answer(tx, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY, 4), kNotReady);
}

// S-112
CONFORMANCE(Affinity, NothingIsToldWhileProfilingIsOff) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  receive_one(socket);
  send_one(socket);
  EXPECT_EQ(changed(socket), "");
  for (const UINT32 option : kOptions) EXPECT_EQ(answer(socket, option, 4), kNotReady);
}

// S-112
CONFORMANCE(Affinity, FirstActivityIsAChange) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    for (const UINT32 option : kOptions) EXPECT_EQ(socket.set_number(option, 1), kOk);
    machine().driver().set_cpu(0, driver::Direction::kRx, 5);
    machine().driver().set_cpu(0, driver::Direction::kTx, 6);
    receive_one(socket);
    EXPECT_EQ(changed(socket), "R");
    send_one(socket);
    EXPECT_EQ(changed(socket), "RT");
    const auto rx = socket.get<PROCESSOR_NUMBER>(XSK_SOCKOPT_RX_PROCESSOR_AFFINITY);
    EXPECT_EQ(rx.Group, 0u);
    EXPECT_EQ(rx.Number, 5u);
    EXPECT_EQ(changed(socket), "T");
    EXPECT_EQ(socket.get<PROCESSOR_NUMBER>(XSK_SOCKOPT_TX_PROCESSOR_AFFINITY).Number, 6u);
    EXPECT_EQ(changed(socket), "");
  }
}

// What a queue sends goes out on the processor on which it receives. The specs do not say so; upstream's
// software path has one processor for both directions of a queue, and its test GenericXskQueryAffinity looks
// at it.
CONFORMANCE(Affinity, SendingFollowsReceiveSideScaling) {
  const Mode& generic = kModes[1];
  ReadySocket socket(SocketShape{}.in(generic));
  const auto program = TestProgram::redirect_all(socket, 0, generic.program_flag);
  for (const UINT32 option : kOptions) EXPECT_EQ(socket.set_number(option, 1), kOk);
  OpenInterface interface;
  for (const auto& [processor, moved] :
       {std::pair<BYTE, bool>{BYTE{3}, true}, {BYTE{1}, true}, {BYTE{1}, false}}) {
    EXPECT_EQ(interface.set(RssWish{.processors = std::vector<BYTE>{processor}}), kOk);
    receive_one(socket);
    send_one(socket);
    EXPECT_EQ(changed(socket), moved ? "RT" : "");
    for (const UINT32 option : kOptions) EXPECT_EQ(socket.get<PROCESSOR_NUMBER>(option).Number, processor);
  }
}

// S-112: one direction's profiling is not the other's.
CONFORMANCE(Affinity, IsProfiledPerDirection) {
  for (const UINT32 option : kOptions) {
    ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    EXPECT_EQ(socket.set_number(option, 1), kOk);
    receive_one(socket);
    send_one(socket);
    EXPECT_EQ(changed(socket), option == XSK_SOCKOPT_RX_PROCESSOR_AFFINITY ? "R" : "T");
  }
}

// S-112: the same processor again is no change, another one is.
CONFORMANCE(Affinity, OnlyAnotherProcessorIsAChange) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  for (const UINT32 option : kOptions) EXPECT_EQ(socket.set_number(option, 1), kOk);
  const auto processor = [&](UINT32 option) { return socket.get<PROCESSOR_NUMBER>(option).Number; };
  receive_one(socket);
  send_one(socket);
  const UINT32 first = processor(XSK_SOCKOPT_RX_PROCESSOR_AFFINITY);
  processor(XSK_SOCKOPT_TX_PROCESSOR_AFFINITY);
  receive_one(socket);
  send_one(socket);
  EXPECT_EQ(changed(socket), "");

  machine().driver().set_cpu(0, driver::Direction::kRx, first + 1);
  receive_one(socket);
  send_one(socket);
  EXPECT_EQ(changed(socket), "R");
  machine().driver().set_cpu(0, driver::Direction::kTx, first + 2);
  send_one(socket);
  EXPECT_EQ(changed(socket), "RT");
  EXPECT_EQ(processor(XSK_SOCKOPT_RX_PROCESSOR_AFFINITY), first + 1);
  EXPECT_EQ(processor(XSK_SOCKOPT_TX_PROCESSOR_AFFINITY), first + 2);
}

// S-112, 11.1: a batch that delivers nothing counts, and so does a descriptor that is refused.
CONFORMANCE(Affinity, ActivityWithoutAFrameCounts) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  for (const UINT32 option : kOptions) EXPECT_EQ(socket.set_number(option, 1), kOk);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(socket.statistics().RxDropped, 1u);
  EXPECT_EQ(changed(socket), "R");
  socket.poke();
  machine().settle();
  EXPECT_EQ(changed(socket), "R");  // a pass that consumed nothing
  EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
  socket.poke();
  machine().settle();
  EXPECT_EQ(changed(socket), "RT");
}

// S-112, 11.1: a getter that fails for its length leaves the flag; switching off leaves flag and processor.
CONFORMANCE(Affinity, FlagStaysUntilItIsFetched) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 1), kOk);
  receive_one(socket);
  EXPECT_EQ(answer(socket, XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 3), kTooSmall);
  EXPECT_EQ(changed(socket), "R");
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 0), kOk);
  EXPECT_EQ(changed(socket), "R");
  EXPECT_EQ(answer(socket, XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4), kOk);
  EXPECT_EQ(changed(socket), "");
  machine().platform().remove_adapter(1);
  EXPECT_EQ(answer(socket, XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, 4), kOk);
}

}  // namespace
}  // namespace ringproof::test
