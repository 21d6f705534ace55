// mapping_monitor_test.cc: what a device may touch, for how long, and what it touches.

#include "sim/monitor/mapping_monitor.h"

#include "testbench/sim/monitor/accused.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

class Mapped : public Accused {
 protected:
  using Kind = DmaRegion::Kind;
  static constexpr std::uint32_t kRx = 0;
  static constexpr std::uint32_t kTx = 64;
  static constexpr std::uint64_t kUmemBytes = SharedMemory::kChunks * SharedMemory::kChunkBytes;

  // Returns the address.
  std::uint64_t map(std::uint32_t vector, const unsigned char* memory, std::uint64_t bytes, bool write,
                    Kind kind = Kind::kBorrowed) {
    next_ += 0x10000;
    mappings_.dma_mapped(0, {next_, bytes, vector, !write, write, kind, memory});
    return next_;
  }
  std::uint64_t map_ring(std::uint32_t vector, RingKind kind, bool write, std::uint64_t more = 0) {
    return map(vector, memory_.shape(kind).element(0), 4 * SharedMemory::stride(kind) + more, write);
  }
  void access(std::uint32_t vector, bool write, std::uint64_t address, std::uint32_t bytes) {
    mappings_.dma(0, vector, write, address, bytes, true, 2000);
  }

  MappingMonitor mappings_{log_};
  SharedMemory memory_{mappings_, 1};
  std::uint64_t next_ = 0x100000;
};

TEST_F(Mapped, WhatIsRegistered) {
  map(kRx, memory_.umem(), kUmemBytes, true);
  map(kTx, memory_.umem(), kUmemBytes, false);
  map_ring(kRx, RingKind::kFill, false);
  map_ring(kRx, RingKind::kRx, true);
  map_ring(kTx, RingKind::kTx, false);
  map_ring(kTx, RingKind::kCompletion, true);
  EXPECT_EQ(log_.checks(Invariant::k25), 6u);
  expect_none();
}

TEST_F(Mapped, MoreThanTheUmem) {
  map(kTx, memory_.umem(), kUmemBytes + 1, false);
  expect(Invariant::k25, "platform");
}

TEST_F(Mapped, MoreThanTheRing) {
  map_ring(kTx, RingKind::kTx, false, 64);
  expect(Invariant::k25, "platform");
}

TEST_F(Mapped, UmemToSendForWriting) {
  map(kTx, memory_.umem(), kUmemBytes, true);
  expect(Invariant::k25, "platform");
}

TEST_F(Mapped, FillRingForWriting) {
  map_ring(kRx, RingKind::kFill, true);
  expect(Invariant::k25, "platform");
}

TEST_F(Mapped, LessThanItSendsFrom) {
  const std::uint64_t at = map(kTx, memory_.umem(), kUmemBytes - 256, false);
  mappings_.tx_memory_mapped(1, {0, at, kUmemBytes, memory_.umem(), false, 1514});
  expect(Invariant::k25, "platform");
}

TEST_F(Mapped, AccessesWithinAndInTheLastBeat) {
  const std::uint64_t at = map(kTx, frame_.data(), 100, false, Kind::kOwn);
  const std::uint64_t word = map(kTx, frame_.data(), 4, true, Kind::kMailbox);
  access(kTx, false, at, 128);
  access(kTx, true, word, 4);
  expect_none();
}

TEST_F(Mapped, AccessOfAnotherQueue) {
  const std::uint64_t at = map(kTx, frame_.data(), 128, false, Kind::kOwn);
  map(kTx + 1, frame_.data(), 128, false, Kind::kOwn);
  access(kTx + 1, false, at, 64);
  expect(Invariant::k25, "device");
}

TEST_F(Mapped, AccessInTheOtherDirection) {
  const std::uint64_t at = map(kTx, frame_.data(), 128, false, Kind::kOwn);
  access(kTx, true, at, 64);
  expect(Invariant::k25, "device");
}

TEST_F(Mapped, AccessBeyondTheEnd) {
  const std::uint64_t at = map(kRx, frame_.data(), 128, true, Kind::kOwn);
  access(kRx, true, at + 64, 65);
  expect(Invariant::k25, "device");
}

TEST_F(Mapped, AccessAfterItsEnd) {
  const std::uint64_t at = map(kRx, frame_.data(), 128, true, Kind::kOwn);
  map(kRx, frame_.data(), 128, true, Kind::kOwn);
  mappings_.dma_unmapped(0, at);
  access(kRx, true, at, 64);
  expect(Invariant::k25, "device");
}

// ---- ends ----

class LentMappings : public Mapped {
 protected:
  LentMappings() {
    regions_ = {map_ring(kTx, RingKind::kTx, false), map_ring(kTx, RingKind::kCompletion, true),
                map(kTx, memory_.umem(), kUmemBytes, false),
                map(kTx, frame_.data(), 4, true, Kind::kMailbox)};
    to_send_ = map(kTx, memory_.umem(), kUmemBytes, false);
    mappings_.tx_memory_mapped(1, {0, to_send_, kUmemBytes, memory_.umem(), false, 1514});
    mappings_.hw_ring_changed(0, kTx, 0, 4, 1);
  }
  void end(std::size_t but) {
    for (std::size_t i = 0; i < regions_.size(); ++i) {
      if (i != but) mappings_.dma_unmapped(0, regions_[i]);
    }
    mappings_.hw_ring_changed(0, kTx, 0, 256, 0);
  }
  std::vector<std::uint64_t> regions_;
  std::uint64_t to_send_ = 0;
};

TEST_F(LentMappings, GivenBackWithTheLoan) {
  end(regions_.size());
  mappings_.dma_unmapped(0, to_send_);
  mappings_.tx_memory_unmapped(1, to_send_);
  mappings_.finish(9000, true);
  expect_none();
}

class KeptMapping : public LentMappings, public testing::WithParamInterface<std::size_t> {};

TEST_P(KeptMapping, AfterTheLoan) {
  end(GetParam());
  expect(Invariant::k43, "platform");
}

INSTANTIATE_TEST_SUITE_P(Each, KeptMapping, testing::Range(std::size_t{0}, std::size_t{4}));

TEST_F(LentMappings, KeptByASocketThatLeft) {
  end(regions_.size());
  mappings_.tx_memory_unmapped(1, to_send_);
  expect(Invariant::k43, "platform");
}

TEST_F(Mapped, CopyThatIsNeverGivenBack) {
  map(kTx, frame_.data(), 60, false);
  mappings_.finish(9000, true);
  expect(Invariant::k43, "platform");
}

TEST_F(Mapped, CutShortWithCopiesUnderWay) {
  map(kTx, frame_.data(), 60, false);
  mappings_.finish(9000, false);
  expect_none();
}

}  // namespace
}  // namespace ringproof
