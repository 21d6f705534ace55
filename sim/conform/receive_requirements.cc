#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

const std::vector<std::size_t> kShort = {1, 2, 31, 32, 33, 63, 64, 65, 66, 127, 128, 129, 191, 192, 193, 300};
const std::vector<std::size_t> kLong = {447, 512, 513, 1514, 9000, 9018};

void any_length(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& ring = bench.open_rx(trial.rx(1), trial.log2(5));
  for (std::uint32_t offset = 0; offset < 64; ++offset) {
    for (std::size_t i = 0; i < kShort.size(); i += ring.size) {
      receive(bench, ring,
              {kShort.begin() + static_cast<std::ptrdiff_t>(i),
               kShort.begin() + static_cast<std::ptrdiff_t>(std::min(i + ring.size, kShort.size()))},
              offset);
    }
  }
  for (const std::uint32_t offset : {0u, 1u, 31u, 32u, 63u}) {
    for (const std::size_t bytes : kLong) receive(bench, ring, {bytes}, offset);
  }
  receive(bench, ring, {65535}, 1);
}

// The neighbours let a write take effect when they answer it, so whoever does not wait is found out.
void order(Trial& trial) {
  for (const std::uint32_t jitter : {0u, 300u}) {
    Bench& bench = trial.bench({.write_latency = 40, .latency_jitter = jitter});
    Ring& ring = bench.open_rx(trial.rx(0), trial.log2(3));
    for (int round = 0; round < 10; ++round) {
      bench.arm(ring, ring.seen);
      receive(bench, ring, std::vector<std::size_t>(ring.size, 200), 3);
      equal(bench, "interrupt requests", round + 1u, bench.irqs().size());
    }
  }
}

void completion(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  for (std::uint32_t queue = 0; queue < std::min(trial.queues(false), 8u); ++queue) {
    Ring& ring = bench.open_rx(trial.rx(queue), 1, 0xFFFFFFFE + queue);
    for (int i = 0; i < 3; ++i) receive(bench, ring, {60, 61});
    equal(bench, "completions", 6u, ring.completions.size());
    equal(bench, "FRAMES", 6u, bench.reg(ring, nic::kFrames));
    equal(bench, "ERRORS", 0u, bench.reg(ring, nic::kErrors));
  }
}

void cut(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& ring = bench.open_rx(trial.rx(0), trial.log2(1));
  std::uint32_t offset = 0;
  for (const std::uint32_t room :
       {0u, 1u, 20u, 63u, 64u, 65u, 447u, 512u, 1000u, 1513u, 1514u, 1515u, 0u, 64u}) {
    bench.post_buffer(ring, room, offset += 13);
    bench.wire_sends_later(bench.frame_for(ring.queue, 1514));
    bench.ring_doorbell(ring);
    bench.run_until_drained();
    bench.require(!ring.completions.empty(), "a completion", "none");
    equal(bench, "length", std::min(room, 1514u), ring.completions.back().length);
    equal(bench, "flags", room < 1514 ? nic::kRxFlagTruncated : 0u, ring.completions.back().flags);
  }
}

void long_buffers(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& ring = bench.open_rx(trial.rx(0), 1);
  for (const std::uint32_t room : {0x10000u, 0x10001u, 0x20040u}) {
    bench.post_buffer(ring, room, 3);
    bench.wire_sends_later(bench.frame_for(ring.queue, 9000));
    bench.ring_doorbell(ring);
    bench.run_until_drained();
    bench.require(!ring.completions.empty(), "a completion", "none");
    equal(bench, "flags", 0u, ring.completions.back().flags);
  }
}

void no_buffer(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_rx(trial.rx(2), trial.log2(4));
  bench.post_buffer(ring, 2048);
  bench.post_buffer(ring, 2048);
  bench.ring_doorbell(ring);
  for (const std::size_t bytes : {700u, 64u, 65u, 1u, 9000u})
    bench.wire_sends(bench.frame_for(ring.queue, bytes));
  bench.run_until_drained();
  equal(bench, "completions", 2u, ring.completions.size());
  equal(bench, "pulses of ev_rx_drop_o", 3u, bench.drops());
  equal(bench, "DROPS", 3u, bench.reg(ring, nic::kDrops));
  receive(bench, ring, {100});  // and it goes on
}

void disabled(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_rx(trial.rx(0), trial.log2(4));
  bench.post_buffer(ring, 2048);
  bench.ring_doorbell(ring);
  std::uint64_t drops = 0;
  for (std::uint32_t queue = 1; queue < std::min(trial.queues(false), 4u); ++queue) {
    for (int i = 0; i < 5; ++i, ++drops) bench.wire_sends(bench.frame_for(trial.rx(queue), 64));
  }
  // Queues that there are none of are disabled as well.
  if (trial.queues(false) < kQueuesMax) {
    for (const std::uint32_t queue : {trial.queues(false), kQueuesMax - 1}) {
      for (int i = 0; i < 3; ++i, ++drops)
        bench.wire_sends(bench.frame_for(static_cast<std::uint8_t>(queue), 200));
    }
  }
  bench.wire_sends(bench.frame_for(ring.queue, 64));
  bench.run_until_drained();
  equal(bench, "pulses of ev_rx_drop_o", drops, bench.drops());
  for (std::uint32_t queue = 1; queue < std::min(trial.queues(false), 4u); ++queue) {
    equal(bench, "DROPS", 5u, bench.read32(Bench::address_of(false, queue, nic::kDrops)));
  }
  equal(bench, "DROPS of the other queue", 0u, bench.reg(ring, nic::kDrops));
  equal(bench, "DROPS of a transmit queue", 0u, bench.read32(Bench::address_of(true, 0, nic::kDrops)));
  equal(bench, "completions of the other queue", 1u, ring.completions.size());
}

void waits_for_fetch(Trial& trial) {
  Bench& bench = trial.bench({.read_latency = 700});
  Ring& ring = bench.open_rx(trial.rx(0), trial.log2(4));
  bench.post_buffer(ring, 2048);
  bench.wire_sends_later(bench.frame_for(ring.queue, 64));
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  equal(bench, "pulses of ev_rx_drop_o", 0u, bench.drops());
  equal(bench, "completions", 1u, ring.completions.size());
}

// The neighbours judge each discarded frame: had its queue a buffer, of which the engine had been told before
// the frame came?
void not_discarded(Trial& trial) {
  // A frame right behind the doorbell, and one more than there are buffers.
  for (std::uint32_t delay = 0; delay < 48; ++delay) {
    Bench& bench = trial.bench({.read_latency = 12, .write_latency = 12, .stall_pct = delay % 2 * 40});
    Ring& ring = bench.open_rx(trial.rx(delay), trial.log2(1 + delay % 3), 7 * delay);
    for (std::uint32_t i = 0; i < 6; ++i) {
      bench.post_buffer(ring, 800, i);
      bench.ring_doorbell(ring);
      bench.run(delay);
      for (const std::size_t bytes : {64u, 700u}) bench.wire_sends(bench.frame_for(ring.queue, bytes));
      bench.run_until_drained();
    }
    equal(bench, "completions", 6u, ring.completions.size());
    equal(bench, "DROPS", 6u, bench.reg(ring, nic::kDrops));
  }
  // Buffers are scarce, and nobody waits for anybody.
  for (const std::uint32_t log2 : {1u, 4u}) {
    Bench& bench = trial.bench({.read_latency = 20, .write_latency = 20, .latency_jitter = 30});
    const std::uint32_t queues = std::min(3u, trial.queues(false));
    for (std::uint32_t queue = 0; queue < queues; ++queue) {
      bench.open_rx(static_cast<std::uint8_t>(queue), trial.log2(log2), 0xFFFFFFF8u + queue);
    }
    for (std::uint32_t i = 0; i < 600; ++i) {
      Ring& ring = bench.ring(false, static_cast<std::uint32_t>(bench.random()() % queues));
      if (ring.posted - ring.seen < ring.size) {
        bench.post_buffer(ring, 200, i);
        bench.post_reg(ring, nic::kDoorbell, ring.posted);
      }
      const auto to = static_cast<std::uint8_t>(bench.random()() % queues);
      if (bench.wire_backlog() < 3) bench.wire_sends(bench.frame_for(to, 1 + bench.random()() % 200));
      bench.run(bench.random()() % 30);
    }
    bench.run_until_drained();
    for (std::uint32_t queue = 0; queue < queues; ++queue) {
      equal(bench, fmt::format("DROPS of queue {}", queue), bench.drops_of(queue),
            bench.reg(bench.ring(false, queue), nic::kDrops));
    }
  }
}

}  // namespace

std::vector<Requirement> receive_requirements() {
  return {
      {"rx.bytes",
       "frames of 1 to 65,535 bytes land whole in buffers of any alignment, and nothing beside them", "Rings",
       any_length},
      {"rx.order", "payload, its responses, completion, its response, index, its response, interrupt",
       "Rings", order},
      {"rx.completion", "a completion carries cookie, length, hash, flags, time, index and meta of its frame",
       "Rings", completion},
      {"rx.cut", "a frame longer than its buffer is cut, and flag bit 1 says so", "Rings", cut},
      {"rx.long-buffers", "buffers may be longer than 65,535 bytes", "Rings", long_buffers},
      {"rx.no-buffer", "a frame without a posted buffer is discarded whole, told and counted", "Ports",
       no_buffer},
      {"rx.disabled", "a frame for a disabled queue is discarded, told and counted, and stalls no other",
       "Ports", disabled},
      {"rx.not-discarded", "a frame that finds a buffer posted is not discarded, when ever the two come",
       "Ports", not_discarded},
      {"rx.waits", "a frame waits for a buffer that is posted and not fetched yet", "Ports", waits_for_fetch},
  };
}

}  // namespace ringproof::conform
