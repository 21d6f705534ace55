// The host kernel with a chooser: what it offers, and what a choice means for time.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "sim/host/host_kernel.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kWindowPs = 1000;

// Prefers an actor whenever it can run, and writes down what it was offered.
class Prefers final : public Chooser {
 public:
  std::uint32_t schedule(std::span<const ScheduleOption> options) override {
    offers.emplace_back(options.begin(), options.end());
    const auto found = std::find_if(options.begin(), options.end(), [this](const ScheduleOption& option) {
      return name_of(option.actor) == wanted;
    });
    return found == options.end() ? 0 : static_cast<std::uint32_t>(found - options.begin());
  }
  std::uint32_t choose(Choice, ActorId, std::uint32_t) override { return 0; }

  std::function<std::string(ActorId)> name_of;
  std::string wanted;
  std::vector<std::vector<ScheduleOption>> offers;
};

class ExploringKernel : public testing::Test {
 protected:
  ExploringKernel() {
    prefers.name_of = [this](ActorId actor) { return kernel.actor_name(actor); };
    kernel.explore(prefers, kWindowPs);
  }
  // A task that says its name and the time at each of its steps.
  void start(const std::string& name, std::uint32_t cpu, int steps, std::uint64_t step_ps = 100) {
    kernel.start_service(name, cpu, [this, name, steps, step_ps] {
      for (int i = 0; i < steps; ++i) {
        story += name + std::to_string(kernel.now_ps()) + " ";
        kernel.spend(step_ps);
      }
    });
  }
  void run_once() { kernel.run_due(kNever); }
  void run() {
    while (kernel.next_due_ps() != kNever) kernel.run_due(kNever);
  }

  StillHardware hardware;
  HostKernel kernel{4, hardware, nullptr};
  Prefers prefers;
  std::string story;
};

TEST_F(ExploringKernel, WithoutPreferenceRunsInTheOrderOfTime) {
  start("a", 0, 3);
  start("b", 1, 3, 150);
  run();
  EXPECT_EQ(story, "a0 b0 a100 b150 a200 b300 ");
}

TEST_F(ExploringKernel, WhatIsPreferredRunsFirstAndTheOthersAreLate) {
  start("a", 0, 3);
  start("b", 1, 3, 150);
  prefers.wanted = "b";
  run();
  EXPECT_EQ(story, "b0 b150 b300 a450 a550 a650 ");
}

TEST_F(ExploringKernel, ATimerMayInterruptATaskBeforeItsTime) {
  kernel.at(250, {EventSource::Kind::kInterrupt, 0, 3},
            [this] { story += "irq" + std::to_string(kernel.now_ps()) + " "; });
  start("a", 0, 2);
  prefers.wanted = "interrupt 1.3";
  run();
  EXPECT_EQ(story, "irq250 a250 a350 ");
}

TEST_F(ExploringKernel, NothingBeyondTheWindowIsOffered) {
  kernel.at(kWindowPs + 1, [this] { story += "timer" + std::to_string(kernel.now_ps()) + " "; });
  start("a", 0, 1);
  prefers.wanted = "timer 1.0";
  run();
  EXPECT_EQ(story, "a0 timer1001 ");
}

TEST_F(ExploringKernel, ActionsOfOneSourceKeepTheirOrder) {
  const EventSource dma{EventSource::Kind::kDma, 0, 7};
  kernel.at(100, dma, [this] { story += "first "; });
  kernel.at(90, dma, [this] { story += "zeroth "; });
  kernel.at(50, {EventSource::Kind::kDma, 0, 8}, [this] { story += "other "; });
  prefers.wanted = "dma 1.7";
  run();
  EXPECT_EQ(story, "zeroth first other ");
}

TEST_F(ExploringKernel, TheWireIsNeitherHastenedNorDelayed) {
  kernel.at(150, {EventSource::Kind::kWire, 0, 0},
            [this] { story += "wire" + std::to_string(kernel.now_ps()) + " "; });
  start("a", 0, 3);
  start("b", 1, 1, 500);
  prefers.wanted = "a";
  run();
  EXPECT_EQ(story, "a0 a100 b100 wire150 a200 ");
}

TEST_F(ExploringKernel, TasksOfOneCpuInterruptEachOther) {
  start("a", 0, 3);
  start("b", 0, 1);
  prefers.wanted = "a";
  run();
  EXPECT_EQ(story, "a0 a100 a200 b300 ");
}

// Otherwise the hardware would post what happens meanwhile into the past.
TEST_F(ExploringKernel, ATaskWhoseCpuIsTakenDoesNotRunBeyondTheHorizon) {
  hardware.horizon = 200;
  start("a", 0, 1, 500);
  start("b", 0, 1);
  kernel.at(300, [this] { story += "timer" + std::to_string(kernel.now_ps()) + " "; });
  run_once();
  EXPECT_EQ(story, "a0 ");
  EXPECT_EQ(kernel.next_due_ps(), 300u);
  hardware.horizon = kNever;
  run();
  EXPECT_EQ(story, "a0 timer300 b500 ");
}

TEST_F(ExploringKernel, OffersTheRunningTaskAsSuch) {
  start("a", 0, 2);
  start("b", 1, 1);
  run();
  const auto offers_running = [](const std::vector<ScheduleOption>& offer) {
    return std::count_if(offer.begin(), offer.end(),
                         [](const ScheduleOption& option) { return option.running; });
  };
  EXPECT_EQ(offers_running(prefers.offers.front()), 0);
  EXPECT_TRUE(std::any_of(prefers.offers.begin(), prefers.offers.end(),
                          [&](const auto& offer) { return offers_running(offer) == 1; }));
}

TEST_F(ExploringKernel, SaysSinceWhenAnActorIsKeptWaiting) {
  start("a", 0, 2);
  start("b", 1, 6);
  prefers.wanted = "b";
  run();
  const ScheduleOption& waits = prefers.offers[4].front();
  EXPECT_EQ(kernel.actor_name(waits.actor), "a");
  EXPECT_EQ(waits.since_ps, 0u);
  EXPECT_EQ(waits.due_ps, 300u);
}

TEST_F(ExploringKernel, TasksOfOneNameAreToldApart) {
  start("a", 0, 1);
  start("a", 1, 1);
  run();
  EXPECT_EQ(kernel.actor_name(0), "a");
  EXPECT_EQ(kernel.actor_name(1), "a 2");
}

TEST_F(ExploringKernel, StopsAfterSoManySteps) {
  start("a", 0, 1'000'000);
  kernel.limit_steps(50);
  kernel.run_due(kNever);
  EXPECT_EQ(kernel.steps(), 50u);
  EXPECT_TRUE(kernel.out_of_steps());
}

// What tasks share is told as they touch it: by whom, and whether they change it.
class Accesses final : public AccessObserver {
 public:
  void accessed(ActorId actor, const volatile void* object, bool write) override {
    list.push_back({actor, object, write});
  }
  bool has(ActorId actor, const volatile void* object, bool write) const {
    return std::any_of(list.begin(), list.end(), [&](const Access& each) {
      return each.actor == actor && each.object == object && each.write == write;
    });
  }

 private:
  struct Access {
    ActorId actor;
    const volatile void* object;
    bool write;
  };
  std::vector<Access> list;
};

TEST_F(ExploringKernel, TellsWhoTouchesWhichWord) {
  std::uint32_t word = 0;
  std::uint32_t other = 0;
  Accesses accesses;
  kernel.watch_accesses(accesses);
  kernel.start_service("writer", 0, [&] { kernel.store_shared(&word, 1, MemoryOrder::kRelease); });
  kernel.start_service("reader", 1, [&] {
    kernel.load_shared(&word, MemoryOrder::kAcquire);
    kernel.change_shared(&other, 1, 0);
  });
  run();
  EXPECT_TRUE(accesses.has(0, &word, true));
  EXPECT_TRUE(accesses.has(1, &word, false));
  EXPECT_TRUE(accesses.has(1, &other, true));
  EXPECT_FALSE(accesses.has(0, &other, true));
}

TEST_F(ExploringKernel, AWakeUpIsSharedByWhoWaitsAndWhoNotifies) {
  Signal signal;
  Accesses accesses;
  kernel.watch_accesses(accesses);
  kernel.start_service("waiter", 0, [&] { kernel.wait(signal, kNever); });
  kernel.start_service("notifier", 1, [&] { kernel.notify(signal); });
  run();
  EXPECT_TRUE(accesses.has(0, &signal, true));
  EXPECT_TRUE(accesses.has(1, &signal, true));
}

}  // namespace
}  // namespace ringproof
