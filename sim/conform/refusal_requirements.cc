#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

void expect_counts(Bench& bench, const Ring& ring, std::uint32_t frames, std::uint32_t errors) {
  equal(bench, "FRAMES", frames, bench.reg(ring, nic::kFrames));
  equal(bench, "ERRORS", errors, bench.reg(ring, nic::kErrors));
  equal(bench, "PUBLISHED", ring.start + frames, bench.reg(ring, nic::kPublished));
}

// A ring with one beat of descriptors that cannot be read: entries 4 to 7, or all, if there are no more.
struct RefusedBeat {
  RefusedBeat(Trial& trial, Bench& bench, bool tx)
      : ring(bench.open(tx, trial.queue(tx, 1), trial.log2(4))),
        posted(std::min(12u, ring.size)),
        first(ring.size > 4 ? 4 : 0),
        count(std::min(4u, ring.size)) {
    const std::uint64_t beat = ring.desc_base + 16 * first;
    bench.fail_read_beat = [beat, tx](std::uint8_t id, std::uint64_t address) {
      return id == (tx ? kReadTxDesc : kReadRxDesc) && address == beat;
    };
  }
  bool holds(std::uint32_t index) const { return index >= first && index < first + count; }

  Ring& ring;
  const std::uint32_t posted, first, count;
};

void rx_descriptor(Trial& trial) {
  Bench& bench = trial.bench();
  const RefusedBeat refused(trial, bench, false);
  Ring& ring = refused.ring;
  for (std::uint32_t i = 0; i < refused.posted; ++i) {
    bench.post_buffer(ring, 2048, 11);
    bench.wire_sends_later(bench.frame_for(ring.queue, 150));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  equal(bench, "completions", refused.posted, ring.completions.size());
  for (std::uint32_t i = 0; i < refused.posted; ++i) {
    const std::string which = fmt::format(" of completion {}", i);
    equal(bench, "flags" + which, refused.holds(i) ? nic::kRxFlagDmaError : 0u, ring.completions[i].flags);
    equal(bench, "length" + which, refused.holds(i) ? 0u : 150u, ring.completions[i].length);
    if (refused.holds(i)) equal(bench, "cookie" + which, 0u, ring.completions[i].cookie);
  }
  expect_counts(bench, ring, refused.posted, refused.count);
}

void tx_descriptor(Trial& trial) {
  Bench& bench = trial.bench();
  const RefusedBeat refused(trial, bench, true);
  Ring& ring = refused.ring;
  std::vector<TxFrame> expected;
  for (std::uint32_t i = 0; i < refused.posted; ++i) {
    const TxFrame frame = bench.post_frame(ring, bench.random_bytes(150), 17);
    expected.push_back(refused.holds(i) ? TxFrame{ring.queue, {}, true} : frame);
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  expect_sent(bench, expected);
  expect_counts(bench, ring, refused.posted, refused.count);
}

// Each write of the second of four frames in turn.
void rx_payload(Trial& trial) {
  for (int nth = 0;; ++nth) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open_rx(trial.rx(0), trial.log2(2));
    int writes = 0;
    bool hit = false;
    std::uint64_t begin = 0, end = 0;
    bench.fail_write = [&](std::uint8_t id, std::uint64_t address) {
      if (id != kWritePayload || address < begin || address >= end) return false;
      const bool now = writes++ == nth;
      hit = hit || now;
      return now;
    };
    for (std::uint32_t i = 0; i < 4; ++i) {
      bench.post_buffer(ring, 2048, 11);
      if (i == 1) begin = ring.buffers.back().address / 64 * 64;
      if (i == 1) end = begin + 2048;
      bench.wire_sends_later(bench.frame_for(ring.queue, 1000));
      bench.ring_doorbell(ring);
      bench.run_until_drained();
    }
    if (!hit) break;
    equal(bench, "completions", 4u, ring.completions.size());
    for (std::uint32_t i = 0; i < 4; ++i) {
      equal(bench, fmt::format("flags of completion {}", i), i == 1 ? nic::kRxFlagDmaError : 0u,
            ring.completions[i].flags);
    }
    expect_counts(bench, ring, 4, 1);
  }
}

void rx_completion(Trial& trial) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open_rx(trial.rx(0), trial.log2(3));
  int writes = 0;
  bench.fail_write = [&](std::uint8_t id, std::uint64_t) { return id == kWriteCompletion && writes++ == 1; };
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 2; ++k) {
      bench.post_buffer(ring, 2048, 11);
      bench.wire_sends_later(bench.frame_for(ring.queue, 100));
    }
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
  equal(bench, "completions in memory", 6 - ring.entries_refused, ring.completions.size());
  expect_counts(bench, ring, 6, ring.entries_refused);
}

void index_write(Trial& trial, bool tx) {
  Bench& bench = trial.bench();
  Ring& ring = bench.open(tx, trial.queue(tx, 2), trial.log2(2), 7);
  int writes = 0;
  bench.fail_write = [&writes, tx](std::uint8_t id, std::uint64_t) {
    return id == (tx ? kWriteTxIndex : kWriteRxIndex) && writes++ == 1;
  };
  for (std::uint32_t i = 0; i < 3; ++i) {
    bench.arm(ring, ring.published);
    if (tx) bench.post_frame(ring, bench.random_bytes(150));
    if (!tx) bench.post_buffer(ring, 256);
    if (!tx) bench.wire_sends_later(bench.frame_for(ring.queue, 150));
    bench.ring_doorbell(ring);
    bench.run_until_drained();
    equal(bench, "interrupt requests", i + 1, bench.irqs().size());
    equal(bench, "the index in memory", i == 1 ? 8u : 8 + i, ring.seen);
    expect_counts(bench, ring, i + 1, i == 0 ? 0 : 1);
  }
}

void rx_index(Trial& trial) { index_write(trial, false); }
void tx_index(Trial& trial) { index_write(trial, true); }

// Each beat of the third of five frames in turn.
void tx_payload(Trial& trial) {
  for (const std::size_t bytes : {50u, 150u, 640u}) {
    for (const std::uint32_t offset : {0u, 19u}) {
      const std::uint64_t beats = (offset + bytes + 63) / 64;
      for (std::uint64_t beat = 0; beat < beats; ++beat) {
        Bench& bench = trial.bench(brisk());
        Ring& ring = bench.open_tx(trial.tx(0), trial.log2(3));
        std::vector<TxFrame> expected;
        std::uint64_t bad = 0;
        bench.fail_read_beat = [&](std::uint8_t id, std::uint64_t address) {
          return id == kReadPayload && address == bad;
        };
        for (std::uint32_t i = 0; i < 5; ++i) {
          expected.push_back(bench.post_frame(ring, bench.random_bytes(bytes), offset));
          expected.back().error = i == 2;
          if (i == 2) bad = ring.buffers.back().address / 64 * 64 + 64 * beat;
          if (ring.posted - ring.seen == ring.size || i == 4) {
            bench.ring_doorbell(ring);
            bench.run_until_drained();
          }
        }
        equal(bench, "frames sent", 5u, bench.sent().size());
        for (std::uint32_t i = 0; i < 5; ++i) {
          const TxFrame& frame = bench.sent()[i];
          equal(bench, fmt::format("error bit of frame {}", i), i == 2, frame.error);
          equal(bench, fmt::format("bytes of frame {}", i), bytes, frame.bytes.size());
          bench.require(i == 2 || frame == expected[i], "the bytes that were posted", "others");
        }
        expect_counts(bench, ring, 5, 1);
      }
    }
  }
}

// What is refused among reads that are answered in any order: payload of one queue, descriptors of another,
// nothing of a third.
void any_order(Trial& trial) {
  constexpr std::uint32_t kFrames = 8, kBad = 3;
  for (const ReadOrder order : {ReadOrder::kNewestFirst, ReadOrder::kAny}) {
    Bench& bench = trial.bench({.read_latency = 60, .latency_jitter = 200, .read_order = order});
    const std::uint32_t queues = std::min(3u, trial.queues(true));
    std::vector<TxFrame> expected;
    std::uint64_t bad_payload = 0, bad_descriptors = 0;
    bench.fail_read_beat = [&](std::uint8_t reader, std::uint64_t address) {
      return (reader == kReadPayload && address == bad_payload) ||
             (reader == kReadTxDesc && address == bad_descriptors);
    };
    std::vector<std::uint32_t> errors(queues);
    for (std::uint32_t queue = 0; queue < queues; ++queue) {
      Ring& ring = bench.open_tx(static_cast<std::uint8_t>(queue), trial.log2(4));
      const std::uint32_t frames = std::min(kFrames, ring.size);
      const std::uint32_t descriptors = std::min(4u, frames);  // of the beat that cannot be read
      for (std::uint32_t i = 0; i < frames; ++i) {
        TxFrame frame = bench.post_frame(ring, bench.random_bytes(1000), 7 * i);
        if (queue == 0 && i == kBad % frames) {
          bad_payload = ring.buffers.back().address / 64 * 64 + 512;
          frame.error = true;
        }
        if (queue == 1 && i < descriptors) frame = {ring.queue, {}, true};
        errors[queue] += frame.error ? 1 : 0;
        expected.push_back(std::move(frame));
      }
      if (queue == 1) bad_descriptors = ring.desc_base;
      bench.post_write32(Bench::address_of(true, ring.queue, nic::kDoorbell), ring.posted);
    }
    bench.run_until_drained();
    expect_sent(bench, expected);
    for (std::uint32_t queue = 0; queue < queues; ++queue) {
      const Ring& ring = bench.ring(true, queue);
      expect_counts(bench, ring, ring.posted, errors[queue]);
      if ((bench.read32(nic::kRegisterFeatures) & nic::kFeaturesCause) == 0) continue;
      constexpr std::uint32_t kCauses[] = {nic::kCausePayload, nic::kCauseDescriptorRead, 0};
      equal(bench, fmt::format("CAUSE of queue {}", queue), kCauses[queue], bench.reg(ring, nic::kCause));
    }
  }
}

}  // namespace

std::vector<Requirement> refusal_requirements() {
  constexpr const char* kSource = "When memory refuses";
  return {
      {"refused.rx-descriptor",
       "RX descriptor read: completed with flag bit 0, length 0, cookie 0, and counted", kSource,
       rx_descriptor},
      {"refused.rx-payload", "RX payload write: the completion has flag bit 0, and ERRORS counts", kSource,
       rx_payload},
      {"refused.rx-completion", "RX completion write: it is missing, and ERRORS counts", kSource,
       rx_completion},
      {"refused.rx-index", "RX index write: ERRORS counts; PUBLISHED and the interrupt go on", kSource,
       rx_index},
      {"refused.tx-descriptor",
       "TX descriptor read: one empty beat with the error bit and request 0, and counted", kSource,
       tx_descriptor},
      {"refused.tx-payload", "TX payload read: the frame's last beat has the error bit, and ERRORS counts",
       kSource, tx_payload},
      {"refused.tx-index", "TX index write: ERRORS counts; PUBLISHED and the interrupt go on", kSource,
       tx_index},
      {"refused.any-order", "what is refused is that read, in whatever order reads are answered", kSource,
       any_order},
  };
}

}  // namespace ringproof::conform
