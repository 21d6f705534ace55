// queue_engine_rss_test.cc: receive-side scaling of our engine, at its port.
// Role     the published verification vectors, random headers against the C++ hash, and the rate of the stage
// Source   docs/design/queue-engine.md, "Receive-side scaling"; RSS verification vectors of the NDIS
//          documentation

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "model/nic/toeplitz.h"
#include "testbench/model/nic/rss_vectors.h"
#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

constexpr unsigned char kTcp = 6, kUdp = 17;
constexpr std::uint8_t kQueue = 3;  // of all entries

class QueueEngineRss : public ::testing::Test {
 protected:
  QueueEngineRss() {
    ring_ = &bench_.open_rx(kQueue, 10);
    for (std::uint32_t word = 0; word < kRssKeyWords; ++word) {
      std::uint32_t value = 0;
      for (std::uint32_t i = 0; i < 4; ++i) value = value << 8 | kDefaultRssKey[4 * word + i];
      bench_.write32(static_cast<std::uint16_t>(kRegisterRssKey + 4 * word), value);
    }
    for (std::uint32_t word = 0; word < kRssTableWords; ++word) {
      bench_.write32(static_cast<std::uint16_t>(kRegisterRssTable + 4 * word), 0x01010101u * kQueue);
    }
  }

  void switch_on(std::uint32_t types) { bench_.write32(kRegisterRssControl, types << 8 | kRssControlEnable); }
  // The bench compares the hash in the completion entry with this one.
  void give(Bytes bytes, std::uint32_t hash) {
    RxFrame frame = bench_.frame_for(kQueue, 1);
    frame.bytes = std::move(bytes);
    frame.hash = hash;
    frame.mac_hash = ~hash;
    frame.mac_queue = 0;
    bench_.post_buffer(*ring_, 2048);
    bench_.wire_sends_later(std::move(frame));
    ++given_;
  }
  void expect_all_as_said() {
    bench_.ring_doorbell(*ring_);
    bench_.run_until_drained();
    EXPECT_EQ(ring_->completions.size(), given_);
  }

  EngineBench bench_{BenchOptions{.read_latency = 4, .write_latency = 3}};
  Ring* ring_ = nullptr;
  std::size_t given_ = 0;
};

TEST_F(QueueEngineRss, PublishedVectorsWithPorts) {
  switch_on(rss_hash::kAll);
  for (const RssVector& vector : rss_vectors()) {
    for (const bool vlan : {false, true}) {
      give(rss_frame(vector, kTcp, vlan), vector.with_ports);
      give(rss_frame(vector, kUdp, vlan), vector.with_ports);
    }
  }
  expect_all_as_said();
}

TEST_F(QueueEngineRss, PublishedVectorsWithoutPorts) {
  switch_on(rss_hash::kIpv4 | rss_hash::kIpv6);
  for (const RssVector& vector : rss_vectors()) {
    for (const bool vlan : {false, true}) give(rss_frame(vector, kTcp, vlan), vector.addresses_only);
  }
  expect_all_as_said();
}

TEST_F(QueueEngineRss, AFragmentHasNoPorts) {
  switch_on(rss_hash::kAll);
  for (const RssVector& vector : rss_vectors()) {
    if (vector.source.size() == 4) give(rss_frame(vector, kUdp, false, true), vector.addresses_only);
  }
  expect_all_as_said();
}

// Nearly any byte may be any, so that much of it is hashed and much is not.
TEST_F(QueueEngineRss, RandomHeadersAsTheModelSays) {
  switch_on(rss_hash::kAll);
  const ReceiveSideScaling model(kDefaultRssKey, 1);
  std::mt19937_64& random = bench_.random();
  const auto one_of = [&](std::initializer_list<unsigned> values) {
    return static_cast<unsigned char>(*(values.begin() + random() % values.size()));
  };
  std::size_t hashed = 0;
  for (int i = 0; i < 1000; ++i) {
    Bytes frame = bench_.random_bytes(120);
    const std::size_t ip = random() % 2 == 0 ? 14 : 18;
    const bool ipv6 = random() % 2 == 0;
    if (ip == 18) std::copy_n(std::array<unsigned char, 2>{0x81, 0x00}.begin(), 2, frame.begin() + 12);
    frame[ip - 2] = ipv6 ? 0x86 : one_of({8, 8, 8, 9});
    frame[ip - 1] = ipv6 ? one_of({0xDD, 0xDD, 0xDD, 0xDC}) : 0x00;
    frame[ip + 6] = ipv6 ? one_of({kTcp, kUdp, 0, 44}) : one_of({0, 0x40, 0x20, 0x80, 1});
    if (!ipv6) frame[ip + 7] = one_of({0, 0, 0, 1});
    if (!ipv6) frame[ip + 9] = one_of({kTcp, kUdp, 1});
    frame.resize(random() % 3 == 0 ? 1 + random() % 120 : 120);
    const std::uint32_t hash = model.choose(frame).hash;
    hashed += hash != 0 ? 1 : 0;
    give(std::move(frame), hash);
  }
  expect_all_as_said();
  EXPECT_GT(hashed, 400u);
}

// The stage is never what holds up the wire: discarding takes one cycle a frame, and so does hashing.
TEST_F(QueueEngineRss, SixtyFourByteFramesAtOneACycle) {
  constexpr std::uint32_t kFrames = 1000;
  constexpr std::uint32_t kLatency = 20;
  switch_on(rss_hash::kAll);
  bench_.set_reg(*ring_, kControl, 0);
  for (std::uint32_t i = 0; i < kFrames; ++i) {
    RxFrame frame = bench_.frame_for(kQueue, 1);
    frame.bytes = rss_frame(rss_vectors()[i % rss_vectors().size()], kTcp);
    frame.bytes.resize(64);
    bench_.wire_sends(std::move(frame));
  }
  const std::uint64_t begin = bench_.now();
  bench_.wait([&] { return bench_.drops() == kFrames; });
  EXPECT_LE(bench_.now() - begin, kFrames + kLatency);
}

}  // namespace
}  // namespace ringproof::nic
