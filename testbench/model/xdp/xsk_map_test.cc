// Which entries a map of sockets has: P-091, P-092, P-103.

#include "model/xdp/xsk_map.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>

#include "model/xdp/ring_directory.h"
#include "model/xdp/socket.h"
#include "testbench/model/xdp/null_host.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kBeyond[] = {128, 129, 255, 256, std::numeric_limits<std::uint32_t>::max()};

class Map : public testing::Test {
 protected:
  NullHost host_;
  TapList taps_;
  RingDirectory rings_;
  const SocketSettings settings_{};
  MapLock lock_{host_};
  XskMap map_{1, lock_, taps_};
  const std::shared_ptr<Socket> socket_ = std::make_shared<Socket>(1, host_, taps_, rings_, settings_, false);
};

TEST_F(Map, HasOneEntryForEachOf128Keys) {
  for (std::uint32_t key = 0; key < 128; ++key) {
    EXPECT_EQ(map_.find(key), nullptr) << key;
    EXPECT_EQ(map_.insert(key, socket_), Status::kOk) << key;
    EXPECT_EQ(map_.find(key), socket_) << key;
  }
  for (const std::uint32_t key : kBeyond) {
    EXPECT_EQ(map_.insert(key, socket_), Status::kBadParameter) << key;
    EXPECT_EQ(map_.remove(key), Status::kBadParameter) << key;
  }
  EXPECT_EQ(map_.remove(127), Status::kOk);
  EXPECT_EQ(map_.find(127), nullptr);
  EXPECT_EQ(map_.find(126), socket_);
}

// P-103: a queue with such a number finds nobody, whatever the map holds.
TEST_F(Map, FindsNobodyBeyondItsKeys) {
  for (std::uint32_t key = 0; key < 128; ++key) EXPECT_EQ(map_.insert(key, socket_), Status::kOk);
  for (const std::uint32_t key : kBeyond) EXPECT_EQ(map_.find(key), nullptr) << key;
}

// An entry keeps its socket, and lets it go when it is replaced, removed, or goes with its map.
TEST_F(Map, KeepsWhatItNames) {
  const long before = socket_.use_count();
  {
    XskMap map(2, lock_, taps_);
    EXPECT_EQ(map.insert(0, socket_), Status::kOk);
    EXPECT_EQ(map.insert(0, socket_), Status::kOk);
    EXPECT_EQ(map.insert(1, socket_), Status::kOk);
    EXPECT_EQ(socket_.use_count(), before + 2);
    EXPECT_EQ(map.remove(0), Status::kOk);
    EXPECT_EQ(socket_.use_count(), before + 1);
  }
  EXPECT_EQ(socket_.use_count(), before);
}

}  // namespace
}  // namespace ringproof::xdp
