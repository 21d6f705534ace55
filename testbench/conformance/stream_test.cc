// Streams of frames, driven in each of the ways an application may choose.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kFrames = 200;

class Stream : public Conformance {
 protected:
  static Bytes frame(UINT32 k) { return udp_frame(64 + k, static_cast<unsigned char>(k)); }

  // Keeps the TX ring full until all frames are completed; `drive` is what the application does between
  // filling it and looking for completions.
  template <typename Drive>
  void send(ReadySocket& socket, Drive drive) {
    const std::size_t before = machine().sent().size();
    const UINT32 ring = socket.tx_ring.Size;
    UINT32 submitted = 0;
    UINT32 completed = 0;
    while (completed < kFrames) {
      for (; submitted < kFrames && submitted - completed < ring; ++submitted) {
        const UINT32 k = submitted % ring;
        socket.put(socket.chunk(k), frame(submitted));
        ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(k), 0, 64 + submitted)}), 1u);
      }
      drive();
      completed += static_cast<UINT32>(socket.completed().size());
    }
    machine().settle();
    ASSERT_EQ(machine().sent().size(), before + kFrames);
    for (UINT32 k = 0; k < kFrames; ++k) EXPECT_EQ(machine().sent()[before + k], frame(k)) << k;
  }

  // Receives all frames, with a wait of these flags whenever there is none.
  void receive(ReadySocket& socket, UINT32 notify_flags) {
    EXPECT_EQ(socket.post_chunks(0, kFrames), kFrames);
    std::vector<Bytes> frames;
    for (UINT32 k = 0; k < kFrames; ++k) frames.push_back(frame(k));
    machine().wire(frames);
    UINT32 received = 0;
    while (received < kFrames) {
      UINT32 result = 0;
      ASSERT_EQ(socket.notify(notify_flags, 1, &result), kOk);
      EXPECT_EQ(result, XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE);
      for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) {
        EXPECT_EQ(socket.bytes_of(buffer), frame(received));
        ++received;
      }
    }
    // Nothing more comes.
    EXPECT_EQ(socket.notify(notify_flags, 1), kTimeout);
  }

  static SocketShape small_ring(const Mode& mode = kModes[0]) {
    SocketShape shape;
    shape.ring_size = 8;
    return shape.in(mode);
  }
  static SocketShape large_ring(const Mode& mode = kModes[0]) {
    SocketShape shape;
    shape.ring_size = 256;
    shape.chunks = 256;
    return shape.in(mode);
  }
};

// L-20
CONFORMANCE(Stream, IsReceivedByWaiting) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(large_ring(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    receive(socket, XSK_NOTIFY_FLAG_WAIT_RX);
  }
}

// L-21
CONFORMANCE(Stream, IsSentByWaiting) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(small_ring(mode));
    send(socket,
         [&] { EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX | XSK_NOTIFY_FLAG_WAIT_TX, 1), kOk); });
  }
}

// L-23: as long as the NIC keeps the frames there is nothing to wake for; then all of them are there.
CONFORMANCE(Stream, WaitForCompletionsTimesOutWhileTheNicKeepsTheFrames) {
  ReadySocket socket(small_ring());
  machine().hold_all_tx();
  for (UINT32 k = 0; k < 8; ++k) socket.send(k, frame(k));
  EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 64)}), 0u);
  EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX | XSK_NOTIFY_FLAG_WAIT_TX, 2), kTimeout);
  machine().driver().release_all_tx();
  EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_WAIT_TX, 2), kOk);
  machine().settle();
  EXPECT_EQ(socket.completed().size(), 8u);
}

// L-24, S-087: the flag saves pokes and loses no frame.
CONFORMANCE(Stream, IsSentByTheFlagAlone) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(small_ring(mode));
    UINT32 drives = 0;
    UINT32 pokes = 0;
    send(socket, [&] {
      ++drives;
      if (socket.poke_if_needed()) ++pokes;
    });
    EXPECT_GE(pokes, 1u);
    EXPECT_LT(pokes, drives);
  }
}

// L-25
CONFORMANCE_ON(Stream, IsMovedByABusyDriver, settings.driver.polling = true) {
  ReadySocket sender(small_ring());
  EXPECT_EQ(sender.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_BUSY), kOk);
  send(sender, [&] { EXPECT_FALSE(sender.need_poke()); });
  ReadySocket receiver(large_ring());
  const auto program = TestProgram::redirect_all(receiver);
  EXPECT_EQ(receiver.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_BUSY), kOk);
  receive(receiver, XSK_NOTIFY_FLAG_WAIT_RX);
}

// L-26
CONFORMANCE_ON(Stream, IsMovedByTheApplicationsOwnPolls, settings.driver.polling = true) {
  ReadySocket sender(small_ring());
  EXPECT_EQ(sender.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET), kOk);
  send(sender, [&] { EXPECT_EQ(sender.notify(XSK_NOTIFY_FLAG_POKE_TX | XSK_NOTIFY_FLAG_WAIT_TX, 1), kOk); });
  sender.close();
  ReadySocket receiver(large_ring());
  const auto program = TestProgram::redirect_all(receiver);
  EXPECT_EQ(receiver.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET), kOk);
  receive(receiver, XSK_NOTIFY_FLAG_POKE_RX | XSK_NOTIFY_FLAG_WAIT_RX);
}

}  // namespace
}  // namespace ringproof::test
