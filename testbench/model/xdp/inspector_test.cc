// Which frames the rules recognise, byte for byte.

#include "model/xdp/inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ringproof::xdp {
namespace {

constexpr std::uint16_t kPort1234 = 0xD204;  // network byte order

Rule rule_for(XDP_MATCH_TYPE match, XDP_RULE_ACTION action) {
  Rule rule;
  rule.match = match;
  rule.port = kPort1234;
  rule.action = action;
  return rule;
}

class Inspector : public testing::Test {
 protected:
  static std::string ipv4_udp() {
    std::string frame(14 + 20 + 8, '\0');
    frame[12] = 0x08;
    frame[14] = 0x45;
    frame[23] = 17;
    frame[36] = 0x04;
    frame[37] = static_cast<char>(0xD2);
    return frame;
  }
  static std::string ipv6_udp() {
    std::string frame(14 + 40 + 8, '\0');
    frame[12] = static_cast<char>(0x86);
    frame[13] = static_cast<char>(0xDD);
    frame[14] = 0x60;
    frame[20] = 17;
    frame[56] = 0x04;
    frame[57] = static_cast<char>(0xD2);
    return frame;
  }
  static bool matches(const std::string& frame) {
    const std::array rules = {rule_for(XDP_MATCH_UDP_DST, XDP_PROGRAM_ACTION_DROP)};
    // A copy of exactly this size, so that a read beyond its end is seen by the sanitizer.
    const std::vector<unsigned char> bytes(frame.begin(), frame.end());
    return first_match(rules, bytes) != nullptr;
  }
};

TEST_F(Inspector, FindsThePortOverBothVersions) {
  EXPECT_TRUE(matches(ipv4_udp()));
  EXPECT_TRUE(matches(ipv6_udp()));
}

TEST_F(Inspector, ComparesBothBytesOfThePort) {
  for (const std::size_t at : {36u, 37u}) {
    std::string frame = ipv4_udp();
    frame[at] = static_cast<char>(frame[at] ^ 1);
    EXPECT_FALSE(matches(frame));
  }
}

TEST_F(Inspector, NeedsTheWholeUdpHeaderAndNothingBehindIt) {
  for (const std::string& whole : {ipv4_udp(), ipv6_udp()}) {
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) EXPECT_FALSE(matches(whole.substr(0, bytes)));
    EXPECT_TRUE(matches(whole + "payload"));
  }
}

TEST_F(Inspector, IgnoresLengthsChecksumsFragmentsAndTheVersionNibble) {
  std::string frame = ipv4_udp();
  frame[14] = static_cast<char>(0xF5);
  for (const std::size_t at : {16, 17, 20, 21, 24, 25, 38, 39, 40, 41}) frame[at] = static_cast<char>(0xFF);
  EXPECT_TRUE(matches(frame));
}

TEST_F(Inspector, DoesNotSeeBehindOptionsTagsExtensionsOrOtherProtocols) {
  std::string options = ipv4_udp();
  options[14] = 0x46;
  EXPECT_FALSE(matches(options + "four more bytes"));
  std::string tcp = ipv4_udp();
  tcp[23] = 6;
  EXPECT_FALSE(matches(tcp));
  std::string extension = ipv6_udp();
  extension[20] = 0;
  EXPECT_FALSE(matches(extension));
  std::string tagged = ipv4_udp();
  tagged.insert(12, std::string("\x81\x00\x00\x05", 4));
  EXPECT_FALSE(matches(tagged));
}

TEST_F(Inspector, TheFirstRuleThatMatchesDecides) {
  const std::array rules = {rule_for(XDP_MATCH_UDP_DST, XDP_PROGRAM_ACTION_PASS),
                            rule_for(XDP_MATCH_ALL, XDP_PROGRAM_ACTION_DROP)};
  const std::string udp = ipv4_udp();
  const std::vector<unsigned char> bytes(udp.begin(), udp.end());
  EXPECT_EQ(first_match(rules, bytes), rules.data());
  EXPECT_EQ(first_match(rules, {}), rules.data() + 1);
  EXPECT_EQ(first_match({}, bytes), nullptr);
}

}  // namespace
}  // namespace ringproof::xdp
