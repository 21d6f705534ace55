// How frames go out and how they are given back: S-069, S-074 to S-076, S-078, S-080.

#include <algorithm>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Transmit = Conformance;
using Addresses = std::vector<std::uint64_t>;

// Far longer than a pass, a frame or an interrupt takes.
constexpr std::uint64_t kLongUs = 100;

bool every_frame(Tap::Bytes) { return true; }

// Frames that left since an earlier look at machine().sent().size().
std::vector<Bytes> sent_since(Machine& machine, std::size_t before) {
  return {machine.sent().begin() + static_cast<std::ptrdiff_t>(before), machine.sent().end()};
}

// Puts `count` frames of 100 bytes, in chunks from `first` on, into TX. No poke.
void submit_chunks(ReadySocket& socket, UINT32 first, UINT32 count) {
  std::vector<XSK_BUFFER_DESCRIPTOR> buffers;
  for (UINT32 k = first; k < first + count; ++k) {
    socket.put(socket.chunk(k), udp_frame(100, static_cast<unsigned char>(k)));
    buffers.push_back(ReadySocket::descriptor(socket.chunk(k), 0, 100));
  }
  EXPECT_EQ(socket.submit(buffers), count);
}

std::vector<Bytes> frames_of_chunks(UINT32 first, UINT32 count) {
  std::vector<Bytes> frames;
  for (UINT32 k = first; k < first + count; ++k) {
    frames.push_back(udp_frame(100, static_cast<unsigned char>(k)));
  }
  return frames;
}

Addresses addresses_of_chunks(const ReadySocket& socket, UINT32 first, UINT32 count) {
  Addresses addresses;
  for (UINT32 k = first; k < first + count; ++k) addresses.push_back(socket.chunk(k));
  return addresses;
}

// S-069
CONFORMANCE(Transmit, FrameIsSentFromBaseAndOffsetAndCompletedByItsBase) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    socket.put(socket.chunk(2), udp_frame(64, 1));
    socket.put(socket.chunk(3) + 200, udp_frame(300, 2));
    socket.put(socket.chunk(4) + 10 + 33, udp_frame(77, 3));
    ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(2), 0, 64),
                             ReadySocket::descriptor(socket.chunk(3), 200, 300),
                             ReadySocket::descriptor(socket.chunk(4) + 10, 33, 77)}),
              3u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before),
              (std::vector<Bytes>{udp_frame(64, 1), udp_frame(300, 2), udp_frame(77, 3)}));
    EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(2), socket.chunk(3), socket.chunk(4) + 10}));
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 3u);
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 0u);
  }
}

// S-069, 6.3: what is in `Reserved` means nothing.
CONFORMANCE(Transmit, ReservedFieldIsIgnored) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    socket.put(socket.chunk(1), udp_frame(90, 5));
    auto buffer = ReadySocket::descriptor(socket.chunk(1), 0, 90);
    buffer.Reserved = 0xFFFFFFFF;
    ASSERT_EQ(socket.submit({buffer}), 1u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before), std::vector<Bytes>{udp_frame(90, 5)});
    EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(1)}));
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 0u);
  }
}

// S-069: each frame is completed once, also if its buffer is posted again and again.
CONFORMANCE(Transmit, SameBufferSentTwiceIsCompletedTwice) {
  machine().expect_application_violations();  // a chunk is in TX twice
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    socket.put(0, udp_frame(90, 5));
    const auto buffer = ReadySocket::descriptor(0, 0, 90);
    ASSERT_EQ(socket.submit({buffer, buffer, buffer}), 3u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before), std::vector<Bytes>(3, udp_frame(90, 5)));
    EXPECT_EQ(socket.completed(), (Addresses{0, 0, 0}));
  }
}

// S-074
CONFORMANCE(Transmit, InvalidDescriptorsDoNotDisturbValidOnes) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    std::vector<XSK_BUFFER_DESCRIPTOR> buffers;
    for (UINT32 k = 0; k < 4; ++k) {
      socket.put(socket.chunk(k), udp_frame(100, static_cast<unsigned char>(k)));
      buffers.push_back(ReadySocket::descriptor(socket.chunk(k + 10), 0, 0));
      buffers.push_back(ReadySocket::descriptor(socket.chunk(k), 0, 100));
      buffers.push_back(ReadySocket::descriptor(socket.chunk(64), 0, 100));
    }
    ASSERT_EQ(socket.submit(buffers), 12u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before), frames_of_chunks(0, 4));
    EXPECT_EQ(socket.completed(), addresses_of_chunks(socket, 0, 4));
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 12u);
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 8u);
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_NO_ERROR);
  }
}

// S-075, S-076
CONFORMANCE(Transmit, CompletionRingBoundsWhatIsUnderWay) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.completion_size = 4;
    ReadySocket socket(shape.in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    machine().driver().hold_tx(every_frame);
    submit_chunks(socket, 0, 16);
    socket.poke_if_needed();
    machine().sleep_us(kLongUs);
    EXPECT_EQ(machine().driver().held_tx().size(), 4u);
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 4u);

    // One completion takes the place of its frame.
    machine().driver().release_tx(0);
    machine().sleep_us(kLongUs);
    socket.poke();
    machine().sleep_us(kLongUs);
    EXPECT_EQ(index_in(socket.completion.SharedProducer), 1u);
    EXPECT_EQ(machine().driver().held_tx().size(), 3u);
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 4u);

    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    for (UINT32 done = 0; done < 16; done += 4) {
      machine().settle();
      EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), done + 4);
      EXPECT_EQ(socket.completed(), addresses_of_chunks(socket, done, 4));
      socket.poke_if_needed();
    }
    EXPECT_EQ(sent_since(machine(), before), frames_of_chunks(0, 16));
  }
}

// S-076: entries released one by one let as many frames follow.
CONFORMANCE(Transmit, FullCompletionRingStopsSendingUntilItIsReleased) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.completion_size = 1;
    ReadySocket socket(shape.in(mode, kTxOnly));
    submit_chunks(socket, 0, 6);
    for (UINT32 k = 0; k < 6; ++k) {
      socket.poke_if_needed();
      machine().settle();
      socket.poke();  // in vain
      machine().settle();
      EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), k + 1);
      EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(k)}));
    }
  }
}

// S-078: generic mode sends a copy; native mode reads the UMEM when it sends.
CONFORMANCE(Transmit, OnlyABouncedFrameIsSentAsItWasWhenItWasTaken) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    machine().driver().hold_tx(every_frame);
    socket.send(0, udp_frame(100, 1));
    machine().sleep_us(kLongUs);
    ASSERT_EQ(index_in(socket.tx_ring.SharedConsumer), 1u);
    socket.put(0, udp_frame(100, 2));
    machine().driver().release_all_tx();
    machine().settle();
    const bool bounced = mode.bind_flag == XSK_BIND_FLAG_GENERIC;
    EXPECT_EQ(machine().sent().back(), udp_frame(100, bounced ? 1 : 2));
  }
}

// S-078, 6.3: while a frame of a chunk is under way nothing more of it is copied, so generic mode sends what
// an earlier frame left there; once the last one is completed it copies again. Native mode has no copy.
CONFORMANCE(Transmit, AChunkIsCopiedForItsFirstFrameOnly) {
  machine().expect_application_violations();  // a chunk is in TX twice
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const bool bounced = mode.bind_flag == XSK_BIND_FLAG_GENERIC;
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const auto submit_at = [&](UINT32 offset, unsigned char mark) {
      socket.put(socket.chunk(3) + offset, udp_frame(100, mark));
      EXPECT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(3), offset, 100)}), 1u);
    };
    submit_at(1000, 1);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(machine().sent().back(), udp_frame(100, 1));

    std::size_t before = machine().sent().size();
    submit_at(0, 2);
    submit_at(1000, 3);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before),
              (std::vector<Bytes>{udp_frame(100, 2), udp_frame(100, bounced ? 1 : 3)}));
    EXPECT_EQ(socket.completed(), Addresses(3, socket.chunk(3)));

    before = machine().sent().size();
    submit_at(1000, 4);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before), std::vector<Bytes>{udp_frame(100, 4)});
  }
}

// S-080
CONFORMANCE(Transmit, FramesThatAPausedInterfaceDropsAreCompleted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    machine().driver().set_paused(true);
    submit_chunks(socket, 0, 5);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.completed(), addresses_of_chunks(socket, 0, 5));
    EXPECT_EQ(sent_since(machine(), before).size(), 0u);
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 0u);

    machine().driver().set_paused(false);
    submit_chunks(socket, 5, 2);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.completed(), addresses_of_chunks(socket, 5, 2));
    EXPECT_EQ(sent_since(machine(), before), frames_of_chunks(5, 2));
  }
}

// S-080: frames that the device gives back unsent are completed like all others.
CONFORMANCE(Transmit, FramesThatCouldNotBeSentAreCompleted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    machine().driver().hold_tx(every_frame);
    submit_chunks(socket, 0, 3);
    socket.poke_if_needed();
    machine().sleep_us(kLongUs);
    ASSERT_EQ(machine().driver().held_tx().size(), 3u);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_tx(1, {std::nullopt, false});
    machine().driver().release_all_tx();
    machine().settle();
    EXPECT_EQ(sent_since(machine(), before), (std::vector<Bytes>{udp_frame(100, 0), udp_frame(100, 2)}));
    Addresses completed = socket.completed();
    std::sort(completed.begin(), completed.end());
    EXPECT_EQ(completed, addresses_of_chunks(socket, 0, 3));
  }
}

}  // namespace
}  // namespace ringproof::test
