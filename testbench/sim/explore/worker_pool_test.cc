// Worker processes: what they say arrives, and how they end is noticed.

#include "sim/explore/worker_pool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

namespace ringproof {
namespace {

class Workers : public testing::Test {
 protected:
  Workers() {
    callbacks.heard = [this](const std::string& line) { lines.push_back(line); };
    callbacks.tick = [this] { ++ticks; };
    callbacks.stop = [this] { ++stops; };
  }
  int run(std::uint32_t count) { return WorkerPool::run(count, callbacks); }

  WorkerPool::Callbacks callbacks;
  std::vector<std::string> lines;
  int ticks = 0;
  int stops = 0;
};

TEST_F(Workers, EveryLineOfEachArrivesWhole) {
  callbacks.work = [](std::uint32_t worker, const WorkerPool::Say& say) {
    for (int i = 0; i < 100; ++i) say(std::to_string(worker) + std::string(10'000, 'x'));
  };
  EXPECT_EQ(run(3), 0);
  ASSERT_EQ(lines.size(), 300u);
  for (std::uint32_t worker = 0; worker < 3; ++worker) {
    EXPECT_EQ(std::count(lines.begin(), lines.end(), std::to_string(worker) + std::string(10'000, 'x')), 100);
  }
  EXPECT_GT(ticks, 0);
  EXPECT_EQ(stops, 0);
}

TEST_F(Workers, ACrashIsToldWhenTheOthersHaveEnded) {
  callbacks.work = [](std::uint32_t worker, const WorkerPool::Say& say) {
    if (worker == 0) {
      signal(SIGSEGV, SIG_DFL);
      raise(SIGSEGV);
    }
    say("done");
  };
  try {
    run(2);
    ADD_FAILURE() << "nothing was told";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "a worker crashed: segmentation fault (SIGSEGV)");
  }
  EXPECT_EQ(lines, std::vector<std::string>{"done"});
  EXPECT_EQ(stops, 1);
}

TEST_F(Workers, ASignalAsksThemToEndAndIsReturned) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  callbacks.work = [&ends](std::uint32_t, const WorkerPool::Say& say) {
    say("begun");
    char letter = 0;
    static_cast<void>(!read(ends[0], &letter, 1));
  };
  callbacks.heard = [](const std::string&) { raise(SIGTERM); };
  callbacks.stop = [&ends] { static_cast<void>(!write(ends[1], "x", 1)); };
  EXPECT_EQ(run(1), SIGTERM);
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGTERM), 0);
}

TEST_F(Workers, ASecondSignalEndsThemAtOnce) {
  callbacks.work = [](std::uint32_t, const WorkerPool::Say& say) {
    say("begun");
    while (true) pause();
  };
  callbacks.heard = [](const std::string&) { raise(SIGINT); };
  callbacks.stop = [this] {
    if (++stops == 1) raise(SIGINT);
  };
  EXPECT_EQ(run(1), SIGINT);
}

TEST_F(Workers, ThereIsOneForEachCore) { EXPECT_GE(workers_for_cores(), 1u); }

}  // namespace
}  // namespace ringproof
