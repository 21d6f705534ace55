#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

const std::vector<std::size_t> kShort = {1, 2, 31, 32, 33, 63, 64, 65, 66, 127, 128, 129, 191, 192, 193, 300};
const std::vector<std::size_t> kLong = {447, 512, 513, 1514, 9000, 9018, 65535};

void any_length(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& ring = bench.open_tx(trial.tx(1), trial.log2(5));
  for (std::uint32_t offset = 0; offset < 64; ++offset) {
    for (std::size_t i = 0; i < kShort.size(); i += ring.size) {
      transmit(bench, ring,
               {kShort.begin() + static_cast<std::ptrdiff_t>(i),
                kShort.begin() + static_cast<std::ptrdiff_t>(std::min(i + ring.size, kShort.size()))},
               offset);
    }
  }
  for (const std::uint32_t offset : {0u, 1u, 31u, 32u, 63u}) {
    for (const std::size_t bytes : kLong) transmit(bench, ring, {bytes}, offset);
  }
}

// Nothing is published, and nobody asked, before the link has taken it.
void order(Trial& trial) {
  Bench& bench = trial.bench({.tx_stall_pct = 100});
  Ring& ring = bench.open_tx(trial.tx(0), trial.log2(2));
  bench.arm(ring, 0);
  for (std::uint32_t i = 0; i < ring.size; ++i) bench.post_frame(ring, bench.random_bytes(300));
  bench.ring_doorbell(ring);
  bench.run(3000);
  equal(bench, "the index in memory while the link takes nothing", 0u, ring.seen);
  equal(bench, "interrupt requests while the link takes nothing", 0u, bench.irqs().size());
  equal(bench, "STATE while the link takes nothing", nic::kStateEnabled | nic::kStateInFlight,
        bench.reg(ring, nic::kState));
  bench.options().tx_stall_pct = 30;
  bench.run_until_drained();
  equal(bench, "the index in memory", ring.posted, ring.seen);
  equal(bench, "interrupt requests", 1u, bench.irqs().size());
  equal(bench, "FRAMES", ring.size, bench.reg(ring, nic::kFrames));
}

void unsendable(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_tx(trial.tx(0), trial.log2(3));
  std::vector<TxFrame> expected;
  std::uint32_t errors = 0;
  for (const std::uint32_t length : {0u, 0x10000u, 0x20001u, 0x80000040u, 0xFFFFFFFFu}) {
    expected.push_back(bench.post_frame(ring, bench.random_bytes(200), 9));
    bench.post(ring, kMemoryBase + 4096, length, 0xABCD);
    expected.push_back({ring.queue, {}, true});
    bench.ring_doorbell(ring);
    bench.run_until_drained();
    equal(bench, "ERRORS", ++errors, bench.reg(ring, nic::kErrors));
  }
  expect_sent(bench, expected);
  equal(bench, "PUBLISHED", ring.posted, bench.reg(ring, nic::kPublished));
}

// The neighbours compare index and request of every beat.
void tags(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  for (std::uint32_t queue = 0; queue < std::min(trial.queues(true), 8u); ++queue) {
    Ring& ring = bench.open_tx(trial.tx(queue), 1, 0xFFFFFFFE + queue);
    for (int i = 0; i < 3; ++i) transmit(bench, ring, {60, 200});
  }
}

// A queue that always has something to send does not keep the others from it.
void every_queue(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  const std::uint32_t queues = std::min(trial.queues(true), 8u);
  Ring* greedy = nullptr;
  std::vector<Ring*> rings;
  for (std::uint32_t queue = 0; queue < queues; ++queue) {
    Ring& ring = bench.open_tx(trial.tx(queue), trial.log2(queue == 0 ? 6 : 1));
    if (queue == 0) greedy = &ring;
    rings.push_back(&ring);
    for (std::uint32_t i = 0; i < ring.size; ++i) bench.post_frame(ring, bench.random_bytes(100));
    bench.post_write32(Bench::address_of(true, ring.queue, nic::kDoorbell), ring.posted);
  }
  const auto others_done = [&] {
    return std::all_of(rings.begin(), rings.end(),
                       [&](const Ring* ring) { return ring == greedy || ring->sent != 0; });
  };
  for (int i = 0; i < 20'000 && !others_done(); ++i) {
    if (greedy->posted - greedy->seen < greedy->size) {
      bench.post(*greedy, greedy->buffers.empty() ? bench.allocate(128) : greedy->buffers.back().address,
                 100);
      bench.post_write32(Bench::address_of(true, greedy->queue, nic::kDoorbell), greedy->posted);
    }
    bench.run(20);
  }
  bench.require(others_done(), "frames from every queue", "none from some, while another is busy");
  bench.run_until_drained();
}

}  // namespace

std::vector<Requirement> transmit_requirements() {
  return {
      {"tx.bytes", "frames of 1 to 65,535 bytes are sent whole from buffers of any alignment", "Rings",
       any_length},
      {"tx.order", "last beat taken by the MAC, index, its response, interrupt", "Rings", order},
      {"tx.unsendable", "a length of 0 or above 65,535 is one empty beat with the error bit, and counted",
       "When memory refuses", unsendable},
      {"tx.tags", "every beat carries its descriptor's index and request", "Ports", tags},
      {"tx.every-queue", "frames of every queue are sent, also beside one that always has some", "Role",
       every_queue},
  };
}

}  // namespace ringproof::conform
