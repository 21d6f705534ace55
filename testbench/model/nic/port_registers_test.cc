// One port with one queue of each direction, driven register by register: what docs/design/queue-engine.md
// says holds for the Verilated engine and for the functional port.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "model/nic/bare_port.h"
#include "model/nic/functional_port.h"
#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

enum class Kind : std::uint8_t { kBare, kCycle, kFunctional };

constexpr std::uint32_t kLog2 = 3;
constexpr std::uint32_t kRing = 1U << kLog2;
constexpr std::uint32_t kBuffer = 2048;
constexpr std::uint32_t kRx = rx_block(0);
constexpr std::uint32_t kTx = tx_block(0);
constexpr std::uint32_t kTxVector = kTxVectorBase;
constexpr std::uint64_t kMicrosecond = 1'000'000;

class SpoiltEngine final : public QueueEngine {
 public:
  using Spoil = std::function<void(EngineOutputs&)>;
  SpoiltEngine(std::unique_ptr<QueueEngine> good, Spoil spoil)
      : good_(std::move(good)), spoil_(std::move(spoil)) {}
  void step(const EngineInputs& in, EngineOutputs& out) override {
    good_->step(in, out);
    spoil_(out);
  }
  void set_wave_time_ps(std::uint64_t) override {}
  EngineLimits limits() const override { return good_->limits(); }

 private:
  std::unique_ptr<QueueEngine> good_;
  Spoil spoil_;
};

class PortRegisters : public testing::TestWithParam<Kind> {
 protected:
  PortRegisters() {
    config.rx_queues = config.tx_queues = 1;
    taps.add(&record);
  }

  void make() {
    if (GetParam() == Kind::kFunctional) {
      port = std::make_unique<FunctionalPort>(config, 0, host, taps, 1);
    } else {
      auto engine = GetParam() == Kind::kBare ? make_rtl_engine("", 1) : make_cycle_engine();
      if (spoil) engine = std::make_unique<SpoiltEngine>(std::move(engine), spoil);
      port = std::make_unique<BarePort>(config, 0, host, taps, std::move(engine), 1);
    }
    for (const std::uint32_t vector : {0U, kTxVector}) {
      port->set_interrupt_handler(vector, [this, vector] { interrupts.push_back(vector); });
      posts[vector != 0] = memory().allocate(kRing * sizeof(PostEntry), vector, DmaRight::kRead);
      index[vector != 0] = memory().allocate(4, vector, DmaRight::kWrite);
      buffers[vector != 0] = memory().allocate(kRing * kBuffer, vector, DmaRight::kReadWrite);
    }
    completions = memory().allocate(kRing * sizeof(RxCompletionEntry), 0, DmaRight::kWrite);
    set_up();
  }
  // The registers of both queues, but for CONTROL.
  void set_up() {
    for (const std::uint32_t block : {kRx, kTx}) {
      const bool tx = block == kTx;
      write(block + kRingLog2, kLog2);
      write_address(block + kDescBaseLow, posts[tx]);
      if (!tx) write_address(block + kCompBaseLow, completions);
      write_address(block + kIndexAddrLow, index[tx]);
    }
  }

  HostMemory& memory() { return port->memory(); }
  void write(std::uint32_t offset, std::uint32_t value) { port->write32(offset, value); }
  void write_address(std::uint32_t low, std::uint64_t address) {
    write(low, static_cast<std::uint32_t>(address));
    write(low + 4, static_cast<std::uint32_t>(address >> 32));
  }
  void post(std::uint32_t block, std::uint32_t i, std::uint32_t length) {
    const bool tx = block == kTx;
    const PostEntry entry{buffers[tx] + std::uint64_t{i % kRing} * kBuffer, length, i};
    std::memcpy(memory().at(posts[tx] + i % kRing * sizeof entry, sizeof entry), &entry, sizeof entry);
  }
  void post_buffers(std::uint32_t begin, std::uint32_t count, std::uint32_t length = kBuffer) {
    for (std::uint32_t i = begin; i != begin + count; ++i) post(kRx, i, length);
    write(kRx + kDoorbell, begin + count);
  }
  // A port whose receive queue has so many buffers.
  void start_receiving(std::uint32_t buffers_posted) {
    make();
    write(kRx + kControl, 1);
    post_buffers(0, buffers_posted);
    run(10 * kMicrosecond);
  }
  void wire_brings(std::initializer_list<std::size_t> sizes) {
    source = std::make_unique<FrameList>();
    for (const std::size_t size : sizes) source->add(0, udp_frame(size, 7));
    port->start_traffic(*source, host.now);
  }
  // Until nothing is left to happen, or so much time has passed.
  void run(std::uint64_t span_ps = 1000 * kMicrosecond) {
    const std::uint64_t end_ps = host.now + span_ps;
    while (true) {
      while (host.next_due_ps() <= std::min(port->horizon_ps(), end_ps)) host.run_next();
      const std::uint64_t stop_ps = std::min(host.next_due_ps(), port->next_stop_ps());
      if (stop_ps >= end_ps) break;
      port->advance_to(std::max(stop_ps, port->time_ps() + 1));
    }
    port->advance_to(end_ps);
    host.now = end_ps;
  }
  std::uint32_t read(std::uint32_t offset) {
    std::optional<std::uint32_t> answer;
    port->read32(offset, [&answer](std::uint32_t value) { answer = value; });
    run(10 * kMicrosecond);
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(~0U);
  }
  RxCompletionEntry completion(std::uint32_t i) {
    RxCompletionEntry entry;
    std::memcpy(&entry, memory().at(completions + i % kRing * sizeof entry, sizeof entry), sizeof entry);
    return entry;
  }
  std::uint32_t index_word(std::uint32_t block) {
    std::uint32_t word;
    std::memcpy(&word, memory().at(index[block == kTx], 4), 4);
    return word;
  }

  NicConfig config;
  BenchHost host;
  TapList taps;
  TapRecord record;
  std::unique_ptr<FrameList> source;
  std::unique_ptr<Port> port;
  std::uint64_t posts[2] = {}, index[2] = {}, buffers[2] = {}, completions = 0;
  std::vector<std::uint32_t> interrupts;
  SpoiltEngine::Spoil spoil;  // the outputs of the engine
};

TEST_P(PortRegisters, AFrameIsWrittenCompletedPublishedAndCounted) {
  start_receiving(2);
  wire_brings({300});
  run();
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_EQ(completion(0).length, 300u);
  EXPECT_EQ(completion(0).timestamp_ns, record.accepted.at(0));
  EXPECT_EQ(std::memcmp(memory().at(buffers[0], 300), udp_frame(300, 7).data(), 300), 0);
  EXPECT_EQ(read(kRx + kPublished), 1u);
  EXPECT_EQ(read(kRx + kFrames), 1u);
  EXPECT_EQ(read(kRx + kFetched), 2u);
  EXPECT_EQ(read(kRx + kErrors), 0u);
  EXPECT_EQ(read(kRx + kState), 1u);
}

// Payload, completion entry, index: each only after the one before it.
TEST_P(PortRegisters, TheWritesOfAFrameComeInTheirOrder) {
  start_receiving(1);
  wire_brings({100});
  run();
  std::vector<std::uint64_t> written;
  for (const auto& burst : record.bursts) {
    if (burst.write) written.push_back(burst.address);
  }
  EXPECT_EQ(written, (std::vector<std::uint64_t>{buffers[0], completions, index[0]}));
}

TEST_P(PortRegisters, AFrameLongerThanItsBufferIsCutAndMarked) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 2, 100);
  run(10 * kMicrosecond);
  wire_brings({200, 100});
  run();
  EXPECT_EQ(completion(0).length, 100u);
  EXPECT_EQ(completion(0).flags, kRxFlagTruncated);
  EXPECT_EQ(completion(1).flags, 0u);
  EXPECT_EQ(*memory().at(buffers[0] + 100, 1), 0);
}

TEST_P(PortRegisters, ABufferOfNoBytesIsUsedAllTheSame) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 1, 0);
  run(10 * kMicrosecond);
  wire_brings({200});
  run();
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_EQ(completion(0).length, 0u);
  EXPECT_EQ(completion(0).flags, kRxFlagTruncated);
}

TEST_P(PortRegisters, WithoutAPostedBufferFramesAreDiscardedAndCounted) {
  start_receiving(2);
  wire_brings({60, 60, 60, 60, 60});
  run();
  EXPECT_EQ(record.accepted.size(), 2u);
  EXPECT_EQ(record.dropped.size(), 3u);
  EXPECT_EQ(read(kRx + kDrops), 3u);
  post_buffers(2, 1);
  run();
  wire_brings({60});
  run();
  EXPECT_EQ(completion(2).index, 2u);
  EXPECT_EQ(read(kRx + kDrops), 3u);
}

TEST_P(PortRegisters, IndicesBeginAtTheStartIndexAndWrap) {
  make();
  write(kRx + kStartIndex, 0xFFFFFFFE);
  write(kRx + kControl, 1);
  post_buffers(0xFFFFFFFE, 5);
  run(10 * kMicrosecond);
  wire_brings({60, 61, 62, 63});
  run();
  EXPECT_EQ(index_word(kRx), 2u);
  EXPECT_EQ(completion(0xFFFFFFFF).index, 0xFFFFFFFFu);
  EXPECT_EQ(completion(1).length, 63u);
  EXPECT_EQ(read(kRx + kFetched), 3u);
}

TEST_P(PortRegisters, ADoorbellOutOfRangeIsIgnoredAndRemembered) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 3);
  write(kRx + kDoorbell, kRing + 1);
  EXPECT_EQ(read(kRx + kState) & 4, 4u);
  write(kRx + kDoorbell, 2);  // back behind the last one
  wire_brings({60, 60, 60, 60});
  run();
  EXPECT_EQ(record.accepted.size(), 3u);
  write(kRx + kControl, 0);
  write(kRx + kControl, 1);
  EXPECT_EQ(read(kRx + kState), 1u);
}

TEST_P(PortRegisters, ADoorbellOfADisabledQueueIsIgnored) {
  make();
  post_buffers(0, 3);
  write(kRx + kControl, 1);
  run(10 * kMicrosecond);
  wire_brings({60});
  run();
  EXPECT_TRUE(record.accepted.empty());
  EXPECT_EQ(read(kRx + kFetched), 0u);
}

TEST_P(PortRegisters, SettingsIgnoreWritesWhileTheQueueIsEnabled) {
  make();
  write(kRx + kControl, 1);
  write(kRx + kRingLog2, 9);
  write_address(kRx + kCompBaseLow, 0x1234567000);
  EXPECT_EQ(read(kRx + kRingLog2), kLog2);
  EXPECT_EQ(read(kRx + kCompBaseLow), static_cast<std::uint32_t>(completions));
  write(kRx + kControl, 0);
  write(kRx + kRingLog2, 99);
  write(kRx + kDescBaseLow, 0xFFFFFFFF);
  EXPECT_EQ(read(kRx + kRingLog2), 16u);
  EXPECT_EQ(read(kRx + kDescBaseLow), 0xFFFFFFC0u);
}

TEST_P(PortRegisters, DisablingForgetsWhatWasPostedAndKeepsTheCounters) {
  start_receiving(4);
  wire_brings({60});
  run();
  write(kRx + kControl, 0);
  run(10 * kMicrosecond);
  wire_brings({60});
  run();
  EXPECT_EQ(read(kRx + kDrops), 1u);
  EXPECT_EQ(read(kRx + kFrames), 1u);
}

// All of the queue's descriptors are used, so that only the frame is in flight.
TEST_P(PortRegisters, EnablingWaitsForWhatIsInFlightAndSoDoAccessesBehindIt) {
  config.dma_write_latency_ns = 100'000;
  start_receiving(1);
  wire_brings({60});
  run(10 * kMicrosecond);
  write(kRx + kControl, 0);
  write(kRx + kControl, 1);
  std::optional<std::uint64_t> answered_ps;
  port->read32(kRx + kState, [&](std::uint32_t) { answered_ps = host.now; });
  run(200 * kMicrosecond);
  EXPECT_FALSE(answered_ps.has_value());
  EXPECT_EQ(index_word(kRx), 0u);
  run(200 * kMicrosecond);
  EXPECT_TRUE(answered_ps.has_value());
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_EQ(read(kRx + kPublished), 0u);  // of the new life
}

TEST_P(PortRegisters, AnArmedQueueAsksOnceForWhatTheHostHasNotSeen) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 4);
  write(kRx + kIrqArm, 0);
  run(10 * kMicrosecond);
  wire_brings({60, 60});
  run();
  EXPECT_EQ(interrupts, std::vector<std::uint32_t>{0});
  write(kRx + kIrqArm, 2);
  run();
  EXPECT_EQ(interrupts.size(), 1u);
  write(kRx + kIrqArm, 1);  // the host has missed one
  run();
  EXPECT_EQ(interrupts.size(), 2u);
}

TEST_P(PortRegisters, ADisabledQueueIsDisarmed) {
  make();
  write(kRx + kControl, 1);
  write(kRx + kIrqArm, 0);
  write(kRx + kControl, 0);
  write(kRx + kControl, 1);
  post_buffers(0, 1);
  run();
  wire_brings({60});
  run();
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_TRUE(interrupts.empty());
}

TEST_P(PortRegisters, ARefusedDescriptorCompletesItsFrameAsAnError) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 1);
  memory().release(posts[0]);
  run(10 * kMicrosecond);
  wire_brings({60});
  run();
  EXPECT_EQ(completion(0).flags, kRxFlagDmaError);
  EXPECT_EQ(completion(0).length, 0u);
  EXPECT_EQ(completion(0).cookie, 0u);
  EXPECT_EQ(read(kRx + kErrors), 1u);
}

TEST_P(PortRegisters, ARefusedCompletionEntryIsMissingAndCounted) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 1);
  memory().release(completions);
  run(10 * kMicrosecond);
  wire_brings({60});
  run();
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_EQ(read(kRx + kErrors), 1u);
}

TEST_P(PortRegisters, ARefusedIndexWriteIsCountedAndTheInterruptGoesOn) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 1);
  write(kRx + kIrqArm, 0);
  memory().release(index[0]);
  run(10 * kMicrosecond);
  wire_brings({60});
  run();
  EXPECT_EQ(read(kRx + kErrors), 1u);
  EXPECT_EQ(read(kRx + kPublished), 1u);
  EXPECT_EQ(interrupts, std::vector<std::uint32_t>{0});
}

TEST_P(PortRegisters, ASentFrameHasTheBytesOfItsBuffer) {
  make();
  const FrameBytes frame = udp_frame(333, 9);
  std::memcpy(memory().at(buffers[1], 333), frame.data(), 333);
  write(kTx + kControl, 1);
  post(kTx, 0, 333);
  PostEntry entry{buffers[1], 333, 0};
  std::memcpy(memory().at(posts[1], sizeof entry), &entry, sizeof entry);
  write(kTx + kDoorbell, 1);
  write(kTx + kIrqArm, 0);
  run();
  EXPECT_EQ(record.out.at(0).bytes, frame);
  EXPECT_EQ(index_word(kTx), 1u);
  EXPECT_EQ(read(kTx + kState), 1u);
  EXPECT_EQ(interrupts, std::vector<std::uint32_t>{kTxVector});
  EXPECT_EQ(port->tx_timestamp_ns(0, 0), record.out.at(0).end_ps / 1000);
}

TEST_P(PortRegisters, WhatCannotBeSentIsRefusedPublishedAndCounted) {
  make();
  write(kTx + kControl, 1);
  post(kTx, 0, 0);
  post(kTx, 1, 65'536);
  const PostEntry elsewhere{0x1000, 60, 0};
  std::memcpy(memory().at(posts[1] + 2 * sizeof elsewhere, sizeof elsewhere), &elsewhere, sizeof elsewhere);
  write(kTx + kDoorbell, 3);
  run();
  EXPECT_EQ(record.out_dropped.size(), 3u);
  EXPECT_TRUE(record.out.empty());
  EXPECT_EQ(index_word(kTx), 3u);
  EXPECT_EQ(read(kTx + kErrors), 3u);
  EXPECT_EQ(read(kTx + kFrames), 3u);
}

// The wire is slow, so the MAC is full most of the time.
TEST_P(PortRegisters, AFullRingIsSentInOrderThoughTheMacHasNoRoom) {
  config.gbps = 0.1;
  make();
  write(kTx + kControl, 1);
  for (std::uint32_t i = 0; i < kRing; ++i) post(kTx, i, 2000 + i);
  write(kTx + kDoorbell, kRing);
  run(50 * kMicrosecond);
  EXPECT_LE(index_word(kTx), kRing);
  run(10'000 * kMicrosecond);
  ASSERT_EQ(record.out.size(), kRing);
  for (std::uint32_t i = 0; i < kRing; ++i) EXPECT_EQ(record.out[i].bytes.size(), 2000 + i);
  EXPECT_TRUE(port->quiet());
}

TEST_P(PortRegisters, AddressesThatAreNotMappedReadAsZero) {
  make();
  write(0x0100, 1);
  EXPECT_EQ(read(0x0200), 0u);
  EXPECT_EQ(read(kRegisterVersion), kVersionValue);
  EXPECT_EQ(read(kRegisterLimits), 16u);
}

// Whatever the device was doing: each frame that arrived is published, or dropped, and nothing comes later.
TEST_P(PortRegisters, AResetAtAnyTimeForgetsWhatTheDeviceHad) {
  for (std::uint64_t after_ns = 0; after_ns < 2000; after_ns += 36) {
    host = {};
    record = {};
    make();
    write(kRx + kControl, 1);
    write(kTx + kControl, 1);
    post_buffers(0, kRing);
    for (std::uint32_t i = 0; i < kRing; ++i) post(kTx, i, 700);
    run(10 * kMicrosecond);
    write(kTx + kDoorbell, kRing);
    wire_brings({60, 900, 60, 300});
    run(after_ns * 1000);
    port->reset(1 + after_ns % 16);
    const std::uint32_t published = index_word(kRx);
    const std::size_t accesses = record.bursts.size();
    run(100 * kMicrosecond);
    EXPECT_EQ(index_word(kRx), published);
    EXPECT_EQ(record.bursts.size(), accesses);
    EXPECT_EQ(record.in.size(), 4u);
    EXPECT_EQ(record.dropped.size(), 4u - published) << "after " << after_ns << " ns";
    EXPECT_TRUE(port->quiet());
    for (const std::uint32_t block : {kRx, kTx}) EXPECT_EQ(read(block + kState), 0u);
    EXPECT_EQ(read(kRx + kRingLog2), 1u);
  }
}

TEST_P(PortRegisters, AfterAResetTheDeviceIsSetUpAnew) {
  start_receiving(2);
  wire_brings({300});
  run(300'000);
  port->reset(1);
  run();
  set_up();
  write(kRx + kStartIndex, 5);
  write(kRx + kControl, 1);
  post_buffers(5, 1);
  run(10 * kMicrosecond);
  wire_brings({200});
  run();
  EXPECT_EQ(index_word(kRx), 6u);
  EXPECT_EQ(completion(5).length, 200u);
}

TEST_P(PortRegisters, ADeviceThatIsGoneAnswersNothing) {
  start_receiving(2);
  port->set_present(false);
  EXPECT_EQ(read(kRegisterId), kNoAnswer);
  write(kRx + kControl, 1);
  wire_brings({300});
  run();
  EXPECT_TRUE(record.in.empty());
  EXPECT_TRUE(port->quiet());
  port->set_present(true);
  EXPECT_EQ(read(kRegisterId), kIdValue);
  EXPECT_EQ(read(kRx + kState), 0u);
}

// An engine takes nothing in reset: what comes meanwhile is discarded by the queue that is off afterwards.
TEST_P(PortRegisters, AFrameThatComesDuringAResetWaitsForItsEnd) {
  start_receiving(2);
  port->reset(1000);
  wire_brings({60, 60, 300});
  run();
  EXPECT_EQ(record.dropped.size(), 3u);
  EXPECT_EQ(record.starved.size(), 3u);
  EXPECT_EQ(read(kRx + kDrops), 3u);
  EXPECT_TRUE(port->quiet());
}

// ---- what an engine says of received frames ----

// Of ports that have an engine, with pins and a hash.
class EnginePortRegisters : public PortRegisters {};

TEST_P(EnginePortRegisters, AnEngineThatDoesNotDecideIsNeverQuiet) {
  spoil = [](EngineOutputs& out) { out.ev_rx_done = false; };
  start_receiving(2);
  EXPECT_TRUE(port->quiet());
  wire_brings({60});
  run();
  EXPECT_EQ(index_word(kRx), 1u);
  EXPECT_FALSE(port->quiet());
}

TEST_P(EnginePortRegisters, AnEngineThatDecidesWithoutAFrameStopsTheRun) {
  bool once = false;
  spoil = [&](EngineOutputs& out) { out.ev_rx_done = out.ev_rx_done || std::exchange(once, false); };
  start_receiving(2);
  once = true;
  EXPECT_DEATH(read(kRx + kState), "the engine decides about a frame that it was not given");
}

// ---- receive-side scaling ----

class Beats final : public BusWatcher {
 public:
  void cycle(std::uint32_t, std::uint64_t, const EngineInputs& in, const EngineOutputs& out) override {
    if (!in.rx_tvalid || !out.rx_tready) return;
    if (!within) hashes.push_back(in.rx_hash);
    moved = moved || in.rx_hash != hashes.back();
    within = !in.rx_tlast;
  }
  void assertion_failed(std::uint32_t, const std::string&, std::uint32_t, std::uint64_t) override {}
  std::vector<std::uint32_t> hashes;  // of frames
  bool within = false;
  bool moved = false;  // beats of a frame had different ones
};

// The setting is written over and over while frames of 24 beats pass.
TEST_P(EnginePortRegisters, AllBeatsOfAFrameHaveTheHashThatItBeganWith) {
  Beats beats;
  make();
  port->watch_bus(beats);
  wire_brings({1500, 1500, 1500, 1500, 1500, 1500, 1500, 1500});
  for (std::uint32_t i = 0; i < 1000; ++i) write(kRegisterRssControl, i % 2);
  run();
  EXPECT_EQ(beats.hashes.size(), 8u);
  EXPECT_NE(std::count(beats.hashes.begin(), beats.hashes.end(), 0u), 0);
  EXPECT_NE(std::count(beats.hashes.begin(), beats.hashes.end(), 0u), 8);
  EXPECT_FALSE(beats.moved);
}

class RssTap final : public Tap {
 public:
  void rss_changed(std::uint32_t, const RssTold& rss) override {
    queues.assign(rss.queues.begin(), rss.queues.end());
  }
  std::vector<std::uint8_t> queues;
};

TEST_P(EnginePortRegisters, WhatIsToldOfATableIsWhatTheRegistersKeep) {
  RssTap told;
  taps.add(&told);
  make();
  write(kRegisterRssTable, 0xFFC08141);
  write(kRegisterRssControl, 1);
  EXPECT_EQ(read(kRegisterRssTable), 0x3F000101u);
  ASSERT_GE(told.queues.size(), 4u);
  EXPECT_EQ(std::vector(told.queues.begin(), told.queues.begin() + 4),
            (std::vector<std::uint8_t>{1, 1, 0, 63}));
}

// An interrupt that was on its way does not come from a device that was reset.
TEST_P(PortRegisters, NoInterruptComesAfterAReset) {
  make();
  write(kRx + kControl, 1);
  post_buffers(0, 2);
  write(kRx + kIrqArm, 0);
  run(10 * kMicrosecond);
  wire_brings({300});
  while (index_word(kRx) == 0) run(4000);
  port->reset(16);
  run();
  EXPECT_TRUE(interrupts.empty());
}

// A second with nothing to do costs nothing, with buffers posted.
TEST_P(PortRegisters, IdleTimeIsSkipped) {
  start_receiving(2);
  run();
  const std::uint64_t worked = port->cycles_worked();
  const std::uint64_t cycles = port->cycles();
  run(1'000'000 * kMicrosecond);
  EXPECT_EQ(port->cycles_worked(), worked);
  EXPECT_GE(port->cycles(), cycles + (GetParam() == Kind::kFunctional ? 0u : 250'000'000u));
}

std::string kind_name(const testing::TestParamInfo<Kind>& info) {
  static const char* const kNames[] = {"Bare", "Cycle", "Functional"};
  return kNames[static_cast<std::size_t>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(All, PortRegisters, testing::Values(Kind::kBare, Kind::kCycle, Kind::kFunctional),
                         kind_name);
INSTANTIATE_TEST_SUITE_P(All, EnginePortRegisters, testing::Values(Kind::kBare, Kind::kCycle), kind_name);

}  // namespace
}  // namespace ringproof::nic
