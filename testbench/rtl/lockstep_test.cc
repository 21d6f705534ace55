// lockstep_test.cc: two engines agree, the traffic reaches what it should, and a difference would be found.
// Role     the short form of `cmake --build build --target lockstep`
// Units    [cycles]
// Source   docs/design/queue-engine.md, "How it is verified"

#include "testbench/rtl/lockstep.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <type_traits>
#include <vector>

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kSeeds = 10;
constexpr std::uint64_t kCyclesOfSeed = 100'000;
constexpr std::uint64_t kFirstSpoiltCycle = 3000;
constexpr std::uint64_t kSpoiltWithin = 60'000;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += "not reached: " + name + "\n";
  return text;
}

TEST(Lockstep, AMillionCyclesWithoutADifferenceThatReachEverything) {
  LockstepCoverage coverage;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Lockstep lockstep(seed, lockstep_engines(seed));
    ASSERT_TRUE(lockstep.run(kCyclesOfSeed)) << lockstep.report();
    coverage.add(lockstep.coverage());
  }
  EXPECT_TRUE(coverage.missing().empty()) << joined(coverage.missing()) << coverage.table();
}

// What reset does not touch is never seen.
TEST(Lockstep, UninitialisedRegistersDoNotShow) {
  Lockstep lockstep(99, twice_the_rtl(99));
  EXPECT_TRUE(lockstep.run(50'000)) << lockstep.report();
}

TEST(Lockstep, ASeedGivesTheSameRunTwice) {
  Lockstep first(5, twice_the_rtl(5)), second(5, twice_the_rtl(6));
  EXPECT_TRUE(first.run(20'000));
  EXPECT_TRUE(second.run(20'000));
  EXPECT_EQ(first.coverage(), second.coverage());
}

// An engine of which one output is wrong, once, from a cycle on as soon as it counts.
class SpoiltEngine final : public QueueEngine {
 public:
  // What was done, for the test to compare with the report.
  struct Done {
    std::uint64_t cycle = 0;
    bool spoilt = false;
  };

  // A valid is not flipped before it is set, that is: it comes a cycle late.
  SpoiltEngine(std::unique_ptr<QueueEngine> engine, std::string pin, bool late, Done& done)
      : engine_(std::move(engine)), pin_(std::move(pin)), late_(late), done_(done) {}

  void step(const EngineInputs& in, EngineOutputs& out) override {
    engine_->step(in, out);
    if (!done_.spoilt && in.rst_n && cycle_ >= kFirstSpoiltCycle) {
      visit_pins(out, [&](const char* name, bool counts, auto& value) {
        if (name == pin_ && counts) spoil(value, out);
      });
    }
    ++cycle_;
  }
  void set_wave_time_ps(std::uint64_t /*now_ps*/) override {}
  EngineLimits limits() const override { return engine_->limits(); }

 private:
  template <class Value>
  void spoil(Value& value, const EngineOutputs& out) {
    if constexpr (std::is_same_v<Value, BeatData>) {
      // The byte that is flipped has to count.
      const std::uint64_t bytes = pin_ == "tx_tdata" ? out.tx_tkeep : out.axi_wstrb;
      if (!(bytes >> 63 & 1)) return;
      value.back() ^= 0x80000000;
    } else if constexpr (std::is_same_v<Value, bool>) {
      if (late_ && !value) return;
      value = !value;
    } else {
      value ^= Value{1} << (8 * sizeof(Value) - 1);
    }
    done_ = {cycle_, true};
  }

  std::unique_ptr<QueueEngine> engine_;
  std::string pin_;
  bool late_;
  Done& done_;
  std::uint64_t cycle_ = 0;
};

void expect_found(const std::string& pin, bool late) {
  SpoiltEngine::Done done;
  LockstepEngines pair = twice_the_rtl(3);
  pair.engines[1] = std::make_unique<SpoiltEngine>(std::move(pair.engines[1]), pin, late, done);
  Lockstep lockstep(3, std::move(pair));
  EXPECT_FALSE(lockstep.run(kSpoiltWithin)) << pin;
  ASSERT_TRUE(done.spoilt && lockstep.difference()) << pin;
  EXPECT_EQ(lockstep.difference()->pin, pin);
  EXPECT_EQ(lockstep.difference()->cycle, done.cycle) << pin;
  EXPECT_NE(lockstep.difference()->values[0], lockstep.difference()->values[1]) << pin;
  const std::string repeat =
      "rtl_lockstep --twice-rtl --seed 3 --cycles " + std::to_string(done.cycle + 1) + "\n";
  EXPECT_NE(lockstep.report().find(repeat), std::string::npos) << lockstep.report();
  EXPECT_FALSE(lockstep.run(1)) << "it goes on behind a difference";
}

TEST(LockstepFinds, OneBitOfEveryPin) {
  EngineOutputs out;
  std::vector<std::string> pins;
  visit_pins(out, [&](const char* name, bool, auto&) { pins.emplace_back(name); });
  EXPECT_EQ(pins.size(), 43u);
  for (const auto& pin : pins) expect_found(pin, false);
}

TEST(LockstepFinds, AValidThatComesACycleLate) {
  for (const char* pin : {"axil_bvalid", "axil_rvalid", "axi_awvalid", "axi_wvalid", "axi_arvalid",
                          "tx_tvalid", "irq_valid", "ev_rx_drop"}) {
    expect_found(pin, true);
  }
}

// Bytes that no strobe and no tkeep names are nobody's.
class ScribblingEngine final : public QueueEngine {
 public:
  explicit ScribblingEngine(std::unique_ptr<QueueEngine> engine) : engine_(std::move(engine)) {}
  void step(const EngineInputs& in, EngineOutputs& out) override {
    engine_->step(in, out);
    if (!out.axil_rvalid) out.axil_rdata = 0x5C5C5C5C;
    if (!out.axi_awvalid) out.axi_awaddr = 0x5C;
    if (!out.irq_valid) out.irq_vector = 0x5C;
    scribble(out.axi_wdata, out.axi_wvalid ? out.axi_wstrb : 0);
    scribble(out.tx_tdata, out.tx_tvalid ? out.tx_tkeep : 0);
  }
  void set_wave_time_ps(std::uint64_t /*now_ps*/) override {}
  EngineLimits limits() const override { return engine_->limits(); }

 private:
  static void scribble(BeatData& beat, std::uint64_t bytes) {
    for (std::uint32_t byte = 0; byte < kBeatBytes; ++byte) {
      if (!(bytes >> byte & 1)) beat[byte / 4] ^= 0x5Cu << byte % 4 * 8;
    }
  }
  std::unique_ptr<QueueEngine> engine_;
};

TEST(LockstepFinds, NothingWhereNothingCounts) {
  LockstepEngines pair = twice_the_rtl(4);
  pair.engines[1] = std::make_unique<ScribblingEngine>(std::move(pair.engines[1]));
  Lockstep lockstep(4, std::move(pair));
  EXPECT_TRUE(lockstep.run(20'000)) << lockstep.report();
}

}  // namespace
}  // namespace ringproof::nic
