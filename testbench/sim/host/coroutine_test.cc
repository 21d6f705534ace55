// Coroutines and their stacks.

#include "sim/host/coroutine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace ringproof {
namespace {

constexpr std::size_t kStackBytes = 65'536;
constexpr int kStatus = 7;

// Two at once, so that two stacks are kept for others.
void run_two() {
  int ran = 0;
  Coroutine first([&ran] { ++ran; }, kStackBytes);
  Coroutine second([&ran] { ++ran; }, kStackBytes);
  first.resume();
  second.resume();
  if (ran != 2) _exit(1);
}

void run_two_at_exit() {
  run_two();
  _exit(kStatus);
}

// An application may call exit(), and its run goes on from a handler of that: the objects of the thread are
// gone.
TEST(Coroutine, RunsWhenTheObjectsOfItsThreadHaveEnded) {
  const auto leave = [] {
    run_two();
    std::atexit(run_two_at_exit);
    std::exit(0);
  };
  EXPECT_EXIT(leave(), testing::ExitedWithCode(kStatus), "");
}

}  // namespace
}  // namespace ringproof
