// Where the stacks of tasks are.
#include "model/base/task_stacks.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace ringproof {
namespace {

// The test's own stack, as if a task ran on it.
struct TaskStacks : testing::Test {
  static constexpr std::uint64_t kBytes = 4096;

  TaskStacks() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    low = here - kBytes;
    high = here + kBytes;
  }
  ~TaskStacks() override { remove_task_stack(low); }

  std::uintptr_t low;
  std::uintptr_t high;
};

TEST_F(TaskStacks, KnowTheRangesThatLieWithinTheStackThatRuns) {
  add_task_stack(low, high);
  EXPECT_TRUE(on_running_task_stack(low, high - low));
  EXPECT_TRUE(on_running_task_stack(high - 1, 1));
}

TEST_F(TaskStacks, DoNotKnowWhatReachesBeyond) {
  add_task_stack(low, high);
  EXPECT_FALSE(on_running_task_stack(low - 1, 2));
  EXPECT_FALSE(on_running_task_stack(high - 1, 2));
  EXPECT_FALSE(on_running_task_stack(high, 0));
  EXPECT_FALSE(on_running_task_stack(low, ~std::uint64_t{0}));
}

TEST_F(TaskStacks, SayNothingOfAStackThatDoesNotRun) {
  add_task_stack(high, high + kBytes);
  EXPECT_FALSE(on_running_task_stack(high, 1));
  remove_task_stack(high);
}

TEST_F(TaskStacks, ForgetAStackThatWasRemoved) {
  add_task_stack(low, high);
  remove_task_stack(low);
  EXPECT_FALSE(on_running_task_stack(low, 1));
}

}  // namespace
}  // namespace ringproof
