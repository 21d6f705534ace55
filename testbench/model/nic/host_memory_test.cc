// Host memory: regions, and who may do what with them.

#include "model/nic/host_memory.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace ringproof::nic {
namespace {

TEST(HostMemoryTest, OpensARegionToOneRequesterAndDirection) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(128, 3, DmaRight::kRead);
  EXPECT_NE(memory.view(3, address, 128, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, address, 128, true).memory, nullptr);
  EXPECT_EQ(memory.view(4, address, 128, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, address - 1, 1, false).memory, nullptr);
}

TEST(HostMemoryTest, AWriteMustLieInsideTheRegion) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(100, 0, DmaRight::kReadWrite);
  EXPECT_NE(memory.view(0, address + 36, 64, true).memory, nullptr);
  EXPECT_EQ(memory.view(0, address + 37, 64, true).memory, nullptr);
  EXPECT_EQ(memory.view(0, address, ~std::uint64_t{0}, true).memory, nullptr);
}

TEST(HostMemoryTest, AMailboxIsOneWordThatNobodyReads) {
  HostMemory memory;
  std::uint32_t told = 0;
  const std::uint64_t word = memory.map_mailbox([&](std::uint32_t value, std::uint64_t) { told = value; }, 3);
  const DmaView view = memory.view(3, word, 4, true);
  ASSERT_NE(view.mailbox, nullptr);
  (*view.mailbox)(7, 0);
  EXPECT_EQ(told, 7u);
  EXPECT_EQ(memory.view(3, word, 4, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, word, 8, true).memory, nullptr);
  EXPECT_EQ(memory.view(2, word, 4, true).memory, nullptr);
  memory.release(word);
  EXPECT_EQ(memory.view(3, word, 4, true).memory, nullptr);
}

TEST(HostMemoryTest, TheLastBeatOfAReadMayReachPastTheRegion) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(100, 0, DmaRight::kRead);
  EXPECT_EQ(memory.view(0, address + 64, 64, false).bytes, 36u);
  EXPECT_EQ(memory.view(0, address + 64, 65, false).memory, nullptr);
  EXPECT_EQ(memory.view(0, address + 128, 64, false).memory, nullptr);
}

TEST(HostMemoryTest, AddressesDoNotDependOnTheMemoryAndRegionsNeverTouch) {
  HostMemory memory;
  std::array<unsigned char, 10> mine{};
  EXPECT_EQ(memory.allocate(4096, 0, DmaRight::kRead), std::uint64_t{1} << 32);
  const std::uint64_t second = memory.map(mine.data(), mine.size(), 0, DmaRight::kWrite);
  EXPECT_EQ(second, (std::uint64_t{1} << 32) + 2 * 4096);
  EXPECT_EQ(memory.at(second, 10), mine.data());
}

TEST(HostMemoryTest, AReleasedRegionIsRefusedAndItsAddressNotUsedAgain) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(64, 0, DmaRight::kReadWrite);
  memory.release(address);
  EXPECT_EQ(memory.view(0, address, 64, false).memory, nullptr);
  EXPECT_NE(memory.allocate(64, 0, DmaRight::kReadWrite), address);
}

}  // namespace
}  // namespace ringproof::nic
