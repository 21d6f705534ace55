// Where monitors keep what they note: by socket, by ring, by queue; and how long frames took.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/base/random.h"
#include "sim/monitor/by_address.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_ring.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/latencies.h"

namespace ringproof {
namespace {

// Whatever comes and goes, it holds what a map does, in the same order.
TEST(ByNumber, HoldsWhatAMapHolds) {
  RandomStream draw(1, "by_number");
  ByNumber<std::uint64_t> kept;
  std::map<std::uint64_t, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const std::uint64_t number = draw.below(12);
    if (draw.below(3) == 0) {
      kept.erase(number);
      expected.erase(number);
    } else {
      kept[number] = expected[number] = i;
    }
    const std::uint64_t wanted = draw.below(12);
    const std::uint64_t* found = kept.find(wanted);
    ASSERT_EQ(found != nullptr, expected.contains(wanted));
    if (found != nullptr) {
      ASSERT_EQ(*found, expected[wanted]);
    }
  }
  auto place = expected.begin();
  for (const auto& [number, value] : kept) {
    ASSERT_NE(place, expected.end());
    EXPECT_EQ(std::pair(number, *value), std::pair(place->first, place->second));
    ++place;
  }
  EXPECT_EQ(place, expected.end());
}

TEST(ByNumber, LeavesAValueWhereItIsWhileOthersComeAndGo) {
  ByNumber<int> kept;
  kept.set(500, 5);
  const int* const five = kept.find(500);
  for (std::uint64_t number = 0; number < 1'000; ++number) kept[number] += 1;
  for (std::uint64_t number = 0; number < 500; ++number) kept.erase(number);
  EXPECT_EQ(kept.find(500), five);
  EXPECT_EQ(*five, 6);
}

TEST(ByRing, TellsTheRingsOfASocketApart) {
  ByRing<int> kept;
  kept.set(3, RingKind::kTx, 7);
  kept.set(3, RingKind::kTx, 8);
  EXPECT_EQ(*kept.find(3, RingKind::kTx), 8);
  EXPECT_EQ(kept.find(3, RingKind::kRx), nullptr);
  EXPECT_EQ(kept.find(4, RingKind::kTx), nullptr);
  kept.erase(3);
  EXPECT_EQ(kept.find(3, RingKind::kTx), nullptr);
}

// Of all places, also when the one that was found last goes or another one comes before it.
TEST(ByAddress, FindsTheLastPlaceThatBeginsBefore) {
  unsigned char memory[100] = {};
  ByAddress<int> kept;
  kept.set(memory + 10, 1);
  kept.set(memory + 50, 5);
  EXPECT_EQ(kept.find(memory + 9), nullptr);
  EXPECT_EQ(kept.find(memory + 49)->value, 1);
  EXPECT_EQ(kept.find(memory + 99)->value, 5);
  kept.set(memory + 70, 7);
  EXPECT_EQ(kept.find(memory + 99)->value, 7);
  EXPECT_EQ(kept.find(memory + 69)->value, 5);
  kept.erase(memory + 50);
  EXPECT_EQ(kept.find(memory + 69)->value, 1);
}

TEST(ByVector, HasReceiveQueuesBeforeTransmitQueues) {
  ByVector<int> kept;
  kept[nic::kTxVectorBase] = 2;
  kept[1] = 1;
  EXPECT_EQ(kept.find(2), nullptr);
  EXPECT_EQ(kept.find(nic::kTxVectorBase + 1), nullptr);
  EXPECT_EQ(*kept.find(nic::kTxVectorBase), 2);
  std::vector<std::pair<std::uint32_t, int>> seen;
  kept.for_each([&](std::uint32_t vector, int value) { seen.emplace_back(vector, value); });
  EXPECT_EQ(seen, (std::vector<std::pair<std::uint32_t, int>>{{0, 0}, {1, 1}, {nic::kTxVectorBase, 2}}));
}

// Far more than are kept as they came, and asked in between.
TEST(Latencies, AreExactForAnyNumberOfFrames) {
  RandomStream draw(1, "latencies");
  Latencies latencies;
  EXPECT_EQ(latencies.percentile_ns(50), 0u);
  std::vector<std::uint64_t> all;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    all.push_back(draw.below(300));
    latencies.add(all.back());
    if (i % 3'333 == 0) latencies.percentile_ns(99);
  }
  std::sort(all.begin(), all.end());
  for (const std::uint64_t percent : {1u, 50u, 99u, 100u}) {
    EXPECT_EQ(latencies.percentile_ns(percent), all[(all.size() * percent + 99) / 100 - 1]) << percent;
  }
}

}  // namespace
}  // namespace ringproof
