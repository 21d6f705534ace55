// free_threads_test.cc: the lock and the clock of free-running mode, and free tasks of a kernel.

#include "sim/host/free_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "sim/host/host_kernel.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kMillisecondPs = 1'000'000'000;

TEST(TicketLock, LetsOneInAtATime) {
  TicketLock lock;
  std::uint64_t count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        lock.lock();
        ++count;
        lock.unlock();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 4000U);
}

TEST(TicketLock, SaysWhetherSomebodyWaits) {
  TicketLock lock;
  lock.lock();
  EXPECT_FALSE(lock.wanted());
  std::thread other([&] {
    lock.lock();
    lock.unlock();
  });
  while (!lock.wanted()) std::this_thread::yield();
  lock.unlock();
  other.join();
}

std::chrono::nanoseconds wall_time;

class FollowingClockTest : public testing::Test {
 protected:
  FollowingClockTest() : clock_(at_zero()) {}
  static FollowingClock::WallTime at_zero() {
    wall_time = std::chrono::milliseconds(500);
    return [] { return wall_time; };
  }
  static void pass(int milliseconds) { wall_time += std::chrono::milliseconds(milliseconds); }

  FollowingClock clock_;
};

TEST_F(FollowingClockTest, GoesAsWallTimeDoes) {
  EXPECT_EQ(clock_.now_ps(), 0U);
  pass(20);
  EXPECT_EQ(clock_.now_ps(), 20 * kMillisecondPs);
  EXPECT_EQ(clock_.until(21 * kMillisecondPs), std::chrono::nanoseconds(1'000'001)) << "rounded up";
  EXPECT_EQ(clock_.until(20 * kMillisecondPs), std::chrono::nanoseconds(0));
}

TEST_F(FollowingClockTest, StandsWhileTheMachineIsFarBehind) {
  pass(100);
  clock_.reached(0);
  EXPECT_EQ(clock_.now_ps(), 20 * kMillisecondPs);
  pass(1);
  EXPECT_EQ(clock_.now_ps(), 21 * kMillisecondPs);
  clock_.reached(2 * kMillisecondPs);
  EXPECT_EQ(clock_.now_ps(), 21 * kMillisecondPs) << "a machine that keeps up holds nothing";
}

// What somebody has seen stays true.
TEST_F(FollowingClockTest, NeverGoesBack) {
  pass(100);
  EXPECT_EQ(clock_.now_ps(), 100 * kMillisecondPs);
  clock_.reached(0);
  EXPECT_EQ(clock_.now_ps(), 100 * kMillisecondPs);
  pass(80);
  EXPECT_EQ(clock_.now_ps(), 100 * kMillisecondPs);
  pass(1);
  EXPECT_EQ(clock_.now_ps(), 101 * kMillisecondPs);
}

// Hardware that has nothing to do.
// A kernel, and a thread that drives it until everybody has ended.
class FreeKernel : public testing::Test {
 protected:
  FreeKernel() { kernel_.run_freely(); }
  void drive() {
    kernel_.enter_as_machine();
    kernel_.run_due(kernel_.clock_ps());
    kernel_.leave_as_machine();
    std::this_thread::yield();
  }
  void drive_until(const std::atomic<int>& ended, int tasks) {
    while (ended.load() < tasks) drive();
  }
  template <typename Body>
  void start(const std::string& name, Body body) {
    kernel_.enter_as_machine();
    kernel_.start_application(name, body);
    kernel_.leave_as_machine();
  }

  // Kernels stay: a thread that has counted itself among the ended may be on its way out.
  static HostKernel& made_kernel() {
    static auto& hardware = *new StillHardware;
    static auto& kernels = *new std::vector<std::unique_ptr<HostKernel>>;
    return *kernels.emplace_back(std::make_unique<HostKernel>(4, hardware, nullptr));
  }

  HostKernel& kernel_ = made_kernel();
  std::atomic<int> ended_{0};
};

TEST_F(FreeKernel, AWaitEndsWhenItsSignalIsNotified) {
  Signal signal;
  bool notified = false;
  start("waits", [&] {
    kernel_.enter_system();
    notified = kernel_.wait(signal, kNever);
    kernel_.leave_system();
    ++ended_;
  });
  start("notifies", [&] {
    kernel_.enter_system();
    while (signal.waiters.empty()) {  // until the other one waits
      kernel_.leave_system();
      std::this_thread::yield();
      kernel_.enter_system();
    }
    kernel_.notify(signal);
    kernel_.leave_system();
    ++ended_;
  });
  drive_until(ended_, 2);
  EXPECT_TRUE(notified);
}

TEST_F(FreeKernel, AWaitEndsAtItsDeadline) {
  Signal signal;
  bool notified = true;
  std::uint64_t late_ps = 0;
  start("waits", [&] {
    kernel_.enter_system();
    const std::uint64_t deadline_ps = kernel_.now_ps() + 2 * kMillisecondPs;
    notified = kernel_.wait(signal, deadline_ps);
    late_ps = kernel_.now_ps() - deadline_ps;
    kernel_.leave_system();
    ++ended_;
  });
  drive_until(ended_, 1);
  EXPECT_FALSE(notified);
  EXPECT_LT(late_ps, kNever / 2) << "it came back before its deadline";
  EXPECT_TRUE(signal.waiters.empty());
}

// A service is a coroutine as ever, on the thread that drives the machine.
TEST_F(FreeKernel, AServiceServesThreads) {
  constexpr int kCalls = 200;
  Signal asked;
  Signal answered;
  int questions = 0;
  int answers = 0;
  kernel_.enter_as_machine();
  kernel_.start_service("serves", 0, [&] {
    while (true) {
      while (answers < questions) {
        kernel_.spend(1000);
        ++answers;
      }
      kernel_.notify(answered);
      kernel_.wait(asked, kNever);
    }
  });
  kernel_.leave_as_machine();
  for (int i = 0; i < 2; ++i) {
    start("asks", [&] {
      for (int j = 0; j < kCalls; ++j) {
        kernel_.enter_system();
        const int own = ++questions;
        kernel_.notify(asked);
        while (answers < own) kernel_.wait(answered, kNever);
        kernel_.leave_system();
      }
      ++ended_;
    });
  }
  drive_until(ended_, 2);
  EXPECT_EQ(answers, 2 * kCalls);
}

TEST_F(FreeKernel, AThreadEndsInTheMiddle) {
  bool went_on = false;
  std::vector<std::uint32_t> over;
  kernel_.enter_as_machine();
  kernel_.on_thread_end([&](std::uint32_t task) {
    over.push_back(task);
    ++ended_;
  });
  kernel_.leave_as_machine();
  start("main", [&] { ++ended_; });
  start("leaves", [&] {
    kernel_.enter_system();
    kernel_.enter_system();
    if (!over.empty() || ended_.load() < 100) kernel_.end_current_task();
    went_on = true;
  });
  drive_until(ended_, 2);
  EXPECT_EQ(over, std::vector<std::uint32_t>{1});
  EXPECT_FALSE(went_on);
}

TEST_F(FreeKernel, ASuspendedThreadStopsWhereItComesIn) {
  std::atomic<bool> asked{false};
  std::atomic<bool> came_in{false};
  kernel_.enter_as_machine();
  kernel_.start_application("main", [&] { ++ended_; });
  const std::uint32_t number = kernel_.start_application("comes", [&] {
    asked = true;
    kernel_.enter_system();
    came_in = true;
    kernel_.leave_system();
    ++ended_;
  });
  kernel_.suspend_task(number);
  kernel_.leave_as_machine();
  drive_until(ended_, 1);
  while (!asked) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) drive();
  EXPECT_FALSE(came_in);
  kernel_.enter_as_machine();
  kernel_.resume_task(number);
  kernel_.leave_as_machine();
  drive_until(ended_, 2);
  EXPECT_TRUE(came_in);
}

// One that the kernel has not started becomes a task when it comes in.
TEST_F(FreeKernel, AThreadOfSomebodyElseIsTakenIn) {
  int task = -1;
  std::thread other([&] {
    kernel_.enter_system();
    task = kernel_.current_task();
    kernel_.leave_system();
  });
  other.join();
  EXPECT_EQ(task, 0);
  EXPECT_EQ(kernel_.current_task(), -1);
}

TEST_F(FreeKernel, AThreadThatIsExpectedIsATaskFromThenOn) {
  kernel_.enter_as_machine();
  Task& task = kernel_.expect_thread("comes");
  EXPECT_FALSE(kernel_.everybody_waits());
  kernel_.leave_as_machine();
  std::thread other([&] { kernel_.begin_thread(task); });
  other.join();
  kernel_.enter_as_machine();
  EXPECT_EQ(task.state, TaskState::kEnded) << "it ends as the thread does";
  kernel_.leave_as_machine();
}

TEST_F(FreeKernel, WhoIsOutsideLeavesRoomForOthers) {
  std::atomic<bool> came_in{false};
  start("calls back", [&] {
    kernel_.enter_system();
    kernel_.enter_system();
    const std::uint32_t depth = kernel_.step_outside();
    while (!came_in) std::this_thread::yield();
    kernel_.step_inside(depth);
    EXPECT_EQ(depth, 2U);
    kernel_.leave_system();
    EXPECT_EQ(kernel_.current_task(), 0) << "it is still inside";
    kernel_.leave_system();
    ++ended_;
  });
  start("comes", [&] {
    kernel_.enter_system();
    came_in = true;
    kernel_.leave_system();
    ++ended_;
  });
  drive_until(ended_, 2);
}

}  // namespace
}  // namespace ringproof
