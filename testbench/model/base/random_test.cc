// Random streams and the running hash: fixed values, so that no machine or compiler can differ unnoticed.

#include "model/base/random.h"

#include <gtest/gtest.h>

#include <array>

#include "model/base/hash.h"

namespace ringproof {
namespace {

TEST(RandomStream, IsDecidedBySeedAndName) {
  RandomStream a(1, "dma");
  RandomStream same(1, "dma");
  RandomStream other_name(1, "mac");
  RandomStream other_seed(2, "dma");
  const std::uint64_t first = a.next();
  EXPECT_EQ(first, same.next());
  EXPECT_NE(first, other_name.next());
  EXPECT_NE(first, other_seed.next());
}

TEST(RandomStream, DrawsEveryValueBelowTheBoundAboutEquallyOften) {
  RandomStream stream(5, "even");
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i) ++seen.at(stream.below(7));
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 500);
}

TEST(RandomStream, ABoundOfOneGivesZero) {
  RandomStream stream(5, "one");
  EXPECT_EQ(stream.below(1), 0u);
}

TEST(Hash64, TellsApartLengthsOrdersAndSingleBits) {
  const auto of = [](std::string_view text) { return hash_bytes(text.data(), text.size()); };
  EXPECT_NE(of(""), of(std::string_view("\0", 1)));
  EXPECT_NE(of(std::string_view("a\0", 2)), of("a"));
  EXPECT_NE(of("abcdefgh12345678"), of("12345678abcdefgh"));
  EXPECT_NE(of("abcdefgh"), of("abcdefgi"));
  EXPECT_EQ(of("abcdefgh1"), of("abcdefgh1"));
}

TEST(Hash64, IsTheSameEverywhere) {
  Hash64 hash;
  hash.add_u64(0x0123456789ABCDEFull);
  hash.add_bytes("ringproof", 9);
  EXPECT_EQ(hash.value(), 8801165374806762743ull);
}

}  // namespace
}  // namespace ringproof
