// Several sockets on one TX queue, and completions out of order: S-077, S-079.

#include <algorithm>
#include <map>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using TransmitSharing = Conformance;
using Addresses = std::vector<std::uint64_t>;

constexpr std::uint64_t kLongUs = 100;

bool every_frame(Tap::Bytes) { return true; }

// The mark of a frame made by udp_frame().
unsigned char mark_of(const Bytes& frame) { return frame.back(); }

// Sends a frame of 100 bytes from chunk k, and waits until the driver has it in hand. While others are held
// no completion comes and NEED_POKE stays clear: the poke is for that.
void send_and_hold(Machine& machine, ReadySocket& socket, UINT32 k, unsigned char mark) {
  const std::size_t held = machine.driver().held_tx().size();
  socket.send(k, udp_frame(100, mark));
  socket.poke();
  machine.sleep_us(kLongUs);
  ASSERT_EQ(machine.driver().held_tx().size(), held + 1);
}

// S-077
CONFORMANCE(TransmitSharing, CompletionsComeInTheOrderOfTheInterface) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    machine().driver().hold_tx(every_frame);
    for (UINT32 k = 0; k < 4; ++k) send_and_hold(machine(), socket, k, 1);
    for (const std::size_t i : {2u, 2u, 0u, 0u}) {  // chunks 2, 3, 0, 1
      machine().driver().release_tx(i);
      machine().sleep_us(kLongUs);
    }
    EXPECT_EQ(socket.completed(),
              (Addresses{socket.chunk(2), socket.chunk(3), socket.chunk(0), socket.chunk(1)}));
    machine().driver().hold_tx(nullptr);
  }
}

// S-077, S-079: the order is that of the interface for each of two sockets.
CONFORMANCE(TransmitSharing, InterleavedCompletionsFindTheirSockets) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket first(SocketShape().in(mode, kTxOnly));
    ReadySocket second(SocketShape().in(mode, kTxOnly));
    machine().driver().hold_tx(every_frame);
    for (UINT32 k = 0; k < 3; ++k) {
      send_and_hold(machine(), first, k, 1);
      send_and_hold(machine(), second, k + 10, 2);
    }
    // Backwards, and in one pass.
    machine().driver().hold_tx(nullptr);
    for (std::size_t left = 6; left > 0; --left) machine().driver().release_tx(left - 1);
    machine().settle();
    EXPECT_EQ(first.completed(), (Addresses{first.chunk(2), first.chunk(1), first.chunk(0)}));
    EXPECT_EQ(second.completed(), (Addresses{second.chunk(12), second.chunk(11), second.chunk(10)}));
  }
}

// 6.4: neighbours of one socket among the completions of a pass are published together.
class CompletionRuns : public Conformance {
 protected:
  // How far each store of the platform moved COMPLETION, by socket in order of creation.
  struct Steps final : Tap {
    void socket_created(std::uint64_t socket, bool) override { sockets.push_back(socket); }
    void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t before, std::uint32_t now,
                    std::uint64_t) override {
      if (kind == RingKind::kCompletion && actor == Actor::kPlatform) steps[socket].push_back(now - before);
    }
    std::vector<UINT32> of(std::size_t which) { return steps[sockets[which]]; }
    std::vector<std::uint64_t> sockets;
    std::map<std::uint64_t, std::vector<UINT32>> steps;
  };

  Steps steps_;
};

CONFORMANCE_ON(CompletionRuns, ArePublishedOnce, machine().taps().add(&steps_)) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const std::size_t base = steps_.sockets.size();
    ReadySocket first(SocketShape().in(mode, kTxOnly));
    ReadySocket second(SocketShape().in(mode, kTxOnly));
    machine().driver().hold_tx(every_frame);
    for (UINT32 k = 0; k < 3; ++k) send_and_hold(machine(), first, k, 1);
    for (UINT32 k = 0; k < 2; ++k) send_and_hold(machine(), second, k, 2);
    // Two of the first one, both of the second, the last of the first; in one pass, as nothing is sent.
    machine().driver().hold_tx(nullptr);
    for (const std::size_t i : {0u, 0u, 1u, 1u, 0u}) machine().driver().release_tx(i, {std::nullopt, false});
    machine().settle();
    EXPECT_EQ(steps_.of(base), (std::vector<UINT32>{2, 1}));
    EXPECT_EQ(steps_.of(base + 1), (std::vector<UINT32>{2}));
    EXPECT_EQ(first.completed(), (Addresses{first.chunk(0), first.chunk(1), first.chunk(2)}));
  }
}

// S-079: sockets of both modes send through small rings at the same time.
CONFORMANCE(TransmitSharing, EachSocketProgressesAndGetsItsOwnCompletions) {
  constexpr UINT32 kSockets = 4;
  constexpr UINT32 kFrames = 60;
  std::vector<std::unique_ptr<ReadySocket>> sockets;
  for (UINT32 s = 0; s < kSockets; ++s) {
    SocketShape shape;
    shape.ring_size = 4u << s;
    sockets.push_back(std::make_unique<ReadySocket>(shape.in(kModes[s % 2], kTxOnly)));
  }
  std::vector<std::uint32_t> threads;
  for (UINT32 s = 0; s < kSockets; ++s) {
    threads.push_back(machine().start_thread([&, s] {
      ReadySocket& socket = *sockets[s];
      const UINT32 first_chunk = s * 16;  // no two sockets send from the same addresses
      for (UINT32 i = 0; i < kFrames; ++i) {
        const UINT32 k = first_chunk + i % 16;
        socket.send(k, udp_frame(60 + i, static_cast<unsigned char>(s)));
        EXPECT_TRUE(machine().wait_until([&] {
          socket.poke_if_needed();
          return !socket.completed(true).empty();
        }));
        EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(k)}));
      }
    }));
  }
  for (const std::uint32_t thread : threads) machine().join(thread);
  machine().settle();
  for (UINT32 s = 0; s < kSockets; ++s) {
    std::vector<std::size_t> lengths;
    for (const Bytes& frame : machine().sent()) {
      if (mark_of(frame) == s) lengths.push_back(frame.size());
    }
    EXPECT_EQ(lengths.size(), kFrames);
    EXPECT_TRUE(std::is_sorted(lengths.begin(), lengths.end()));
    EXPECT_EQ(sockets[s]->completed().size(), 0u);
  }
}

// S-079: a socket that could fill the queue alone does not keep another one out.
CONFORMANCE_ON(TransmitSharing, GreedySocketDoesNotStarveItsNeighbour, settings.driver.tx_ring_entries = 16;
               settings.nic.tx_ring_entries = 16) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 64;
    ReadySocket greedy(shape.in(mode, kTxOnly));
    ReadySocket modest(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    machine().driver().hold_tx(every_frame);
    std::vector<XSK_BUFFER_DESCRIPTOR> buffers;
    for (UINT32 k = 0; k < 64; ++k) {
      greedy.put(greedy.chunk(k), udp_frame(100, 1));
      buffers.push_back(ReadySocket::descriptor(greedy.chunk(k), 0, 100));
    }
    ASSERT_EQ(greedy.submit(buffers), 64u);
    greedy.poke();
    machine().sleep_us(kLongUs);
    ASSERT_EQ(machine().driver().held_tx().size(), 16u);
    modest.send(0, udp_frame(100, 2));
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    machine().settle();

    EXPECT_EQ(greedy.completed().size(), 64u);
    EXPECT_EQ(modest.completed(), (Addresses{0}));
    // It was the next in turn when the first frames had left.
    ASSERT_EQ(machine().sent().size(), before + 65);
    EXPECT_EQ(mark_of(machine().sent()[before + 16]), 2);
  }
}

}  // namespace
}  // namespace ringproof::test
