// Traffic: when each frame of a capture is due, at every pace.

#include "sim/replay/traffic.h"

#include <gtest/gtest.h>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

using Offsets = std::vector<std::uint64_t>;

Capture capture_at(const std::vector<std::uint64_t>& times_ns) {
  Capture capture;
  for (const std::uint64_t time_ns : times_ns) {
    capture.frames.push_back({time_ns, capture.arena.size(), 2, 2});
    capture.arena.push_back(static_cast<unsigned char>(capture.frames.size()));
    capture.arena.push_back(0xEE);
  }
  return capture;
}

ReplayOptions pace(PaceKind kind, double value = 1.0, std::uint32_t loops = 1) {
  ReplayOptions options;
  options.capture_path = "a.pcap";
  options.pace = kind;
  options.pace_value = value;
  options.loops = loops;
  return options;
}

Offsets offsets(const Capture& capture, const ReplayOptions& options) {
  ReplayTraffic traffic(capture, options);
  Offsets result;
  nic::SourceFrame frame;
  while (traffic.next(frame)) result.push_back(frame.offset_ps);
  EXPECT_EQ(result.size(), traffic.total_frames());
  EXPECT_EQ(result.back(), traffic.last_offset_ps());
  EXPECT_FALSE(traffic.next(frame));
  return result;
}

TEST(Traffic, KeepsTheGapsOfTheCapture) {
  EXPECT_EQ(offsets(capture_at({5000, 5001, 5100}), pace(PaceKind::kOriginal)), (Offsets{0, 1000, 100'000}));
}

TEST(Traffic, ATimeThatGoesBackIsNoGap) {
  EXPECT_EQ(offsets(capture_at({9000, 1000, 2000, 2000, 3000}), pace(PaceKind::kOriginal)),
            (Offsets{0, 0, 1'000'000, 1'000'000, 2'000'000}));
}

TEST(Traffic, AFactorIsASpeed) {
  const Capture capture = capture_at({0, 10, 30});
  EXPECT_EQ(offsets(capture, pace(PaceKind::kFactor, 2)), (Offsets{0, 5000, 15'000}));
  EXPECT_EQ(offsets(capture, pace(PaceKind::kFactor, 0.5)), (Offsets{0, 20'000, 60'000}));
  // 3 does not divide 10,000 ps; each offset is rounded, not the sum of rounded gaps.
  EXPECT_EQ(offsets(capture, pace(PaceKind::kFactor, 3)), (Offsets{0, 3333, 10'000}));
}

TEST(Traffic, LineRateLeavesTheSpacingToTheWire) {
  EXPECT_EQ(offsets(capture_at({0, 10, 30}), pace(PaceKind::kLineRate, 1, 2)), Offsets(6, 0));
}

TEST(Traffic, ARateDoesNotDrift) {
  // 3 frames per second: every third offset is a whole second, and the last of a million is exact.
  const Capture capture = capture_at({7, 7, 7, 7});
  EXPECT_EQ(offsets(capture, pace(PaceKind::kFramesPerSecond, 3)),
            (Offsets{0, 333'333'333'333, 666'666'666'666, 1'000'000'000'000}));
  const ReplayTraffic traffic(capture, pace(PaceKind::kFramesPerSecond, 14'880'952, 250'000));
  EXPECT_EQ(traffic.total_frames(), 1'000'000u);
  EXPECT_EQ(traffic.last_offset_ps(), 67'199'934'520u);  // 999,999 / 14,880,952 s
}

TEST(Traffic, ARateMayHaveDecimals) {
  EXPECT_EQ(offsets(capture_at({0, 0}), pace(PaceKind::kFramesPerSecond, 0.5)),
            (Offsets{0, 2'000'000'000'000}));
  EXPECT_EQ(offsets(capture_at({0, 0}), pace(PaceKind::kFramesPerSecond, 0.001)),
            (Offsets{0, 1'000'000'000'000'000}));
}

TEST(Traffic, LoopsFollowWithTheAverageGap) {
  EXPECT_EQ(offsets(capture_at({100, 110, 140}), pace(PaceKind::kOriginal, 1, 3)),
            (Offsets{0, 10'000, 40'000, 60'000, 70'000, 100'000, 120'000, 130'000, 160'000}));
  EXPECT_EQ(offsets(capture_at({100, 110, 140}), pace(PaceKind::kFactor, 2, 2)),
            (Offsets{0, 5'000, 20'000, 30'000, 35'000, 50'000}));
}

TEST(Traffic, ALoneFrameLoopsEveryMicrosecond) {
  EXPECT_EQ(offsets(capture_at({77}), pace(PaceKind::kOriginal, 1, 3)), (Offsets{0, 1'000'000, 2'000'000}));
}

TEST(Traffic, HandsOutTheBytesOfEachFrameInEachLoop) {
  const Capture capture = capture_at({0, 1, 2});
  ReplayTraffic traffic(capture, pace(PaceKind::kLineRate, 1, 2));
  nic::SourceFrame frame;
  for (const unsigned char expected : {1, 2, 3, 1, 2, 3}) {
    ASSERT_TRUE(traffic.next(frame));
    ASSERT_EQ(frame.bytes.size(), 2u);
    EXPECT_EQ(frame.bytes[0], expected);
  }
}

TEST(Traffic, OffsetsNeverGoBack) {
  const Capture capture = capture_at({50, 10, 90, 20, 20, 400, 3});
  for (const ReplayOptions& options :
       {pace(PaceKind::kOriginal, 1, 5), pace(PaceKind::kFactor, 0.3, 5),
        pace(PaceKind::kFactor, 999'999.5, 5), pace(PaceKind::kFramesPerSecond, 1e9, 5),
        pace(PaceKind::kLineRate, 1, 5)}) {
    const Offsets result = offsets(capture, options);
    EXPECT_TRUE(std::is_sorted(result.begin(), result.end()));
  }
}

TEST(Traffic, RefusesWhatLastsLongerThanSimulatedTimeReaches) {
  const Capture capture = capture_at({0, 1'000'000'000'000});  // 1000 s
  EXPECT_EQ(offsets(capture, pace(PaceKind::kFactor, 0.001)).back(), 1'000'000'000'000'000'000u);
  const std::pair<ReplayOptions, const char*> cases[] = {
      {pace(PaceKind::kFactor, 0.0005),
       "a.pcap: expected traffic of at most 1000000 s at this --pace and --loop, got 2000000 s"},
      {pace(PaceKind::kOriginal, 1, 1'000'000),
       "a.pcap: expected traffic of at most 1000000 s at this --pace and --loop, got 1999999000 s"},
      {pace(PaceKind::kFramesPerSecond, 0.001, 501),
       "a.pcap: expected traffic of at most 1000000 s at this --pace and --loop, got 1001000 s"}};
  for (const auto& [options, line] : cases) {
    try {
      const ReplayTraffic traffic(capture, options);
      ADD_FAILURE() << "accepted: " << line;
    } catch (const InputError& error) {
      EXPECT_STREQ(error.what(), line);
    }
  }
}

}  // namespace
}  // namespace ringproof
