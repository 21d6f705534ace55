// What Windows answers when it reads and prints addresses.

#include "sim/win32/net_text.h"

#include <gtest/gtest.h>
#include <ringproof/win32/net_strings.h>

#include <string>

namespace ringproof::win32 {
namespace {

constexpr NTSTATUS kInvalidParameter = static_cast<NTSTATUS>(0xC000000D);

template <std::size_t Bytes>
std::string hex(const ParsedAddress<Bytes>& parsed) {
  if (!parsed.address.has_value()) return "none";
  std::string text;
  for (const std::uint8_t byte : *parsed.address) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

struct Case {
  const char* text;
  const char* address;  // in hexadecimal, or "none"
  std::size_t taken;
};

TEST(Ipv4Text, LooseNotationHasOneToFourPartsInThreeRadixes) {
  const Case cases[] = {{"1.2.3.4", "01020304", 7},
                        {"255.255.255.255:80", "ffffffff", 15},
                        {"10", "0000000a", 2},
                        {"203569230", "0c22384e", 9},
                        {"1.223756", "01036a0c", 8},
                        {"3.4.756", "030402f4", 7},
                        {"1.1.1.0xaA", "010101aa", 10},
                        {"1.1.1.010", "01010108", 9},
                        {"1.1.1.008", "01010100", 8},
                        {"1.1.1.0a", "01010100", 7},
                        {"3.4.5.6 ", "03040506", 7},
                        {"", "none", 0},
                        {" 3.4.5.6", "none", 0},
                        {"255.255.255.256", "none", 15},
                        {"255.255.255.4294967296", "none", 21},
                        {"1.1.1.0x", "none", 8},
                        {"1.1.1.0x100", "none", 11},
                        {"1.1.1.0x100000000", "none", 16},
                        {"1.1.1.08", "none", 7},
                        {"3.4.756.1", "none", 9},
                        {"3.4.65536", "none", 9},
                        {"3.4.5.6.7", "none", 7},
                        {"0.1.2.3.", "none", 7},
                        {"3.4.5.+6", "none", 6},
                        {"3. 4.5.6", "none", 2},
                        {".", "none", 1},
                        {"1.", "none", 2},
                        {"1..", "none", 3},
                        {".1.2.3", "none", 1},
                        {"::1", "none", 0}};
  for (const Case& each : cases) {
    const auto parsed = parse_ipv4(each.text, false);
    EXPECT_EQ(hex(parsed), each.address) << each.text;
    EXPECT_EQ(parsed.taken, each.taken) << each.text;
  }
}

TEST(Ipv4Text, StrictNotationHasFourDecimalParts) {
  const Case cases[] = {{"1.2.3.4", "01020304", 7},      {"0.1.2.3", "00010203", 7},
                        {"1.1.1.0a", "01010100", 7},     {"1", "none", 1},
                        {"1.223756", "none", 8},         {"1.1.1.0xaA", "none", 8},
                        {"1.1.1.010", "none", 7},        {"1.1.1.00", "none", 7},
                        {"255.255.255.256", "none", 15}, {"1.1.1.-2", "none", 6}};
  for (const Case& each : cases) {
    const auto parsed = parse_ipv4(each.text, true);
    EXPECT_EQ(hex(parsed), each.address) << each.text;
    EXPECT_EQ(parsed.taken, each.taken) << each.text;
  }
}

TEST(Ipv6Text, IsReadAsFarAsItIsAnAddress) {
  const Case cases[] = {
      {"::", "00000000000000000000000000000000", 2},
      {"::1", "00000000000000000000000000000001", 3},
      {"0:1:2:3:4:5:6:7", "00000001000200030004000500060007", 15},
      {"2001:db8:85a3::8a2e:370:7334", "20010db885a3000000008a2e03707334", 28},
      {"1111:2222:3333:4444:5555:6666:7777::", "11112222333344445555666677770000", 36},
      {"1:2:3:4:5:6::8", "00010002000300040005000600000008", 14},
      {"::13.1.68.3", "0000000000000000000000000d014403", 11},
      {"1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304", 19},
      {"1::1.2.3.4::1", "00010000000000000000000001020304", 10},
      {"::%16", "00000000000000000000000000000000", 2},
      {"1::2::3", "00010000000000000000000000000002", 4},
      {"1111:2222:::", "11112222000000000000000000000000", 11},
      {"1111:2222:3333:4444:5555:6666:7777:8888:9999", "11112222333344445555666677778888", 39},
      {"1111:2222:3333:4444:5555:6666:7777:1.2.3.4", "11112222333344445555666677770001", 36},
      {"1111:2222:3333:4444:5555::0x88", "11112222333344445555000000000000", 27},
      // A gap at the beginning counts for two groups.
      {"::0:a:b:c:d:e:f", "000000000000000a000b000c000d000e", 13},
      {"::.", "00000000000000000000000000000000", 2},
      {"", "none", 0},
      {":", "none", 0},
      {":1111::", "none", 0},
      {"[::]", "none", 0},
      {"1111", "none", 4},
      {"1111:2222:", "none", 10},
      {"1111::5555:", "none", 11},
      {"1.2.3.4", "none", 7},
      {"1111:2222:1.2.3.4", "none", 17},
      {"1111:2222:3333::fffff", "none", 21},
      {"1::1.2.3.256", "none", 12},
      {"1::1.2", "none", 6},
      {"1::1.2.", "none", 7},
      {"1111:2222:3333:4444:x555:6666:7777:8888", "none", 20},
      {"2001:0000:1234: 0000:0000:C1C0:ABCD:0876", "none", 15}};
  for (const Case& each : cases) {
    const auto parsed = parse_ipv6(each.text);
    EXPECT_EQ(hex(parsed), each.address) << each.text;
    EXPECT_EQ(parsed.taken, each.taken) << each.text;
  }
}

TEST(Ipv6Text, IsPrintedAsShortAsItCanBe) {
  const char* const texts[] = {
      "::", "::1", "0:1:2:3:4:5:6:7", "1080::8:800:200c:417a",
      "1111:2222:3333:4444:5555:6666::", "1111:0:3333:4444:5555:6666:7777:8888", "3ffe:b00::1:0:0:a",
      "2001:0:1234::c1c0:abcd:876",
      // with an address of IPv4 in them
      "::13.1.68.3", "::ffff:13.1.68.3", "::ffff:13.1.0.0", "::ffff:0:13.1.68.3", "::5efe:129.144.52.38",
      "1111:2222:3333:4444:0:5efe:129.144.52.38", "::200:5efe:129.144.52.38",
      // without
      "::ffff:0:4403", "::ffff:0:0", "::1:d01:4403", "::ffff:ffff:d01:4403", "::100:5efe:8190:3426"};
  for (const char* text : texts) {
    const auto parsed = parse_ipv6(text);
    ASSERT_TRUE(parsed.address.has_value()) << text;
    EXPECT_EQ(print_ipv6(parsed.address->data()), text);
  }
}

TEST(EthernetText, HasSixBytesWithOneKindOfSeparator) {
  const Case cases[] = {{"00-15-5D-ab-cd-0F", "00155dabcd0f", 17},
                        {"00:15:5d:ab:cd:0f rest", "00155dabcd0f", 17},
                        {"00-15-5d-ab-cd", "none", 14},
                        {"00-15:5d-ab-cd-0f", "none", 5},
                        {"0g-15-5d-ab-cd-0f", "none", 1},
                        {"", "none", 0}};
  for (const Case& each : cases) {
    const auto parsed = parse_ethernet(each.text);
    EXPECT_EQ(hex(parsed), each.address) << each.text;
    EXPECT_EQ(parsed.taken, each.taken) << each.text;
  }
  const std::uint8_t address[] = {0, 0x15, 0x5d, 0xab, 0xcd, 0xf};
  EXPECT_EQ(print_ethernet(address), "00-15-5D-AB-CD-0F");
}

TEST(AddressCalls, LeaveTheTerminatorBehindTheAddress) {
  const char* text = "10.1.2.3:80";
  const char* end = nullptr;
  IN_ADDR address;
  EXPECT_EQ(RtlIpv4StringToAddressA(text, 1, &end, &address), 0);
  EXPECT_EQ(end, text + 8);
  EXPECT_EQ(address.s_addr, 0x0302010au);
  EXPECT_EQ(RtlIpv4StringToAddressA("10.1.2", 1, &end, &address), kInvalidParameter);
  const char16_t* wide = u"fe80::1%3";
  const char16_t* wide_end = nullptr;
  IN6_ADDR address6;
  EXPECT_EQ(RtlIpv6StringToAddressW(wide, &wide_end, &address6), 0);
  EXPECT_EQ(wide_end, wide + 7);
}

TEST(AddressCalls, WithExTakeTheWholeText) {
  IN_ADDR address;
  USHORT port = 7;
  EXPECT_EQ(RtlIpv4StringToAddressExA("1.2.3.4:0x50", 1, &address, &port), 0);
  EXPECT_EQ(port, 0x5000);
  EXPECT_EQ(RtlIpv4StringToAddressExA("1.2.3.4", 1, &address, &port), 0);
  EXPECT_EQ(port, 0);
  for (const char* bad :
       {"1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:12a", "1.2.3.4+", "1.2.3.4: 1"}) {
    EXPECT_EQ(RtlIpv4StringToAddressExA(bad, 1, &address, &port), kInvalidParameter) << bad;
  }
  IN6_ADDR address6;
  ULONG scope = 0;
  EXPECT_EQ(RtlIpv6StringToAddressExA("[fe80::1%12]:443", &address6, &scope, &port), 0);
  EXPECT_EQ(scope, 12u);
  EXPECT_EQ(port, 0xbb01);
  EXPECT_EQ(RtlIpv6StringToAddressExA("fe80::1", &address6, &scope, &port), 0);
  EXPECT_EQ(scope + port, 0u);
  for (const char* bad : {"[fe80::1", "fe80::1]", "fe80::1%", "[fe80::1]:0", "fe80::1/64"}) {
    EXPECT_EQ(RtlIpv6StringToAddressExA(bad, &address6, &scope, &port), kInvalidParameter) << bad;
  }
}

TEST(AddressCalls, PrintersGiveTheEndOrTheSizeNeeded) {
  IN_ADDR address;
  address.s_addr = 0x04030201;
  char text[64];
  EXPECT_EQ(RtlIpv4AddressToStringA(&address, text), text + 7);
  EXPECT_STREQ(text, "1.2.3.4");
  ULONG length = 10;
  EXPECT_EQ(RtlIpv4AddressToStringExA(&address, 0x5000, text, &length), kInvalidParameter);
  EXPECT_EQ(length, 11u);
  EXPECT_EQ(RtlIpv4AddressToStringExA(&address, 0x5000, text, &length), 0);
  EXPECT_STREQ(text, "1.2.3.4:80");
  IN6_ADDR address6 = {};
  length = sizeof text;
  EXPECT_EQ(RtlIpv6AddressToStringExA(&address6, 3, 0x5000, text, &length), 0);
  EXPECT_STREQ(text, "[::%3]:80");
  EXPECT_EQ(length, 10u);
}

}  // namespace
}  // namespace ringproof::win32
