// Memory that an application named is looked at before it is touched.

#include "model/xdp/user_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <limits>

namespace ringproof::xdp {
namespace {

constexpr std::size_t kPage = 4096;

// Three pages: readable and writable, readable only, not there.
class UserMemory : public testing::Test {
 protected:
  UserMemory() {
    pages_ = static_cast<unsigned char*>(
        mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    pages_[0] = 0x5A;
    mprotect(pages_ + kPage, kPage, PROT_READ);
    mprotect(pages_ + 2 * kPage, kPage, PROT_NONE);
  }
  ~UserMemory() override { munmap(pages_, 3 * kPage); }
  unsigned char* pages_;
};

TEST_F(UserMemory, KnowsWhatCanBeReadAndWritten) {
  EXPECT_TRUE(user_writable(pages_, kPage));
  EXPECT_TRUE(user_readable(pages_, 2 * kPage));
  EXPECT_FALSE(user_writable(pages_, kPage + 1));
  EXPECT_FALSE(user_readable(pages_, 2 * kPage + 1));
  EXPECT_FALSE(user_readable(nullptr, 1));
  EXPECT_TRUE(user_readable(nullptr, 0));
}

TEST_F(UserMemory, LeavesWhatItLooksAtAsItWas) {
  EXPECT_TRUE(user_writable(pages_, kPage));
  EXPECT_EQ(pages_[0], 0x5A);
}

TEST_F(UserMemory, RefusesARangeThatWrapsRoundTheAddressSpace) {
  EXPECT_FALSE(user_readable(pages_, std::numeric_limits<std::uint64_t>::max()));
}

TEST_F(UserMemory, ChecksTheLastPageOfARangeThatBeginsInTheMiddleOfOne) {
  EXPECT_FALSE(user_writable(pages_ + kPage - 1, 2));
  EXPECT_TRUE(user_writable(pages_ + kPage - 1, 1));
}

TEST_F(UserMemory, CopiesOnlyWhatIsThere) {
  unsigned char byte = 0;
  EXPECT_TRUE(copy_from_user(&byte, pages_, 1));
  EXPECT_EQ(byte, 0x5A);
  EXPECT_FALSE(copy_from_user(&byte, pages_ + 2 * kPage, 1));
}

}  // namespace
}  // namespace ringproof::xdp
