// QUIC connection ids: P-055 to P-061.

#include "testbench/model/xdp/rule_test.h"

namespace ringproof::xdp {
namespace {

class QuicRules : public RuleTest {
 protected:
  // A rule for the source id of long headers, or the destination id of short ones.
  static XDP_RULE long_rule(const Bytes& id, std::size_t offset = 0) {
    return quic_rule(XDP_MATCH_QUIC_FLOW_SRC_CID, id, offset);
  }
  static XDP_RULE short_rule(const Bytes& id, std::size_t offset = 0) {
    return quic_rule(XDP_MATCH_QUIC_FLOW_DST_CID, id, offset);
  }
  static Bytes datagram(const Bytes& payload) { return over_v4(kUdp, joined({udp(), payload})); }
  static Bytes segment(const Bytes& payload, std::size_t offset = 5) {
    return over_v6(kTcp, joined({tcp(kPort, offset), payload}));
  }

  const Bytes id_ = connection_id(8, 100);
  const Bytes other_ = connection_id(8, 200);
};

// P-055
TEST_F(QuicRules, EachTypeHasItsFormOfHeader) {
  EXPECT_TRUE(takes(long_rule(id_), datagram(quic_long(other_, id_))));
  EXPECT_TRUE(takes(short_rule(id_), datagram(quic_short(id_))));
  // A long header whose bytes would fit the other rule, and the reverse.
  EXPECT_FALSE(takes(short_rule({}), datagram(quic_long(other_, id_))));
  EXPECT_FALSE(takes(long_rule({}), datagram(quic_short(Bytes(40)))));
  // The destination id of a long header is never compared.
  EXPECT_FALSE(takes(long_rule(other_), datagram(quic_long(other_, id_))));
}

// P-055: of the first byte only the first bit counts, and the version does not.
TEST_F(QuicRules, NothingElseOfTheFirstFiveBytesCounts) {
  for (int first = 0; first < 256; ++first) {
    Bytes long_header = quic_long(other_, id_);
    long_header[0] = static_cast<unsigned char>(first);
    put16(long_header, 1, 0xFFFF);
    EXPECT_EQ(takes(long_rule(id_), datagram(long_header)), first >= 0x80) << first;
    Bytes short_header = quic_short(id_);
    short_header[0] = static_cast<unsigned char>(first);
    EXPECT_EQ(takes(short_rule(id_), datagram(short_header)), first < 0x80) << first;
  }
}

TEST_F(QuicRules, PortAndProtocolMustFit) {
  EXPECT_FALSE(takes(short_rule(id_), over_v4(kUdp, joined({udp(80), quic_short(id_)}))));
  EXPECT_FALSE(takes(short_rule(id_), segment(quic_short(id_))));
  EXPECT_FALSE(takes(quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, id_), datagram(quic_short(id_))));
  EXPECT_FALSE(takes(short_rule({}), datagram({})));
  EXPECT_FALSE(takes(long_rule({}), datagram({})));
}

// P-056: 6 + D + 1 + S bytes, whatever the rule compares.
TEST_F(QuicRules, LongHeaderMustBeWhole) {
  for (const std::size_t destination : {0, 8, 20, 255}) {
    for (const std::size_t source : {0, 8, 20, 255}) {
      const Bytes header = quic_long(connection_id(destination, 1), connection_id(source, 2));
      ASSERT_EQ(header.size(), 6 + destination + 1 + source);
      EXPECT_TRUE(takes(long_rule({}), datagram(header)));
      for (std::size_t bytes = 0; bytes < header.size(); ++bytes) {
        EXPECT_FALSE(takes(long_rule({}), datagram(first_of(header, bytes))))
            << destination << ", " << source;
      }
    }
  }
}

// P-057
TEST_F(QuicRules, ShortHeaderMustReachTheEndOfWhatIsCompared) {
  const Bytes header = quic_short(connection_id(20, 1));
  for (std::size_t offset = 0; offset <= 20; ++offset) {
    for (std::size_t length = 0; offset + length <= 20; ++length) {
      const XDP_RULE rule = short_rule(connection_id(length, static_cast<unsigned char>(1 + offset)), offset);
      for (std::size_t bytes = 0; bytes <= header.size(); ++bytes) {
        EXPECT_EQ(takes(rule, datagram(first_of(header, bytes))), bytes >= 1 + offset + length);
      }
    }
  }
}

// P-058
TEST_F(QuicRules, PatternBeginsAtTheOffsetInTheFrame) {
  const Bytes wanted = {102, 103, 104, 105};
  EXPECT_TRUE(takes(short_rule(wanted, 2), datagram(quic_short(id_))));
  EXPECT_TRUE(takes(long_rule(wanted, 2), datagram(quic_long(other_, id_))));
  EXPECT_FALSE(takes(short_rule(wanted, 1), datagram(quic_short(id_))));
  EXPECT_FALSE(takes(short_rule(wanted, 3), datagram(quic_short(id_))));
  // The pattern laid out as if the offset counted in it too.
  EXPECT_FALSE(takes(short_rule({100, 101, 102, 103}, 2), datagram(quic_short(id_))));
  for (std::size_t i = 0; i < id_.size(); ++i) {
    const Bytes frame = datagram(with_flipped_bit(quic_short(id_), 1 + i));
    EXPECT_EQ(takes(short_rule(wanted, 2), frame), i < 2 || i >= 6) << i;
  }
}

// P-059
TEST_F(QuicRules, LengthZeroNeedsOnlyTheOffset) {
  for (std::size_t offset = 0; offset <= 20; ++offset) {
    for (std::size_t bytes = 0; bytes <= 20; ++bytes) {
      const Bytes id = connection_id(bytes, 1);
      EXPECT_EQ(takes(long_rule({}, offset), datagram(quic_long(other_, id))), bytes >= offset);
      EXPECT_EQ(takes(short_rule({}, offset), datagram(quic_short(id))), bytes >= offset);
    }
  }
}

// P-060: an id of one byte, and the zeros of an Ethernet frame that was too short.
TEST_F(QuicRules, PaddingCountsAsConnectionId) {
  Bytes frame = datagram(quic_short({7}));
  put16(frame, kIp + 2, static_cast<unsigned>(frame.size() - kIp));
  frame.resize(60);
  EXPECT_TRUE(takes(short_rule({7, 0, 0, 0}), frame));
  EXPECT_FALSE(takes(short_rule({7, 0, 0, 1}), frame));
}

// At most 20 bytes of it.
TEST_F(QuicRules, ShortHeaderHasNoMoreThanTwentyBytesOfId) {
  EXPECT_TRUE(takes(short_rule({}, 20), datagram(quic_short(connection_id(21, 1)))));
  EXPECT_TRUE(takes(short_rule({20}, 19), datagram(quic_short(connection_id(21, 1)))));
}

// P-061
TEST_F(QuicRules, TcpPayloadBeginsBehindTheOptions) {
  for (std::size_t offset = 5; offset < 16; ++offset) {
    const XDP_RULE short_form = quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, id_);
    const XDP_RULE long_form = quic_rule(XDP_MATCH_TCP_QUIC_FLOW_SRC_CID, id_);
    EXPECT_TRUE(takes(short_form, segment(quic_short(id_), offset))) << offset;
    EXPECT_TRUE(takes(long_form, segment(quic_long(other_, id_), offset))) << offset;
    EXPECT_FALSE(takes(short_form, segment(joined({{0}, quic_short(id_)}), offset))) << offset;
  }
}

// Q-07 of the specification: the payload begins inside of a header that says that it is too short.
TEST_F(QuicRules, ShortDataOffsetPutsThePayloadIntoTheHeader) {
  Bytes header = tcp(kPort, 4);
  header[16] = 0x40;
  header[17] = 9;
  EXPECT_TRUE(
      takes(quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, {9, 0, 0, 5}), over_v4(kTcp, joined({header, {5}}))));
  header[12] = 0;  // from the source port on, 0x56 0x78
  EXPECT_TRUE(takes(quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, {0x78, 0x12, 0x34}), over_v4(kTcp, header)));
  quirks.tcp_short_offset = false;
  EXPECT_FALSE(takes(quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, {}), over_v4(kTcp, header)));
}

}  // namespace
}  // namespace ringproof::xdp
