#include "model/base/guarded_memory.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>

namespace ringproof {
namespace {

constexpr std::size_t kBytes = 4096;

void store(unsigned char* at) { *static_cast<volatile unsigned char*>(at) = 1; }

TEST(GuardedMemory, IsZeroForEachUser) {
  for (int user = 0; user < 100; ++user) {
    const GuardedMemory memory(kBytes);
    ASSERT_NE(memory.data(), nullptr);
    for (std::size_t i = 0; i < kBytes; ++i)
      ASSERT_EQ(memory.data()[i], 0) << "user " << user << ", byte " << i;
    memory.data()[user] = 7;
    memory.data()[kBytes - 1] = 7;
  }
}

TEST(GuardedMemory, DoesNotGiveAnAddressToTheNextUsers) {
  std::set<const unsigned char*> seen;
  for (int user = 0; user < 16; ++user) EXPECT_TRUE(seen.insert(GuardedMemory(kBytes).data()).second);
}

TEST(GuardedMemory, KeepsNoLargeBlocks) {
  constexpr std::size_t kLarge = std::size_t{1} << 20;
  for (int user = 0; user < 3; ++user) {
    const GuardedMemory memory(kLarge);
    ASSERT_NE(memory.data(), nullptr);
    EXPECT_EQ(memory.data()[kLarge - 1], 0);
    memory.data()[kLarge - 1] = 7;
  }
}

TEST(GuardedMemoryDeathTest, FaultsBesideAndAfterItsLife) {
  unsigned char* gone = nullptr;
  {
    const GuardedMemory memory(kBytes);
    EXPECT_DEATH(store(memory.data() - 1), "");
    EXPECT_DEATH(store(memory.data() + kBytes), "");
    gone = memory.data();
  }
  EXPECT_DEATH(store(gone), "");
}

TEST(GuardedMemoryDeathTest, ABlockThatIsShutLaterCanBeTouchedUntilThen) {
  unsigned char* gone = nullptr;
  {
    GuardedMemory memory(kBytes);
    memory.shut_later();
    gone = memory.data();
  }
  store(gone);
  GuardedMemory::shut_waiting();
  EXPECT_DEATH(store(gone), "");
}

TEST(GuardedMemory, ABlockThatWasNeverShutIsZeroForItsNextUser) {
  for (int user = 0; user < 100; ++user) {
    GuardedMemory memory(kBytes);
    memory.shut_later();
    for (std::size_t i = 0; i < kBytes; ++i)
      ASSERT_EQ(memory.data()[i], 0) << "user " << user << ", byte " << i;
    memory.data()[user] = 7;
  }
}

}  // namespace
}  // namespace ringproof
