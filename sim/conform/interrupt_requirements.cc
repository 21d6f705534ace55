#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

// One frame through the queue, of whichever direction.
void one_frame(Bench& bench, Ring& ring) {
  if (ring.tx) transmit(bench, ring, {64});
  if (!ring.tx) receive(bench, ring, {64});
}

std::uint8_t vector_of(const Ring& ring) {
  return static_cast<std::uint8_t>(ring.queue + (ring.tx ? nic::kTxVectorBase : 0));
}

void expect_irqs(Bench& bench, std::vector<std::uint8_t> expected) {
  std::vector<std::uint8_t> seen = bench.irqs();
  std::sort(seen.begin(), seen.end());
  std::sort(expected.begin(), expected.end());
  if (seen != expected) {
    bench.require(false, fmt::format("requests of vectors [{}]", fmt::join(expected, " ")),
                  fmt::format("[{}]", fmt::join(seen, " ")));
  }
}

void once(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench();
    Ring& ring = bench.open(tx, trial.queue(tx, 3), trial.log2(4));
    bench.arm(ring, 0);
    bench.run_until_drained();
    expect_irqs(bench, {});
    for (int i = 0; i < 3; ++i) one_frame(bench, ring);
    expect_irqs(bench, {vector_of(ring)});
    bench.arm(ring, 3);
    one_frame(bench, ring);
    expect_irqs(bench, {vector_of(ring), vector_of(ring)});
  }
}

void at_once(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench();
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(4));
    one_frame(bench, ring);
    bench.arm(ring, 1);
    bench.run_until_drained();
    expect_irqs(bench, {});
    bench.arm(ring, 0);
    bench.run_until_drained();
    expect_irqs(bench, {vector_of(ring)});
    bench.arm(ring, 2);  // anything that differs
    bench.run_until_drained();
    expect_irqs(bench, {vector_of(ring), vector_of(ring)});
  }
}

// Whenever the host arms around the publication, it is asked exactly once.
void never_missed(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t delay = 0; delay < 130; ++delay) {
      Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20});
      Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(4));
      if (tx) bench.post_frame(ring, bench.random_bytes(64));
      if (!tx) bench.post_buffer(ring, 64);
      if (!tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
      bench.ring_doorbell(ring);
      bench.run(delay);
      bench.arm(ring, 0);
      bench.run_until_drained();
      equal(bench, fmt::format("requests of a queue armed {} cycles after its doorbell", delay), 1u,
            bench.irqs().size());
    }
  }
}

// The host has seen the first frame and arms again while the request for it is on its way: the next frame
// makes one all the same.
void armed_again(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t delay = 0; delay < 40; ++delay) {
      Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20, .irq_stall_pct = delay % 2 * 50});
      Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(4));
      bench.arm(ring, 0);
      if (tx) bench.post_frame(ring, bench.random_bytes(64));
      if (!tx) bench.post_buffer(ring, 64);
      if (!tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
      bench.ring_doorbell(ring);
      bench.wait([&] { return ring.seen == 1; });
      bench.run(delay / 2);
      bench.arm(ring, 1);
      bench.run_until_drained();
      const std::size_t before = bench.irqs().size();
      one_frame(bench, ring);
      equal(bench, fmt::format("requests of a queue armed {} cycles after its index moved", delay / 2), 1u,
            bench.irqs().size() - before);
    }
  }
}

// The sink takes nothing: what is armed then, of the same queue and of another, counts all the same.
void armed_while_waiting(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t delay = 0; delay < 24; ++delay) {
      const bool differs = delay % 2 != 0;
      Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20});
      Ring& ring = bench.open(tx, trial.queue(tx, 0), trial.log2(4));
      Ring& other = bench.open(!tx, trial.queue(!tx, 2), trial.log2(4), 10);
      bench.block({.irq = true});
      bench.arm(ring, 0);
      if (tx) bench.post_frame(ring, bench.random_bytes(64));
      if (!tx) bench.post_buffer(ring, 64);
      if (!tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
      bench.ring_doorbell(ring);
      bench.wait([&] { return bench.out().irq_valid; });
      bench.run(delay / 2);
      bench.arm(ring, differs ? 0 : 1);
      bench.arm(other, 9);
      bench.run(100);
      bench.block({});
      bench.run_until_drained();
      std::vector<std::uint8_t> expected = {vector_of(ring), vector_of(other)};
      if (differs) expected.push_back(vector_of(ring));
      expect_irqs(bench, expected);
      one_frame(bench, ring);
      if (!differs) expected.push_back(vector_of(ring));
      expect_irqs(bench, expected);
    }
  }
}

void every_queue(Trial& trial) {
  Bench& bench = trial.bench({.irq_stall_pct = 80});
  std::vector<std::uint8_t> expected;
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      Ring& ring = bench.open(tx, trial.queue(tx, queue), 1, 10);
      bench.arm(ring, 9);
      expected.push_back(vector_of(ring));
    }
  }
  bench.run_until_drained();
  expect_irqs(bench, expected);
}

}  // namespace

std::vector<Requirement> interrupt_requirements() {
  constexpr const char* kSource = "Registers, IRQ_ARM";
  return {
      {"irq.once", "an armed queue makes one request, when its index moves", kSource, once},
      {"irq.at-once", "it makes it at once if the index differs from what the host has seen", kSource,
       at_once},
      {"irq.never-missed", "arming and publishing at the same time miss each other in no cycle", kSource,
       never_missed},
      {"irq.armed-again", "an arming that meets a request is not lost", kSource, armed_again},
      {"irq.armed-while-waiting", "an arming counts while a request waits for the sink", kSource,
       armed_while_waiting},
      {"irq.every-queue", "every queue gets its turn at a slow sink, with its own vector", "Ports",
       every_queue},
  };
}

}  // namespace ringproof::conform
