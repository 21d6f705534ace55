// weak_kernel_test.cc: rings and pollers on a host kernel with a weak memory, in every possible way.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "model/xdp/public_api.h"
#include "model/xdp/shared_ring.h"
#include "sim/host/host_kernel.h"
#include "sim/monitor/order_monitor.h"
#include "testbench/sim/memory/litmus.h"
#include "testbench/sim/memory/mutant_host.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof::test {
namespace {

constexpr std::uint64_t kWindowPs = 1'000'000;
constexpr std::uint32_t kNeedPoke = XSK_RING_FLAG_NEED_POKE;
constexpr int kSequentialMemory = 0;
constexpr int kTso = 1;
constexpr int kReleaseAcquire = 2;

std::unique_ptr<MemoryModel> make(int memory, Chooser& chooser, MemoryMachine& machine) {
  if (memory == kTso) return make_tso(chooser, machine);
  return memory == kReleaseAcquire ? make_release_acquire(chooser, machine) : nullptr;
}

// An application that submits one entry and pokes if it is asked to, and a driver that sleeps when it finds
// nothing: the protocol of NEED_POKE, on the platform's own ring.
class PokeProtocol {
 public:
  PokeProtocol(Chooser& chooser, int memory, const Mutation& driver, const Mutation& application)
      : kernel_(2, hardware_, nullptr),
        driver_host_(kernel_, driver),
        application_host_(kernel_, application),
        ring_(driver_host_, taps_, 1, RingKind::kTx, 4, 16) {
    taps_.add(&orders_);
    kernel_.tell_accesses(taps_);
    kernel_.explore(chooser, kWindowPs);
    kernel_.use_memory(make(memory, chooser, kernel_));
    taps_.tell(&Tap::ring_created, std::uint64_t{1}, RingKind::kTx, RingShape{ring_.memory(), 4, 16});
  }

  // Whether the driver got the entry.
  bool run() {
    kernel_.start_application("application", [this] { submit(); });
    kernel_.start_service("driver", 1, [this] { drive(); });
    while (kernel_.next_due_ps() != kNever) kernel_.run_due(kNever);
    return taken_;
  }
  const InvariantLog& log() const { return log_; }

 private:
  std::uint32_t* word(std::uint32_t offset) {
    return reinterpret_cast<std::uint32_t*>(ring_.memory() + offset);
  }
  void submit() {
    application_host_.spend(4000);
    application_host_.store_shared(word(xdp::kProducerOffset), 1, MemoryOrder::kRelease);
    application_host_.spend(4000);
    application_host_.fence(MemoryOrder::kSequential);
    const bool poke =
        (application_host_.load_shared(word(xdp::kFlagsOffset), MemoryOrder::kAcquire) & kNeedPoke) != 0;
    application_host_.spend(4000);
    if (!poke) return;
    poked_ = true;
    kernel_.notify(poke_);
  }
  bool take() {
    std::uint32_t index = 0;
    if (ring_.consumer_available(4, &index) == 0) return false;
    unsigned char entry[16];
    ring_.take(index, entry, sizeof entry);
    ring_.consume(1);
    return true;
  }
  void drive() {
    taken_ = take();
    if (taken_) return;
    ring_.set_flag(kNeedPoke);
    driver_host_.fence(MemoryOrder::kSequential);
    taken_ = take();
    while (!taken_ && !poked_) kernel_.wait(poke_, kNever);
    kernel_.fence(MemoryOrder::kSequential);  // the poke was taken by an interlocked exchange
    if (!taken_) taken_ = take();
  }

  StillHardware hardware_;
  HostKernel kernel_;
  TapList taps_;
  InvariantLog log_;
  OrderMonitor orders_{log_};
  MutantHost driver_host_;
  MutantHost application_host_;
  xdp::SharedRing ring_;
  Signal poke_;
  bool poked_ = false;
  bool taken_ = false;
};

struct Verdict {
  std::uint32_t runs = 0;
  std::uint32_t lost = 0;
  std::uint64_t unordered = 0;  // violations of INV-05 and INV-06
};

Verdict every_run(int memory, const Mutation& driver = {}, const Mutation& application = {}) {
  Verdict verdict;
  EveryAnswer every;
  do {
    PokeProtocol protocol(every, memory, driver, application);
    verdict.lost += protocol.run() ? 0 : 1;
    verdict.unordered +=
        protocol.log().violations(Invariant::k05) + protocol.log().violations(Invariant::k06);
    ++verdict.runs;
  } while (every.another());
  return verdict;
}

class PokeProtocolOn : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(EveryMemory, PokeProtocolOn,
                         testing::Values(kSequentialMemory, kTso, kReleaseAcquire));

TEST_P(PokeProtocolOn, NoEntryIsLostInAnyRun) {
  const Verdict verdict = every_run(GetParam());
  EXPECT_GT(verdict.runs, 10u);
  EXPECT_EQ(verdict.lost, 0u);
  EXPECT_EQ(verdict.unordered, 0u);
}

// The order argument alone shows the mistake, whatever the memory.
TEST_P(PokeProtocolOn, ARingThatPublishesWithoutReleaseIsReported) {
  EXPECT_GT(every_run(GetParam(), {.relax_stores = true}).unordered, 0u);
  EXPECT_GT(every_run(GetParam(), {}, {.relax_stores = true}).unordered, 0u);
}

TEST_P(PokeProtocolOn, ARingThatLooksWithoutAcquireIsReported) {
  // The fence after NEED_POKE would make up for it.
  EXPECT_GT(every_run(GetParam(), {.drop_fences = true, .relax_loads = true}).unordered, 0u);
}

TEST(LostPokes, NeedNoFenceOnASequentialMachine) {
  const Mutation none{.drop_fences = true};
  EXPECT_EQ(every_run(kSequentialMemory, none, none).lost, 0u);
}

TEST(LostPokes, AnApplicationWithoutItsFenceLosesOneOnEveryWeakMemory) {
  EXPECT_GT(every_run(kTso, {}, {.drop_fences = true}).lost, 0u);
  EXPECT_GT(every_run(kReleaseAcquire, {}, {.drop_fences = true}).lost, 0u);
}

// The flag is set by a locked instruction, which is a full fence on x86 and nowhere else.
TEST(LostPokes, ADriverWithoutItsFenceLosesOneWhereAChangeIsNoFence) {
  EXPECT_EQ(every_run(kTso, {.drop_fences = true}).lost, 0u);
  EXPECT_GT(every_run(kReleaseAcquire, {.drop_fences = true}).lost, 0u);
}

// ---- waiting: what is late comes, and nothing else is asked ----

// Always the same answer, counted.
class Stubborn final : public Chooser {
 public:
  explicit Stubborn(std::uint32_t answer) : answer_(answer) {}
  std::uint32_t schedule(std::span<const ScheduleOption>) override { return 0; }
  std::uint32_t choose(Choice, ActorId, std::uint32_t count) override {
    ++asked;
    return std::min(answer_, count - 1);
  }
  std::uint32_t asked = 0;

 private:
  const std::uint32_t answer_;
};

class LateValues : public testing::TestWithParam<int> {
 protected:
  void begin(Chooser& chooser) {
    kernel.explore(chooser, 0);
    kernel.use_memory(make(GetParam(), chooser, kernel));
  }
  // Stores and then runs on, as a thread does that has other work.
  void start_writer() {
    kernel.start_service("writer", 1, [this] {
      kernel.spend(10'000'000);
      kernel.store_shared(&word, 1, MemoryOrder::kRelease);
      kernel.shared_word_changed(&word);
      for (int i = 0; i < 1000; ++i) kernel.spend(10'000);
    });
  }
  // Polls as the ring helpers do.
  void start_poller() {
    kernel.start_application("poller", [this] {
      while (kernel.load_shared(&word, MemoryOrder::kAcquire) == 0) {
        kernel.look(&word, 0);
        kernel.spend(4000);
        ++polls;
      }
      seen_ps = kernel.now_ps();
    });
  }
  void run() {
    while (kernel.next_due_ps() != kNever) kernel.run_due(kNever);
  }

  StillHardware hardware;
  HostKernel kernel{2, hardware, nullptr};
  std::uint32_t word = 0;
  std::uint32_t polls = 0;
  std::uint64_t seen_ps = 0;
};
INSTANTIATE_TEST_SUITE_P(EveryWeakMemory, LateValues, testing::Values(kTso, kReleaseAcquire));

TEST_P(LateValues, APollerSeesThemAfterABoundedNumberOfLooks) {
  Stubborn older(1);
  begin(older);
  start_writer();
  start_poller();
  run();
  EXPECT_GT(seen_ps, 10'000'000u);
  EXPECT_EQ(older.asked, MemoryModel::kStaleLoadsMax);
}

TEST_P(LateValues, WithoutExplorationAPollerSeesThemAtItsFirstLook) {
  Stubborn newest(0);
  begin(newest);
  start_writer();
  start_poller();
  run();
  EXPECT_GT(seen_ps, 10'000'000u);
  EXPECT_LE(newest.asked, 1u);
}

TEST_P(LateValues, ATaskOfTheSameProcessorSeesThemAtOnce) {
  Stubborn older(1);
  begin(older);
  std::uint32_t seen = 0;
  kernel.start_service("writer", 0, [this] { kernel.store_shared(&word, 1, MemoryOrder::kRelaxed); });
  kernel.start_service("reader", 0, [&] { seen = kernel.load_shared(&word, MemoryOrder::kRelaxed); });
  run();
  EXPECT_EQ(seen, 1u);
}

TEST_P(LateValues, AreNeverOlderThanAHandedOverSignal) {
  Stubborn older(1);
  begin(older);
  Signal signal;
  std::uint32_t seen = 0;
  kernel.start_service("reader", 1, [&] {
    kernel.wait(signal, kNever);
    seen = kernel.load_shared(&word, MemoryOrder::kRelaxed);
  });
  kernel.start_service("writer", 0, [&] {
    kernel.spend(1000);
    kernel.store_shared(&word, 1, MemoryOrder::kRelaxed);
    kernel.notify(signal);
    kernel.spend(1000);
  });
  run();
  EXPECT_EQ(seen, 1u);
}

TEST_P(LateValues, WhatAProgramStoresWithItsOwnHandsIsThereForAll) {
  Stubborn older(1);
  begin(older);
  std::uint32_t seen = 0;
  kernel.start_service("writer", 0, [&] {
    kernel.store_shared(&word, 1, MemoryOrder::kRelaxed);
    __atomic_store_n(&word, 7, __ATOMIC_RELAXED);
    kernel.spend(1'000'000'000);
  });
  kernel.start_service("reader", 1, [&] {
    kernel.spend(500'000'000);
    seen = kernel.load_shared(&word, MemoryOrder::kRelaxed);
  });
  run();
  EXPECT_EQ(seen, 7u);
}

}  // namespace
}  // namespace ringproof::test
