// shared_ranges_test.cc: what is shared is found, and what is not is passed over.

#include "sim/instrument/shared_ranges.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringproof {
namespace {

class Ranges : public testing::Test {
 protected:
  UmemShape umem(std::size_t from, std::uint64_t bytes) { return {memory_.data() + from, bytes, 64, 0}; }
  bool holds(std::size_t at, std::size_t bytes) { return ranges_.may_hold(memory_.data() + at, bytes); }
  std::vector<SharedRange> find(std::size_t at, std::size_t bytes) {
    std::vector<SharedRange> found;
    ranges_.each(memory_.data() + at, bytes, [&](const SharedRange& range) { found.push_back(range); });
    return found;
  }

  std::vector<unsigned char> memory_ = std::vector<unsigned char>(64 * 1024);
  SharedRanges ranges_;
};

TEST_F(Ranges, NothingIsSharedAtFirst) { EXPECT_FALSE(holds(0, 16)); }

TEST_F(Ranges, AUmemIsSharedToItsLastByteAndNoFurther) {
  ranges_.umem_registered(1, umem(1000, 512));
  ranges_.umem_registered(2, umem(60'000, 512));
  EXPECT_FALSE(holds(996, 4));
  EXPECT_TRUE(holds(997, 4));
  EXPECT_TRUE(holds(1511, 1));
  EXPECT_FALSE(holds(1512, 8));
  EXPECT_TRUE(holds(500, 1000));
}

TEST_F(Ranges, ARingIsSharedWithAllItsElements) {
  ranges_.ring_created(7, RingKind::kRx, {memory_.data() + 4096, 4, 16});
  EXPECT_TRUE(holds(4096 + 192 + 63, 1));
  EXPECT_FALSE(holds(4096 + 192 + 64, 1));
  EXPECT_TRUE(find(4096, 4).at(0).ring);
}

TEST_F(Ranges, APageThatWasOrdinaryIsLookedAtAgainAfterARegistration) {
  ranges_.umem_registered(1, umem(0, 64));
  ranges_.umem_registered(2, umem(60'000, 64));
  ASSERT_FALSE(holds(30'000, 4));
  ranges_.umem_registered(3, umem(30'000, 64));
  EXPECT_TRUE(holds(30'000, 4));
}

TEST_F(Ranges, EverySocketThatRegisteredTheMemoryIsFound) {
  ranges_.umem_registered(1, umem(0, 8192));
  ranges_.umem_registered(2, umem(0, 4096));
  ranges_.umem_registered(3, umem(2048, 64));
  EXPECT_EQ(find(2050, 4).size(), 3u);
  EXPECT_EQ(find(4097, 4).size(), 1u);
  EXPECT_TRUE(holds(4097, 4));
}

TEST_F(Ranges, AClosedSocketSharesNothing) {
  ranges_.umem_registered(1, umem(0, 4096));
  ranges_.socket_closed(1);
  EXPECT_FALSE(holds(0, 16));
}

}  // namespace
}  // namespace ringproof
