// The host kernel: who runs when, who is parked, when all is quiet.

#include "sim/host/host_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/base/guarded_memory.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kMicrosecondPs = 1'000'000;

class Kernel : public testing::Test {
 protected:
  // The kernel returns whenever a task ended or all is quiet; a test wants to see the whole time.
  void run_until(std::uint64_t limit_ps) {
    while (kernel.next_due_ps() != kNever &&
           kernel.next_due_ps() <= std::min(limit_ps, hardware.horizon_ps())) {
      kernel.run_due(limit_ps);
    }
  }
  StillHardware hardware;
  HostKernel kernel{4, hardware, nullptr};
  std::string story;
};

// A crash is the program's only while the program runs, not while the system works for it.
TEST_F(Kernel, TellsWhetherTheProgramOrTheSystemRuns) {
  Progress progress;
  HostKernel told{4, hardware, &progress};
  std::vector<RunPhase> phases;
  const auto note = [&] { phases.push_back(progress.phase.load()); };
  told.start_application("program", [&] {
    note();
    {
      const HostKernel::InSystem in_system(told);
      note();
      told.sleep(kMicrosecondPs);
      note();
    }
    note();
  });
  while (told.next_due_ps() != kNever) told.run_due(kNever);
  using enum RunPhase;
  EXPECT_EQ(phases, (std::vector{kApplication, kSimulator, kSimulator, kApplication}));
  EXPECT_EQ(progress.phase.load(), kSimulator);
}

TEST_F(Kernel, EventsOfOneTimeRunInTheOrderOfPosting) {
  kernel.at(20, [this] { story += "c"; });
  kernel.at(10, [this] { story += "a"; });
  kernel.at(10, [this] { story += "b"; });
  run_until(kNever);
  EXPECT_EQ(story, "abc");
  EXPECT_EQ(kernel.now_ps(), 20u);
}

TEST_F(Kernel, TasksOnTwoCpusShareTimeAndTasksOnOneDoNot) {
  for (const char* name : {"a", "b"}) {
    kernel.start_service(name, 0, [this, name] {
      kernel.spend(100);
      story += name + std::to_string(kernel.now_ps()) + " ";
    });
  }
  kernel.start_service("c", 1, [this] {
    kernel.spend(100);
    story += "c" + std::to_string(kernel.now_ps()) + " ";
  });
  run_until(kNever);
  EXPECT_EQ(story, "c100 a200 b200 ");  // a and b take turns: a waits while b spends its share
}

TEST_F(Kernel, ATaskThatMovesTakesItsTurnOnTheOtherCpu) {
  kernel.start_service("settled", 1, [this] { kernel.spend(1000); });
  kernel.start_service("mover", 0, [this] {
    kernel.spend(100);
    kernel.move_to_cpu(5);  // of four
    story += std::to_string(kernel.current_cpu()) + "@" + std::to_string(kernel.now_ps()) + " ";
    kernel.spend(50);
  });
  kernel.start_service("neighbour", 1, [this] {
    Signal signal;
    kernel.wait(signal, 1010);
    story += "1@" + std::to_string(kernel.now_ps());
  });
  kernel.start_service("left behind", 0, [this] {
    kernel.spend(100);
    story += "0@" + std::to_string(kernel.now_ps()) + " ";
  });
  run_until(kNever);
  EXPECT_EQ(story, "0@200 1@1000 1@1050");
}

TEST_F(Kernel, ATaskThatNeverStopsDoesNotStarveItsNeighbour) {
  bool done = false;
  kernel.start_service("endless", 0, [&] {
    while (!done) kernel.spend(100);
    story += "seen";
  });
  kernel.start_service("other", 0, [&] {
    for (int i = 0; i < 10; ++i) kernel.spend(70);
    done = true;
  });
  run_until(10'000);
  EXPECT_EQ(story, "seen");
}

TEST_F(Kernel, AWaitThatEndedEarlyLeavesNoTimerBehind) {
  Signal signal;
  kernel.start_service("waiter", 0, [&] {
    for (int i = 0; i < 100'000; ++i) kernel.wait(signal, kNever - 1);
    story = "done";
  });
  for (std::uint64_t i = 1; i <= 100'000; ++i) {
    kernel.at(i, [&] { kernel.notify(signal); });
    run_until(i);
    ASSERT_LT(kernel.events_kept(), 3'000u);
  }
  EXPECT_EQ(story, "done");
}

TEST_F(Kernel, AnEndedTaskGivesItsStackBack) {
  for (int i = 0; i < 50'000; ++i) {  // 400 GB of stacks if they stayed
    kernel.start_application("short", [this] { kernel.spend(1); });
    run_until(kNever - 1);
  }
  EXPECT_TRUE(kernel.quiet());
}

TEST_F(Kernel, AnApplicationTaskInsideTheSystemEndsWhereItLeavesIt) {
  Signal released;
  const auto body = [&](bool inside) {
    if (inside) {
      const HostKernel::InSystem in_system(kernel);
      kernel.wait(released, kNever);
      story += "still inside, ";
    } else {
      kernel.wait(released, kNever);
    }
    story += "outside, ";
  };
  kernel.start_application("in a call", [&] { body(true); });
  kernel.start_application("not in a call", [&] { body(false); });
  run_until(10);
  kernel.stop_applications();
  kernel.at(20, [&] { kernel.notify(released); });
  run_until(kNever - 1);
  EXPECT_EQ(story, "still inside, ");
  EXPECT_TRUE(kernel.quiet());
}

TEST_F(Kernel, AThreadBelongsToTheProcessThatStartsIt) {
  std::vector<std::uint32_t> ended;
  kernel.on_thread_end([&](std::uint32_t task) { ended.push_back(task); });
  const auto main = [&] {
    kernel.start_application("thread", [&] { story += std::to_string(kernel.current_process()) + " "; });
    kernel.spend(1);
  };
  kernel.start_process(0, "", main);
  kernel.start_process(3, "other ", main);
  run_until(kNever - 1);
  EXPECT_EQ(story, "0 3 ");
  EXPECT_EQ(kernel.actor_name(0), "main");
  EXPECT_EQ(kernel.actor_name(1), "other main");
  ASSERT_EQ(ended.size(), 2u);  // the threads, and not those with which their process ends
  EXPECT_EQ(kernel.actor_name(ended[0]), "thread");
  EXPECT_EQ(kernel.actor_name(ended[1]), "other thread");
}

TEST_F(Kernel, AProcessIsStoppedByItself) {
  Signal never;  // not on the stack of a task, which is not unwound
  const auto main = [&] {
    kernel.wait(never, 10);
    story += std::to_string(kernel.current_process()) + " ";
  };
  kernel.start_process(0, "", main);
  kernel.start_process(1, "", main);
  run_until(5);
  kernel.stop_process(0);
  EXPECT_TRUE(kernel.process_stopped(0));
  EXPECT_FALSE(kernel.process_stopped(1));
  run_until(kNever - 1);
  EXPECT_EQ(story, "1 ");
  EXPECT_TRUE(kernel.quiet());
}

TEST_F(Kernel, StopsAtTheHorizonOfTheHardware) {
  kernel.at(10, [this] { story += "a"; });
  kernel.at(30, [this] { story += "b"; });
  hardware.horizon = 29;
  run_until(kNever);
  EXPECT_EQ(story, "a");
  hardware.horizon = 30;
  run_until(kNever);
  EXPECT_EQ(story, "ab");
}

TEST_F(Kernel, StopsAtTheLimit) {
  kernel.at(10, [this] { story += "a"; });
  run_until(9);
  EXPECT_EQ(story, "");
  EXPECT_EQ(kernel.next_due_ps(), 10u);
}

TEST_F(Kernel, ATaskThatMeetsTheHardwareFindsItAtItsOwnTime) {
  kernel.start_service("driver", 0, [this] {
    kernel.spend(777);
    kernel.meet_hardware();
    story = std::to_string(hardware.reached);
  });
  run_until(kNever);
  EXPECT_EQ(story, "777");
}

TEST_F(Kernel, AWaitEndsByNotificationOrAtItsDeadline) {
  Signal signal;
  kernel.start_service("first", 0, [&] {
    story += kernel.wait(signal, 500) ? "notified@" : "late@";
    story += std::to_string(kernel.now_ps()) + " ";
    story += kernel.wait(signal, 700) ? "notified@" : "late@";
    story += std::to_string(kernel.now_ps());
  });
  kernel.at(300, [&] { kernel.notify(signal); });
  run_until(kNever);
  EXPECT_EQ(story, "notified@300 late@700");
  EXPECT_TRUE(signal.waiters.empty());
}

TEST_F(Kernel, ANotificationWithoutAWaiterIsForgotten) {
  Signal signal;
  kernel.notify(signal);
  kernel.start_service("late", 0, [&] { story += kernel.wait(signal, 50) ? "woken" : "late"; });
  run_until(kNever);
  EXPECT_EQ(story, "late");
}

// Looks at one word for ever and notes when it changes.
struct Poller {
  std::uint32_t word = 0;
  std::uint64_t looks = 0;
  std::uint64_t saw_ps = 0;
  void run(HostKernel& kernel) {
    std::uint32_t before = word;
    while (true) {
      kernel.spend(HostCosts::kSharedAccessPs);
      kernel.look(&word, word);
      ++looks;
      if (word == before) continue;
      before = word;
      saw_ps = kernel.now_ps();
    }
  }
};

TEST_F(Kernel, APollerOfAnUnchangedWordIsParkedAndWokenByItsChange) {
  Poller poller;
  kernel.start_application("poller", [&] { poller.run(kernel); });
  const std::uint64_t change_ps = 700'123 * kMicrosecondPs;
  kernel.at(change_ps, [&] {
    poller.word = 1;
    kernel.shared_word_changed(&poller.word);
  });
  run_until(change_ps + kMicrosecondPs);
  EXPECT_LT(poller.looks, 20'000u);  // not 175 million
  EXPECT_GT(poller.looks, 700u);     // but it looks again now and then
  EXPECT_LT(poller.saw_ps - change_ps, kMicrosecondPs);
  EXPECT_GT(poller.saw_ps, change_ps);
}

TEST_F(Kernel, AChangeOfAnotherWordDoesNotWakeAPoller) {
  Poller poller;
  std::uint32_t other = 0;
  kernel.start_application("poller", [&] { poller.run(kernel); });
  run_until(5000 * kMicrosecondPs);
  const std::uint64_t before = poller.looks;
  kernel.shared_word_changed(&other);
  run_until(5000 * kMicrosecondPs + 10);
  EXPECT_EQ(poller.looks, before);
}

// Looks, steps and time until a poller sees a change, with a limit and other events on the way.
template <typename Look>
std::vector<std::uint64_t> life_of_poller(Look look) {
  StillHardware hardware;
  HostKernel kernel{4, hardware, nullptr};
  std::uint32_t word = 0;
  std::uint64_t looks = 0;
  kernel.start_application("poller", [&] {
    while (look(kernel, &word) == 0) ++looks;
  });
  for (const std::uint64_t time_ps : {10'002u, 10'003u, 60'000u}) kernel.at(time_ps, [] {});
  kernel.at(77 * kMicrosecondPs, [&] {
    word = 1;
    kernel.shared_word_changed(&word);
  });
  kernel.run_due(50'005);
  while (kernel.next_due_ps() != kNever) kernel.run_due(kNever);
  return {looks, kernel.steps(), kernel.now_ps()};
}

TEST_F(Kernel, APollIsALookThatTakesItsTime) {
  const auto polls = life_of_poller(
      [](HostKernel& host, const std::uint32_t* word) { return host.poll(word, MemoryOrder::kAcquire); });
  const auto looks = life_of_poller([](HostKernel& host, const std::uint32_t* word) {
    host.spend(HostCosts::kSharedAccessPs);
    const std::uint32_t value = host.load_shared(word, MemoryOrder::kAcquire);
    return host.look(word, value) ? host.load_shared(word, MemoryOrder::kAcquire) : value;
  });
  EXPECT_EQ(polls, looks);
}

class Loads final : public Tap {
 public:
  void shared_access(const SharedAccess&) override { ++told; }
  std::uint32_t told = 0;
};

TEST_F(Kernel, RepeatedPollsAreToldAgainOnlyWhenSomethingElseHappened) {
  Loads loads;
  TapList taps;
  taps.add(&loads);
  kernel.tell_accesses(taps);
  std::vector<std::uint32_t> told;
  kernel.start_application("poller", [&] {
    const std::uint32_t words[2] = {};
    const auto round = [&] {
      for (const std::uint32_t& word : words) kernel.poll(&word, MemoryOrder::kAcquire);
      told.push_back(std::exchange(loads.told, 0));
    };
    for (int i = 0; i < 3; ++i) round();
    kernel.acted();
    round();
  });
  run_until(kNever);
  EXPECT_EQ(told[0], 2u);
  EXPECT_EQ(told[2], 0u);
  EXPECT_EQ(told[3], 2u);
}

TEST_F(Kernel, ATaskThatActsIsNotParked) {
  std::uint32_t word = 0;
  kernel.start_application("worker", [&] {
    for (int i = 0; i < 1000; ++i) {
      kernel.spend(1000);
      kernel.look(&word, word);
      kernel.acted();
    }
    story = std::to_string(kernel.now_ps());
  });
  run_until(kNever);
  EXPECT_EQ(story, "1000000");
}

TEST_F(Kernel, IsQuietWhenTheOnlyTaskHasPolledInVainForLong) {
  Poller poller;
  kernel.start_application("poller", [&] { poller.run(kernel); });
  run_until(100 * kMicrosecondPs);
  EXPECT_FALSE(kernel.quiet());
  run_until(50'000 * kMicrosecondPs);
  EXPECT_TRUE(kernel.quiet());
  poller.word = 1;
  kernel.shared_word_changed(&poller.word);
  EXPECT_FALSE(kernel.quiet());
}

TEST_F(Kernel, IsNotQuietWhileATimerIsDueOrAWaitHasADeadline) {
  EXPECT_TRUE(kernel.quiet());
  kernel.at(100, [] {});
  EXPECT_FALSE(kernel.quiet());
  run_until(kNever);
  EXPECT_TRUE(kernel.quiet());
  Signal signal;
  kernel.start_service("sleeper", 0, [&] {
    kernel.wait(signal, 500);
    kernel.wait(signal, kNever);
  });
  run_until(400);
  EXPECT_FALSE(kernel.quiet());
  run_until(600);
  EXPECT_TRUE(kernel.quiet());
}

// What of a block that was given back can be touched, and by whom.
class KernelDeathTest : public Kernel {
 protected:
  static void store(unsigned char* at) { *static_cast<volatile unsigned char*>(at) = 1; }
  // As a socket that is closed does with its rings.
  unsigned char* give_back_a_block() {
    GuardedMemory memory(4096);
    unsigned char* const data = memory.data();
    if (kernel.forget_shared(data, memory.size()) == Host::Forgotten::kShutLater) memory.shut_later();
    return data;
  }
};

TEST_F(KernelDeathTest, MemoryThatIsGivenBackIsShutAtOnce) {
  kernel.start_application("main", [this] { EXPECT_DEATH(store(give_back_a_block()), ""); });
  run_until(kNever);
}

TEST_F(KernelDeathTest, MemoryIsShutLateWhenItsProgramTakesAStep) {
  kernel.shut_memory_late();
  kernel.start_application("main", [this] {
    unsigned char* const gone = give_back_a_block();
    store(gone);
    kernel.spend(100);
    EXPECT_DEATH(store(gone), "");
  });
  run_until(kNever);
}

TEST_F(KernelDeathTest, MemoryIsShutLateWhenAnotherThreadHasItsTurn) {
  kernel.shut_memory_late();
  unsigned char* gone = nullptr;
  kernel.start_application("main", [&] { gone = give_back_a_block(); });
  kernel.start_application("thread", [&] { EXPECT_DEATH(store(gone), ""); });
  run_until(kNever);
  EXPECT_NE(gone, nullptr);
}

TEST_F(KernelDeathTest, NobodyShutsMemoryForTheSystemAlone) {
  kernel.shut_memory_late();
  kernel.start_application("main", [this] {
    unsigned char* gone = nullptr;
    {
      const HostKernel::InSystem in_system(kernel);
      gone = give_back_a_block();
      kernel.spend(100);
    }
    store(gone);
  });
  run_until(kNever);
}

TEST_F(Kernel, StoppedApplicationsNeverRunAgain) {
  kernel.start_application("main", [this] {
    while (true) {
      kernel.spend(100);
      story += "x";
    }
  });
  run_until(250);
  kernel.stop_applications();
  const std::size_t before = story.size();
  run_until(10'000);
  EXPECT_EQ(story.size(), before);
}

TEST_F(Kernel, AnExceptionStaysInsideItsTask) {
  for (int i = 0; i < 2; ++i) {
    kernel.start_service("thrower", static_cast<std::uint32_t>(i), [this] {
      try {
        throw 1;
      } catch (int) {
        kernel.spend(100);  // another task throws and catches meanwhile
        Signal signal;
        kernel.wait(signal, kernel.now_ps() + 50);
        story += std::uncaught_exceptions() == 0 ? "ok " : "mixed ";
      }
    });
  }
  run_until(kNever);
  EXPECT_EQ(story, "ok ok ");
}

}  // namespace
}  // namespace ringproof
