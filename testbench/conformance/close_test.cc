// Closing a socket, and programs beside it: S-107 to S-110.

#include <string>
#include <utility>

#include "model/nic/engine_layout.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/waiting_thread.h"

namespace ringproof::test {
namespace {

using Close = Conformance;

class CloseOfMemory : public Conformance {
 protected:
  struct Mapped final : Tap {
    void tx_memory_mapped(std::uint64_t, const TxMemory& memory) override { address = memory.dma_address; }
    std::uint64_t address = 0;
  };
  // Whether the first transmit queue may read what was mapped last.
  bool is_open() {
    return machine().device().memory().view(nic::kTxVectorBase, mapped_.address, 64, false).memory != nullptr;
  }

  Mapped mapped_;
};

// Closes in a thread of its own, as a close can take its time.
class ClosingThread {
 public:
  ClosingThread(Machine& machine, RawSocket& socket) : machine_(machine) {
    thread_ = machine.start_thread([this, &socket] {
      socket.close();
      closed_ = true;
    });
    machine.sleep_us(50);
  }
  bool closed() const { return closed_; }
  void join() { machine_.join(thread_); }

 private:
  Machine& machine_;
  std::uint32_t thread_ = 0;
  bool closed_ = false;
};

// S-107: the close waits for both frames, however they end; then the memory is the application's again.
CONFORMANCE(Close, WaitsForFramesThatAreWithTheNic) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    machine().hold_all_tx();
    const std::size_t before = machine().sent().size();
    socket.send(0, udp_frame(64, 1));
    socket.send(1, udp_frame(1514, 2));
    machine().wait_until([&] { return machine().driver().held_tx().size() == 2; });
    ClosingThread closing(machine(), socket);
    machine().sleep_us(500);
    EXPECT_FALSE(closing.closed());
    machine().driver().release_tx(0);
    machine().sleep_us(100);
    EXPECT_EQ(machine().sent().size(), before + 1);
    EXPECT_FALSE(closing.closed());
    machine().driver().release_tx(0);
    machine().driver().hold_tx(nullptr);
    closing.join();
    ASSERT_EQ(machine().sent().size(), before + 2);
    std::memset(socket.umem(), 0xEE, socket.chunk(2));
    machine().settle();
    EXPECT_EQ(machine().sent()[before], udp_frame(64, 1));
    EXPECT_EQ(machine().sent()[before + 1], udp_frame(1514, 2));
  }
}

// S-107: memory is open to the device while its socket can send, and no longer.
CONFORMANCE_ON(CloseOfMemory, LeavesTheDeviceNoWayToIt, machine().taps().add(&mapped_)) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    EXPECT_TRUE(is_open());
    socket.close();
    EXPECT_FALSE(is_open());
  }
}

class CloseOfRings : public Conformance {
 protected:
  // Looks at the rings between the end of the data path and that of their memory.
  struct LastLook final : Tap {
    void statistics_read(std::uint64_t, const SocketStatistics&) override {
      if (socket != nullptr) seen += failed(*socket);
    }
    void ring_failed(std::uint64_t, RingKind, std::uint32_t, std::uint64_t) override {
      if (socket != nullptr) seen += "a failure, ";
    }
    // Which rings are in error: a letter for each.
    static std::string failed(const ReadySocket& socket) {
      std::string result;
      for (const auto& [ring, letter] : {std::pair{&socket.fill, 'F'},
                                         {&socket.rx_ring, 'R'},
                                         {&socket.tx_ring, 'T'},
                                         {&socket.completion, 'C'}}) {
        if (ring->SharedFlags == nullptr) continue;
        const UINT32 flags = __atomic_load_n(ring->SharedFlags, __ATOMIC_RELAXED);
        if ((flags & XSK_RING_FLAG_ERROR) != 0) result += letter;
      }
      return result;
    }
    const ReadySocket* socket = nullptr;
    std::string seen;
  };
  std::string failed_at_close(ReadySocket& socket) {
    look_.socket = &socket;
    look_.seen.clear();
    socket.close();
    look_.socket = nullptr;
    return look_.seen;
  }

  LastLook look_;
};

// 4.4, 9.1: the close detaches what is bound, and its rings say so as long as they are there. Nobody is told
// of failures, which would excuse what the rings still owe.
CONFORMANCE_ON(CloseOfRings, EndAsThoseOfAnInterfaceThatLeft, machine().taps().add(&look_)) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket both(SocketShape{}.in(mode));
    EXPECT_EQ(LastLook::failed(both), "");
    EXPECT_EQ(failed_at_close(both), "FRTC");
    ReadySocket sender(SocketShape{}.in(mode, XSK_BIND_FLAG_TX));
    EXPECT_EQ(failed_at_close(sender), "TC");
    SocketShape shape;
    shape.activated = false;
    ReadySocket receiver(shape.in(mode, XSK_BIND_FLAG_RX));
    EXPECT_EQ(failed_at_close(receiver), "FR");
  }
}

// S-107: a frame that the NIC fails to send is given back as well.
CONFORMANCE(Close, EndsWhenAFrameComesBackUnsent) {
  ReadySocket socket;
  machine().hold_all_tx();
  socket.send(0, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  ClosingThread closing(machine(), socket);
  EXPECT_FALSE(closing.closed());
  machine().driver().release_tx(0, {std::nullopt, false});
  closing.join();
  EXPECT_TRUE(machine().sent().empty());
}

// S-107: frames of another socket on the same queue are no reason to wait.
CONFORMANCE(Close, DoesNotWaitForFramesOfOthers) {
  ReadySocket other;
  ReadySocket socket;
  machine().hold_all_tx();
  other.send(0, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  socket.close();
  EXPECT_EQ(other.completed().size(), 0u);
  machine().driver().release_all_tx();
  machine().settle();
  EXPECT_EQ(other.completed().size(), 1u);
}

// S-107: frames that arrive after the close, or before it and unread, change nothing in the UMEM.
CONFORMANCE(Close, LeavesTheUmemAlone) {
  for (const Mode& mode : kModes) {
    for (const bool exclusive : {true, false}) {
      SCOPED_TRACE(mode.name);
      ReadySocket socket(SocketShape{}.in(mode));
      const auto program = exclusive ? TestProgram::redirect_all(socket, 0, mode.program_flag)
                                     : TestProgram::redirect_batched(socket, 0, mode.program_flag);
      EXPECT_EQ(socket.post_chunks(0, 8), 8u);
      machine().wire({udp_frame(64, 1), udp_frame(64, 2)});
      machine().settle();
      const std::vector<unsigned char> before(socket.umem(), socket.umem() + socket.chunk(64));
      socket.close();
      EXPECT_EQ(std::vector<unsigned char>(socket.umem(), socket.umem() + socket.chunk(64)), before);
      machine().wire({udp_frame(64, 3), udp_frame(64, 4)});
      machine().settle();
      EXPECT_EQ(std::vector<unsigned char>(socket.umem(), socket.umem() + socket.chunk(64)), before);
    }
  }
}

// S-107: at any moment of a burst of received frames.
CONFORMANCE(Close, EndsReceptionAtAnyMoment) {
  for (std::uint64_t distance_ns = 0; distance_ns < 6'000; distance_ns += 50) {
    ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    EXPECT_EQ(socket.post_chunks(0, 16), 16u);
    machine().wire(std::vector<Bytes>(16, udp_frame(64, 1)));
    machine().kernel().sleep(distance_ns * 1000);
    socket.close();
    std::memset(socket.umem(), 0xEE, socket.chunk(16));
    machine().settle();
    const std::vector<unsigned char> untouched(socket.chunk(16), 0xEE);
    EXPECT_EQ(std::vector<unsigned char>(socket.umem(), socket.umem() + socket.chunk(16)), untouched)
        << distance_ns;
  }
}

// S-107, S-108: at any moment of a burst of frames to send, what went out is a prefix, and whole.
CONFORMANCE(Close, EndsTransmissionAtAnyMoment) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    std::size_t shortest = 16;
    std::size_t longest = 0;
    for (std::uint64_t distance_ns = 0; distance_ns < 4'000; distance_ns += 50) {
      ReadySocket socket(SocketShape{}.in(mode));
      const std::size_t before = machine().sent().size();
      std::vector<XSK_BUFFER_DESCRIPTOR> burst;
      for (UINT32 k = 0; k < 16; ++k) {
        socket.put(socket.chunk(k), udp_frame(64, static_cast<unsigned char>(k)));
        burst.push_back(ReadySocket::descriptor(socket.chunk(k), 0, 64));
      }
      socket.submit(burst);
      socket.poke();
      machine().kernel().sleep(distance_ns * 1000);
      socket.close();
      std::memset(socket.umem(), 0xEE, socket.chunk(16));
      const std::size_t sent = machine().sent().size() - before;
      machine().settle();
      EXPECT_EQ(machine().sent().size(), before + sent) << distance_ns;
      for (std::size_t k = 0; k < sent; ++k) {
        EXPECT_EQ(machine().sent()[before + k], udp_frame(64, static_cast<unsigned char>(k))) << distance_ns;
      }
      shortest = std::min(shortest, sent);
      longest = std::max(longest, sent);
    }
    EXPECT_EQ(shortest, 0u);
    EXPECT_EQ(longest, 16u);
  }
}

// S-108: never poked; and poked, but waiting for room in COMPLETION.
CONFORMANCE(Close, DescriptorsThatWereNotConsumedAreNotSent) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const std::size_t before = machine().sent().size();
    ReadySocket idle(SocketShape{}.in(mode));
    EXPECT_EQ(idle.submit({ReadySocket::descriptor(0, 0, 64)}), 1u);
    idle.close();
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before);

    SocketShape shape;
    shape.completion_size = 1;
    ReadySocket socket(shape.in(mode));
    machine().hold_all_tx();
    socket.send(0, udp_frame(64, 1));
    socket.send(1, udp_frame(64, 2));
    machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
    ClosingThread closing(machine(), socket);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    closing.join();
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 1);
    EXPECT_EQ(machine().sent().back(), udp_frame(64, 1));
  }
}

// Nothing of the socket is left: its handle, and its place on the queue.
CONFORMANCE(Close, IsPossibleInEveryState) {
  RawSocket unbound;
  SocketShape shape;
  shape.activated = false;
  ReadySocket bound(shape);
  ReadySocket active;
  ReadySocket unread;
  const auto program = TestProgram::redirect_all(unread);
  EXPECT_EQ(unread.post_chunks(0, 4), 4u);
  machine().wire({udp_frame(64, 1)});
  unread.send(5, udp_frame(64, 2));
  machine().settle();
  for (RawSocket* socket : {&unbound, static_cast<RawSocket*>(&bound), static_cast<RawSocket*>(&active),
                            static_cast<RawSocket*>(&unread)}) {
    const HANDLE handle = socket->handle();
    socket->close();
    EXPECT_EQ(number(XskActivate(handle, XSK_ACTIVATE_FLAG_NONE)), kInvalidHandle);
    EXPECT_FALSE(CloseHandle(handle));
  }
  ReadySocket detached;
  machine().platform().remove_adapter(1);
  detached.close();
  machine().platform().add_adapter(1);
  ReadySocket next;
  next.send(0, udp_frame(64, 3));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 2u);
}

// 8.2: a blocked thread is released, with nothing to report; also one whose timeout is far.
CONFORMANCE(Close, ReleasesAWaiter) {
  for (const UINT32 timeout_ms : {1000u, kNoTimeout}) {
    for (const UINT32 flags : {4u, 8u, 12u}) {
      ReadySocket socket;
      WaitingThread waiter(machine(), socket, flags, timeout_ms);
      EXPECT_TRUE(waiter.waits());
      const std::uint64_t begin_us = machine().now_us();
      socket.close();
      waiter.join();
      EXPECT_LE(machine().now_us(), begin_us + 10);
      EXPECT_EQ(waiter.status(), kOk) << flags;
      EXPECT_EQ(waiter.result(), 0u) << flags;
    }
  }
}

// 9.1: the waiter is released first, before the frames come back.
CONFORMANCE(Close, ReleasesAWaiterWhileFramesAreWithTheNic) {
  ReadySocket socket;
  machine().hold_all_tx();
  socket.send(0, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  WaitingThread waiter(machine(), socket, XSK_NOTIFY_FLAG_WAIT_TX);
  ClosingThread closing(machine(), socket);
  EXPECT_FALSE(closing.closed());
  EXPECT_FALSE(waiter.waits());
  EXPECT_EQ(waiter.status(), kOk);
  EXPECT_EQ(waiter.result(), 0u);
  machine().driver().release_all_tx();
  closing.join();
}

// S-109: whether the socket had been receiving or not, and however the frames come to the program.
CONFORMANCE(Close, ProgramOfAClosedTargetDropsWhatMatches) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket closed(SocketShape{}.in(mode));
    ReadySocket open(SocketShape{}.in(mode));
    const TestProgram program(
        {TestProgram::redirect_port(closed, 1000), TestProgram::redirect_port(open, 2000)}, 0,
        mode.program_flag);
    EXPECT_EQ(closed.post_chunks(0, 4), 4u);
    EXPECT_EQ(open.post_chunks(0, 4), 4u);
    closed.close();
    const std::size_t passed = machine().passed();
    machine().wire(
        {udp_frame(64, 1, 1000), udp_frame(64, 2, 2000), udp_frame(64, 3, 3000), udp_frame(64, 4, 1000)});
    machine().settle();
    EXPECT_EQ(machine().passed(), passed + 1);
    const auto received = open.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(open.bytes_of(received[0]), udp_frame(64, 2, 2000));
    EXPECT_EQ(open.statistics().RxDropped, 0u);
  }
}

// S-110
CONFORMANCE(Close, ProgramNeedsATargetThatCanReceive) {
  const auto create = [](const RawSocket& target) {
    HANDLE handle = nullptr;
    const UINT32 answer =
        TestProgram::create({TestProgram::redirect(target)}, 0, XDP_CREATE_PROGRAM_FLAG_NATIVE, &handle);
    if (answer == kOk) {
      EXPECT_TRUE(CloseHandle(handle));
    } else {
      EXPECT_EQ(handle, nullptr);
    }
    return answer;
  };
  const RawSocket unbound;
  EXPECT_EQ(create(unbound), kBadState);
  const RawSocket tx;
  EXPECT_EQ(tx.bind(1, 0, XSK_BIND_FLAG_TX), kOk);
  EXPECT_EQ(create(tx), kNotSupported);
  // Bound is enough.
  const RawSocket rx;
  EXPECT_EQ(rx.bind(1, 0, XSK_BIND_FLAG_RX), kOk);
  EXPECT_EQ(create(rx), kOk);
}

// S-110
CONFORMANCE(Close, ProgramNeedsASocketForATarget) {
  const ReadySocket socket;
  HANDLE program = nullptr;
  EXPECT_EQ(TestProgram::create({TestProgram::redirect(socket)}, 0, XDP_CREATE_PROGRAM_FLAG_NATIVE, &program),
            kOk);
  RawSocket other;
  const HANDLE was_open = other.handle();
  other.close();
  XDP_RULE rule = TestProgram::redirect(socket);
  for (const HANDLE target : {program, was_open, HANDLE{nullptr}}) {
    rule.Redirect.Target = target;
    HANDLE none = nullptr;
    EXPECT_EQ(TestProgram::create({rule}, 0, XDP_CREATE_PROGRAM_FLAG_NATIVE, &none), kInvalidHandle);
  }
  EXPECT_TRUE(CloseHandle(program));
}

}  // namespace
}  // namespace ringproof::test
