#include <algorithm>
#include <array>

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

// Memory refuses what lies at these places, each time: about one of `one_in`.
bool is_refused(std::uint64_t address, std::uint32_t one_in) {
  return (address / 64 * 0x9E3779B97F4A7C15 >> 40) % one_in == 0;
}

// Many frames of many queues at once, of which memory refuses a part. The neighbours compare each completion
// with what was refused of its frame, and count the errors that each queue has to tell.
struct Refusals {
  const char* what;
  std::uint32_t rx_descriptor = 0, tx_descriptor = 0, payload = 0;  // one in so many, 0: none
  std::uint32_t rx_payload = 0, entry = 0, index = 0;
};

void under_way_with(Trial& trial, const Refusals& refusals, const BenchOptions& options) {
  constexpr std::uint32_t kQueues = 4, kRounds = 6;
  Bench& bench = trial.bench(options);
  std::uint32_t writes = 0;
  const auto hit = [](std::uint64_t address, std::uint32_t one_in) {
    return one_in != 0 && is_refused(address, one_in);
  };
  bench.fail_read_beat = [&](std::uint8_t reader, std::uint64_t address) {
    return hit(address, reader == kReadRxDesc   ? refusals.rx_descriptor
                        : reader == kReadTxDesc ? refusals.tx_descriptor
                                                : refusals.payload);
  };
  bench.fail_write = [&](std::uint8_t id, std::uint64_t address) {
    if (id == kWritePayload) return hit(address, refusals.rx_payload);
    if (id == kWriteCompletion) return hit(address + (writes++ << 6), refusals.entry);
    return hit(address + (writes++ << 6), refusals.index);
  };
  std::vector<Ring*> rings;
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < std::min(kQueues, trial.queues(tx)); ++queue)
      rings.push_back(&bench.open(tx, static_cast<std::uint8_t>(queue), trial.log2(4), 0xFFFFFFF8u + queue));
  }
  std::vector<TxFrame> expected;
  std::array<std::vector<bool>, kQueues> unreadable;  // of all RX descriptors, by queue
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    std::vector<RxFrame> coming;
    for (std::uint32_t i = 0; i < 16; ++i) {
      for (Ring* ring : rings) {
        if (i >= ring->size) continue;
        const std::size_t bytes = 40 + 97 * (i + round) % 400;
        const std::uint64_t slot = ring->desc_base + 16 * (ring->posted & (ring->size - 1));
        if (!ring->tx) {
          unreadable[ring->queue].push_back(hit(slot / 64 * 64, refusals.rx_descriptor));
          bench.post_buffer(*ring, 300, 5 * i);
          coming.push_back(bench.frame_for(ring->queue, bytes));
          continue;
        }
        TxFrame frame = bench.post_frame(*ring, bench.random_bytes(bytes), 5 * i);
        const std::uint64_t first = ring->buffers.back().address;
        for (std::uint64_t line = first / 64 * 64; line < first + bytes; line += 64)
          frame.error = frame.error || hit(line, refusals.payload);
        if (hit(slot / 64 * 64, refusals.tx_descriptor)) frame = {ring->queue, {}, true};
        expected.push_back(std::move(frame));
      }
    }
    for (Ring* ring : rings) bench.set_reg(*ring, nic::kDoorbell, ring->posted);
    for (RxFrame& frame : coming) bench.wire_sends(std::move(frame));
    bench.run_until_drained();
  }
  // Of the bytes of a frame with the error bit nothing is said.
  std::vector<TxFrame> sent = bench.sent();
  for (auto* frames : {&expected, &sent}) {
    for (TxFrame& frame : *frames) {
      if (frame.error) std::fill(frame.bytes.begin(), frame.bytes.end(), std::uint8_t{0});
    }
  }
  expect_frames(bench, expected, sent);
  for (const Ring* ring : rings) {
    const std::string of =
        fmt::format(" of {} queue {}, {} refused", ring->tx ? "TX" : "RX", ring->queue, refusals.what);
    equal(bench, "FRAMES" + of, ring->posted - ring->start, bench.reg(*ring, nic::kFrames));
    equal(bench, "PUBLISHED" + of, ring->posted, bench.reg(*ring, nic::kPublished));
    equal(bench, "ERRORS" + of, ring->errors, bench.reg(*ring, nic::kErrors));
    if (ring->tx) continue;
    equal(bench, "DROPS" + of, 0u, bench.reg(*ring, nic::kDrops));
    for (const Completion& entry : ring->completions) {
      bench.require(
          !unreadable[ring->queue].at(entry.index - ring->start) || entry.flags == nic::kRxFlagDmaError,
          fmt::format("the error bit alone in completion {:#x}{}", entry.index, of),
          fmt::format("flags {:#x}", entry.flags));
    }
  }
}

void under_way(Trial& trial) {
  const Refusals kinds[] = {{.what = "descriptors", .rx_descriptor = 3, .tx_descriptor = 3},
                            {.what = "payload", .payload = 9, .rx_payload = 4},
                            {.what = "completions", .entry = 3},
                            {.what = "indices", .index = 2},
                            {.what = "anything",
                             .rx_descriptor = 5,
                             .tx_descriptor = 5,
                             .payload = 19,
                             .rx_payload = 6,
                             .entry = 4,
                             .index = 4}};
  for (const Refusals& refusals : kinds) {
    under_way_with(trial, refusals, {.read_latency = 20, .write_latency = 20});
    under_way_with(trial, refusals,
                   {.read_latency = 20,
                    .write_latency = 10,
                    .latency_jitter = 100,
                    .stall_pct = 20,
                    .tx_stall_pct = 20,
                    .read_order = ReadOrder::kAny});
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
      {"refused.under-way",
       "among many frames of many queues an error is that of its frame and queue, and counted once", kSource,
       under_way},
      {"refused.any-order", "what is refused is that read, in whatever order reads are answered", kSource,
       any_order},
  };
}

}  // namespace ringproof::conform
