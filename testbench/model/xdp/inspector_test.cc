// Which frames the rules recognise, byte for byte: P-041 to P-054, P-062 to P-072.

#include "model/xdp/inspector.h"

#include "testbench/model/xdp/rule_test.h"

namespace ringproof::xdp {
namespace {

class Inspector : public RuleTest {
 protected:
  static XDP_RULE next_header(unsigned char protocol) {
    XDP_RULE rule = rule_of(XDP_MATCH_IP_NEXT_HEADER);
    rule.Pattern.NextHeader = protocol;
    return rule;
  }
  // Takes every frame whose IPv4 or IPv6 header counts.
  static XDP_RULE any_v4() { return mask_rule(XDP_MATCH_IPV4_DST_MASK, {}, {}); }
  static XDP_RULE any_v6() { return mask_rule(XDP_MATCH_IPV6_DST_MASK, {}, {}); }
  static XDP_RULE echo_reply_v4() { return mask_rule(XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST, kDestination4, {}); }
  static XDP_RULE echo_reply_v6() { return mask_rule(XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST, kDestination6, {}); }

  // No rule takes it but the one that takes everything.
  void expect_only_all(const Bytes& frame) const {
    for (const Example& example : examples()) {
      const XDP_MATCH_TYPE match = example.rule.Match;
      EXPECT_EQ(takes(example.rule, frame), match == XDP_MATCH_ALL) << "type " << match;
    }
    EXPECT_FALSE(takes(any_v4(), frame));
    EXPECT_FALSE(takes(any_v6(), frame));
    for (const int protocol : {0, 4, 6, 17, 44}) {
      EXPECT_FALSE(takes(next_header(static_cast<unsigned char>(protocol)), frame)) << protocol;
    }
  }
};

// P-041: what no rule takes is nobody's.
TEST_F(Inspector, WithoutARuleThatMatchesNoneDecides) {
  EXPECT_EQ(first({}, over_v4(kUdp, udp())), kNothing);
  EXPECT_EQ(first({port_rule(XDP_MATCH_UDP_DST, 80), rule_of(XDP_MATCH_UDP)}, over_v4(kTcp, tcp())),
            kNothing);
}

TEST_F(Inspector, EveryTypeTakesItsExample) {
  for (const Example& example : examples()) {
    EXPECT_TRUE(takes(example.rule, example.frame)) << "type " << example.rule.Match;
  }
}

// P-042
TEST_F(Inspector, FramesWithoutAnEthernetHeaderMatchOnlyAll) {
  const Bytes header = ethernet(kTypeIpv4);
  for (std::size_t bytes = 0; bytes < 14; ++bytes) expect_only_all(first_of(header, bytes));
  expect_only_all(header);
}

// P-043
TEST_F(Inspector, UdpPortIsComparedInNetworkOrder) {
  for (const int version : {4, 6}) {
    EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kUdp, udp())));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kUdp, udp(0x3412))));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kUdp, udp(kPort ^ 1))));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kUdp, udp(kPort ^ 0x100))));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kUdp, udp(80, kPort))));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), over(version, kTcp, tcp())));
  }
}

// P-044: whatever the tag, and two of them.
TEST_F(Inspector, TaggedFramesMatchOnlyAll) {
  for (const int tag : {0x81, 0x88}) {
    const auto type = static_cast<unsigned char>(tag);
    const auto end = static_cast<unsigned char>(tag == 0x81 ? 0x00 : 0xA8);
    for (const Bytes& tags : {Bytes{type, end, 0, 5}, Bytes{type, end, 0, 5, 0x81, 0, 0, 6}}) {
      Bytes frame = over_v4(kUdp, udp());
      frame.insert(frame.begin() + 12, tags.begin(), tags.end());
      expect_only_all(frame);
    }
  }
}

// P-045
TEST_F(Inspector, Ipv4WithOptionsOrTooShortAHeaderMatchesOnlyAll) {
  for (int length = 0; length < 16; ++length) {
    if (length == 5) continue;
    const Bytes frame = joined({over_v4(kUdp, udp()), Bytes(40)});
    expect_only_all(with(frame, kIp, static_cast<unsigned char>(0x40 | length)));
  }
  for (int version = 0; version < 16; ++version) {
    const Bytes frame = with(over_v4(kUdp, udp()), kIp, static_cast<unsigned char>(version << 4 | 5));
    EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), frame)) << version;
    EXPECT_TRUE(takes(tuple_rule(4), frame)) << version;
  }
}

TEST_F(Inspector, TheVersionOfIpv6IsNotLookedAt) {
  EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), with(over_v6(kUdp, udp()), kIp, 0x45)));
}

// P-046
TEST_F(Inspector, ChecksumsAndLengthsAreNotLookedAt) {
  Bytes v4 = over_v4(kUdp, udp());
  for (const std::size_t at : {16, 17, 18, 19, 20, 22, 24, 25}) v4[at] = 0xFF;
  for (const std::size_t at : {4, 5, 6, 7}) v4[kBehind4 + at] = 0xFF;
  EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), v4));
  Bytes v6 = over_v6(kTcp, tcp());
  for (const std::size_t at : {4, 5, 7}) v6[kIp + at] = 0xFF;
  for (const std::size_t at : {4, 8, 14, 16, 17, 18, 19}) v6[kBehind6 + at] = 0xFF;
  EXPECT_TRUE(takes(port_rule(XDP_MATCH_TCP_DST), v6));
}

// P-047
TEST_F(Inspector, TruncatedUdpHeaderLeavesTheIpHeader) {
  for (std::size_t bytes = 0; bytes < 8; ++bytes) {
    const Bytes frame = over_v4(kUdp, first_of(udp(), bytes));
    EXPECT_TRUE(takes(any_v4(), frame)) << bytes;
    EXPECT_TRUE(takes(next_header(kUdp), frame)) << bytes;
    for (const Example& example : examples()) {
      const XDP_MATCH_TYPE match = example.rule.Match;
      EXPECT_EQ(takes(example.rule, frame), match == XDP_MATCH_ALL || match == XDP_MATCH_IPV4_DST_MASK)
          << "type " << match << ", bytes " << bytes;
    }
  }
}

TEST_F(Inspector, TruncatedIpHeaderMatchesOnlyAll) {
  for (std::size_t bytes = 0; bytes < 20; ++bytes) {
    expect_only_all(joined({ethernet(kTypeIpv4), first_of(ipv4(kUdp), bytes)}));
  }
  for (std::size_t bytes = 0; bytes < 40; ++bytes) {
    expect_only_all(joined({ethernet(kTypeIpv6), first_of(ipv6(kUdp), bytes)}));
  }
}

// P-048
TEST_F(Inspector, PayloadOfALaterIpFragmentIsTakenForAHeader) {
  Bytes frame = over_v4(kUdp, {0, 1, 0x12, 0x34, 5, 6, 7, 8});
  put16(frame, kIp + 6, 0x2001);  // more fragments, offset 8
  EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), frame));
  put16(frame, kIp + 6, 185);
  EXPECT_TRUE(takes(port_rule(XDP_MATCH_UDP_DST), frame));
}

// P-049
TEST_F(Inspector, Ipv6ExtensionHeadersAreNotWalked) {
  for (const int extension : {0, 43, 44, 60}) {
    const auto next = static_cast<unsigned char>(extension);
    const Bytes frame = over_v6(next, joined({{kUdp, 0, 0, 0, 0, 0, 0, 0}, udp()}));
    EXPECT_TRUE(takes(next_header(next), frame));
    EXPECT_FALSE(takes(next_header(kUdp), frame));
    EXPECT_FALSE(takes(rule_of(XDP_MATCH_UDP), frame));
    EXPECT_FALSE(takes(port_rule(XDP_MATCH_UDP_DST), frame));
    EXPECT_FALSE(takes(tuple_rule(6), frame));
  }
}

// P-050
TEST_F(Inspector, Ipv4MaskIsAppliedToTheFrameAlone) {
  const Bytes frame = over_v4(200, {});
  const auto rule = [](const Bytes& wanted, const Bytes& mask) {
    return mask_rule(XDP_MATCH_IPV4_DST_MASK, wanted, mask);
  };
  EXPECT_TRUE(takes(rule(kDestination4, {255, 255, 255, 255}), frame));
  EXPECT_TRUE(takes(rule({10, 0, 0, 3}, {255, 0, 0, 255}), frame));     // holes are legal
  EXPECT_FALSE(takes(rule({10, 1, 0, 0}, {255, 0, 0, 0}), frame));      // a bit outside of the mask
  EXPECT_FALSE(takes(rule(kDestination4, {255, 255, 255, 0}), frame));  // the same, though it is equal
  EXPECT_TRUE(takes(rule({0, 0, 0, 0}, {0, 0, 0, 0}), frame));
  EXPECT_FALSE(takes(rule({0, 0, 0, 0}, {0, 0, 0, 0}), over_v6(kUdp, udp())));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_FALSE(takes(rule(kDestination4, {255, 255, 255, 255}), with_flipped_bit(frame, kIp + 16 + i)));
  }
}

// P-051
TEST_F(Inspector, Ipv6MaskCoversAllBits) {
  const Bytes frame = over_v6(200, {});
  const XDP_RULE rule = mask_rule(XDP_MATCH_IPV6_DST_MASK, kDestination6, Bytes(16, 0xFF));
  EXPECT_TRUE(takes(rule, frame));
  for (std::size_t i = 0; i < 16; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      const std::size_t at = kIp + 24 + i;
      EXPECT_FALSE(takes(rule, with(frame, at, static_cast<unsigned char>(frame[at] ^ 1 << bit))));
    }
    Bytes mask(16, 0xFF);
    mask[i] = 0;
    EXPECT_FALSE(takes(mask_rule(XDP_MATCH_IPV6_DST_MASK, kDestination6, mask), frame)) << i;
    Bytes wanted = kDestination6;
    wanted[i] = 0;
    EXPECT_TRUE(
        takes(mask_rule(XDP_MATCH_IPV6_DST_MASK, wanted, mask), with_flipped_bit(frame, kIp + 24 + i)));
  }
  EXPECT_TRUE(takes(any_v6(), frame));
  EXPECT_FALSE(takes(any_v6(), over_v4(kUdp, joined({udp(), Bytes(40)}))));
}

// P-052
TEST_F(Inspector, TupleMustAgreeInAllFourFields) {
  for (const int version : {4, 6}) {
    const Bytes frame = over(version, kUdp, udp());
    const std::size_t addresses = kIp + (version == 4 ? 12 : 8);
    ASSERT_TRUE(takes(tuple_rule(version), frame));
    for (std::size_t at = addresses; at < frame.size() - 4; ++at) {
      EXPECT_FALSE(takes(tuple_rule(version), with_flipped_bit(frame, at))) << version << ", byte " << at;
    }
    EXPECT_FALSE(takes(tuple_rule(version), over(version, kTcp, tcp())));
  }
  EXPECT_FALSE(takes(tuple_rule(4), over_v6(kUdp, udp())));
  EXPECT_FALSE(takes(tuple_rule(6), over_v4(kUdp, udp())));
}

// P-052: the bytes of the union are equal, the version is not.
TEST_F(Inspector, TupleOfOneVersionNeverTakesTheOther) {
  const Bytes zeros(16);
  XDP_RULE rule = tuple_rule(4);
  rule.Pattern.Tuple.SourceAddress = rule.Pattern.Tuple.DestinationAddress = address(zeros);
  EXPECT_FALSE(takes(rule, joined({ethernet(kTypeIpv6), ipv6(kUdp, zeros, zeros), udp()})));
  rule.Match = XDP_MATCH_IPV6_UDP_TUPLE;
  EXPECT_TRUE(takes(rule, joined({ethernet(kTypeIpv6), ipv6(kUdp, zeros, zeros), udp()})));
}

// P-053
TEST_F(Inspector, TcpNeedsItsOptionsWhole) {
  for (const int version : {4, 6}) {
    for (std::size_t offset = 5; offset < 16; ++offset) {
      const Bytes header = tcp(kPort, offset);
      EXPECT_TRUE(takes(port_rule(XDP_MATCH_TCP_DST), over(version, kTcp, header))) << offset;
      for (std::size_t bytes = 0; bytes < header.size(); ++bytes) {
        EXPECT_FALSE(takes(port_rule(XDP_MATCH_TCP_DST), over(version, kTcp, first_of(header, bytes))));
      }
    }
  }
}

// P-054
TEST_F(Inspector, TcpControlNeedsFinSynOrReset) {
  for (int flags = 0; flags < 256; ++flags) {
    const Bytes frame = over_v4(kTcp, tcp(kPort, 5, static_cast<unsigned char>(flags)));
    EXPECT_EQ(takes(port_rule(XDP_MATCH_TCP_CONTROL_DST), frame), (flags & 7) != 0) << flags;
  }
  EXPECT_FALSE(takes(port_rule(XDP_MATCH_TCP_CONTROL_DST), over_v4(kTcp, tcp(80, 5, 0x02))));
}

// P-062: the ports of the specification's own table.
TEST_F(Inspector, PortSetBitIsThatOfThePortInNetworkOrder) {
  struct Row {
    unsigned port;
    std::size_t byte;
    int bit;
  };
  for (const Row& row :
       {Row{53, 1696, 0}, {80, 2560, 0}, {443, 5984, 1}, {1000, 7424, 3}, {65535, 8191, 7}}) {
    std::vector<UINT8> bits(XDP_PORT_SET_BUFFER_SIZE);
    XDP_RULE rule = rule_of(XDP_MATCH_UDP_PORT_SET);
    rule.Pattern.PortSet.PortSet = bits.data();
    const Bytes frame = over_v4(kUdp, udp(row.port));
    bits[row.byte] = static_cast<UINT8>(1 << row.bit);
    EXPECT_TRUE(takes(rule, frame)) << row.port;
    EXPECT_TRUE(takes(rule, over_v6(kUdp, udp(row.port)))) << row.port;
    for (UINT8& byte : bits) byte = 0xFF;
    bits[row.byte] = static_cast<UINT8>(~(1 << row.bit));
    EXPECT_FALSE(takes(rule, frame)) << row.port;
    // The bit of the port as people write it.
    std::fill(bits.begin(), bits.end(), UINT8{0});
    bits[row.port >> 3] = static_cast<UINT8>(1 << (row.port & 7));
    EXPECT_EQ(takes(rule, frame), row.port >> 8 == (row.port & 0xFF)) << row.port;
  }
}

// P-063
TEST_F(Inspector, PortSetIsReadAnewForEachFrame) {
  PortSet ports;
  const Bytes frame = over_v4(kUdp, udp());
  const XDP_RULE rule = ports.rule();
  const XDP_RULE with_address = ports.rule(XDP_MATCH_IPV4_UDP_PORT_SET, kDestination4);
  for (const bool set : {false, true, false, true}) {
    set ? ports.set(kPort) : ports.clear(kPort);
    EXPECT_EQ(takes(rule, frame), set);
    EXPECT_EQ(takes(with_address, frame), set);
  }
}

// P-064
TEST_F(Inspector, IpPortSetNeedsAddressProtocolAndBit) {
  PortSet ports;
  ports.set(kPort);
  struct Row {
    XDP_MATCH_TYPE match;
    int version;
    unsigned char protocol;
  };
  const std::vector<Row> rows = {{XDP_MATCH_IPV4_UDP_PORT_SET, 4, kUdp},
                                 {XDP_MATCH_IPV6_UDP_PORT_SET, 6, kUdp},
                                 {XDP_MATCH_IPV4_TCP_PORT_SET, 4, kTcp},
                                 {XDP_MATCH_IPV6_TCP_PORT_SET, 6, kTcp}};
  for (const Row& row : rows) {
    const XDP_RULE rule = ports.rule(row.match, row.version == 4 ? kDestination4 : kDestination6);
    for (const Row& other : rows) {
      const auto frame = [&](unsigned port) {
        return over(other.version, other.protocol, other.protocol == kUdp ? udp(port) : tcp(port));
      };
      EXPECT_EQ(takes(rule, frame(kPort)), row.match == other.match);
      EXPECT_FALSE(takes(rule, frame(kPort + 1)));
      const std::size_t last_of_address = kIp + (other.version == 4 ? 19 : 39);
      EXPECT_FALSE(takes(rule, with_flipped_bit(frame(kPort), last_of_address)));
    }
  }
}

// P-065
TEST_F(Inspector, NextHeaderIsOneByteOfEitherVersion) {
  EXPECT_TRUE(takes(next_header(0xFD), over_v4(0xFD, {})));
  EXPECT_TRUE(takes(next_header(0xFD), over_v6(0xFD, {})));
  EXPECT_FALSE(takes(next_header(0xFD), over_v4(0xFC, {})));
  EXPECT_FALSE(takes(next_header(0xFD), over_v6(0xFC, {})));
  EXPECT_TRUE(takes(next_header(kTcp), over_v4(kTcp, {})));
}

// P-066, P-067
TEST_F(Inspector, InnerHeaderIsFoundInEitherVersion) {
  const XDP_RULE v4 = mask_rule(XDP_MATCH_INNER_IPV4_DST_MASK_UDP, {10, 1, 0, 0}, {255, 255, 0, 0});
  const XDP_RULE v6 = mask_rule(XDP_MATCH_INNER_IPV6_DST_MASK_UDP, {0xFC},
                                {0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  for (const int outer : {4, 6}) {
    EXPECT_TRUE(takes(v4, over(outer, kIpInIp, ipv4(kUdp))));
    EXPECT_TRUE(takes(v4, over(outer, kIpInIp, joined({ipv4(kUdp), udp()}))));
    EXPECT_TRUE(takes(v6, over(outer, kIpv6InIp, ipv6(kUdp))));
    EXPECT_FALSE(takes(v4, over(outer, kIpv6InIp, ipv6(kUdp))));
    EXPECT_FALSE(takes(v6, over(outer, kIpInIp, ipv4(kUdp))));
    EXPECT_FALSE(takes(v4, over(outer, kIpInIp, ipv4(kUdp, {10, 2, 2, 3}))));
    EXPECT_FALSE(takes(v6, over(outer, kIpv6InIp, ipv6(kUdp, kSource6))));
  }
}

// P-066, P-067: version, length of the header and protocol are looked at, unlike those of the outer header.
TEST_F(Inspector, InnerHeaderIsCheckedMoreStrictly) {
  const XDP_RULE v4 = mask_rule(XDP_MATCH_INNER_IPV4_DST_MASK_UDP, {}, {});
  const XDP_RULE v6 = mask_rule(XDP_MATCH_INNER_IPV6_DST_MASK_UDP, {}, {});
  const Bytes in_v4 = over_v4(kIpInIp, ipv4(kUdp));
  const Bytes in_v6 = over_v4(kIpv6InIp, ipv6(kUdp));
  ASSERT_TRUE(takes(v4, in_v4));
  ASSERT_TRUE(takes(v6, in_v6));
  for (const int first_byte : {0x44, 0x46, 0x55, 0x65}) {
    EXPECT_FALSE(takes(v4, with(in_v4, kBehind4, static_cast<unsigned char>(first_byte))));
  }
  EXPECT_FALSE(takes(v4, with(in_v4, kBehind4 + 9, kTcp)));
  EXPECT_FALSE(takes(v6, with(in_v6, kBehind4, 0x45)));
  EXPECT_TRUE(takes(v6, with(in_v6, kBehind4, 0x6F)));
  EXPECT_FALSE(takes(v6, with(in_v6, kBehind4 + 6, kTcp)));
  EXPECT_FALSE(takes(v6, with(in_v6, kBehind4 + 6, 0)));
}

// P-068
TEST_F(Inspector, InnerHeaderIsNotLookedForElsewhere) {
  for (const int protocol : {17, 6, 0, 47, 94, 41}) {
    const auto outer = static_cast<unsigned char>(protocol);
    EXPECT_FALSE(takes(mask_rule(XDP_MATCH_INNER_IPV4_DST_MASK_UDP, {}, {}), over_v4(outer, ipv4(kUdp))));
  }
  for (const int protocol : {17, 6, 0, 47, 94, 4}) {
    const auto outer = static_cast<unsigned char>(protocol);
    EXPECT_FALSE(takes(mask_rule(XDP_MATCH_INNER_IPV6_DST_MASK_UDP, {}, {}), over_v6(outer, ipv6(kUdp))));
  }
}

// P-068
TEST_F(Inspector, TruncatedInnerHeaderDoesNotMatch) {
  for (std::size_t bytes = 0; bytes < 20; ++bytes) {
    EXPECT_FALSE(takes(mask_rule(XDP_MATCH_INNER_IPV4_DST_MASK_UDP, {}, {}),
                       over_v4(kIpInIp, first_of(ipv4(kUdp), bytes))));
  }
  for (std::size_t bytes = 0; bytes < 40; ++bytes) {
    EXPECT_FALSE(takes(mask_rule(XDP_MATCH_INNER_IPV6_DST_MASK_UDP, {}, {}),
                       over_v6(kIpv6InIp, first_of(ipv6(kUdp), bytes))));
  }
}

// P-069
TEST_F(Inspector, EchoReplyNeedsTypeCodeAndDestination) {
  const Bytes reply = over_v4(kIcmp, icmp(0));
  EXPECT_TRUE(takes(echo_reply_v4(), reply));
  EXPECT_FALSE(takes(echo_reply_v4(), over_v4(kIcmp, icmp(8))));
  EXPECT_FALSE(takes(echo_reply_v4(), over_v4(kIcmp, icmp(0, 1))));
  EXPECT_FALSE(takes(echo_reply_v4(), over_v4(kIcmp, first_of(icmp(0), 3))));
  EXPECT_FALSE(takes(echo_reply_v4(), over_v6(kIcmpv6, icmp(0))));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_FALSE(takes(echo_reply_v4(), with_flipped_bit(reply, kIp + 16 + i)));
  }
  for (const int mask : {0, 255}) {
    const Bytes masks(4, static_cast<unsigned char>(mask));
    const XDP_RULE rule = mask_rule(XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST, kDestination4, masks);
    EXPECT_TRUE(takes(rule, reply));
    EXPECT_FALSE(takes(rule, with_flipped_bit(reply, kIp + 19)));
  }
}

// P-070
TEST_F(Inspector, EchoReplyOfAnyOtherProtocolIsOneToo) {
  for (int protocol = 0; protocol < 256; ++protocol) {
    const auto number = static_cast<unsigned char>(protocol);
    const bool hidden = number == kTcp || number == kUdp;
    EXPECT_EQ(takes(echo_reply_v4(), over_v4(number, joined({icmp(0), Bytes(60)}))), !hidden) << protocol;
    EXPECT_EQ(takes(echo_reply_v6(), over_v6(number, joined({icmp(129), Bytes(60)}))), !hidden) << protocol;
  }
}

// P-070, switched off
TEST_F(Inspector, EchoReplyIsOfIcmpAloneWithoutTheQuirk) {
  quirks.icmp_any_protocol = false;
  for (int protocol = 0; protocol < 256; ++protocol) {
    const auto number = static_cast<unsigned char>(protocol);
    EXPECT_EQ(takes(echo_reply_v4(), over_v4(number, icmp(0))), number == kIcmp) << protocol;
    EXPECT_EQ(takes(echo_reply_v6(), over_v6(number, icmp(129))), number == kIcmpv6) << protocol;
  }
}

// P-071
TEST_F(Inspector, EchoReplyOfIpv6HasItsOwnType) {
  const Bytes reply = over_v6(kIcmpv6, icmp(129));
  EXPECT_TRUE(takes(echo_reply_v6(), reply));
  for (const int type : {0, 1, 128, 130}) {
    EXPECT_FALSE(takes(echo_reply_v6(), over_v6(kIcmpv6, icmp(static_cast<unsigned char>(type)))));
  }
  EXPECT_FALSE(takes(echo_reply_v6(), over_v6(kIcmpv6, icmp(129, 1))));
  EXPECT_FALSE(takes(echo_reply_v6(), over_v4(kIcmp, icmp(129))));
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_FALSE(takes(echo_reply_v6(), with_flipped_bit(reply, kIp + 24 + i)));
  }
}

// P-072
TEST_F(Inspector, TheFirstRuleThatMatchesDecides) {
  const Bytes frame = over_v4(kUdp, udp());
  const XDP_RULE all = rule_of(XDP_MATCH_ALL);
  const XDP_RULE port = port_rule(XDP_MATCH_UDP_DST);
  const XDP_RULE other = port_rule(XDP_MATCH_UDP_DST, 80);
  EXPECT_EQ(first({other, port, port, all}, frame), 1u);
  EXPECT_EQ(first({other, all, port}, frame), 1u);
  EXPECT_EQ(first({all, port}, frame), 0u);
  EXPECT_EQ(first({other, port, all}, {}), 2u);
}

}  // namespace
}  // namespace ringproof::xdp
