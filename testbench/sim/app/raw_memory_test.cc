#include "sim/app/raw_memory.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#endif

namespace ringproof {
namespace {

// Its second half is what a red zone is to an address sanitizer.
class RawMemory : public testing::Test {
 protected:
  RawMemory() { ASAN_POISON_MEMORY_REGION(memory.data() + 32, 32); }
  ~RawMemory() override { ASAN_UNPOISON_MEMORY_REGION(memory.data() + 32, 32); }

  static std::array<unsigned char, 64> numbered() {
    std::array<unsigned char, 64> bytes{};
    for (unsigned char i = 0; i < 40; ++i) bytes[i] = static_cast<unsigned char>(i + 1);
    return bytes;
  }
  alignas(32) std::array<unsigned char, 64> memory = numbered();
};

TEST_F(RawMemory, IsReadWithoutTheZerosAtItsEnd) {
  const std::vector<unsigned char> bytes = raw_bytes(memory.data(), memory.size());
  ASSERT_EQ(bytes.size(), 40u);
  EXPECT_EQ(bytes.front(), 1);
  EXPECT_EQ(bytes.back(), 40);
}

TEST_F(RawMemory, OfZerosHasNoBytes) {
  raw_zero(memory.data(), memory.size());
  EXPECT_TRUE(raw_bytes(memory.data(), memory.size()).empty());
}

TEST_F(RawMemory, IsWrittenBack) {
  const std::vector<unsigned char> bytes = raw_bytes(memory.data(), memory.size());
  raw_zero(memory.data(), memory.size());
  raw_write(memory.data(), bytes);
  EXPECT_EQ(raw_bytes(memory.data(), memory.size()), bytes);
}

}  // namespace
}  // namespace ringproof
