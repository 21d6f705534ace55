// Whole ports of every kind: with the Verilated engine as SystemC modules, side by side in one simulation;
// with the same engine and no SystemC; and the functional one. Each test looks at what one of them did. Each
// port has a host of its own with a small driver that echoes what it receives.

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "model/nic/bare_port.h"
#include "model/nic/functional_port.h"
#include "model/nic/nic_module.h"
#include "testbench/model/nic/frames.h"
#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kRingLog2 = 5;
constexpr std::uint32_t kRing = 1u << kRingLog2;
constexpr std::uint32_t kBufferBytes = 1536;
constexpr std::uint64_t kEndPs = 1'000'000'000;  // 1 ms

enum class Kind : std::uint8_t { kModule, kBare, kCycle, kFunctional };

// Runs a host inside SystemC, as the simulator does it.
class BenchHostModule : public sc_core::sc_module {
 public:
  BenchHostModule(const sc_core::sc_module_name& name, BenchHost& host, NicModule& nic)
      : sc_module(name), host_(host), nic_(nic) {
    SC_HAS_PROCESS(BenchHostModule);
    SC_METHOD(step);
    host_.on_posted = [this] {
      if (!running_) wake_.notify(sc_core::SC_ZERO_TIME);
    };
  }

 private:
  void step() {
    running_ = true;
    while (host_.next_due_ps() != kNever && host_.next_due_ps() <= nic_.horizon_ps()) host_.run_next();
    running_ = false;
    nic_.wake();
    const std::uint64_t now_ps = sc_core::sc_time_stamp().value();
    const std::uint64_t due_ps = host_.next_due_ps();
    if (due_ps == kNever) {
      next_trigger(wake_);
    } else {
      next_trigger(sc_core::sc_time::from_value(due_ps > now_ps ? due_ps - now_ps : 1), wake_);
    }
  }

  BenchHost& host_;
  NicModule& nic_;
  bool running_ = false;
  sc_core::sc_event wake_;
};

// Lets host and port take turns, as a machine without SystemC does it.
void run_world(BenchHost& host, Port& nic) {
  while (true) {
    while (host.next_due_ps() <= std::min(nic.horizon_ps(), kEndPs)) host.run_next();
    const std::uint64_t stop_ps = std::min(host.next_due_ps(), nic.next_stop_ps());
    if (stop_ps >= kEndPs) return;
    nic.advance_to(std::max(stop_ps, nic.time_ps() + 1));
  }
}

struct WorldOptions {
  bool skip_idle = true;
  bool open_to_queue = true;  // the receive buffers are mapped for the queue that uses them
  bool enable = true;
  std::uint32_t copies = 1;   // each received frame is sent back so many times
  std::uint32_t request = 0;  // for checksums in what is sent
};

// One port, its host, and a driver with one receive and one transmit ring per queue.
class World {
 public:
  World(Kind kind, const std::string& name, const NicConfig& config, const WorldOptions& options)
      : options_(options), port_(make(kind, name, config)), nic(*port_) {
    taps.add(&record);
    for (std::uint32_t queue = 0; queue < config.rx_queues; ++queue) {
      rx_.push_back(make_ring(queue, DmaRight::kWrite));
      tx_.push_back(make_ring(kTxVectorBase + queue, DmaRight::kRead));
    }
    host.at(0, [this] { start(); });
  }

  void start_traffic(std::uint64_t at_ps) {
    host.at(at_ps, [this, at_ps] { nic.start_traffic(frames, at_ps); });
  }

  BenchHost host;
  TapList taps;
  TapRecord record;
  FrameList frames;
  std::vector<RxCompletionEntry> completions;
  std::map<std::uint32_t, std::vector<std::uint64_t>> sent_ns;  // by queue, as the completions said
  std::vector<std::uint64_t> register_values;
  std::vector<std::vector<std::uint64_t>> interrupts_ps;

 private:
  std::unique_ptr<Port> make(Kind kind, const std::string& name, const NicConfig& config) {
    if (kind == Kind::kFunctional) return std::make_unique<FunctionalPort>(config, 0, host, taps, 1);
    if (kind == Kind::kBare || kind == Kind::kCycle) {
      auto engine = kind == Kind::kBare ? make_rtl_engine("", 1) : make_cycle_engine();
      return std::make_unique<BarePort>(config, 0, host, taps, std::move(engine), 1);
    }
    auto module = std::make_unique<NicModule>(name.c_str(), config, 0, host, taps, make_rtl_engine("", 1), 1,
                                              options_.skip_idle);
    host_module_ = std::make_unique<BenchHostModule>((name + "_host").c_str(), host, *module);
    return module;
  }

  struct Ring {
    std::uint32_t vector;
    std::uint64_t posts, completions, index, buffers;
    std::uint32_t posted = 0, seen = 0;
  };

  Ring make_ring(std::uint32_t vector, DmaRight buffer_right) {
    Ring ring{};
    HostMemory& memory = nic.memory();
    ring.vector = vector;
    ring.posts = memory.allocate(kRing * sizeof(PostEntry), vector, DmaRight::kRead);
    ring.completions = memory.allocate(kRing * sizeof(RxCompletionEntry), vector, DmaRight::kWrite);
    ring.index = memory.allocate(4, vector, DmaRight::kWrite);
    const bool open = options_.open_to_queue || vector >= kTxVectorBase;
    ring.buffers = memory.allocate(kRing * kBufferBytes, open ? vector : vector + 1, buffer_right);
    return ring;
  }

  void start() {
    nic.read32(kRegisterId, [this](std::uint32_t value) { register_values.push_back(value); });
    interrupts_ps.resize(2 * kTxVectorBase);
    for (auto* rings : {&rx_, &tx_}) {
      for (Ring& ring : *rings) {
        const std::uint32_t block = block_of(ring);
        nic.set_interrupt_handler(ring.vector, [this, &ring] {
          interrupts_ps[ring.vector].push_back(host.now);
          serve(ring);
        });
        nic.write32(block + kRingLog2Register, kRingLog2);
        write_address(block + kDescBaseLow, ring.posts);
        write_address(block + kCompBaseLow, ring.completions);
        write_address(block + kIndexAddrLow, ring.index);
        if (options_.enable) nic.write32(block + kControl, 1);
        if (ring.vector < kTxVectorBase) {
          for (std::uint32_t i = 0; i < kRing; ++i) post(ring, i, kBufferBytes);
          nic.write32(block + kDoorbell, ring.posted);
        }
        nic.write32(block + kIrqArm, 0);
      }
    }
  }

  static constexpr std::uint32_t kRingLog2Register = QueueRegister::kRingLog2;
  static std::uint32_t block_of(const Ring& ring) {
    return ring.vector < kTxVectorBase ? rx_block(ring.vector) : tx_block(ring.vector - kTxVectorBase);
  }
  void write_address(std::uint32_t offset, std::uint64_t address) {
    nic.write32(offset, static_cast<std::uint32_t>(address));
    nic.write32(offset + 4, static_cast<std::uint32_t>(address >> 32));
  }
  void post(Ring& ring, std::uint32_t buffer, std::uint32_t length) {
    const std::uint32_t cookie = ring.vector < kTxVectorBase ? buffer : options_.request;
    const PostEntry entry{ring.buffers + std::uint64_t{buffer} * kBufferBytes, length, cookie};
    std::memcpy(nic.memory().at(ring.posts + (ring.posted & (kRing - 1)) * sizeof entry, sizeof entry),
                &entry, sizeof entry);
    ++ring.posted;
  }
  std::uint32_t published(const Ring& ring) {
    nic.advance_to(host.now);
    std::uint32_t index;
    std::memcpy(&index, nic.memory().at(ring.index, 4), 4);
    return index;
  }

  void serve(Ring& ring) {
    const std::uint32_t index = published(ring);
    const bool rx = ring.vector < kTxVectorBase;
    for (; ring.seen != index; ++ring.seen) {
      if (!rx) {
        const std::uint32_t queue = ring.vector - kTxVectorBase;
        sent_ns[queue].push_back(nic.tx_timestamp_ns(queue, ring.seen));
        continue;
      }
      RxCompletionEntry entry;
      std::memcpy(&entry,
                  nic.memory().at(ring.completions + (ring.seen & (kRing - 1)) * sizeof entry, sizeof entry),
                  sizeof entry);
      completions.push_back(entry);
      for (std::uint32_t copy = 0; copy < options_.copies; ++copy) echo(tx_[ring.vector], ring, entry);
      post(ring, entry.cookie, kBufferBytes);
    }
    if (rx) nic.write32(block_of(ring) + kDoorbell, ring.posted);
    nic.write32(block_of(ring) + kIrqArm, ring.seen);
  }

  // Sends the frame back from a buffer of the transmit queue, if its ring has room.
  void echo(Ring& tx, const Ring& rx, const RxCompletionEntry& entry) {
    if (tx.posted - tx.seen >= kRing || entry.flags != 0) return;
    const std::uint32_t slot = tx.posted & (kRing - 1);
    std::memcpy(nic.memory().at(tx.buffers + std::uint64_t{slot} * kBufferBytes, entry.length),
                nic.memory().at(rx.buffers + std::uint64_t{entry.cookie} * kBufferBytes, entry.length),
                entry.length);
    post(tx, slot, entry.length);
    nic.write32(block_of(tx) + kDoorbell, tx.posted);
  }

  const WorldOptions options_;
  std::unique_ptr<BenchHostModule> host_module_;
  std::unique_ptr<Port> port_;
  std::vector<Ring> rx_, tx_;

 public:
  Port& nic;
};

NicConfig two_queues() {
  NicConfig config;
  config.rx_queues = config.tx_queues = 2;
  return config;
}

// Bursts at line rate, then single frames with long gaps.
void add_mixed_traffic(FrameList& frames) {
  for (std::uint16_t i = 0; i < 60; ++i) frames.add(0, udp_frame(60 + i * 24 % 1455, i));
  for (std::uint16_t i = 0; i < 60; ++i) frames.add(40'000'000 + i * 4'000'777u, udp_frame(60 + i, i));
}

FrameShape shape_of(std::size_t frame) {
  return {.v6 = frame % 4 >= 2, .tcp = frame % 2 != 0, .payload = 20 + frame};
}
bool is_damaged(std::size_t frame) { return frame % 3 == 0; }

// TCP and UDP over both kinds of IP, every third frame with wrong checksums.
void add_summed_traffic(FrameList& frames) {
  RandomStream random(5, "summed traffic");
  for (std::size_t i = 0; i < 48; ++i) {
    FrameBytes frame = summed_frame(shape_of(i), random);
    if (is_damaged(i)) {
      frame[shape_of(i).checksum_at()] ^= 0x40;
      if (!shape_of(i).v6) frame[24] ^= 0x40;
    }
    frames.add(i * 1'000'000, frame);
  }
}

constexpr std::uint32_t kUdpRequest = pack_tx_request({.insert_layer3 = true,
                                                       .insert_layer4 = true,
                                                       .layer3 = RequestLayer3::kIpv4,
                                                       .layer4 = RequestLayer4::kUdp,
                                                       .layer2_bytes = 14,
                                                       .layer3_bytes = 20});

class Ports {
 public:
  explicit Ports(Kind kind) {
    mixed = std::make_unique<World>(kind, "mixed", two_queues(), WorldOptions{});
    every_edge = std::make_unique<World>(kind, "every_edge", two_queues(), WorldOptions{false, true, true});
    WorldOptions closed;
    closed.open_to_queue = false;
    refused = std::make_unique<World>(kind, "refused", two_queues(), closed);
    WorldOptions off;
    off.enable = false;
    disabled = std::make_unique<World>(kind, "disabled", two_queues(), off);
    flood = std::make_unique<World>(kind, "flood", two_queues(), WorldOptions{});
    WorldOptions summing;
    summing.request = kUdpRequest;
    offloads = std::make_unique<World>(kind, "offloads", two_queues(), summing);
    add_summed_traffic(offloads->frames);
    offloads->start_traffic(5'000'000);
    WorldOptions thrice;
    thrice.copies = 3;
    NicConfig gigabit = two_queues();
    gigabit.gbps = 1;
    backlog = std::make_unique<World>(kind, "backlog", gigabit, thrice);
    for (std::uint16_t i = 0; i < 20; ++i) backlog->frames.add(0, udp_frame(1000, i));
    backlog->start_traffic(5'000'000);
    stopped = std::make_unique<World>(kind, "stopped", two_queues(), WorldOptions{});
    stopped->frames.add(0, udp_frame(60, 1));
    stopped->frames.add(500'000'000, udp_frame(60, 2));
    stopped->start_traffic(5'000'000);
    stopped->host.at(50'000'000, [this] { stopped->nic.stop_traffic(); });
    for (World* world : {mixed.get(), every_edge.get()}) {
      add_mixed_traffic(world->frames);
      world->frames.add(300'000'000, udp_frame(1600, 1));  // too long
      world->start_traffic(5'000'000);
    }
    for (World* world : {refused.get(), disabled.get()}) {
      for (std::uint16_t i = 0; i < 20; ++i) world->frames.add(i * 1'000'000u, udp_frame(200, i));
      world->start_traffic(5'000'000);
    }
    for (std::uint16_t i = 0; i < 2000; ++i) flood->frames.add(0, udp_frame(60, i));
    flood->start_traffic(5'000'000);
    if (kind == Kind::kModule) {
      sc_core::sc_start(sc_core::sc_time::from_value(kEndPs));
      return;
    }
    for (World* world : {mixed.get(), every_edge.get(), refused.get(), disabled.get(), flood.get(),
                         stopped.get(), offloads.get(), backlog.get()}) {
      run_world(world->host, world->nic);
    }
  }
  std::unique_ptr<World> mixed, every_edge, refused, disabled, flood, stopped, offloads, backlog;
};

// The ports of one kind are made and run when the first test asks for them.
class EveryPort : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    auto& of_kind = made[GetParam()];
    if (of_kind == nullptr) of_kind = std::make_unique<Ports>(GetParam());
    ports = of_kind.get();
  }
  static std::map<Kind, std::unique_ptr<Ports>> made;
  Ports* ports = nullptr;
};
std::map<Kind, std::unique_ptr<Ports>> EveryPort::made;

// An engine that is never idle is clocked for as long as a run lasts, while the host may have nothing to do.
TEST_P(EveryPort, AModuleThatIsNeverIdleSaysThatItGoesOn) {
  if (GetParam() != Kind::kModule) return;
  constexpr std::uint64_t kLongestStretchPs = 10'000'000;
  EXPECT_GE(ports->every_edge->host.stretches, kEndPs / kLongestStretchPs);
}

std::string text_of(const FrameBytes& bytes) { return {bytes.begin(), bytes.end()}; }

// Every frame that arrived is accepted or dropped, once, with the time stamp it got.
void expect_balanced(const TapRecord& record) {
  std::multiset<std::uint64_t> arrived, ended;
  for (const auto& frame : record.in) arrived.insert(frame.timestamp_ns);
  for (const auto& drop : record.dropped) ended.insert(drop.timestamp_ns);
  ended.insert(record.accepted.begin(), record.accepted.end());
  EXPECT_EQ(arrived, ended);
  EXPECT_EQ(std::set<std::uint64_t>(arrived.begin(), arrived.end()).size(), arrived.size());
}

TEST_P(EveryPort, EveryFrameIsAcceptedOrDropped) {
  for (World* world : {ports->mixed.get(), ports->every_edge.get(), ports->refused.get(),
                       ports->disabled.get(), ports->flood.get()}) {
    EXPECT_EQ(world->record.in.size(), world->frames.size());
    expect_balanced(world->record);
    EXPECT_TRUE(world->nic.quiet());
  }
}

TEST_P(EveryPort, AReadOfARegisterComesBack) {
  EXPECT_EQ(ports->mixed->register_values, std::vector<std::uint64_t>{kIdValue});
}

TEST_P(EveryPort, FramesArriveAtTheRateOfTheWire) {
  const World& world = *ports->mixed;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    const std::uint64_t frame_bits = 8 * (8 + std::max<std::size_t>(world.frames.bytes(i).size(), 60) + 4);
    EXPECT_EQ(world.record.in[i].timestamp_ns, (5'000'000 + (bits + frame_bits) * 40) / 1000) << i;
    bits += frame_bits + 8 * 12;
  }
}

TEST_P(EveryPort, AcceptedFramesComeBackByteForByte) {
  const World& world = *ports->mixed;
  EXPECT_EQ(world.completions.size(), world.record.accepted.size());
  EXPECT_EQ(world.record.out.size(), world.record.accepted.size());
  std::multiset<std::string> sent, wanted;
  for (const auto& frame : world.record.out) sent.insert(text_of(frame.bytes));
  for (std::size_t i = 0; i + 1 < world.frames.size(); ++i) wanted.insert(text_of(world.frames.bytes(i)));
  EXPECT_EQ(sent, wanted);
}

TEST_P(EveryPort, SentFramesKeepTheGapOfTheWire) {
  const auto& out = ports->mixed->record.out;
  ASSERT_GT(out.size(), 100u);
  for (std::size_t i = 1; i < out.size(); ++i) {
    const std::uint64_t bytes = 12 + 8 + std::max<std::size_t>(out[i].bytes.size(), 60) + 4;
    EXPECT_GE(out[i].end_ps - out[i - 1].end_ps, bytes * 320);
  }
}

TEST_P(EveryPort, AFrameThatIsTooLongIsDropped) {
  ASSERT_EQ(ports->mixed->record.dropped.size(), 1u);
  EXPECT_EQ(ports->mixed->record.dropped[0].reason, DropReason::kOversize);
}

TEST_P(EveryPort, WireEventsAreToldInTheOrderOfTheirTimes) {
  for (const World* world : {ports->mixed.get(), ports->every_edge.get(), ports->flood.get()}) {
    const auto& times = world->record.event_ps;
    std::size_t backwards = 0;
    for (std::size_t i = 1; i < times.size(); ++i) backwards += times[i] < times[i - 1] ? 1 : 0;
    EXPECT_EQ(backwards, 0u);
  }
}

// The others always skip.
class ClockedPort : public EveryPort {};
TEST_P(ClockedPort, SkippingIdleCyclesChangesNothingThatAnybodySees) {
  const World& skips = *ports->mixed;
  const World& works = *ports->every_edge;
  EXPECT_EQ(skips.record.notes, works.record.notes);
  EXPECT_EQ(skips.record.hash(), works.record.hash());
  EXPECT_EQ(skips.interrupts_ps, works.interrupts_ps);
  EXPECT_GE(works.nic.cycles_worked(), works.nic.cycles());
  EXPECT_LT(skips.nic.cycles_worked(), works.nic.cycles_worked() / 4);
}

TEST_P(EveryPort, ARefusedWriteIsToldAndMarksTheCompletion) {
  const World& world = *ports->refused;
  ASSERT_EQ(world.completions.size(), world.frames.size());
  for (const RxCompletionEntry& entry : world.completions) EXPECT_EQ(entry.flags & kRxFlagDmaError, 1u);
  const auto refused = std::count_if(world.record.bursts.begin(), world.record.bursts.end(),
                                     [](const TapRecord::Burst& burst) { return !burst.allowed; });
  EXPECT_EQ(static_cast<std::size_t>(refused), world.frames.size());
}

TEST_P(EveryPort, AQueueThatIsNotEnabledDropsForWantOfADescriptor) {
  EXPECT_TRUE(ports->disabled->record.accepted.empty());
  for (const auto& drop : ports->disabled->record.dropped) {
    EXPECT_EQ(drop.reason, DropReason::kNoDescriptor);
  }
}

TEST_P(EveryPort, TheCompletionSaysWhatTheMacThoughtOfTheFrame) {
  const World& world = *ports->offloads;
  ASSERT_EQ(world.completions.size(), world.frames.size());
  std::map<std::uint64_t, std::size_t> frame_at;
  for (std::size_t i = 0; i < world.record.in.size(); ++i) frame_at[world.record.in[i].timestamp_ns] = i;
  for (const RxCompletionEntry& entry : world.completions) {
    const std::size_t i = frame_at.at(entry.timestamp_ns);
    const FrameShape shape = shape_of(i);
    const Verdict verdict = is_damaged(i) ? Verdict::kFailed : Verdict::kSucceeded;
    EXPECT_EQ(unpack_rx_meta(entry.meta),
              (RxMeta{.layer3_verdict = shape.v6 ? Verdict::kNotChecked : verdict,
                      .layer4_verdict = verdict,
                      .layer3 = shape.v6 ? Layer3::kIpv6NoExtensions : Layer3::kIpv4NoOptions,
                      .layer4 = shape.tcp ? Layer4::kTcp : Layer4::kUdp,
                      .layer2_bytes = 14,
                      .layer3_bytes = static_cast<std::uint32_t>(shape.ip_bytes()),
                      .layer4_bytes = static_cast<std::uint32_t>(shape.layer4_bytes())}))
        << i;
  }
}

// The request fits UDP over IPv4, a quarter of the frames; the others leave as they came.
TEST_P(EveryPort, ChecksumsAreInsertedWhereTheRequestFits) {
  const World& world = *ports->offloads;
  ASSERT_EQ(world.record.out.size(), world.frames.size());
  std::multiset<std::string> sent, wanted;
  for (const auto& frame : world.record.out) sent.insert(text_of(frame.bytes));
  RandomStream random(5, "summed traffic");
  for (std::size_t i = 0; i < world.frames.size(); ++i) {
    const FrameBytes whole = summed_frame(shape_of(i), random);
    wanted.insert(text_of(i % 4 == 0 ? whole : world.frames.bytes(i)));
  }
  EXPECT_EQ(sent, wanted);
  EXPECT_EQ(world.record.bad_offloads, world.frames.size() * 3 / 4);
  EXPECT_EQ(world.record.inserted_at.size(), 2 * world.frames.size() / 4);
}

// Also when the wire is slower than the host, and frames wait in the MAC and before it.
TEST_P(EveryPort, EverySentFrameHasTheTimeOfItsEndWhenItIsCompleted) {
  for (const World* world :
       {ports->mixed.get(), ports->every_edge.get(), ports->flood.get(), ports->backlog.get()}) {
    std::map<std::uint32_t, std::vector<std::uint64_t>> ended_ns;
    for (const auto& frame : world->record.out) ended_ns[frame.queue].push_back(frame.end_ps / 1000);
    EXPECT_EQ(world->sent_ns, ended_ns);
  }
  EXPECT_EQ(ports->backlog->record.out.size(), 60u);
}

TEST_P(EveryPort, NoFrameBeginsAfterTheTrafficWasStopped) {
  EXPECT_EQ(ports->stopped->record.in.size(), 1u);
  EXPECT_EQ(ports->stopped->nic.frames_begun(), 1u);
  EXPECT_TRUE(ports->stopped->nic.traffic_over());
}

TEST_P(EveryPort, InterruptsOfAVectorKeepTheirDistance) {
  for (const auto& times : ports->flood->interrupts_ps) {
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 2'000'000u);
  }
  EXPECT_GT(ports->flood->interrupts_ps[0].size(), 5u);
}

std::string kind_name(const testing::TestParamInfo<Kind>& info) {
  static const char* const kNames[] = {"Module", "Bare", "Cycle", "Functional"};
  return kNames[static_cast<std::size_t>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(All, EveryPort,
                         testing::Values(Kind::kModule, Kind::kBare, Kind::kCycle, Kind::kFunctional),
                         kind_name);
INSTANTIATE_TEST_SUITE_P(All, ClockedPort, testing::Values(Kind::kModule), kind_name);

}  // namespace
}  // namespace ringproof::nic
