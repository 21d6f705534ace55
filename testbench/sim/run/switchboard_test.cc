// Where frames go between ports: cables, and switches that learn.

#include "sim/run/switchboard.h"

#include <gtest/gtest.h>

namespace ringproof {
namespace {

using Ports = std::vector<std::uint32_t>;

constexpr unsigned char kEverybody = 0xFF;

// From the station of this number to that one.
std::vector<unsigned char> frame(unsigned char from, unsigned char to) {
  std::vector<unsigned char> bytes(60);
  bytes[0] = to == kEverybody ? 0xFF : 2;
  bytes[5] = to;
  bytes[6] = 2;
  bytes[11] = from;
  return bytes;
}

TEST(Switchboard, ACableBringsEveryFrameToTheOtherEnd) {
  Switchboard board({{{3, 1}, false, 500}});
  EXPECT_EQ(board.receivers(3, frame(1, 2)), Ports{1});
  EXPECT_EQ(board.receivers(1, frame(2, 2)), Ports{3});
  EXPECT_EQ(board.receivers(0, frame(1, 2)), Ports{});
  EXPECT_TRUE(board.connects(1));
  EXPECT_FALSE(board.connects(0));
}

TEST(Switchboard, ASwitchFloodsUntilItHasSeenTheStation) {
  Switchboard board({{{0, 1, 2}, true, 500}});
  EXPECT_EQ(board.receivers(0, frame(1, 2)), (Ports{1, 2}));
  EXPECT_EQ(board.receivers(1, frame(2, 1)), Ports{0});
  EXPECT_EQ(board.receivers(0, frame(1, 2)), Ports{1});
  EXPECT_EQ(board.receivers(2, frame(3, 2)), Ports{1});
}

TEST(Switchboard, ASwitchFollowsAStationThatMoves) {
  Switchboard board({{{0, 1, 2}, true, 500}});
  board.receivers(1, frame(2, 1));
  EXPECT_EQ(board.receivers(0, frame(1, 2)), Ports{1});
  board.receivers(2, frame(2, 1));
  EXPECT_EQ(board.receivers(0, frame(1, 2)), Ports{2});
}

TEST(Switchboard, ASwitchSendsNothingBackAndBroadcastsToAllOthers) {
  Switchboard board({{{0, 1, 2}, true, 500}});
  board.receivers(0, frame(1, 9));
  EXPECT_EQ(board.receivers(0, frame(3, 1)), Ports{});
  EXPECT_EQ(board.receivers(1, frame(2, kEverybody)), (Ports{0, 2}));
  EXPECT_EQ(board.receivers(1, std::vector<unsigned char>(11)), (Ports{0, 2}));
}

// The address of a group is no station's, even as that of a sender.
TEST(Switchboard, ASwitchLearnsNoGroups) {
  Switchboard board({{{0, 1, 2}, true, 500}});
  std::vector<unsigned char> odd = frame(1, 2);
  odd[6] = 0x03;
  board.receivers(1, odd);
  std::vector<unsigned char> to_it = frame(2, 1);
  to_it[0] = 0x03;
  EXPECT_EQ(board.receivers(0, to_it), (Ports{1, 2}));
}

TEST(Switchboard, SwitchesKnowNothingOfEachOther) {
  Switchboard board({{{0, 1}, true, 700}, {{2, 3, 4}, true, 300}});
  board.receivers(0, frame(1, 9));
  EXPECT_EQ(board.receivers(2, frame(5, 1)), (Ports{3, 4}));
  EXPECT_EQ(board.latency_ps(0), 700u);
  EXPECT_EQ(board.latency_ps(4), 300u);
  EXPECT_EQ(board.shortest_ps(), 300u);
}

}  // namespace
}  // namespace ringproof
