// litmus_test.cc: what each memory model allows, over every run of the classic small programs.

#include "testbench/sim/memory/litmus.h"

#include <gtest/gtest.h>

namespace ringproof::test {
namespace {

// ---- store buffering: each stores, then looks at the other's word ----

TEST(StoreBuffering, BothMayMissTheOthersStore) {
  const std::vector<Thread> threads = {{store(x, 1), load(y)}, {store(y, 1), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

TEST(StoreBuffering, AFullFenceBetweenStoreAndLoadForbidsIt) {
  const std::vector<Thread> threads = {{store(x, 1), fence(), load(y)}, {store(y, 1), fence(), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"00"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"00"}));
}

TEST(StoreBuffering, AFenceOnOneSideIsNotEnough) {
  const std::vector<Thread> threads = {{store(x, 1), fence(), load(y)}, {store(y, 1), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

TEST(StoreBuffering, NorIsAFenceThatOnlyAcquiresAndReleases) {
  const MemoryOrder both = MemoryOrder::kAcquireRelease;
  const std::vector<Thread> threads = {{store(x, 1), fence(both), load(y)},
                                       {store(y, 1), fence(both), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

TEST(StoreBuffering, ASequentialStoreIsAFullFence) {
  const std::vector<Thread> threads = {{store(x, 1, kSc), load(y, kSc)}, {store(y, 1, kSc), load(x, kSc)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"00"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"00"}));
}

// A locked instruction is a full fence on x86; an acquiring and releasing change is none in the language.
TEST(StoreBuffering, AChangeIsAFullFenceUnderTsoOnly) {
  const std::vector<Thread> threads = {{set_bits(x, 1), load(y)}, {set_bits(y, 1), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"00"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

// ---- message passing: data, then a flag ----

TEST(MessagePassing, WhatWasReleasedIsSeenByWhoAcquires) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), store(y, 1)}, {load(y), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"10"}));
}

TEST(MessagePassing, ARelaxedFlagPassesNothing) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), store(y, 1, kRlx)}, {load(y), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));  // x86 keeps stores in order
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

TEST(MessagePassing, ARelaxedLookAcquiresNothing) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), store(y, 1)}, {load(y, kRlx), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));  // nor does it reorder loads
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
}

TEST(MessagePassing, FencesMakeUpForRelaxedAccesses) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), fence(kRel), store(y, 1, kRlx)},
                                       {load(y, kRlx), fence(kAcq), load(x, kRlx)}};
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"10"}));
}

TEST(MessagePassing, AChangeInBetweenHandsOnWhatWasReleased) {
  const std::vector<Thread> threads = {
      {store(x, 1, kRlx), store(y, 1)}, {set_bits(y, 2)}, {load(y), load(x, kRlx)}};
  Outcomes seen = on_release_acquire(threads);
  EXPECT_TRUE(seen.contains("31"));
  EXPECT_FALSE(seen.contains("30"));
  EXPECT_FALSE(seen.contains("10"));
}

TEST(MessagePassing, ThroughAThirdThread) {  // write-to-read causality
  const std::vector<Thread> threads = {{store(x, 1)}, {load(x), store(y, 1)}, {load(y), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(3, {"110"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(3, {"110"}));
}

// ---- the same through an atomic of the program's own, which always has its newest value ----

TEST(OwnAtomics, WhatWasReleasedIsSeenByWhoAcquires) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), own_store(1)}, {own_load(), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"10"}));
}

TEST(OwnAtomics, ARelaxedStoreOrLoadPassesNothing) {
  for (const bool relaxed_store : {true, false}) {
    const std::vector<Thread> threads = {{store(x, 1, kRlx), own_store(1, relaxed_store ? kRlx : kRel)},
                                         {own_load(relaxed_store ? kAcq : kRlx), load(x, kRlx)}};
    EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));
    EXPECT_EQ(on_release_acquire(threads), all_but(2, {}));
  }
}

TEST(OwnAtomics, FencesMakeUpForRelaxedAccesses) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), fence(kRel), own_store(1, kRlx)},
                                       {own_load(kRlx), fence(kAcq), load(x, kRlx)}};
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"10"}));
}

TEST(OwnAtomics, AChangeHandsOnWhatWasReleasedBeforeAndAStoreDoesNot) {
  const std::vector<Thread> changed = {
      {store(x, 1, kRlx), own_store(1)}, {own_add(2, kRlx)}, {own_load(), load(x, kRlx)}};
  EXPECT_FALSE(on_release_acquire(changed).contains("30"));
  const std::vector<Thread> stored = {
      {store(x, 1, kRlx), own_store(1)}, {own_load(kRlx), own_store(2)}, {own_load(), load(x, kRlx)}};
  EXPECT_TRUE(on_release_acquire(stored).contains("120"));  // the second had seen the first, without an order
}

TEST(OwnAtomics, AChangeIsAFullFenceUnderTsoAndASequentialOneEverywhere) {
  const auto threads = [](MemoryOrder order) {
    return std::vector<Thread>{{store(x, 1, kRlx), own_add(1, order), load(y, kRlx)},
                               {store(y, 1, kRlx), own_add(1, order), load(x, kRlx)}};
  };
  EXPECT_EQ(on_tso(threads(kRlx)), all_but(2, {"00"}));
  EXPECT_EQ(on_release_acquire(threads(kRlx)), all_but(2, {}));
  EXPECT_EQ(on_release_acquire(threads(kSc)), all_but(2, {"00"}));
}

// ---- load buffering: nobody sees what is stored later ----

TEST(LoadBuffering, NoLoadSeesAStoreThatDependsOnIt) {
  for (const MemoryOrder order : {kRlx, kAcq}) {
    const std::vector<Thread> threads = {{load(x, order), store(y, 1, kRlx)},
                                         {load(y, order), store(x, 1, kRlx)}};
    EXPECT_EQ(on_tso(threads), all_but(2, {"11"}));
    EXPECT_EQ(on_release_acquire(threads), all_but(2, {"11"}));
  }
}

// ---- coherence: one word has one history ----

TEST(Coherence, NobodySeesAWordGoBack) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx)}, {load(x, kRlx), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), all_but(2, {"10"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(2, {"10"}));
}

TEST(Coherence, TwoReadersAgreeOnTheOrderOfTwoStores) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx)},
                                       {store(x, 2, kRlx)},
                                       {load(x, kRlx), load(x, kRlx)},
                                       {load(x, kRlx), load(x, kRlx)}};
  for (const Outcomes& seen : {on_tso(threads), on_release_acquire(threads)}) {
    EXPECT_FALSE(seen.contains("1221"));
    EXPECT_FALSE(seen.contains("2112"));
    EXPECT_TRUE(seen.contains("1212"));
    EXPECT_TRUE(seen.contains("2121"));
  }
}

TEST(Coherence, AnActorSeesItsOwnStoresAtOnce) {
  const std::vector<Thread> threads = {{store(x, 1, kRlx), load(x, kRlx)}};
  EXPECT_EQ(on_tso(threads), Outcomes{"1"});
  EXPECT_EQ(on_release_acquire(threads), Outcomes{"1"});
}

TEST(Coherence, ChangesOfOneWordAreNeverLost) {
  const std::vector<Thread> threads = {{set_bits(x, 1)}, {set_bits(x, 2)}, {set_bits(x, 4)}};
  EXPECT_EQ(on_tso(threads, true), Outcomes{":700"});
  EXPECT_EQ(on_release_acquire(threads, true), Outcomes{":700"});
}

// ---- independent reads of independent writes ----

TEST(IndependentReads, OnlyTsoMakesReadersAgreeOnTheOrderOfTwoWriters) {
  const std::vector<Thread> threads = {{store(x, 1)}, {store(y, 1)}, {load(x), load(y)}, {load(y), load(x)}};
  EXPECT_EQ(on_tso(threads), all_but(4, {"1010"}));
  EXPECT_EQ(on_release_acquire(threads), all_but(4, {}));
}

TEST(IndependentReads, FullFencesMakeThemAgreeEverywhere) {
  const std::vector<Thread> threads = {
      {store(x, 1)}, {store(y, 1)}, {load(x), fence(), load(y)}, {load(y), fence(), load(x)}};
  EXPECT_EQ(on_release_acquire(threads), all_but(4, {"1010"}));
}

// ---- two writers of the same two words: memory at the end ----

TEST(TwoPlusTwoWrites, TsoKeepsEachWritersOrderAndReleaseAcquireDoesNot) {
  const std::vector<Thread> threads = {{store(x, 1), store(y, 2)}, {store(y, 1), store(x, 2)}};
  EXPECT_EQ(on_tso(threads, true), (Outcomes{":120", ":210", ":220"}));
  EXPECT_EQ(on_release_acquire(threads, true), (Outcomes{":110", ":120", ":210", ":220"}));
}

// The shape called R: T1 x=1 y=1; T2 y=2, reads x. Weak: y ends as 2 and x was read as 0.
TEST(ShapeR, IsAllowedByBothAndForbiddenByFullFences) {
  EXPECT_TRUE(on_tso({{store(x, 1), store(y, 1)}, {store(y, 2), load(x)}}, true).contains("0:120"));
  EXPECT_TRUE(
      on_release_acquire({{store(x, 1), store(y, 1)}, {store(y, 2), load(x)}}, true).contains("0:120"));
  const std::vector<Thread> fenced = {{store(x, 1), fence(), store(y, 1)}, {store(y, 2), fence(), load(x)}};
  EXPECT_FALSE(on_tso(fenced, true).contains("0:120"));
  EXPECT_FALSE(on_release_acquire(fenced, true).contains("0:120"));
}

// The shape called S: T1 x=2 y=1; T2 reads y, x=1. Weak: y was read as 1 and x ends as 2.
TEST(ShapeS, IsForbiddenOnceTheFlagIsAcquired) {
  const std::vector<Thread> acquired = {{store(x, 2, kRlx), store(y, 1)}, {load(y), store(x, 1, kRlx)}};
  EXPECT_FALSE(on_tso(acquired, true).contains("1:210"));
  EXPECT_FALSE(on_release_acquire(acquired, true).contains("1:210"));
  const std::vector<Thread> relaxed = {{store(x, 2, kRlx), store(y, 1, kRlx)},
                                       {load(y, kRlx), store(x, 1, kRlx)}};
  EXPECT_FALSE(on_tso(relaxed, true).contains("1:210"));
  EXPECT_TRUE(on_release_acquire(relaxed, true).contains("1:210"));
}

// The example that needs a drain between two loads of another actor: no schedule of whole buffers gives it.
TEST(TsoDrains, AtAnyMomentBetweenTheStepsOfOthers) {
  const Outcomes seen = on_tso({{store(x, 1), load(y)}, {load(x), load(x), store(y, 1)}});
  EXPECT_TRUE(seen.contains("101"));
}

TEST(TsoBuffers, AreBoundedAndEmptyInOrder) {
  Thread writer;
  for (std::uint32_t i = 1; i <= 18; ++i) writer.push_back(store(i == 1 ? y : x, i > 9 ? 9 : i, kRlx));
  writer.push_back(load(z));  // a point at which everything is stored and nothing fenced
  const Outcomes seen = on_tso({writer, {load(x), load(y)}});
  EXPECT_TRUE(seen.contains("000"));
  EXPECT_FALSE(seen.contains("090"));
}

}  // namespace
}  // namespace ringproof::test
