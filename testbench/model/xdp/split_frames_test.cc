// Frames that come in several buffers: P-073 to P-077, and what a frame parser must not do.

#include "testbench/model/xdp/rule_test.h"

namespace ringproof::xdp {
namespace {

using Lengths = std::vector<std::uint32_t>;

Lengths split_at(const Bytes& frame, std::size_t at) {
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(frame.size() - at)};
}

bool is_icmp(const XDP_RULE& rule) {
  return rule.Match == XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST || rule.Match == XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST;
}

class SplitFrames : public RuleTest {
 protected:
  // What the rule says of the frame in one buffer, it says of it in any.
  void expect_the_same_however_split(const XDP_RULE& rule, const Bytes& frame) const {
    const bool whole = takes(rule, frame);
    const auto check = [&](const Lengths& buffers) {
      EXPECT_EQ(takes(rule, frame, buffers), whole)
          << "type " << rule.Match << ", first buffers " << buffers[0] << ", " << buffers[1];
    };
    for (std::uint32_t at = 0; at <= frame.size(); ++at) {
      const auto rest = static_cast<std::uint32_t>(frame.size() - at);
      check({at, rest});
      check({at, 0, rest});
      check({0, at, 0, 0, rest, 0});
      if (rest >= 1) check({at, 1, rest - 1});
      if (rest >= 2) check({at, 1, 0, 1, rest - 2});
    }
    for (const std::uint32_t room : {1u, 2u, 3u, 7u, 13u}) {
      Lengths buffers(frame.size() / room, room);
      buffers.push_back(static_cast<std::uint32_t>(frame.size() % room));
      buffers.resize(std::max<std::size_t>(buffers.size(), 2));
      check(buffers);
    }
  }

  static Bytes icmp_reply() { return over_v4(kIcmp, joined({icmp(0), Bytes(8)})); }
  static XDP_RULE icmp_rule() { return mask_rule(XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST, kDestination4, {}); }
};

// P-073: a frame that the rule takes, and one that differs in a bit somewhere, cut short or not.
TEST_F(SplitFrames, SplitChangesNoVerdict) {
  fragment_limit = 1000;
  for (const Example& example : examples()) {
    if (is_icmp(example.rule)) continue;
    for (const Bytes& more : {Bytes{}, Bytes(30)}) {
      const Bytes frame = joined({example.frame, more});
      ASSERT_TRUE(takes(example.rule, frame));
      expect_the_same_however_split(example.rule, frame);
      for (const std::size_t shorter : {1, 3, 9}) {
        if (frame.size() > shorter) {
          expect_the_same_however_split(example.rule, first_of(frame, frame.size() - shorter));
        }
      }
    }
    for (std::size_t i = 0; i < example.frame.size(); i += 5) {
      expect_the_same_however_split(example.rule, with_flipped_bit(example.frame, i));
    }
  }
}

// P-073: with D + S = 40, and every length of TCP header.
TEST_F(SplitFrames, LongestQuicHeadersAndOptionsAreGathered) {
  fragment_limit = 1000;
  const Bytes id = connection_id(20, 1);
  const Bytes quic = quic_long(connection_id(20, 100), id);
  expect_the_same_however_split(quic_rule(XDP_MATCH_QUIC_FLOW_SRC_CID, id),
                                over_v6(kUdp, joined({udp(), quic})));
  for (std::size_t offset = 5; offset < 16; ++offset) {
    const Bytes segment = over_v4(kTcp, joined({tcp(kPort, offset), quic}));
    const XDP_RULE rule = quic_rule(XDP_MATCH_TCP_QUIC_FLOW_SRC_CID, id);
    ASSERT_TRUE(takes(rule, segment));
    expect_the_same_however_split(rule, segment);
  }
}

// P-074: it is seen only in the buffer in which the IP header ended, with at least one byte of that.
TEST_F(SplitFrames, IcmpHeaderCountsOnlyWhereTheIpHeaderEnded) {
  const Bytes v6 = over_v6(kIcmpv6, joined({icmp(129), Bytes(8)}));
  const XDP_RULE rule6 = mask_rule(XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST, kDestination6, {});
  for (std::size_t at = 0; at <= icmp_reply().size(); ++at) {
    const bool apart = at >= kBehind4 && at < kBehind4 + 4;
    EXPECT_EQ(takes(icmp_rule(), icmp_reply(), split_at(icmp_reply(), at)), !apart) << at;
  }
  for (std::size_t at = 0; at <= v6.size(); ++at) {
    const bool apart = at >= kBehind6 && at < kBehind6 + 4;
    EXPECT_EQ(takes(rule6, v6, split_at(v6, at)), !apart) << at;
  }
  EXPECT_FALSE(takes(icmp_rule(), icmp_reply(), {kBehind4, 0, 4, 8}));
  EXPECT_FALSE(takes(icmp_rule(), icmp_reply(), {kBehind4, 4, 8}));
  EXPECT_TRUE(takes(icmp_rule(), icmp_reply(), {kBehind4 - 1, 5, 8}));
}

// P-074, switched off
TEST_F(SplitFrames, IcmpHeaderIsGatheredWithoutTheQuirk) {
  quirks.icmp_in_one_buffer = false;
  fragment_limit = 1000;
  expect_the_same_however_split(icmp_rule(), icmp_reply());
}

// The accident next to it: where an IP header might be inside, the bytes were gathered already.
TEST_F(SplitFrames, BytesBehindOuterProtocolsOfIpInIpAreGathered) {
  const Bytes v4 = over_v4(kIpInIp, joined({icmp(0), Bytes(8)}));
  const Bytes v6 = over_v6(kIpv6InIp, joined({icmp(129), Bytes(8)}));
  fragment_limit = 1000;
  expect_the_same_however_split(icmp_rule(), v4);
  expect_the_same_however_split(mask_rule(XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST, kDestination6, {}), v6);
  // Each version has its own.
  const Bytes crossed = over_v4(kIpv6InIp, joined({icmp(0), Bytes(8)}));
  EXPECT_FALSE(takes(icmp_rule(), crossed, split_at(crossed, kBehind4)));
}

// P-075
TEST_F(SplitFrames, LongQuicHeaderBeyondFortyBytesOfIdsMustNotBeSplit) {
  const std::size_t quic_at = kBehind4 + 8;
  const Bytes id = connection_id(20, 1);
  const Bytes quic = quic_long(connection_id(21, 100), id);
  const Bytes frame = over_v4(kUdp, joined({udp(), quic, Bytes(5)}));
  const XDP_RULE rule = quic_rule(XDP_MATCH_QUIC_FLOW_SRC_CID, id);
  ASSERT_TRUE(takes(rule, frame));
  for (std::size_t at = 0; at <= frame.size(); ++at) {
    const bool split = at > quic_at && at < quic_at + quic.size();
    EXPECT_EQ(takes(rule, frame, split_at(frame, at)), !split) << at;
  }
}

// P-076
TEST_F(SplitFrames, ShortDataOffsetIsTcpOnlyInTheFirstBuffer) {
  for (std::size_t offset = 0; offset < 5; ++offset) {
    const Bytes frame = over_v4(kTcp, joined({tcp(kPort, offset), Bytes(10)}));
    EXPECT_TRUE(takes(port_rule(XDP_MATCH_TCP_DST), frame));
    for (std::size_t at = 0; at <= frame.size(); ++at) {
      EXPECT_EQ(takes(port_rule(XDP_MATCH_TCP_DST), frame, split_at(frame, at)), at >= kBehind4 + 20) << at;
    }
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_TCP_DST), over_v4(kTcp, first_of(tcp(kPort, offset), 19))));
  }
}

// P-076, switched off
TEST_F(SplitFrames, ShortDataOffsetIsNeverTcpWithoutTheQuirk) {
  quirks.tcp_short_offset = false;
  fragment_limit = 1000;
  const Bytes frame = over_v4(kTcp, tcp(kPort, 4));
  EXPECT_FALSE(takes(port_rule(XDP_MATCH_TCP_DST), frame));
  expect_the_same_however_split(port_rule(XDP_MATCH_TCP_DST), frame);
}

// P-077: 65 buffers are looked at as they are, one more makes the frame one piece: here an ICMP header at a
// boundary tells which.
TEST_F(SplitFrames, FrameOfTooManyBuffersIsOnePiece) {
  Bytes frame = icmp_reply();
  frame.resize(kBehind4 + 200);
  Lengths buffers = {kBehind4};
  buffers.resize(64, 1);
  const auto used = static_cast<std::uint32_t>(kBehind4 + 63);
  buffers.push_back(static_cast<std::uint32_t>(frame.size()) - used);
  ASSERT_EQ(buffers.size(), 65u);
  EXPECT_FALSE(takes(icmp_rule(), frame, buffers));
  buffers.back() -= 1;
  buffers.push_back(1);
  EXPECT_TRUE(takes(icmp_rule(), frame, buffers));
}

TEST_F(SplitFrames, WithoutFragmentsOnlyTheFirstBufferIsSeen) {
  fragment_limit = 0;
  const Bytes frame = over_v4(kUdp, joined({udp(), Bytes(20)}));
  for (std::size_t at = 0; at <= frame.size(); ++at) {
    EXPECT_EQ(takes(port_rule(XDP_MATCH_UDP_DST), frame, split_at(frame, at)), at >= kBehind4 + 8) << at;
    EXPECT_EQ(takes(mask_rule(XDP_MATCH_IPV4_DST_MASK, {}, {}), frame, split_at(frame, at)), at >= kBehind4);
  }
}

// Buffers that claim more than the frame has, or less, are never read.
TEST_F(SplitFrames, NothingIsReadBeyondTheFrame) {
  for (const Example& example : examples()) {
    for (std::size_t bytes = 0; bytes <= example.frame.size(); ++bytes) {
      const Bytes frame = first_of(example.frame, bytes);
      for (const Lengths& wrong : {Lengths{1000, 1000}, Lengths{5, 1000, 1000}, Lengths{20, 10}}) {
        takes(example.rule, frame, wrong);
      }
    }
  }
}

}  // namespace
}  // namespace ringproof::xdp
