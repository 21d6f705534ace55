#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

// In each direction, across the end of the ring.
void across_the_end(Trial& trial, std::uint32_t log2, std::uint32_t start) {
  Bench& bench = trial.bench(brisk());
  Ring& rx = bench.open_rx(trial.rx(1), log2, start);
  Ring& tx = bench.open_tx(trial.tx(1), log2, start);
  const std::vector<std::size_t> lengths(std::min<std::size_t>(rx.size, 5), 90);
  for (int round = 0; round < 3; ++round) {
    receive(bench, rx, lengths, 7);
    transmit(bench, tx, lengths, 21);
  }
  equal(bench, "FETCHED", tx.posted, bench.reg(tx, nic::kFetched));
  equal(bench, "PUBLISHED", rx.posted, bench.reg(rx, nic::kPublished));
}

void sizes(Trial& trial) {
  for (std::uint32_t log2 = 1; log2 <= trial.shape().ring_log2_max; ++log2) {
    across_the_end(trial, log2, (1u << log2) - 3u);
  }
}

void index_wrap(Trial& trial) {
  for (const std::uint32_t log2 : {1u, 2u, 3u, 6u}) {
    for (const std::uint32_t start : {0xFFFFFFFBu, 0x7FFFFFFEu})
      across_the_end(trial, trial.log2(log2), start);
  }
}

void start_index(Trial& trial) {
  Bench& bench = trial.bench();
  for (const bool tx : {false, true}) {
    Ring& ring = bench.open(tx, trial.queue(tx, 2), 1, 0x89ABCDEF);
    equal(bench, "PUBLISHED", ring.start, bench.reg(ring, nic::kPublished));
    equal(bench, "FETCHED", ring.start, bench.reg(ring, nic::kFetched));
  }
}

void full(Trial& trial) {
  for (const std::uint32_t log2 : {1u, trial.shape().ring_log2_max}) {
    for (const bool tx : {false, true}) {
      Bench& bench = trial.bench(brisk());
      Ring& ring = bench.open(tx, trial.queue(tx, 3), log2, 0xFFFFFFFF);
      const std::uint64_t buffer = bench.allocate(2048);
      for (std::uint32_t i = 0; i < ring.size; ++i) bench.post(ring, buffer, 64, i);
      bench.ring_doorbell(ring);
      if (tx) bench.wait([&] { return ring.sent >= 2; });
      equal(bench, "STATE & RANGE_ERROR", 0u, bench.reg(ring, nic::kState) & nic::kStateRangeError);
    }
  }
}

void enable_again(Bench& bench, const Ring& ring) {
  bench.set_reg(ring, nic::kControl, 0);
  bench.set_reg(ring, nic::kControl, 1);
  equal(bench, "STATE of a queue that was enabled again", nic::kStateEnabled, bench.reg(ring, nic::kState));
}

void doorbell_range(Trial& trial) {
  Bench& bench = trial.bench();
  for (const bool tx : {false, true}) {
    Ring& ring = bench.open(tx, trial.queue(tx, 1), 1, 100);
    for (const std::uint32_t wrong : {103u, 99u, 0u, 100u + 0x80000000u}) {
      enable_again(bench, ring);
      bench.set_reg(ring, nic::kDoorbell, wrong);
      bench.run_until_drained();
      equal(bench, fmt::format("STATE after a doorbell of {}", wrong),
            nic::kStateEnabled | nic::kStateRangeError, bench.reg(ring, nic::kState));
      equal(bench, fmt::format("FETCHED after a doorbell of {}", wrong), 100u,
            bench.reg(ring, nic::kFetched));
    }
    enable_again(bench, ring);
  }
}

void doorbell_back(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench();
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(2), 100);
    const std::uint32_t posted = ring.size;
    for (std::uint32_t i = 0; i < posted; ++i) {
      if (tx) bench.post_frame(ring, bench.random_bytes(64));
      if (!tx) bench.post_buffer(ring, 128);
    }
    bench.ring_doorbell(ring);
    bench.set_reg(ring, nic::kDoorbell, ring.posted - 1);
    equal(bench, "STATE & RANGE_ERROR", nic::kStateRangeError,
          bench.reg(ring, nic::kState) & nic::kStateRangeError);
    for (std::uint32_t i = 0; !tx && i < posted; ++i) bench.wire_sends(bench.frame_for(ring.queue, 64));
    bench.run_until_drained();
    equal(bench, "PUBLISHED", ring.posted, bench.reg(ring, nic::kPublished));
  }
}

void doorbell_repeated(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_tx(trial.tx(0), trial.log2(3));
  bench.post_frame(ring, bench.random_bytes(64));
  for (int i = 0; i < 5; ++i) bench.ring_doorbell(ring);
  bench.run_until_drained();
  equal(bench, "FETCHED", 1u, bench.reg(ring, nic::kFetched));
  equal(bench, "frames sent", 1u, bench.sent().size());
  equal(bench, "STATE", nic::kStateEnabled, bench.reg(ring, nic::kState));
}

void doorbell_disabled(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench();
    Ring& ring = bench.open(tx, trial.queue(tx, 1), 1);
    bench.set_reg(ring, nic::kControl, 0);
    bench.set_reg(ring, nic::kDoorbell, 77);  // would be out of range
    equal(bench, "STATE while disabled", 0u, bench.reg(ring, nic::kState));
    bench.set_reg(ring, nic::kDoorbell, 1);
    bench.set_reg(ring, nic::kControl, 1);
    bench.run_until_drained();
    equal(bench, "FETCHED", 0u, bench.reg(ring, nic::kFetched));
    equal(bench, "STATE", nic::kStateEnabled, bench.reg(ring, nic::kState));
  }
}

// One descriptor, and the frame for it.
void post_one(Bench& bench, Ring& ring) {
  if (ring.tx) bench.post_frame(ring, bench.random_bytes(64));
  if (!ring.tx) bench.post_buffer(ring, 64);
  if (!ring.tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
}

void expect_all_done(Bench& bench, const Ring& ring, std::uint32_t delay) {
  bench.run_until_drained();
  const std::string when = fmt::format(" with a doorbell {} cycles later", delay);
  equal(bench, "PUBLISHED" + when, ring.posted, bench.reg(ring, nic::kPublished));
  equal(bench, "FETCHED" + when, ring.posted, bench.reg(ring, nic::kFetched));
  equal(bench, "STATE" + when, nic::kStateEnabled, bench.reg(ring, nic::kState));
}

// It comes while another frame, of its own queue or of the next, is fetched, moved, completed and published;
// and nothing follows that would heal its loss.
void doorbell_any_cycle(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t delay = 0; delay < 130; ++delay) {
      for (const std::uint32_t next : {0u, 1u}) {
        Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20});
        Ring& first = bench.open(tx, trial.queue(tx, 0), trial.log2(3));
        Ring& second =
            next % trial.queues(tx) == 0 ? first : bench.open(tx, trial.queue(tx, 1), trial.log2(3));
        post_one(bench, first);
        bench.ring_doorbell(first);
        bench.run(delay);
        post_one(bench, second);
        bench.ring_doorbell(second);
        expect_all_done(bench, second, delay);
      }
    }
  }
}

// A ring that was full has room as soon as the host sees the index.
void doorbell_of_full_ring(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (std::uint32_t delay = 0; delay < 60; ++delay) {
      Bench& bench = trial.bench({.read_latency = 10, .write_latency = 20});
      Ring& ring = bench.open(tx, trial.queue(tx, 0), 1, 0xFFFFFFFF);
      post_one(bench, ring);
      post_one(bench, ring);
      bench.ring_doorbell(ring);
      bench.wait([&] { return ring.seen != ring.start; });
      bench.run(delay);
      while (ring.posted - ring.seen < ring.size) post_one(bench, ring);
      bench.ring_doorbell(ring);
      expect_all_done(bench, ring, delay);
    }
  }
}

// Only a rising edge of ENABLE loads the indices.
void enabled_twice(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(2), 10);
    bench.arm(ring, 10);
    for (std::uint32_t published = 11; published < 14; ++published) {
      bench.set_reg(ring, nic::kStartIndex, 500);
      bench.set_reg(ring, nic::kControl, 1);
      if (tx) transmit(bench, ring, {64});
      if (!tx) receive(bench, ring, {64});
      equal(bench, "PUBLISHED", published, bench.reg(ring, nic::kPublished));
    }
    equal(bench, "interrupt requests", 1u, bench.irqs().size());
  }
}

}  // namespace

std::vector<Requirement> ring_requirements() {
  return {
      {"rings.sizes", "rings of every size from 2 entries to the largest go round", "Rings", sizes},
      {"rings.index-wrap", "indices run free and wrap at 2^32", "Rings", index_wrap},
      {"rings.start-index", "enabling a queue loads its indices with START_INDEX", "Rings", start_index},
      {"rings.enabled-twice", "writing 1 to CONTROL of an enabled queue changes nothing", "Registers",
       enabled_twice},
      {"rings.full", "a doorbell may post as many entries as the ring has", "Registers", full},
      {"rings.doorbell-range",
       "a doorbell out of range is ignored, and remembered until the queue is enabled again", "Registers",
       doorbell_range},
      {"rings.doorbell-back", "a doorbell behind the last accepted one is out of range", "Registers",
       doorbell_back},
      {"rings.doorbell-repeated", "a doorbell that says nothing new has no effect", "Registers",
       doorbell_repeated},
      {"rings.doorbell-any-cycle",
       "a doorbell is not lost, whatever of its queue or of another is done in its cycle", "Registers",
       doorbell_any_cycle},
      {"rings.doorbell-full", "an entry may be posted again as soon as the index has come", "Registers",
       doorbell_of_full_ring},
      {"rings.doorbell-disabled", "a doorbell to a disabled queue is ignored", "Registers",
       doorbell_disabled},
  };
}

}  // namespace ringproof::conform
