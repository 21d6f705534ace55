// Ring sizes and ring info: S-031 to S-039.

#include <algorithm>
#include <array>
#include <bit>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Rings = Conformance;

constexpr std::array<UINT32, 4> kSizeOptions = {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE,
                                                XSK_SOCKOPT_TX_RING_SIZE,
                                                XSK_SOCKOPT_TX_COMPLETION_RING_SIZE};

const XSK_RING_INFO& info_of(const XSK_RING_INFO_SET& set, UINT32 option) {
  switch (option) {
    case XSK_SOCKOPT_RX_RING_SIZE:
      return set.Rx;
    case XSK_SOCKOPT_RX_FILL_RING_SIZE:
      return set.Fill;
    case XSK_SOCKOPT_TX_RING_SIZE:
      return set.Tx;
    default:
      return set.Completion;
  }
}

using InfoBytes = std::array<unsigned char, sizeof(XSK_RING_INFO_SET)>;

// Whether the info of this option's ring has no byte set, padding included.
bool is_zero(const InfoBytes& set, UINT32 option) {
  const std::size_t place = option == XSK_SOCKOPT_RX_FILL_RING_SIZE         ? 0
                            : option == XSK_SOCKOPT_TX_COMPLETION_RING_SIZE ? 1
                            : option == XSK_SOCKOPT_RX_RING_SIZE            ? 2
                                                                            : 3;
  const auto* begin = set.data() + place * sizeof(XSK_RING_INFO);
  return std::all_of(begin, begin + sizeof(XSK_RING_INFO), [](unsigned char byte) { return byte == 0; });
}

UINT32 word(const XSK_RING_INFO& info, UINT32 offset) {
  return index_in(reinterpret_cast<const UINT32*>(info.Ring + offset));
}

// S-031
CONFORMANCE(Rings, SizesArePowersOfTwo) {
  for (const UINT32 option : kSizeOptions) {
    const RawSocket refused;
    for (const UINT32 size : {0u, 3u, 6u, 0xFFFFFFFFu}) {
      EXPECT_EQ(refused.set_number(option, size), kBadParameter) << option << " size " << size;
    }
    for (const UINT32 size : {1u, 2u, 64u, 1u << 16}) {
      const RawSocket socket;
      EXPECT_EQ(socket.set_number(option, size), kOk) << option << " size " << size;
      const auto set = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
      EXPECT_EQ(info_of(set, option).Size, size);
    }
    // What was refused left the ring unsized.
    EXPECT_EQ(refused.set_number(option, 4), kOk) << option;
  }
}

// S-032, and memory that there is not.
CONFORMANCE_ON(Rings, SizesBeyondMemoryAreRefused,
               settings.platform.sockets.ring_bytes_max = std::uint64_t{1} << 20) {
  const RawSocket socket;
  for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE}) {
    EXPECT_EQ(socket.set_number(option, 1u << 28), kBadParameter);
    EXPECT_EQ(socket.set_number(option, 1u << 31), kBadParameter);
    EXPECT_EQ(socket.set_number(option, 1u << 27), kNoResources) << "2 GiB fit 32 bits";
    EXPECT_EQ(socket.set_number(option, 1u << 16), kNoResources) << "a page more than there is";
    EXPECT_EQ(socket.set_number(option, 1u << 15), kOk);
  }
  for (const UINT32 option : {XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
    EXPECT_EQ(socket.set_number(option, 1u << 29), kBadParameter);
    EXPECT_EQ(socket.set_number(option, 1u << 28), kNoResources);
  }
}

// 3.3: extensions make elements larger, and the largest size smaller. What was refused leaves the ring
// unsized and the set of its extensions open.
CONFORMANCE_ON(Rings, SizesBeyondMemoryDependOnTheElements,
               settings.platform.sockets.ring_bytes_max = std::uint64_t{1} << 20) {
  struct Case {
    std::vector<UINT32> offloads;
    UINT32 ring, stride, largest;
  };
  constexpr UINT32 kChecksum = XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM;
  constexpr UINT32 kLength = XSK_SOCKOPT_RX_ORIGINAL_LENGTH;
  constexpr UINT32 kTime = XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP;
  for (const Case& each :
       {Case{{kLength}, XSK_SOCKOPT_RX_RING_SIZE, 24, 1u << 27},
        Case{{kLength, kTime}, XSK_SOCKOPT_RX_RING_SIZE, 32, 1u << 26},
        Case{{kChecksum, kLength, kTime}, XSK_SOCKOPT_RX_RING_SIZE, 40, 1u << 26},
        Case{{XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM}, XSK_SOCKOPT_TX_RING_SIZE, 24, 1u << 27},
        Case{{XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP}, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, 16, 1u << 27}}) {
    SCOPED_TRACE(each.stride);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX), kOk);
    for (const UINT32 offload : each.offloads) {
      EXPECT_EQ(socket.set_number(each.ring, each.largest * 8), kBadParameter);
      EXPECT_EQ(socket.set_number(each.ring, 1u << 20), kNoResources);
      EXPECT_EQ(socket.set_number(offload, 1), kOk) << "after a size that was refused";
    }
    EXPECT_EQ(socket.set_number(each.ring, each.largest * 2), kBadParameter);
    EXPECT_EQ(socket.set_number(each.ring, each.largest), kNoResources);
    EXPECT_EQ(socket.set_number(each.ring, 8), kOk);
    const auto set = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    EXPECT_EQ(info_of(set, each.ring).ElementStride, each.stride);
  }
}

// 3.3: on an active socket a size is judged first, then memory, then the state; of a ring that is sized
// already, RX, TX and COMPLETION say so before.
CONFORMANCE_ON(Rings, SizesAreJudgedBeforeTheState,
               settings.platform.sockets.ring_bytes_max = std::uint64_t{1} << 20) {
  const ReadySocket receiver(SocketShape{}.in(kModes[0], XSK_BIND_FLAG_RX));
  const ReadySocket sender(SocketShape{}.in(kModes[0], XSK_BIND_FLAG_TX));
  struct Case {
    const RawSocket& socket;
    UINT32 ring, largest;
    bool says_sized_first;
  };
  for (const Case& each : {Case{sender, XSK_SOCKOPT_RX_RING_SIZE, 1u << 27, false},
                           Case{receiver, XSK_SOCKOPT_RX_RING_SIZE, 1u << 27, true},
                           Case{sender, XSK_SOCKOPT_RX_FILL_RING_SIZE, 1u << 28, false},
                           Case{receiver, XSK_SOCKOPT_RX_FILL_RING_SIZE, 1u << 28, false},
                           Case{receiver, XSK_SOCKOPT_TX_RING_SIZE, 1u << 27, false},
                           Case{sender, XSK_SOCKOPT_TX_RING_SIZE, 1u << 27, true},
                           Case{receiver, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, 1u << 28, false},
                           Case{sender, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, 1u << 28, true}}) {
    SCOPED_TRACE(testing::Message() << each.ring << (each.says_sized_first ? " sized" : ""));
    EXPECT_EQ(each.socket.set_number(each.ring, each.largest * 2),
              each.says_sized_first ? kBadState : kBadParameter);
    EXPECT_EQ(each.socket.set_number(each.ring, each.largest),
              each.says_sized_first ? kBadState : kNoResources);
    EXPECT_EQ(each.socket.set_number(each.ring, 8), kBadState);
  }
}

// S-033: also with a size that it has; a count that is wrong anyway is told first.
CONFORMANCE(Rings, ARingIsSizedOnce) {
  const RawSocket socket;
  for (const UINT32 option : kSizeOptions) {
    EXPECT_EQ(socket.set_number(option, 8), kOk);
    EXPECT_EQ(socket.set_number(option, 8), kBadState) << option;
    EXPECT_EQ(socket.set_number(option, 16), kBadState) << option;
    EXPECT_EQ(socket.set_number(option, 5), kBadParameter) << option;
    const auto set = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    EXPECT_EQ(info_of(set, option).Size, 8u);
  }
  // A size that does not fit is told before FILL is found to be sized, and after the others are.
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_FILL_RING_SIZE, 1u << 31), kBadParameter);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_RING_SIZE, 1u << 31), kBadState);
}

// S-034
CONFORMANCE(Rings, NoRingIsSizedAfterActivation) {
  for (const UINT32 direction : {XSK_BIND_FLAG_RX, XSK_BIND_FLAG_TX}) {
    const ReadySocket socket(SocketShape{}.in(kModes[0], direction));
    for (const UINT32 option : kSizeOptions) {
      EXPECT_EQ(socket.set_number(option, 16), kBadState) << option;
      EXPECT_EQ(socket.set_number(option, 7), kBadParameter) << option;
    }
  }
}

// S-035, S-036, S-037: before bind too; sized and unsized side by side; the same again and again.
CONFORMANCE(Rings, InfoTellsTheLayoutOfSizedRings) {
  const RawSocket socket;
  UINT32 sized = 0;
  for (const UINT32 option : kSizeOptions) {
    EXPECT_EQ(socket.set_number(option, 32u << sized), kOk);
    ++sized;
    const auto bytes = socket.get<InfoBytes>(XSK_SOCKOPT_RING_INFO);
    const auto set = std::bit_cast<XSK_RING_INFO_SET>(bytes);
    for (UINT32 i = 0; i < kSizeOptions.size(); ++i) {
      const XSK_RING_INFO& info = info_of(set, kSizeOptions[i]);
      if (i >= sized) {
        EXPECT_TRUE(is_zero(bytes, kSizeOptions[i])) << kSizeOptions[i];
        continue;
      }
      const bool frames =
          kSizeOptions[i] == XSK_SOCKOPT_RX_RING_SIZE || kSizeOptions[i] == XSK_SOCKOPT_TX_RING_SIZE;
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(info.Ring) % 4096, 0u);
      EXPECT_EQ(info.ProducerIndexOffset, 0u);
      EXPECT_EQ(info.ConsumerIndexOffset, 64u);
      EXPECT_EQ(info.FlagsOffset, 128u);
      EXPECT_EQ(info.DescriptorsOffset, 192u);
      EXPECT_EQ(info.Size, 32u << i);
      EXPECT_EQ(info.ElementStride, frames ? 16u : 8u);
      EXPECT_EQ(info.Reserved, 0u);
    }
    EXPECT_EQ(socket.get<InfoBytes>(XSK_SOCKOPT_RING_INFO), bytes);
  }
}

// S-037
CONFORMANCE(Rings, InfoNeedsRoomForAllFour) {
  const RawSocket socket;
  UINT32 length = 159;
  EXPECT_EQ(socket.try_get(XSK_SOCKOPT_RING_INFO, &length), kBadParameter);
  EXPECT_EQ(length, 0u);
  for (const UINT32 room : {160u, 200u}) {
    length = room;
    EXPECT_EQ(socket.try_get(XSK_SOCKOPT_RING_INFO, &length), kOk);
    EXPECT_EQ(length, 160u);
  }
}

// S-038
CONFORMANCE(Rings, NewRingsAreEmptyAndOnlyTxNeedsAPoke) {
  const RawSocket socket;
  for (const UINT32 option : kSizeOptions) EXPECT_EQ(socket.set_number(option, 16), kOk);
  const auto set = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
  for (const UINT32 option : kSizeOptions) {
    const XSK_RING_INFO& info = info_of(set, option);
    EXPECT_EQ(word(info, info.ProducerIndexOffset), 0u);
    EXPECT_EQ(word(info, info.ConsumerIndexOffset), 0u);
    EXPECT_EQ(word(info, info.FlagsOffset),
              option == XSK_SOCKOPT_TX_RING_SIZE ? XSK_RING_FLAG_NEED_POKE : 0u);
    const BYTE* elements = info.Ring + info.DescriptorsOffset;
    EXPECT_TRUE(std::all_of(elements, elements + std::size_t{info.Size} * info.ElementStride,
                            [](BYTE byte) { return byte == 0; }));
  }
}

// S-039: every slot is used, in both directions and for rings of one entry too.
CONFORMANCE(Rings, ARingOfSizeNHoldsNEntries) {
  for (const UINT32 size : {1u, 2u, 16u}) {
    SCOPED_TRACE(size);
    SocketShape shape;
    shape.ring_size = size;
    ReadySocket socket(shape);
    const auto program = TestProgram::redirect_all(socket);
    EXPECT_EQ(socket.post_chunks(0, size + 1), size) << "FILL";
    const std::vector<Bytes> frames(size + 1, udp_frame(64, 1));
    machine().wire_as_one_batch(frames);
    EXPECT_EQ(socket.received().size(), size) << "RX";
    EXPECT_EQ(socket.statistics().RxDropped, 1u);
    std::vector<XSK_BUFFER_DESCRIPTOR> buffers;
    for (UINT32 i = 0; i <= size; ++i)
      buffers.push_back(ReadySocket::descriptor(socket.chunk(32 + i), 0, 64));
    EXPECT_EQ(socket.submit(buffers), size) << "TX";
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.completed().size(), size) << "COMPLETION";
  }
}

}  // namespace
}  // namespace ringproof::test
