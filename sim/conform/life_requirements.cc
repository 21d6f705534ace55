// Disabling, resets, idleness.

#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

constexpr std::uint32_t kRestCyclesMax = 1000;  // from the last transfer to idle_o
constexpr std::uint32_t kStateReadsMax = 20'000;

void post_some(Bench& bench, Ring& ring, std::uint32_t count, std::size_t bytes) {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ring.tx) bench.post_frame(ring, bench.random_bytes(bytes), 3 * i);
    if (!ring.tx) bench.post_buffer(ring, 2048, 3 * i);
    if (!ring.tx) bench.wire_sends_later(bench.frame_for(ring.queue, bytes));
  }
  bench.ring_doorbell(ring);
}

void wait_for_rest(Bench& bench, const Ring& ring) {
  std::uint32_t reads = 0;
  while ((bench.reg(ring, nic::kState) & nic::kStateInFlight) != 0) {
    bench.require(++reads < kStateReadsMax, "an end of what is in flight",
                  fmt::format("IN_FLIGHT in {} reads of STATE", reads));
  }
}

// Frames that were begun when the queue was disabled are completed and published, and nothing comes after.
void drain_and_look(Trial& trial, const BenchOptions& options) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t after = 0; after < 600; after += 37) {
      Bench& bench = trial.bench(options);
      Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(3));
      post_some(bench, ring, ring.size, 150);
      bench.run(after);
      bench.set_reg(ring, nic::kControl, 0);
      wait_for_rest(bench, ring);
      equal(bench, "STATE of a queue that is disabled and drained", 0u, bench.reg(ring, nic::kState));
      const std::uint32_t frames = bench.reg(ring, nic::kFrames);
      equal(bench, "PUBLISHED - START_INDEX", frames, bench.reg(ring, nic::kPublished) - ring.start);
      equal(bench, "the index in memory", ring.start + frames, ring.seen);
      if (tx) equal(bench, "frames sent", frames, ring.sent);
      const std::uint64_t writes = bench.index_writes();
      bench.run_until_drained();
      bench.run(500);
      equal(bench, "index writes", writes, bench.index_writes());
      equal(bench, "FRAMES", frames, bench.reg(ring, nic::kFrames));
      if (!tx) equal(bench, "FRAMES + DROPS", ring.size, frames + bench.reg(ring, nic::kDrops));
    }
  }
}

void drains(Trial& trial) { drain_and_look(trial, {.read_latency = 100, .write_latency = 100}); }

void drains_any_order(Trial& trial) {
  drain_and_look(trial, {.read_latency = 100,
                         .write_latency = 20,
                         .latency_jitter = 300,
                         .read_order = ReadOrder::kNewestFirst});
}

// An enable that comes while something is in flight waits for it; the new life knows nothing of the old one.
void enable_waits(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t after = 0; after < 600; after += 37) {
      Bench& bench = trial.bench({.read_latency = 100, .write_latency = 100});
      Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(3), 50);
      post_some(bench, ring, ring.size, 150);
      bench.run(after);
      bench.set_reg(ring, nic::kControl, 0);
      bench.restart(ring, 0xFFFFFFFE);
      equal(bench, "PUBLISHED", 0xFFFFFFFEu, bench.reg(ring, nic::kPublished));
      equal(bench, "FETCHED", 0xFFFFFFFEu, bench.reg(ring, nic::kFetched));
      bench.run_until_drained();
      if (tx) transmit(bench, ring, {99, 100}, 1);
      if (!tx) receive(bench, ring, {99, 100}, 1);
      equal(bench, "PUBLISHED", 0u, bench.reg(ring, nic::kPublished));
    }
  }
}

void discards_descriptors(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_rx(trial.rx(0), trial.log2(3));
  for (std::uint32_t i = 0; i < ring.size; ++i) bench.post_buffer(ring, 100, i);
  bench.ring_doorbell(ring);
  bench.run_until_drained();  // by now they may have been fetched
  bench.set_reg(ring, nic::kControl, 0);
  wait_for_rest(bench, ring);
  bench.restart(ring, 64);
  receive(bench, ring, {300, 301}, 9);
}

void discards_arming(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench();
    Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(3));
    bench.arm(ring, 0);
    bench.set_reg(ring, nic::kControl, 0);
    bench.restart(ring, 100);
    bench.run_until_drained();
    if (tx) transmit(bench, ring, {64});
    if (!tx) receive(bench, ring, {64});
    equal(bench, "interrupt requests", 0u, bench.irqs().size());
  }
}

void counters_survive(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& rx = bench.open_rx(trial.rx(1), trial.log2(2));
  Ring& tx = bench.open_tx(trial.tx(1), trial.log2(2));
  receive(bench, rx, {64, 65});
  bench.wire_sends(bench.frame_for(rx.queue, 64));
  bench.run_until_drained();
  transmit(bench, tx, {64});
  bench.post(tx, kMemoryBase + 4096, 0);
  bench.ring_doorbell(tx);
  bench.run_until_drained();
  for (Ring* ring : {&rx, &tx}) {
    bench.set_reg(*ring, nic::kControl, 0);
    bench.restart(*ring, 0);
  }
  equal(bench, "FRAMES", 2u, bench.reg(rx, nic::kFrames));
  equal(bench, "DROPS", 1u, bench.reg(rx, nic::kDrops));
  equal(bench, "FRAMES", 2u, bench.reg(tx, nic::kFrames));
  equal(bench, "ERRORS", 1u, bench.reg(tx, nic::kErrors));
}

// --- resets ---

void reset_any_cycle(Trial& trial) {
  for (std::uint32_t i = 0; i < 40; ++i) {
    Bench& bench = trial.bench({.seed = i + 1,
                                .read_latency = 30,
                                .write_latency = 30,
                                .stall_pct = 20,
                                .tx_stall_pct = 20,
                                .irq_stall_pct = 90});
    Ring* old[2] = {&bench.open_rx(trial.rx(i), trial.log2(3)), &bench.open_tx(trial.tx(i), trial.log2(3))};
    for (Ring* ring : old) {
      bench.arm(*ring, ring->start);
      post_some(bench, *ring, ring->size, 500);
    }
    bench.run(17 * i + i % 5);
    bench.reset(1 + i % 3);
    for (const bool tx : {false, true}) {
      for (const std::uint32_t reg :
           {nic::kControl, nic::kFrames, nic::kDrops, nic::kErrors, nic::kState, nic::kStartIndex,
            nic::kCause, nic::kFetches, nic::kPublishes, nic::kInterrupts, nic::kRefused}) {
        equal(bench, fmt::format("the register at offset {:#04x} after a reset", reg), 0u,
              bench.read32(Bench::address_of(tx, trial.queue(tx, i), reg)));
      }
    }
    bench.run_until_drained();  // what the MAC still had comes to queues that are off
    const std::size_t irqs = bench.irqs().size();
    Ring& rx = bench.open_rx(trial.rx(i), trial.log2(2), 5);
    Ring& tx = bench.open_tx(trial.tx(i), trial.log2(2), 6);
    receive(bench, rx, {100, 700});
    transmit(bench, tx, {100, 700});
    equal(bench, "interrupt requests that nobody armed", 0u, bench.irqs().size() - irqs);
  }
}

std::vector<std::string> traced(Trial& trial, const BenchOptions& options, std::uint64_t x_seed) {
  Bench& bench = trial.bench(options, x_seed);
  bench.keep_trace();
  run_traffic(trial, bench, {.queues = 4, .frames = 100, .bytes_max = 300});
  return bench.trace();
}

// The last bench of the trial is compared with what came before it.
void expect_same(Bench& bench, const std::vector<std::string>& before, const std::vector<std::string>& now) {
  const auto differ = std::mismatch(before.begin(), before.end(), now.begin(), now.end());
  if (differ.first == before.end() && differ.second == now.end()) return;
  bench.require(false, differ.first == before.end() ? "no more transfers" : "the transfer " + *differ.first,
                differ.second == now.end() ? "none" : *differ.second);
}

void definite_after_reset(Trial& trial) {
  const BenchOptions options{
      .seed = 4, .read_latency = 30, .write_latency = 30, .stall_pct = 20, .gap_pct = 20};
  const auto before = traced(trial, options, 1);
  Bench& bench = trial.bench(options, 0xFEDCBA9876543210);
  bench.keep_trace();
  run_traffic(trial, bench, {.queues = 4, .frames = 100, .bytes_max = 300});
  expect_same(bench, before, bench.trace());
}

// --- idle_o ---

void idle_can_be_skipped(Trial& trial) {
  for (const std::uint32_t stall : {0u, 40u}) {
    BenchOptions options{
        .seed = 3, .stall_pct = stall, .gap_pct = 60, .tx_stall_pct = stall, .irq_stall_pct = stall};
    const auto before = traced(trial, options, 1);
    options.skip_idle = true;
    Bench& bench = trial.bench(options, 1);
    bench.keep_trace();
    run_traffic(trial, bench, {.queues = 4, .frames = 100, .bytes_max = 300});
    expect_same(bench, before, bench.trace());
  }
}

void idle_at_rest(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  const auto expect_idle = [&](const char* when) {
    bench.run_until_drained();
    for (std::uint32_t i = 0; i < kRestCyclesMax && !bench.out().idle; ++i) bench.cycle();
    bench.require(bench.out().idle, fmt::format("idle_o {}", when),
                  fmt::format("none for {} cycles", kRestCyclesMax));
  };
  expect_idle("after reset");
  Ring& rx = bench.open_rx(trial.rx(0), trial.log2(3));
  Ring& tx = bench.open_tx(trial.tx(0), trial.log2(3));
  expect_idle("with enabled queues");
  for (std::uint32_t i = 0; i < rx.size; ++i) bench.post_buffer(rx, 64);
  bench.ring_doorbell(rx);
  bench.arm(rx, 0);
  bench.arm(tx, 0);
  expect_idle("with posted buffers and armed queues");
  bench.wire_sends(bench.frame_for(rx.queue, 64));
  transmit(bench, tx, {64});
  expect_idle("after frames");
}

}  // namespace

std::vector<Requirement> life_requirements() {
  constexpr const char* kRegisters = "Registers";
  return {
      {"disable.drains", "frames that were begun are completed and published; then the queue is quiet",
       "Resets", drains},
      {"disable.any-order", "so it is when reads are answered in any order", "Resets", drains_any_order},
      {"disable.enable-waits", "an enable waits for what is in flight, and the queue starts afresh",
       kRegisters, enable_waits},
      {"disable.descriptors", "disabling discards prefetched descriptors", kRegisters, discards_descriptors},
      {"disable.arming", "disabling discards the arming", kRegisters, discards_arming},
      {"disable.counters", "FRAMES, DROPS and ERRORS survive", kRegisters, counters_survive},
      {"reset.any-cycle", "after a reset in any cycle registers are as after power-on, and nothing is left",
       "Resets", reset_any_cycle},
      {"reset.definite", "nothing depends on what reset does not touch", "Resets", definite_after_reset},
      {"idle.skipped", "with idle_o high and no input valid, a clock edge changes nothing", "Ports",
       idle_can_be_skipped},
      {"idle.at-rest", "an engine that has nothing to do says so", "Ports", idle_at_rest},
  };
}

}  // namespace ringproof::conform
