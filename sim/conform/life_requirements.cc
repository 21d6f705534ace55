// Disabling, resets, idleness.

#include <algorithm>
#include <utility>

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
// REQUIRES: as many frames as the ring has entries were begun or are to come.
void look_at_the_end(Bench& bench, const Ring& ring) {
  wait_for_rest(bench, ring);
  equal(bench, "STATE of a queue that is disabled and drained", 0u, bench.reg(ring, nic::kState));
  const std::uint32_t frames = bench.reg(ring, nic::kFrames);
  equal(bench, "PUBLISHED - START_INDEX", frames, bench.reg(ring, nic::kPublished) - ring.start);
  equal(bench, "the index in memory", ring.start + frames, ring.seen);
  if (ring.tx) equal(bench, "frames sent", frames, ring.sent);
  const std::uint64_t writes = bench.index_writes();
  for (std::uint32_t i = 0; i < 500; ++i) {
    bench.cycle();
    bench.require(!bench.out().axi_arvalid && !bench.out().axi_awvalid && !bench.out().axi_wvalid,
                  "no access to memory by a queue that is disabled and drained", "one");
  }
  bench.run_until_drained();
  equal(bench, "index writes", writes, bench.index_writes());
  equal(bench, "FRAMES", frames, bench.reg(ring, nic::kFrames));
  if (!ring.tx) equal(bench, "FRAMES + DROPS", ring.size, frames + bench.reg(ring, nic::kDrops));
}

void drain_and_look(Trial& trial, const BenchOptions& options) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t after = 0; after < 600; after += 37) {
      Bench& bench = trial.bench(options);
      Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(3));
      post_some(bench, ring, ring.size, 150);
      bench.run(after);
      bench.set_reg(ring, nic::kControl, 0);
      look_at_the_end(bench, ring);
    }
  }
}

bool offers_something(const Bench& bench) {
  const nic::EngineOutputs& out = bench.out();
  return out.axi_arvalid || out.axi_awvalid || out.axi_wvalid || out.tx_tvalid;
}

// One of the channels takes nothing when the disable comes, nor for a while after it.
void back_pressure(Trial& trial) {
  constexpr std::uint32_t kBlockedCycles = 60;
  const Bench::Blocked channels[] = {{.ar = true}, {.aw = true}, {.w = true}, {.aw = true, .w = true},
                                     {.tx = true}, {.irq = true}};
  for (const bool tx : {false, true}) {
    for (const Bench::Blocked& blocked : channels) {
      if (blocked.tx && !tx) continue;
      for (std::uint32_t after = 0; after < 130; after += 9) {
        Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20});
        Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(3));
        bench.arm(ring, 0);
        post_some(bench, ring, ring.size, 150);
        bench.run(after);
        bench.block(blocked);
        bench.run(kBlockedCycles);
        bench.post_reg(ring, nic::kControl, 0);
        bench.run(kBlockedCycles);
        bench.begin_read(Bench::address_of(tx, ring.queue, nic::kState));
        bench.run(kBlockedCycles);
        const bool rests = bench.read_answered() && (bench.answer() & nic::kStateInFlight) == 0;
        bench.require(!rests || !offers_something(bench),
                      "IN_FLIGHT of a queue that waits for memory or link", "none");
        bench.block({});
        bench.wait([&] { return bench.read_answered(); });
        look_at_the_end(bench, ring);
        const std::size_t irqs = bench.irqs().size();
        bench.restart(ring, 1001);
        if (tx) transmit(bench, ring, {99, 100}, 1);
        if (!tx) receive(bench, ring, {99, 100}, 1);
        equal(bench, "interrupt requests that nobody armed", 0u, bench.irqs().size() - irqs);
      }
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

// The enable waits, because something cannot go on; a read behind it has what comes of it.
void reads_behind_enable(Trial& trial) {
  constexpr std::uint32_t kStart = 0x7001, kTakenCyclesMax = 200;
  const std::pair<std::uint32_t, std::uint32_t> reads[] = {{nic::kControl, 1},
                                                           {nic::kState, nic::kStateEnabled},
                                                           {nic::kPublished, kStart},
                                                           {nic::kFetched, kStart}};
  for (const bool tx : {false, true}) {
    for (const auto& read : reads) {
      Bench& bench = trial.bench(brisk());
      Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(3), 50);
      bench.block({.aw = !tx, .w = !tx, .tx = tx});
      post_some(bench, ring, 1, 150);
      bench.wait([&] { return bench.out().tx_tvalid || bench.out().axi_awvalid || bench.out().axi_wvalid; });
      bench.post_reg(ring, nic::kControl, 0);
      bench.post_reg(ring, nic::kStartIndex, kStart);
      bench.post_reg(ring, nic::kControl, 1);
      for (std::uint32_t i = 0; i < kTakenCyclesMax && !bench.writes_taken(); ++i) bench.cycle();
      // An engine may also leave the write where it is: then the read is not behind it.
      const bool behind = bench.writes_taken();
      bench.begin_read(Bench::address_of(tx, ring.queue, read.first));
      bench.run(kTakenCyclesMax);
      bench.require(!behind || !bench.read_answered(), "a read behind an enable that waits to wait as well",
                    fmt::format("the register at offset {:#04x} read as {:#x}", read.first, bench.answer()));
      bench.block({});
      bench.run_until_drained();
      if (behind) {
        equal(bench, fmt::format("the register at offset {:#04x}, read behind an enable", read.first),
              read.second, bench.answer());
      }
      equal(bench, fmt::format("the register at offset {:#04x}", read.first), read.second,
            bench.reg(ring, read.first));
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

// Queues live again, at other places than before: what was left over would show where bytes are put together.
void live_again(Trial& trial, Bench& bench, std::uint32_t salt) {
  for (const bool tx : {false, true}) {
    for (const std::uint32_t reg :
         {nic::kControl, nic::kFrames, nic::kDrops, nic::kErrors, nic::kState, nic::kStartIndex, nic::kCause,
          nic::kFetches, nic::kPublishes, nic::kInterrupts, nic::kRefused}) {
      equal(bench, fmt::format("the register at offset {:#04x} after a reset", reg), 0u,
            bench.read32(Bench::address_of(tx, trial.queue(tx, salt), reg)));
    }
  }
  bench.run_until_drained();  // what the MAC still had comes to queues that are off
  const std::size_t irqs = bench.irqs().size();
  Ring& rx = bench.open_rx(trial.rx(salt), trial.log2(2), 4 + salt % 4);
  Ring& tx = bench.open_tx(trial.tx(salt), trial.log2(2), 6);
  receive(bench, rx, {1 + 13 * salt % 200}, 1 + 7 * salt);
  transmit(bench, tx, {1 + 13 * salt % 200}, 3 + 5 * salt);
  receive(bench, rx, {700, 65}, 11 * salt);
  transmit(bench, tx, {700, 65}, 11 * salt);
  equal(bench, "interrupt requests that nobody armed", 0u, bench.irqs().size() - irqs);
}

void start_some(Trial& trial, Bench& bench, std::uint32_t salt) {
  Ring* rings[2] = {&bench.open_rx(trial.rx(salt), trial.log2(3)),
                    &bench.open_tx(trial.tx(salt), trial.log2(3))};
  for (Ring* ring : rings) {
    bench.arm(*ring, ring->start);
    post_some(bench, *ring, ring->size, 500);
  }
}

void reset_any_cycle(Trial& trial) {
  for (std::uint32_t i = 0; i < 40; ++i) {
    Bench& bench = trial.bench({.seed = i + 1,
                                .read_latency = 30,
                                .write_latency = 30,
                                .stall_pct = 20,
                                .tx_stall_pct = 20,
                                .irq_stall_pct = 90});
    start_some(trial, bench, i);
    bench.run(17 * i + i % 5);
    bench.reset(1 + i % 3);
    live_again(trial, bench, i);
  }
  // Each of those in which most is begun for the first time.
  for (std::uint32_t i = 0; i < 90; ++i) {
    Bench& bench = trial.bench(brisk());
    start_some(trial, bench, i);
    bench.run(i);
    bench.reset(1);
    live_again(trial, bench, i);
  }
}

// A register access of which the engine has one half, or to which it has not been able to answer yet.
void reset_half_access(Trial& trial) {
  constexpr std::uint32_t kNever = 1'000'000;
  const std::uint16_t before = Bench::address_of(false, 0, nic::kStartIndex);
  const std::uint16_t after = Bench::address_of(true, 0, nic::kStartIndex);
  const Bench::WriteHow halves[] = {
      {.data_delay = kNever}, {.address_delay = kNever}, {.response_delay = kNever}};
  for (const Bench::WriteHow& half : halves) {
    for (std::uint32_t cycles = 1; cycles < 8; ++cycles) {
      for (const bool data_first : {false, true}) {
        Bench& bench = trial.bench();
        equal(bench, "START_INDEX after power-on", 0u, bench.read32(before));
        bench.post_write32_as(before, 0x11111111, half);
        bench.run(cycles);
        bench.reset(1);
        bench.run(20);
        bench.write32_as(after, 0x22222222,
                         {.address_delay = data_first ? 9u : 0u, .data_delay = data_first ? 0u : 9u});
        equal(bench, "START_INDEX that was half written before a reset", 0u, bench.read32(before));
        equal(bench, "START_INDEX that was written after it", 0x22222222u, bench.read32(after));
      }
    }
  }
  for (std::uint32_t cycles = 1; cycles < 8; ++cycles) {
    Bench& bench = trial.bench();
    bench.begin_read(nic::kRegisterId, kNever);
    bench.run(cycles);
    bench.reset(1);
    bench.run(20);
    equal(bench, "VERSION, read after a reset", nic::kVersionValue, bench.read32(nic::kRegisterVersion));
  }
  // An enable that waits.
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(3));
    const std::uint16_t control = Bench::address_of(tx, ring.queue, nic::kControl);
    bench.block({.aw = !tx, .w = !tx, .tx = tx});
    post_some(bench, ring, 1, 150);
    bench.wait([&] { return bench.out().tx_tvalid || bench.out().axi_awvalid || bench.out().axi_wvalid; });
    bench.post_write32(control, 0);
    bench.post_write32(control, 1);
    bench.run(50);
    bench.reset(1);
    bench.run(20);
    equal(bench, "CONTROL after a reset", 0u, bench.read32(control));
  }
}

// What reset puts into the registers is what power-on does.
void reset_registers(Trial& trial) {
  std::vector<std::uint16_t> addresses;
  for (std::uint32_t address = 0; address < 0x200; address += 4)
    addresses.push_back(static_cast<std::uint16_t>(address));
  for (const bool tx : {false, true}) {
    for (std::uint32_t offset = 0; offset < nic::kBlockBytes; offset += 4)
      addresses.push_back(Bench::address_of(tx, trial.queue(tx, 1), offset));
  }
  Bench& bench = trial.bench();
  std::vector<std::uint32_t> first;
  first.reserve(addresses.size());
  for (const std::uint16_t address : addresses) first.push_back(bench.read32(address));
  // The enables come last: they hold what they find.
  for (auto address = addresses.rbegin(); address != addresses.rend(); ++address)
    bench.write32(*address, 0xA5A5A5A5 ^ *address << 8);
  bench.reset(1);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    equal(bench, fmt::format("the register at {:#06x} after a reset", addresses[i]), first[i],
          bench.read32(addresses[i]));
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
      {"disable.back-pressure", "so it is while memory, link or interrupt sink take nothing", "Resets",
       back_pressure},
      {"disable.reads-wait", "a read behind an enable that waits has what comes of it", kRegisters,
       reads_behind_enable},
      {"disable.descriptors", "disabling discards prefetched descriptors", kRegisters, discards_descriptors},
      {"disable.arming", "disabling discards the arming", kRegisters, discards_arming},
      {"disable.counters", "FRAMES, DROPS and ERRORS survive", kRegisters, counters_survive},
      {"reset.any-cycle", "after a reset in any cycle registers are as after power-on, and nothing is left",
       "Resets", reset_any_cycle},
      {"reset.half-access", "of a register access that a reset cuts off nothing is left", "Resets",
       reset_half_access},
      {"reset.registers", "every register reads as after power-on", "Resets", reset_registers},
      {"reset.definite", "nothing depends on what reset does not touch", "Resets", definite_after_reset},
      {"idle.skipped", "with idle_o high and no input valid, a clock edge changes nothing", "Ports",
       idle_can_be_skipped},
      {"idle.at-rest", "an engine that has nothing to do says so", "Ports", idle_at_rest},
  };
}

}  // namespace ringproof::conform
