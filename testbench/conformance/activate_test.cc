// Activation: S-012 to S-017.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Activate = Conformance;

constexpr UINT32 kRx = XSK_BIND_FLAG_RX;
constexpr UINT32 kTx = XSK_BIND_FLAG_TX;

// A socket with a UMEM, bound in these directions if there are any.
class WithUmem : public RawSocket {
 public:
  explicit WithUmem(UINT32 bind_flags = 0) : memory_(4 * 2048) {
    EXPECT_EQ(set(XSK_SOCKOPT_UMEM_REG, umem_at(memory_.data(), memory_.size())), kOk);
    if (bind_flags != 0) {
      EXPECT_EQ(bind(1, 0, bind_flags), kOk);
    }
  }

 private:
  std::vector<unsigned char> memory_;
};

// S-012: each socket gets its share of what arrives, and sends.
CONFORMANCE(Activate, SocketsShareAQueue) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    std::vector<std::unique_ptr<ReadySocket>> sockets;
    std::vector<XDP_RULE> rules;
    std::vector<Bytes> arriving;
    for (UINT16 port = 1; port <= 3; ++port) {
      ReadySocket& socket = *sockets.emplace_back(std::make_unique<ReadySocket>(SocketShape().in(mode)));
      EXPECT_EQ(socket.post_chunks(0, 4), 4u);
      rules.push_back(TestProgram::redirect_port(socket, port));
      arriving.push_back(udp_frame(100, static_cast<unsigned char>(port), port));
    }
    const TestProgram program(rules, 0, mode.program_flag);
    machine().wire(arriving);
    for (UINT32 i = 0; i < sockets.size(); ++i) {
      sockets[i]->send(5 + i, udp_frame(200, static_cast<unsigned char>(i)));
    }
    machine().settle();
    for (UINT32 i = 0; i < sockets.size(); ++i) {
      const auto received = sockets[i]->received();
      ASSERT_EQ(received.size(), 1u) << i;
      EXPECT_EQ(sockets[i]->bytes_of(received[0]), arriving[i]) << i;
      EXPECT_EQ(sockets[i]->completed(), std::vector<std::uint64_t>{sockets[i]->chunk(5 + i)}) << i;
    }
  }
}

// S-013
CONFORMANCE(Activate, FlagsAreRefusedInEveryState) {
  const RawSocket unbound;
  const WithUmem bound(kRx);
  const ReadySocket detached;
  machine().platform().remove_adapter(1);
  machine().platform().add_adapter(1);
  const ReadySocket active;
  for (const UINT32 flags : {0x1u, 0x2u, 0x80000000u, 0xFFFFFFFFu}) {
    for (const RawSocket* socket :
         {&unbound, static_cast<const RawSocket*>(&bound), static_cast<const RawSocket*>(&active),
          static_cast<const RawSocket*>(&detached)}) {
      EXPECT_EQ(socket->activate(flags), kBadParameter) << flags;
    }
  }
}

// S-014
CONFORMANCE(Activate, NeedsAUmem) {
  std::vector<unsigned char> memory(4 * 2048);
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, kRx | kTx | mode.bind_flag), kOk);
    for (UINT32 option = XSK_SOCKOPT_RX_RING_SIZE; option <= XSK_SOCKOPT_TX_COMPLETION_RING_SIZE; ++option) {
      EXPECT_EQ(socket.set_number(option, 8), kOk);
    }
    EXPECT_EQ(socket.activate(), kBadState);
    EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, umem_at(memory.data(), memory.size())), kOk);
    EXPECT_EQ(socket.activate(), kOk);
  }
}

// S-014
CONFORMANCE(Activate, IsForBoundSocketsAndOnlyOnce) {
  const WithUmem unbound;
  for (UINT32 option = XSK_SOCKOPT_RX_RING_SIZE; option <= XSK_SOCKOPT_TX_COMPLETION_RING_SIZE; ++option) {
    EXPECT_EQ(unbound.set_number(option, 8), kOk);
  }
  EXPECT_EQ(unbound.activate(), kBadState);
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    const ReadySocket active(shape.in(mode));
    EXPECT_EQ(active.activate(), kBadState);
    EXPECT_EQ(active.notify(XSK_NOTIFY_FLAG_POKE_TX), kOk);  // still active
    shape.activated = false;
    const ReadySocket bound(shape);
    machine().platform().remove_adapter(1);
    machine().platform().add_adapter(1);
    EXPECT_EQ(active.activate(), kBadState);
    EXPECT_EQ(bound.activate(), kBadState);
  }
}

// S-015, S-016: each bound direction wants both of its rings; once the last one is there it works.
CONFORMANCE(Activate, WantsEveryRingOfABoundDirection) {
  struct Case {
    UINT32 directions;
    std::vector<UINT32> rings;
  };
  const std::vector<UINT32> rx = {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE};
  const std::vector<UINT32> tx = {XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE};
  for (const Mode& mode : kModes) {
    for (const Case& each : {Case{kRx, rx}, Case{kTx, tx}, Case{kRx | kTx, {rx[0], rx[1], tx[0], tx[1]}}}) {
      for (const UINT32 missing : each.rings) {
        SCOPED_TRACE(testing::Message() << mode.name << ", " << each.directions << ", without " << missing);
        const WithUmem socket(each.directions | mode.bind_flag);
        EXPECT_EQ(socket.activate(), kBadState);
        for (const UINT32 option : each.rings) {
          if (option == missing) continue;
          EXPECT_EQ(socket.set_number(option, 8), kOk);
        }
        EXPECT_EQ(socket.activate(), kBadState);
        EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_WAIT_RX), kBadState);  // not active
        EXPECT_EQ(socket.set_number(missing, 8), kOk);
        EXPECT_EQ(socket.activate(), kOk);
        EXPECT_EQ(socket.notify(each.directions == kTx ? UINT32{XSK_NOTIFY_FLAG_WAIT_TX}
                                                       : UINT32{XSK_NOTIFY_FLAG_WAIT_RX}),
                  kTimeout);
      }
    }
  }
}

// S-017: rings of the other direction lie there unused.
CONFORMANCE(Activate, RingsOfAnUnboundDirectionDoNotDisturb) {
  for (const Mode& mode : kModes) {
    for (const UINT32 direction : {kRx, kTx}) {
      SCOPED_TRACE(testing::Message() << mode.name << ", " << direction);
      SocketShape shape;
      shape.activated = false;
      ReadySocket socket(shape.in(mode, direction));
      const bool rx = direction == kRx;
      EXPECT_EQ(socket.set_number(rx ? XSK_SOCKOPT_TX_RING_SIZE : XSK_SOCKOPT_RX_RING_SIZE, 4), kOk);
      EXPECT_EQ(socket.activate(), kOk);
      if (rx) {
        const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
        EXPECT_EQ(socket.post_chunks(0, 1), 1u);
        machine().wire({udp_frame(64, 1)});
        machine().settle();
        EXPECT_EQ(socket.received().size(), 1u);
      } else {
        socket.send(0, udp_frame(64, 1));
        machine().settle();
        EXPECT_EQ(socket.completed().size(), 1u);
      }
    }
  }
}

}  // namespace
}  // namespace ringproof::test
