// The platform's side of a ring: arithmetic, caching, masks, and what it tells.

#include "model/xdp/shared_ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "testbench/model/xdp/null_host.h"

namespace ringproof::xdp {
namespace {

class Story final : public Tap {
 public:
  void ring_moved(std::uint64_t, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t) override {
    text += std::string(ring_kind_name(kind)) + (actor == Actor::kApplication ? " app " : " platform ") +
            std::to_string(old) + ">" + std::to_string(now) + "; ";
  }
  std::string text;
};

class Ring : public testing::Test {
 protected:
  Ring() { taps.add(&story); }
  std::uint32_t* word(const SharedRing& ring, std::uint32_t offset) const {
    return reinterpret_cast<std::uint32_t*>(ring.memory() + offset);
  }
  NullHost host;
  TapList taps;
  Story story;
  SharedRing rx{host, taps, 1, RingKind::kRx, 4, 16};
  SharedRing fill{host, taps, 1, RingKind::kFill, 4, 8};
  std::uint32_t index = 99;
};

TEST_F(Ring, StartsEmptyAndHoldsAsManyEntriesAsItsSize) {
  EXPECT_EQ(rx.producer_room(100, &index), 4u);
  EXPECT_EQ(index, 0u);
  rx.produce(4);
  EXPECT_EQ(rx.producer_room(1, &index), 0u);
  EXPECT_TRUE(rx.readable_by_application());
}

TEST_F(Ring, ReadsTheApplicationsIndexOnlyWhenItsCopyIsNotEnough) {
  *word(fill, kProducerOffset) = 2;
  EXPECT_EQ(fill.consumer_available(1, &index), 1u);
  *word(fill, kProducerOffset) = 3;
  EXPECT_EQ(fill.consumer_available(2, &index), 2u);
  EXPECT_EQ(story.text, "FILL app 0>2; ");
  EXPECT_EQ(fill.consumer_available(3, &index), 3u);
  EXPECT_EQ(story.text, "FILL app 0>2; FILL app 2>3; ");
}

TEST_F(Ring, ContinuesFromItsOwnIndexAsItStandsInSharedMemory) {
  *word(rx, kProducerOffset) = 40;
  *word(rx, kConsumerOffset) = 40;
  EXPECT_EQ(rx.producer_room(4, &index), 4u);
  EXPECT_EQ(index, 40u);
}

TEST_F(Ring, WrapsThroughTheEndOfThirtyTwoBits) {
  *word(rx, kProducerOffset) = 0xFFFFFFFE;
  *word(rx, kConsumerOffset) = 0xFFFFFFFE;
  EXPECT_EQ(rx.producer_room(100, &index), 4u);  // more than its old copy allows: it looks again
  rx.produce(4);
  EXPECT_EQ(*word(rx, kProducerOffset), 2u);
  EXPECT_EQ(rx.producer_room(1, &index), 0u);
}

TEST_F(Ring, EveryIndexOfARoundHasASlotOfItsOwnAndTheNextRoundTheSame) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rx.element(i), rx.memory() + 192 + std::size_t{i} * 16);
    EXPECT_EQ(rx.element(i + 4), rx.element(i));
  }
}

TEST_F(Ring, AProducerFarBeyondTheRingIsTakenAsItIsAndStaysInsideTheRing) {
  *word(fill, kProducerOffset) = 0xFFFFFFFF;
  EXPECT_EQ(fill.consumer_available(1000, &index), 1000u);
  EXPECT_LT(fill.element(999), fill.memory() + 192 + 4 * 8);
}

TEST_F(Ring, AConsumerAheadOfTheProducerReadsAsEmpty) {
  *word(rx, kConsumerOffset) = 1;
  EXPECT_FALSE(rx.readable_by_application());
}

TEST_F(Ring, FlagsAreSetAndClearedOneByOneAndTold) {
  fill.set_flag(2);
  fill.set_flag(1);
  fill.clear_flag(2);
  EXPECT_FALSE(fill.has_flag(2));
  EXPECT_TRUE(fill.has_flag(1));
  EXPECT_EQ(host.changes, 3);
}

TEST_F(Ring, AStoreThatWasReportedIsNotToldAgainWhenItIsSeen) {
  *word(fill, kProducerOffset) = 1;
  fill.application_stored(word(fill, kProducerOffset), 1);
  EXPECT_EQ(fill.consumer_available(1, &index), 1u);
  EXPECT_EQ(story.text, "FILL app 0>1; ");
}

TEST_F(Ring, MemoryThatDoesNotFitThirtyTwoBitsIsNoRing) {
  EXPECT_EQ(SharedRing::memory_bytes(std::uint64_t{1} << 28, 16), 0u);
  EXPECT_NE(SharedRing::memory_bytes(std::uint64_t{1} << 27, 16), 0u);
  EXPECT_EQ(SharedRing::memory_bytes(1, 8), 4096u);
}

}  // namespace
}  // namespace ringproof::xdp
