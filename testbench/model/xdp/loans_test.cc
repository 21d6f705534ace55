// How what a device says of its progress is put together with what lies in the rings.

#include "model/xdp/loans.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ringproof::xdp {
namespace {

class PairUp : public testing::Test {
 protected:
  using Pairs = std::vector<std::pair<std::uint32_t, std::optional<std::uint32_t>>>;

  // Descriptors of `bad_` do not match the entry that is next.
  std::uint32_t run(driver::LentStart from, std::uint32_t first, std::uint32_t second) {
    pairs_.clear();
    return pair_up(
        from, first, second, [this](std::uint32_t index, std::uint32_t) { return !bad_.contains(index); },
        [this](std::uint32_t index, std::optional<std::uint32_t> entry) {
          pairs_.emplace_back(index, entry);
        });
  }

  std::set<std::uint32_t> bad_;
  Pairs pairs_;
};

TEST_F(PairUp, EachDescriptorHasTheEntryOfItsTurn) {
  EXPECT_EQ(run({.first = 5, .second = 9}, 8, 12), 12u);
  EXPECT_EQ(pairs_, (Pairs{{5, 9}, {6, 10}, {7, 11}}));
}

TEST_F(PairUp, IndicesWrap) {
  constexpr std::uint32_t kLast = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(run({.first = kLast, .second = kLast - 1}, 1, 0), 0u);
  EXPECT_EQ(pairs_, (Pairs{{kLast, kLast - 1}, {0, kLast}}));
}

TEST_F(PairUp, TheOneThatDoesNotMatchHasNone) {
  bad_ = {6};
  EXPECT_EQ(run({.first = 5, .second = 9}, 8, 11), 11u);
  EXPECT_EQ(pairs_, (Pairs{{5, 9}, {6, std::nullopt}, {7, 10}}));
}

// What matches and has no entry all the same is the last: the device could not read it, say.
TEST_F(PairUp, ThereAreNoMoreEntriesThanTheDeviceSays) {
  EXPECT_EQ(run({.first = 0, .second = 0}, 3, 2), 2u);
  EXPECT_EQ(pairs_, (Pairs{{0, 0}, {1, 1}, {2, std::nullopt}}));
}

// An application has overwritten the rings; the device's numbers hold.
TEST_F(PairUp, ThereAreAsManyEntriesAsTheDeviceSays) {
  bad_ = {0, 1, 2};
  EXPECT_EQ(run({.first = 0, .second = 0}, 3, 2), 2u);
  EXPECT_EQ(pairs_, (Pairs{{0, std::nullopt}, {1, 0}, {2, 1}}));
}

TEST_F(PairUp, EntriesOfDescriptorsToComeWait) {
  EXPECT_EQ(run({.first = 0, .second = 0}, 2, 5), 2u);
  EXPECT_EQ(run({.first = 2, .second = 2}, 5, 5), 5u);
  EXPECT_EQ(pairs_, (Pairs{{2, 2}, {3, 3}, {4, 4}}));
}

}  // namespace
}  // namespace ringproof::xdp
