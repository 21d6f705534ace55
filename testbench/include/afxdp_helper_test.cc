// afxdp_helper_test.cc: the inline ring helpers, alone with a piece of memory.
// Role     reserve, submit and release as the specification words them, across the wrap of the indices; and
//          every access to a shared word passes through the hooks
// Source   docs of the XDP for Windows API, section "afxdp_helper.h"; AF_XDP sockets, section "ring helper
//          functions"
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <tuple>
#include <utility>
#include <vector>

// The library defines this pointer; the test stands in for it.
const ringproof_hooks* ringproof_current_hooks = nullptr;

namespace {

constexpr std::uint32_t kSize = 8;
constexpr std::uint32_t kStride = 16;
constexpr std::uint32_t kAlmostWrapped = 0xFFFFFFFD;

// Plays the driver: owns the memory and moves the index that is not the application's.
class Helper : public testing::Test {
 protected:
  // A ring that looks as if `produced` and `consumed` elements had passed through it before.
  void start(std::uint32_t produced, std::uint32_t consumed) {
    word(kProducerOffset) = produced;
    word(kConsumerOffset) = consumed;
    XSK_RING_INFO info{};
    info.Ring = reinterpret_cast<BYTE*>(memory_.data());
    info.DescriptorsOffset = kDescriptorsOffset;
    info.ProducerIndexOffset = kProducerOffset;
    info.ConsumerIndexOffset = kConsumerOffset;
    info.FlagsOffset = kFlagsOffset;
    info.Size = kSize;
    info.ElementStride = kStride;
    XskRingInitialize(&ring_, &info);
  }

  std::uint32_t& word(std::size_t offset_bytes) {
    return *reinterpret_cast<std::uint32_t*>(memory_.data() + offset_bytes);
  }
  std::byte* element(std::uint32_t slot) { return memory_.data() + kDescriptorsOffset + slot * kStride; }
  std::uint32_t& producer() { return word(kProducerOffset); }
  std::uint32_t& consumer() { return word(kConsumerOffset); }
  std::uint32_t& flags() { return word(kFlagsOffset); }

  // {count, index} as one value to compare with.
  using Grant = std::pair<std::uint32_t, std::uint32_t>;
  Grant reserve_to_produce(std::uint32_t count_max) {
    std::uint32_t index = 0xDEADBEEF;
    const std::uint32_t count = XskRingProducerReserve(&ring_, count_max, &index);
    return {count, index};
  }
  Grant reserve_to_consume(std::uint32_t count_max) {
    std::uint32_t index = 0xDEADBEEF;
    const std::uint32_t count = XskRingConsumerReserve(&ring_, count_max, &index);
    return {count, index};
  }

  // Not the usual order and distances: the helpers must take them from the info.
  static constexpr std::uint32_t kFlagsOffset = 0;
  static constexpr std::uint32_t kConsumerOffset = 64;
  static constexpr std::uint32_t kProducerOffset = 128;
  static constexpr std::uint32_t kDescriptorsOffset = 192;

  XSK_RING ring_{};

 private:
  alignas(64) std::array<std::byte, kDescriptorsOffset + kSize * kStride> memory_{};
};

TEST_F(Helper, InitializeTakesPlacesAndSizesFromTheInfo) {
  start(5, 3);
  EXPECT_EQ(ring_.SharedProducer, &producer());
  EXPECT_EQ(ring_.SharedConsumer, &consumer());
  EXPECT_EQ(ring_.SharedFlags, &flags());
  EXPECT_EQ(ring_.SharedElements, element(0));
  EXPECT_EQ(ring_.Mask, kSize - 1);
  EXPECT_EQ(ring_.Size, kSize);
  EXPECT_EQ(ring_.ElementStride, kStride);
}

TEST_F(Helper, InitializeCachesBothIndices) {
  start(5, 3);
  EXPECT_EQ(ring_.CachedProducer, 5u);
  EXPECT_EQ(ring_.CachedConsumer, 3u);
}

TEST_F(Helper, InitializeForgetsWhatTheRingWasBefore) {
  ring_.CachedProducer = ring_.CachedConsumer = 77;
  start(0, 0);
  EXPECT_EQ(ring_.CachedProducer, 0u);
  EXPECT_EQ(ring_.CachedConsumer, 0u);
}

TEST_F(Helper, ElementsRepeatEverySizeIndices) {
  start(0, 0);
  EXPECT_EQ(XskRingGetElement(&ring_, 3), element(3));
  EXPECT_EQ(XskRingGetElement(&ring_, kSize), element(0));
  EXPECT_EQ(XskRingGetElement(&ring_, 0xFFFFFFFF), element(kSize - 1));
}

TEST_F(Helper, ElementDistanceDoesNotOverflow) {
  // 2^27 elements of 64 bytes: the last one is almost 8 GiB away. Only its address is computed.
  constexpr std::uintptr_t kBase = 0x100000000;
  XSK_RING huge{};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): never followed
  huge.SharedElements = reinterpret_cast<void*>(kBase);
  huge.Mask = (1u << 27) - 1;
  huge.ElementStride = 64;
  const auto last = reinterpret_cast<std::uintptr_t>(XskRingGetElement(&huge, huge.Mask));
  EXPECT_EQ(last, kBase + std::uintptr_t{huge.Mask} * 64);
}

TEST_F(Helper, AnEmptyRingGrantsAllItsSlotsToTheProducer) {
  start(0, 0);
  EXPECT_EQ(reserve_to_produce(kSize + 1), Grant(kSize, 0));
}

TEST_F(Helper, NoMoreIsGrantedThanWasAskedFor) {
  start(0, 0);
  EXPECT_EQ(reserve_to_produce(3), Grant(3, 0));
  EXPECT_EQ(reserve_to_produce(0), Grant(0, 0));
  producer() = 6;
  EXPECT_EQ(reserve_to_consume(4), Grant(4, 0));
  EXPECT_EQ(reserve_to_consume(0), Grant(0, 0));
}

TEST_F(Helper, ReservingMovesNothing) {
  start(2, 0);
  EXPECT_EQ(reserve_to_produce(3), reserve_to_produce(3));
  EXPECT_EQ(reserve_to_consume(2), reserve_to_consume(2));
  EXPECT_EQ(producer(), 2u);
  EXPECT_EQ(consumer(), 0u);
}

TEST_F(Helper, AFullRingGrantsNothingButStillNamesTheIndex) {
  start(kSize + 4, 4);
  EXPECT_EQ(reserve_to_produce(1), Grant(0, kSize + 4));
}

TEST_F(Helper, AnEmptyRingHasNothingToConsumeButStillNamesTheIndex) {
  start(4, 4);
  EXPECT_EQ(reserve_to_consume(1), Grant(0, 4));
}

TEST_F(Helper, SubmitPublishesFromTheSharedIndex) {
  start(2, 0);
  XskRingProducerSubmit(&ring_, 3);
  EXPECT_EQ(producer(), 5u);
  EXPECT_EQ(reserve_to_produce(kSize), Grant(3, 5));
}

TEST_F(Helper, ReleaseGivesBackFromTheSharedIndex) {
  start(6, 1);
  XskRingConsumerRelease(&ring_, 2);
  EXPECT_EQ(consumer(), 3u);
  EXPECT_EQ(reserve_to_consume(kSize), Grant(3, 3));
}

// An upstream test submits 2^32 - 1 to move the index back by one; that must stay possible.
TEST_F(Helper, SubmittingMinusOneMovesTheIndexBack) {
  start(0, 0);
  XskRingProducerSubmit(&ring_, 0xFFFFFFFF);
  EXPECT_EQ(producer(), 0xFFFFFFFFu);
}

TEST_F(Helper, ProducerLooksAtTheConsumerOnlyWhenItsOldViewIsTooSmall) {
  start(kSize - 2, 0);
  consumer() = 4;
  EXPECT_EQ(reserve_to_produce(2), Grant(2, kSize - 2));
  EXPECT_EQ(ring_.CachedConsumer, 0u);
  EXPECT_EQ(reserve_to_produce(3), Grant(3, kSize - 2));
  EXPECT_EQ(ring_.CachedConsumer, 4u);
}

TEST_F(Helper, ConsumerLooksAtTheProducerOnlyWhenItsOldViewIsTooSmall) {
  start(2, 0);
  producer() = 5;
  EXPECT_EQ(reserve_to_consume(2), Grant(2, 0));
  EXPECT_EQ(ring_.CachedProducer, 2u);
  EXPECT_EQ(reserve_to_consume(4), Grant(4, 0));
  EXPECT_EQ(ring_.CachedProducer, 5u);
}

TEST_F(Helper, ProducingCrossesTheWrap) {
  start(kAlmostWrapped, kAlmostWrapped);
  EXPECT_EQ(reserve_to_produce(kSize), Grant(kSize, kAlmostWrapped));
  XskRingProducerSubmit(&ring_, 5);
  EXPECT_EQ(producer(), 2u);
  EXPECT_EQ(reserve_to_produce(kSize), Grant(3, 2));
}

TEST_F(Helper, ConsumingCrossesTheWrap) {
  start(kAlmostWrapped, kAlmostWrapped);
  producer() = 2;
  EXPECT_EQ(reserve_to_consume(kSize), Grant(5, kAlmostWrapped));
  XskRingConsumerRelease(&ring_, 4);
  EXPECT_EQ(consumer(), 1u);
  EXPECT_EQ(reserve_to_consume(kSize), Grant(1, 1));
}

// Both sides of one ring in turn, against a queue: what goes in comes out, in order, through the wrap.
TEST_F(Helper, EverythingProducedIsConsumedInOrderThroughTheWrap) {
  constexpr std::uint32_t kSteps = 500;
  start(kAlmostWrapped - 100, kAlmostWrapped - 100);
  XSK_RING other = ring_;
  std::deque<std::uint32_t> expected;
  std::uint32_t next_value = 0;
  for (std::uint32_t step = 0; step < kSteps; ++step) {
    const std::uint32_t wanted = step * 7 % (kSize + 2);
    std::uint32_t index = 0;
    std::uint32_t count = XskRingProducerReserve(&ring_, wanted, &index);
    ASSERT_EQ(count, std::min<std::uint32_t>(wanted, kSize - static_cast<std::uint32_t>(expected.size())));
    for (std::uint32_t i = 0; i < count; ++i) {
      *static_cast<std::uint32_t*>(XskRingGetElement(&ring_, index + i)) = next_value;
      expected.push_back(next_value++);
    }
    XskRingProducerSubmit(&ring_, count);

    const std::uint32_t taken_max = step * 5 % (kSize + 1);
    count = XskRingConsumerReserve(&other, taken_max, &index);
    ASSERT_EQ(count, std::min<std::uint32_t>(taken_max, static_cast<std::uint32_t>(expected.size())));
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(*static_cast<std::uint32_t*>(XskRingGetElement(&other, index + i)), expected.front());
      expected.pop_front();
    }
    XskRingConsumerRelease(&other, count);
  }
  EXPECT_LT(producer(), kAlmostWrapped - 100);  // it did wrap
}

TEST_F(Helper, EachFlagIsTestedAlone) {
  start(0, 0);
  const auto seen = [this] {
    return std::tuple(XskRingError(&ring_), XskRingProducerNeedPoke(&ring_), XskRingAffinityChanged(&ring_),
                      XskRingOffloadChanged(&ring_));
  };
  const auto only = [](int position) {
    return std::tuple<BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN>(position == 0, position == 1, position == 2,
                                                          position == 3);
  };
  for (int bit = 0; bit < 4; ++bit) {
    flags() = 1u << bit;
    EXPECT_EQ(seen(), only(bit));
    EXPECT_EQ(XskRingGetFlags(&ring_), 1u << bit);
  }
  flags() = 0xFFFFFFF0;
  EXPECT_EQ(seen(), only(-1));
}

// ---- hooks ----

struct Access {
  char kind;  // 'L'oad, 'S'tore, 'F'ence
  const volatile std::uint32_t* address;
  std::uint32_t value;
  int order;
  friend bool operator==(const Access&, const Access&) = default;
};

std::vector<Access>* recorded;

std::uint32_t record_load(const volatile std::uint32_t* address, int order) {
  recorded->push_back({'L', address, *address, order});
  return *address;
}
void record_store(volatile std::uint32_t* address, std::uint32_t value, int order) {
  recorded->push_back({'S', address, value, order});
  *address = value;
}
void record_fence(int order) { recorded->push_back({'F', nullptr, 0, order}); }

constexpr ringproof_hooks kRecorder{record_load, record_store, record_fence};

class HookedHelper : public Helper {
 protected:
  HookedHelper() {
    recorded = &accesses_;
    ringproof_current_hooks = &kRecorder;
  }
  ~HookedHelper() override {
    ringproof_current_hooks = nullptr;
    recorded = nullptr;
  }
  // What was seen since the last call.
  std::vector<Access> seen() { return std::exchange(accesses_, {}); }
  using Accesses = std::vector<Access>;

 private:
  std::vector<Access> accesses_;
};

TEST_F(HookedHelper, InitializeAcquiresBothIndices) {
  start(5, 3);
  EXPECT_EQ(seen(),
            (Accesses{{'L', &producer(), 5, RINGPROOF_ACQUIRE}, {'L', &consumer(), 3, RINGPROOF_ACQUIRE}}));
}

TEST_F(HookedHelper, ReserveShowsNothingWhileTheOldViewIsEnough) {
  start(4, 0);
  seen();
  reserve_to_produce(kSize - 4);
  reserve_to_consume(4);
  EXPECT_EQ(seen(), Accesses{});
}

TEST_F(HookedHelper, AnEmptyPollShowsOneAcquireOfTheOtherIndex) {
  start(0, 0);
  seen();
  EXPECT_EQ(reserve_to_consume(1), Grant(0, 0));
  EXPECT_EQ(seen(), (Accesses{{'L', &producer(), 0, RINGPROOF_ACQUIRE}}));
  producer() = kSize;
  EXPECT_EQ(reserve_to_produce(1), Grant(0, kSize));
  EXPECT_EQ(seen(), (Accesses{{'L', &consumer(), 0, RINGPROOF_ACQUIRE}}));
}

TEST_F(HookedHelper, PublishingShowsOneReleaseOfTheOwnIndex) {
  start(7, 2);
  seen();
  XskRingProducerSubmit(&ring_, 1);
  XskRingConsumerRelease(&ring_, 2);
  EXPECT_EQ(seen(),
            (Accesses{{'S', &producer(), 8, RINGPROOF_RELEASE}, {'S', &consumer(), 4, RINGPROOF_RELEASE}}));
}

TEST_F(HookedHelper, TheHookPerformsTheAccess) {
  start(0, 0);
  static constexpr ringproof_hooks kLiar{
      [](const volatile std::uint32_t*, int) -> std::uint32_t { return 4; },
      [](volatile std::uint32_t*, std::uint32_t, int) {}, [](int) {}};
  ringproof_current_hooks = &kLiar;
  EXPECT_EQ(reserve_to_consume(kSize), Grant(4, 0));
  XskRingConsumerRelease(&ring_, 4);
  EXPECT_EQ(consumer(), 0u);
}

TEST_F(HookedHelper, EveryFlagTestAcquiresTheFlags) {
  start(0, 0);
  flags() = 2;
  seen();
  const Access acquire{'L', &flags(), 2, RINGPROOF_ACQUIRE};
  XskRingGetFlags(&ring_);
  XskRingError(&ring_);
  XskRingProducerNeedPoke(&ring_);
  XskRingAffinityChanged(&ring_);
  XskRingOffloadChanged(&ring_);
  EXPECT_EQ(seen(), Accesses(5, acquire));
}

TEST_F(HookedHelper, TheBarrierIsAFullFence) {
  XdpBarrierBetweenReleaseAndAcquire();
  EXPECT_EQ(seen(), (Accesses{{'F', nullptr, 0, RINGPROOF_SEQ_CST}}));
}

TEST_F(HookedHelper, TheAccessorsOfRtlAreSeenToo) {
  UINT32 shared = 1;
  EXPECT_EQ(ReadUInt32Acquire(&shared), 1u);
  EXPECT_EQ(ReadUInt32NoFence(&shared), 1u);
  WriteUInt32Release(&shared, 2);
  WriteUInt32NoFence(&shared, 3);
  EXPECT_EQ(shared, 3u);
  EXPECT_EQ(seen(), (Accesses{{'L', &shared, 1, RINGPROOF_ACQUIRE},
                              {'L', &shared, 1, RINGPROOF_RELAXED},
                              {'S', &shared, 2, RINGPROOF_RELEASE},
                              {'S', &shared, 3, RINGPROOF_RELAXED}}));
}

// Without hooks each order is an operation of its own; all of them move the value.
TEST(Accessors, WorkInEveryOrderWithoutHooks) {
  ASSERT_EQ(ringproof_current_hooks, nullptr);
  std::uint32_t shared = 0;
  std::uint32_t value = 0;
  for (const int order : {RINGPROOF_RELAXED, RINGPROOF_ACQUIRE, RINGPROOF_RELEASE, RINGPROOF_SEQ_CST}) {
    ringproof_store32(&shared, ++value, order);
    ringproof_fence(order);
    EXPECT_EQ(ringproof_load32(&shared, order), value);
  }
}

}  // namespace
