// Receive-side scaling, as the MAC does it.

#include "model/nic/toeplitz.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "testbench/model/nic/nic_bench.h"
#include "testbench/model/nic/rss_vectors.h"

namespace ringproof::nic {
namespace {

class Rss : public testing::Test {
 protected:
  ReceiveSideScaling rss{kDefaultRssKey, 4};
};

TEST_F(Rss, HashesThePublishedVectorsOfTcpAndUdp) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6)).hash, vector.with_ports);
    EXPECT_EQ(rss.choose(rss_frame(vector, 17)).hash, vector.with_ports);
  }
}

TEST_F(Rss, HashesAddressesOnlyOfOtherProtocolsAndFragments) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 1)).hash, vector.addresses_only);
    if (vector.source.size() == 4) {
      EXPECT_EQ(rss.choose(rss_frame(vector, 17, false, true)).hash, vector.addresses_only);
    }
  }
}

// A type with ports comes first; the type of the addresses takes the frames that are left.
TEST_F(Rss, HashesWhatIsAskedForAndNothingElse) {
  const auto hash = [this](std::uint32_t types, const FrameBytes& frame) {
    RssSettings settings = rss.settings();
    settings.hash_types = types;
    rss.set(settings);
    return rss.choose(frame).hash;
  };
  for (const RssVector& vector : rss_vectors()) {
    const bool v4 = vector.source.size() == 4;
    const std::uint32_t addresses = v4 ? rss_hash::kIpv4 : rss_hash::kIpv6;
    const std::uint32_t tcp = v4 ? rss_hash::kTcpIpv4 : rss_hash::kTcpIpv6;
    const std::uint32_t udp = v4 ? rss_hash::kUdpIpv4 : rss_hash::kUdpIpv6;
    EXPECT_EQ(hash(tcp | udp, rss_frame(vector, 6)), vector.with_ports);
    EXPECT_EQ(hash(udp, rss_frame(vector, 17)), vector.with_ports);
    EXPECT_EQ(hash(udp, rss_frame(vector, 6)), 0u);
    EXPECT_EQ(hash(tcp, rss_frame(vector, 1)), 0u);
    EXPECT_EQ(hash(addresses | tcp, rss_frame(vector, 17)), vector.addresses_only);
    EXPECT_EQ(hash(addresses, rss_frame(vector, 6)), vector.addresses_only);
    EXPECT_EQ(hash(rss_hash::kAll & ~(addresses | tcp | udp), rss_frame(vector, 6)), 0u);
  }
}

TEST_F(Rss, LooksBehindOneVlanTag) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6, true)).hash, vector.with_ports);
  }
}

TEST_F(Rss, AFrameThatIsNotIpHashesToZeroAndGoesToQueueZero) {
  FrameBytes arp(60, 0x55);
  arp[12] = 0x08;
  arp[13] = 0x06;
  EXPECT_EQ(rss.choose(arp).hash, 0u);
  EXPECT_EQ(rss.choose(arp).queue, 0u);
}

TEST_F(Rss, AFrameCutAnywhereIsStillHashed) {
  for (const RssVector& vector : rss_vectors()) {
    const FrameBytes frame = rss_frame(vector, 6, true);
    for (std::size_t size = 0; size < frame.size(); ++size) {
      // Exactly this much memory, so that a sanitizer sees a byte too many.
      const FrameBytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_LT(rss.choose(cut).queue, 4u);
    }
  }
}

TEST_F(Rss, TheTableGoesRoundTheQueues) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6)).queue, (vector.with_ports & 127) % 4);
  }
}

}  // namespace
}  // namespace ringproof::nic
