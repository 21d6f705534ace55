// The UMEM: S-020 to S-030.

#include <limits>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/memory_pages.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kRx = XSK_BIND_FLAG_RX;
constexpr UINT32 kChunk = 2048;

class Umem : public Conformance {
 protected:
  XSK_UMEM_REG good() { return umem_at(memory_.data(), memory_.size()); }
  static UINT32 register_at(const RawSocket& socket, const XSK_UMEM_REG& umem) {
    return socket.set(XSK_SOCKOPT_UMEM_REG, umem);
  }
  // What a socket without UMEM answers.
  static UINT32 answer(const XSK_UMEM_REG& umem) { return register_at(RawSocket(), umem); }

  std::vector<unsigned char> memory_ = std::vector<unsigned char>(4 * kChunk);
};

// S-020
CONFORMANCE(Umem, CanBeRegisteredBeforeAndAfterBind) {
  const RawSocket unbound;
  EXPECT_EQ(register_at(unbound, good()), kOk);
  for (const Mode& mode : kModes) {
    const RawSocket bound;
    EXPECT_EQ(bound.bind(1, 0, kRx | mode.bind_flag), kOk);
    EXPECT_EQ(register_at(bound, good()), kOk);
  }
}

// S-021
CONFORMANCE(Umem, SecondRegistrationIsRefused) {
  std::vector<unsigned char> other(4 * kChunk);
  const RawSocket socket;
  EXPECT_EQ(register_at(socket, good()), kOk);
  EXPECT_EQ(register_at(socket, good()), kBadState);
  EXPECT_EQ(register_at(socket, umem_at(other.data(), other.size())), kBadState);
  EXPECT_EQ(socket.bind(1, 0, kRx), kOk);
  EXPECT_EQ(register_at(socket, good()), kBadState);
  const ReadySocket active;
  EXPECT_EQ(register_at(active, good()), kBadState);
}

// S-021, S-029: the socket goes on with the memory that it had.
CONFORMANCE(Umem, RefusedRegistrationLeavesTheFirst) {
  ReadySocket socket;
  EXPECT_EQ(register_at(socket, good()), kBadState);
  XSK_UMEM_REG bad = good();
  bad.ChunkSize = 0;
  EXPECT_EQ(register_at(socket, bad), kBadParameter);
  const auto program = TestProgram::redirect_all(socket);
  EXPECT_EQ(socket.post_chunks(40, 1), 1u);  // beyond the second memory
  machine().wire({udp_frame(300, 7)});
  machine().settle();
  const auto received = socket.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(300, 7));
  EXPECT_EQ(memory_, std::vector<unsigned char>(4 * kChunk));
}

// S-022
CONFORMANCE(Umem, LengthIsAMinimum) {
  std::array<unsigned char, 32> value{};
  const XSK_UMEM_REG umem = good();
  std::memcpy(value.data(), &umem, sizeof umem);
  for (const UINT32 length : {0u, 1u, 23u}) {
    const RawSocket socket;
    EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, value, length), kBadParameter) << length;
    EXPECT_EQ(register_at(socket, umem), kOk);
  }
  for (const UINT32 length : {24u, 25u, 32u}) {
    EXPECT_EQ(RawSocket().set(XSK_SOCKOPT_UMEM_REG, value, length), kOk) << length;
  }
}

// S-023
CONFORMANCE(Umem, TotalSizeIsWithinLimits) {
  for (const UINT64 bytes : {UINT64{0}, UINT64{0x100000000}, std::numeric_limits<UINT64>::max()}) {
    XSK_UMEM_REG umem = good();
    umem.TotalSize = bytes;
    EXPECT_EQ(answer(umem), kBadParameter) << bytes;
    umem.Address = nullptr;  // the size is looked at first
    EXPECT_EQ(answer(umem), kBadParameter) << bytes;
  }
  // The largest one is no longer a wrong parameter, but a wrong address.
  EXPECT_EQ(answer(umem_at(nullptr, 0xFFFFFFFF)), kNoAccess);
}

// S-024
CONFORMANCE(Umem, ChunksAndHeadroomFitIntoEachOther) {
  const auto total = static_cast<UINT32>(memory_.size());
  struct Case {
    UINT32 chunk_bytes;
    UINT32 headroom;
    UINT32 answer;
  };
  for (const Case& each :
       {Case{0, 0, kBadParameter}, Case{total + 1, 0, kBadParameter}, Case{0xFFFFFFFF, 0, kBadParameter},
        Case{kChunk, kChunk + 1, kBadParameter}, Case{kChunk, 0xFFFFFFFF, kBadParameter}, Case{total, 0, kOk},
        Case{1, 0, kOk}, Case{1, 1, kOk}, Case{kChunk, kChunk, kOk}}) {
    EXPECT_EQ(answer(umem_at(memory_.data(), total, each.chunk_bytes, each.headroom)), each.answer)
        << each.chunk_bytes << ", " << each.headroom;
  }
  std::vector<unsigned char> large(0x20000);
  EXPECT_EQ(answer(umem_at(large.data(), large.size(), 0x20000, 65536)), kBadParameter);
  EXPECT_EQ(answer(umem_at(large.data(), large.size(), 0x20000, 65535)), kOk);
}

// S-025
CONFORMANCE(Umem, HeadroomMayLeaveNoRoom) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.headroom = shape.chunk_bytes;
    ReadySocket socket(shape.in(mode, kRx));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    EXPECT_EQ(socket.post_chunks(3, 2), 2u);
    machine().wire({udp_frame(64, 1), udp_frame(1500, 2)});
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 2u);
    for (UINT32 i = 0; i < 2; ++i) {
      EXPECT_EQ(received[i].Length, 0u);
      EXPECT_EQ(received[i].Address.BaseAddress, socket.chunk(3 + i));
      EXPECT_EQ(received[i].Address.Offset, shape.headroom);
    }
    EXPECT_EQ(socket.statistics().RxTruncated, 2u);
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
    // Nothing of the frames is in the chunks, nor in the one behind them.
    const unsigned char* first = socket.umem() + socket.chunk(3);
    EXPECT_EQ(std::vector<unsigned char>(first, first + 3 * kChunk), std::vector<unsigned char>(3 * kChunk));
  }
}

// S-026: every page of the range counts, and the part behind the last whole chunk too.
CONFORMANCE(Umem, EveryPageMustBeWritable) {
  constexpr std::size_t kPages = 4;
  EXPECT_EQ(answer(umem_at(nullptr, kPageBytes)), kNoAccess);
  for (std::size_t page = 0; page < kPages; ++page) {
    for (const bool readable : {false, true}) {
      SCOPED_TRACE(testing::Message() << page << (readable ? " read-only" : " forbidden"));
      MemoryPages memory(kPages);
      if (readable) {
        memory.make_read_only(page);
      } else {
        memory.forbid(page);
      }
      const RawSocket socket;
      EXPECT_EQ(register_at(socket, umem_at(memory.at(0), kPages * kPageBytes)), kNoAccess);
      if (page == 0) continue;
      // The pages before it will do, and not one byte more, though no chunk would use it.
      EXPECT_EQ(register_at(socket, umem_at(memory.at(0), page * kPageBytes + 1)), kNoAccess);
      EXPECT_EQ(register_at(socket, umem_at(memory.at(0), page * kPageBytes)), kOk);
    }
  }
}

// S-026
CONFORMANCE(Umem, UnmappedAndWrappingRangesAreRefused) {
  unsigned char* gone = nullptr;
  {
    const MemoryPages memory(2);
    gone = memory.at(0);
  }
  EXPECT_EQ(answer(umem_at(gone, 2 * kPageBytes)), kNoAccess);
  for (const std::uintptr_t address : {std::uintptr_t{0xFFFFFFFFFFFFF000}, std::uintptr_t{0xFFFFFFFFFFFFFFFF},
                                       std::uintptr_t{0xFFFF800000000000}}) {
    EXPECT_EQ(answer(umem_at(reinterpret_cast<void*>(address), 2 * kPageBytes)), kNoAccess) << address;
  }
  // From here it is more than is left of the address space.
  void* high = reinterpret_cast<void*>(std::uintptr_t{0xFFFFFFFF80000000});
  EXPECT_EQ(answer(umem_at(high, 0xFFFFFFFF)), kNoAccess);
}

// S-020: what the application has put there already stays.
CONFORMANCE(Umem, RegistrationDoesNotChangeTheMemory) {
  std::vector<unsigned char> expected(memory_.size());
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<unsigned char>(i * 7);
  memory_ = expected;
  {
    const RawSocket socket;
    EXPECT_EQ(register_at(socket, good()), kOk);
    EXPECT_EQ(register_at(socket, good()), kBadState);
  }
  EXPECT_EQ(memory_, expected);
}

// S-027: an odd address, odd chunks; frames in and out all the same.
CONFORMANCE(Umem, NoAlignmentIsAskedFor) {
  constexpr UINT32 kOddChunk = 1537;
  for (const Mode& mode : kModes) {
    for (const UINT32 shift : {0u, 1u, 3u, 7u}) {
      SCOPED_TRACE(testing::Message() << mode.name << ", address + " << shift);
      SocketShape shape;
      shape.chunk_bytes = kOddChunk;
      shape.headroom = 5;
      shape.address_shift = shift;
      ReadySocket socket(shape.in(mode));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      EXPECT_EQ(socket.post_chunks(3, 2), 2u);
      const std::vector<Bytes> frames = {udp_frame(301, 1), udp_frame(1400, 2)};
      machine().wire(frames);
      const std::size_t before = machine().sent().size();
      socket.send(9, udp_frame(777, 3));
      machine().settle();
      const auto received = socket.received();
      ASSERT_EQ(received.size(), 2u);
      for (UINT32 i = 0; i < 2; ++i) {
        EXPECT_EQ(received[i].Address.BaseAddress, socket.chunk(3 + i));
        EXPECT_EQ(socket.bytes_of(received[i]), frames[i]);
      }
      ASSERT_EQ(machine().sent().size(), before + 1);
      EXPECT_EQ(machine().sent().back(), udp_frame(777, 3));
    }
  }
}

// S-028: a byte behind the last whole chunk is not part of the UMEM.
CONFORMANCE(Umem, PartOfAChunkAtTheEndIsNotUsed) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.chunks = 2;
    shape.extra_bytes = 1;
    ReadySocket socket(shape.in(mode));
    const auto program = TestProgram::redirect_batched(socket, 0, mode.program_flag);
    const auto receive_into = [&](std::uint64_t address) {
      EXPECT_EQ(socket.post({address}), 1u);
      machine().wire({udp_frame(64, 1)});
      machine().settle();
      return socket.received().size();
    };
    EXPECT_EQ(receive_into(kChunk), 1u);
    EXPECT_EQ(socket.statistics().RxInvalidDescriptors, 0u);
    EXPECT_EQ(receive_into(kChunk + 1), 0u);
    EXPECT_EQ(socket.statistics().RxInvalidDescriptors, 1u);

    const std::size_t before = machine().sent().size();
    EXPECT_EQ(socket.submit({ReadySocket::descriptor(kChunk, kChunk - 99, 100)}), 1u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 1u);
    EXPECT_EQ(socket.submit({ReadySocket::descriptor(kChunk, kChunk - 100, 100)}), 1u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 1u);
    EXPECT_EQ(machine().sent().size(), before + 1);
  }
}

// S-029
CONFORMANCE(Umem, ParametersAreJudgedBeforeTheState) {
  const ReadySocket active;
  EXPECT_EQ(register_at(active, umem_at(memory_.data(), 0)), kBadParameter);
  EXPECT_EQ(register_at(active, umem_at(memory_.data(), memory_.size(), 0)), kBadParameter);
  EXPECT_EQ(register_at(active, umem_at(nullptr, memory_.size())), kNoAccess);
  EXPECT_EQ(active.set(XSK_SOCKOPT_UMEM_REG, good(), 23), kBadParameter);
  EXPECT_EQ(register_at(active, good()), kBadState);
}

// S-020: a registration that was refused does not count.
CONFORMANCE(Umem, FailedRegistrationCanBeRepeated) {
  const RawSocket socket;
  EXPECT_EQ(register_at(socket, umem_at(memory_.data(), memory_.size(), 0)), kBadParameter);
  EXPECT_EQ(register_at(socket, umem_at(nullptr, memory_.size())), kNoAccess);
  EXPECT_EQ(socket.bind(1, 0, kRx), kOk);
  EXPECT_EQ(socket.activate(), kBadState);
  EXPECT_EQ(register_at(socket, good()), kOk);
}

// 3.2: memory that cannot be locked is told before the state; what was refused does not count.
FaultRecord one_umem_without_resources() {
  FaultRecord record = fault_record(FaultId::kAlc01, {.rate = 1});
  record.kind = fault_kind::kUmem;
  record.times = 2;
  return record;
}

CONFORMANCE_ON(Umem, MemoryThatCannotBeLockedIsNoResources,
               settings.faults.records = {one_umem_without_resources()}) {
  const RawSocket socket;
  EXPECT_EQ(register_at(socket, umem_at(nullptr, memory_.size())), kNoAccess);
  EXPECT_EQ(register_at(socket, good()), kNoResources);
  EXPECT_EQ(register_at(socket, good()), kNoResources);
  EXPECT_EQ(register_at(socket, good()), kOk);
}

// S-030: both receive into the same memory, each at its own addresses.
CONFORMANCE(Umem, TwoSocketsRegisterTheSameMemory) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket first(SocketShape().in(mode, kRx));
    const RawSocket second;
    EXPECT_EQ(second.bind(1, 0, kRx | mode.bind_flag), kOk);
    EXPECT_EQ(register_at(second, umem_at(first.umem(), 64 * kChunk)), kOk);
    EXPECT_EQ(second.set_number(XSK_SOCKOPT_RX_RING_SIZE, 4), kOk);
    EXPECT_EQ(second.set_number(XSK_SOCKOPT_RX_FILL_RING_SIZE, 4), kOk);
    EXPECT_EQ(second.activate(), kOk);
    XSK_RING fill;
    const auto info = second.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    XskRingInitialize(&fill, &info.Fill);
    UINT32 index = 0;
    ASSERT_EQ(XskRingProducerReserve(&fill, 1, &index), 1u);
    *static_cast<UINT64*>(XskRingGetElement(&fill, index)) = first.chunk(9);
    XskRingProducerSubmit(&fill, 1);
    EXPECT_EQ(first.post_chunks(8, 1), 1u);

    const TestProgram program({TestProgram::redirect_port(first, 1), TestProgram::redirect_port(second, 2)},
                              0, mode.program_flag);
    machine().wire({udp_frame(200, 2, 2), udp_frame(100, 1, 1)});
    machine().settle();
    const auto received = first.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(first.bytes_of(received[0]), udp_frame(100, 1, 1));
    const unsigned char* data = first.umem() + first.chunk(9);
    EXPECT_EQ(Bytes(data, data + 200), udp_frame(200, 2, 2));
  }
}

}  // namespace
}  // namespace ringproof::test
