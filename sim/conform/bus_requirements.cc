#include <algorithm>
#include <cstring>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

// Long frames from and to odd addresses, so that every burst has a boundary to keep to.
void bursts(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& rx = bench.open_rx(trial.rx(0), trial.log2(3));
  Ring& tx = bench.open_tx(trial.tx(0), trial.log2(3));
  for (std::uint32_t i = 0; i < 24; ++i) {
    bench.allocate(64 * (i % 8), 512);  // the next buffer begins anywhere in its block
    receive(bench, rx, {600 + 64 * (i % 3)}, 5 * i);
    bench.allocate(64 * (i % 8), 512);
    transmit(bench, tx, {600 + 64 * (i % 3)}, 5 * i);
  }
}

// The upper half of the addresses goes on by one at each place of what a queue uses in turn.
void addresses(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint64_t before = 64; before <= 2048; before += 64) {
      Bench& bench = trial.bench(brisk());
      bench.allocate_before_middle(before);
      Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(3), 2);
      for (std::uint32_t i = 0; i < 4; ++i) {
        const std::vector<std::size_t> lengths(std::min(3u, ring.size), 150);
        if (tx) transmit(bench, ring, lengths, 17 * i);
        if (!tx) receive(bench, ring, lengths, 17 * i);
      }
    }
  }
  // A long frame, of whose bursts one begins there.
  for (const std::uint32_t offset : {0u, 29u}) {
    Bench& bench = trial.bench(brisk());
    Ring& rx = bench.open_rx(trial.rx(0), 1);
    Ring& tx = bench.open_tx(trial.tx(0), 1);
    bench.allocate_before_middle(2048);
    receive(bench, rx, {4000}, offset);
    bench.allocate_before_middle(2048);
    transmit(bench, tx, {4000}, offset);
  }
}

// The neighbours compare every output that waits with the cycle before.
void held(Trial& trial) {
  Bench& bench = trial.bench({.read_latency = 20,
                              .write_latency = 20,
                              .stall_pct = 75,
                              .gap_pct = 30,
                              .tx_stall_pct = 75,
                              .irq_stall_pct = 75});
  expect_sent(bench, run_traffic(trial, bench, {.queues = 4, .frames = 80, .bytes_max = 400}));
}

void some_frames(Trial& trial, Ready ready) {
  BenchOptions options = brisk();
  options.ready = ready;
  Bench& bench = trial.bench(options);
  Ring& rx = bench.open_rx(trial.rx(0), trial.log2(3));
  Ring& tx = bench.open_tx(trial.tx(0), trial.log2(3));
  bench.arm(rx, 0);
  bench.arm(tx, 0);
  receive(bench, rx, std::vector<std::size_t>(rx.size, 700), 9);
  transmit(bench, tx, std::vector<std::size_t>(tx.size, 700), 9);
  equal(bench, "interrupt requests", 2u, bench.irqs().size());
}

void valid_first(Trial& trial) { some_frames(trial, Ready::kAfterValid); }

void address_and_data(Trial& trial) {
  some_frames(trial, Ready::kAddressAfterData);
  some_frames(trial, Ready::kDataAfterAddress);
}

void late_answers(Trial& trial) {
  Bench& bench = trial.bench({.read_latency = 5, .write_latency = 5, .latency_jitter = 400});
  expect_sent(bench, run_traffic(trial, bench, {.queues = 4, .frames = 80, .bytes_max = 400}));
}

// Memory has many reads to choose from: it holds all of them for long, some longer than others.
void reads_any_order(Trial& trial) {
  for (const ReadOrder order : {ReadOrder::kNewestFirst, ReadOrder::kAny}) {
    for (const std::size_t bytes : {100u, 1500u}) {
      Bench& bench = trial.bench({.read_latency = 60,
                                  .write_latency = 5,
                                  .latency_jitter = 300,
                                  .gap_pct = 20,
                                  .read_order = order});
      expect_sent(bench, run_traffic(trial, bench, {.queues = 4, .frames = 150, .bytes_max = bytes}));
      // One queue alone, full: what overtakes is its own.
      Ring& tx = bench.ring(true, 3 % trial.queues(true));
      Ring& rx = bench.ring(false, 3 % trial.queues(false));
      for (std::uint32_t i = 0; i < 3; ++i) {
        transmit(bench, tx, std::vector<std::size_t>(tx.size, bytes), 13 * i);
        receive(bench, rx, std::vector<std::size_t>(rx.size - (rx.posted - rx.seen), 100), 13 * i);
      }
    }
  }
}

// {ready, back-pressure} x {busy, idle gaps} x {even, uneven latency}
void random_traffic(Trial& trial) {
  for (const std::uint32_t stall : {0u, 30u, 75u}) {
    for (const std::uint32_t gap : {0u, 50u}) {
      for (const std::uint32_t jitter : {0u, 200u}) {
        Bench& bench = trial.bench({.latency_jitter = jitter,
                                    .stall_pct = stall,
                                    .gap_pct = gap,
                                    .tx_stall_pct = stall,
                                    .irq_stall_pct = stall});
        const Traffic traffic{.queues = 6, .frames = 120, .bytes_max = 600};
        expect_sent(bench, run_traffic(trial, bench, traffic));
        std::uint64_t finished = bench.drops();
        for (const bool tx : {false, true}) {
          for (std::uint32_t queue = 0; queue < std::min(traffic.queues, trial.queues(tx)); ++queue) {
            const Ring& ring = bench.ring(tx, queue);
            if (!tx) finished += bench.reg(ring, nic::kFrames);
            equal(bench, "ERRORS", 0u, bench.reg(ring, nic::kErrors));
            equal(bench, "STATE", nic::kStateEnabled, bench.reg(ring, nic::kState));
            if (!tx) equal(bench, "DROPS", bench.drops_of(queue), bench.reg(ring, nic::kDrops));
          }
        }
        equal(bench, "frames completed or discarded", static_cast<std::uint64_t>(traffic.frames), finished);
      }
    }
  }
}

void all_queues(Trial& trial) {
  Bench& bench = trial.bench(
      {.read_latency = 20, .write_latency = 20, .latency_jitter = 50, .stall_pct = 20, .tx_stall_pct = 20});
  expect_sent(bench, run_traffic(trial, bench, {.queues = kQueuesMax, .frames = 1200, .bytes_max = 300}));
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      const Ring& ring = bench.ring(tx, queue);
      equal(bench, "FRAMES", ring.posted - ring.start - static_cast<std::uint32_t>(ring.buffers.size()),
            bench.reg(ring, nic::kFrames));
    }
  }
}

void jumbo(Trial& trial) {
  Bench& bench = trial.bench(
      {.read_latency = 20, .write_latency = 20, .stall_pct = 10, .gap_pct = 20, .tx_stall_pct = 40});
  expect_sent(bench, run_traffic(trial, bench, {.queues = 3, .frames = 40, .bytes_max = 9000}));
}

// One direction always has something to do; the other gets its turn.
void both_ways(Trial& trial) {
  constexpr std::uint32_t kCyclesMax = 50'000;  // a very slow engine manages dozens of frames in that
  for (const bool busy_tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& rx = bench.open_rx(trial.rx(0), trial.log2(4));
    Ring& tx = bench.open_tx(trial.tx(0), trial.log2(4));
    const std::uint64_t bytes = bench.allocate(256) + 32;
    std::memset(bench.at(bytes - 32), 0xEE, 256);
    const auto keep_busy = [&] {
      Ring& ring = busy_tx ? tx : rx;
      while (ring.posted - ring.seen < ring.size) {
        if (busy_tx) bench.post(tx, bytes, 100);
        if (!busy_tx) bench.post_buffer(rx, 128);
      }
      bench.post_write32(Bench::address_of(busy_tx, ring.queue, nic::kDoorbell), ring.posted);
      if (!busy_tx && bench.wire_backlog() < 4) bench.wire_sends(bench.frame_for(rx.queue, 64));
      bench.run(20);
    };
    for (int i = 0; i < 50; ++i) keep_busy();
    Ring& other = busy_tx ? rx : tx;
    if (busy_tx) bench.post_buffer(rx, 128);
    if (!busy_tx) bench.post_frame(tx, bench.random_bytes(100));
    bench.post_write32(Bench::address_of(!busy_tx, other.queue, nic::kDoorbell), other.posted);
    for (int i = 0; i < 5; ++i) keep_busy();
    if (busy_tx) bench.wire_sends(bench.frame_for(rx.queue, 100));
    const std::uint64_t begin = bench.now();
    while (other.seen == 0) {
      bench.require(bench.now() - begin < kCyclesMax, "both directions to go on",
                    fmt::format("no frame {} in {} cycles, while the other way is busy",
                                busy_tx ? "received" : "sent", kCyclesMax));
      keep_busy();
    }
  }
}

// What the counters of each queue say is about that queue: n + 1 frames, n + 2 discarded, n + 3 errors.
void counters(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  const std::uint32_t queues[2] = {std::min(trial.queues(false), 5u), std::min(trial.queues(true), 5u)};
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < queues[tx]; ++queue) {
      Ring& ring = bench.open(tx, trial.queue(tx, queue), trial.log2(3), 1000 * queue);
      for (std::uint32_t i = 0; i <= queue; ++i) {
        if (tx) transmit(bench, ring, {64});
        if (!tx) receive(bench, ring, {64});
      }
      for (std::uint32_t i = 0; !tx && i < queue + 2; ++i) bench.wire_sends(bench.frame_for(ring.queue, 64));
      for (std::uint32_t i = 0; tx && i < queue + 3; ++i) {
        bench.post(ring, kMemoryBase + 4096, 0);
        bench.ring_doorbell(ring);
        bench.run_until_drained();
      }
    }
  }
  bench.run_until_drained();
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < queues[tx]; ++queue) {
      const Ring& ring = bench.ring(tx, queue);
      const std::uint32_t frames = queue + 1 + (tx ? queue + 3 : 0);
      equal(bench, fmt::format("FRAMES of queue {}", queue), frames, bench.reg(ring, nic::kFrames));
      equal(bench, fmt::format("PUBLISHED of queue {}", queue), ring.start + frames,
            bench.reg(ring, nic::kPublished));
      equal(bench, fmt::format("FETCHED of queue {}", queue), ring.start + frames,
            bench.reg(ring, nic::kFetched));
      equal(bench, fmt::format("DROPS of queue {}", queue), tx ? 0 : queue + 2, bench.reg(ring, nic::kDrops));
      equal(bench, fmt::format("ERRORS of queue {}", queue), tx ? queue + 3 : 0,
            bench.reg(ring, nic::kErrors));
    }
  }
}

}  // namespace

std::vector<Requirement> bus_requirements() {
  constexpr const char* kSource = "Ports";
  return {
      {"bus.bursts", "bursts are INCR, of 64-byte beats, 8 at most, and cross no 512-byte boundary", kSource,
       bursts},
      {"bus.addresses", "addresses have 64 bits, and carry from one half into the other", "Ports", addresses},
      {"bus.held", "what is offered stays as it is until it is taken, on every channel", kSource, held},
      {"bus.valid-first", "valid never waits for ready", kSource, valid_first},
      {"bus.address-and-data", "address and data of a write do not wait for each other to be taken", kSource,
       address_and_data},
      {"bus.late-answers", "answers of different ids come in any order, and as late as they like", kSource,
       late_answers},
      {"bus.reads-any-order",
       "reads of different ids are answered in any order, and the beats of several bursts mixed", kSource,
       reads_any_order},
      {"traffic.random",
       "random traffic arrives whole and in order, with back-pressure, gaps, uneven latency", kSource,
       random_traffic},
      {"traffic.all-queues", "so it does on all queues at once", kSource, all_queues},
      {"traffic.jumbo", "so it does with frames of up to 9,000 bytes", kSource, jumbo},
      {"traffic.both-ways", "neither direction keeps the other from going on", "Role", both_ways},
      {"counters.per-queue", "FRAMES, DROPS, ERRORS, FETCHED and PUBLISHED count for their own queue",
       "Registers", counters},
  };
}

}  // namespace ringproof::conform
