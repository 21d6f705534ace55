// Queues that work on the rings and the UMEM of a socket.

#include <algorithm>
#include <utility>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

bool there(Trial& trial) { return trial.has(nic::kFeaturesZeroCopy); }

// Every queue keeps what it was told, while enabled as well, until a reset.
void kept(Trial& trial) {
  if (!there(trial)) return;
  Bench& bench = trial.bench();
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> masks = {
      {nic::kCompStart, 0xFFFFFFFF},     {nic::kCompAddrLow, 0xFFFFFFFC},  {nic::kCompAddrHigh, 0xFFFFFFFF},
      {nic::kUmemBaseLow, 0xFFFFFFFF},   {nic::kUmemBaseHigh, 0xFFFFFFFF}, {nic::kUmemLimitLow, 0xFFFFFFFF},
      {nic::kUmemLimitHigh, 0xFFFFFFFF}, {nic::kFrameRoom, 0xFFFFFFFF}};
  const auto each = [&](const auto& visit) {
    std::uint32_t salt = 0x9E3779B9;
    for (const bool tx : {false, true}) {
      for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
        for (const auto& [reg, mask] : masks) {
          salt = salt * 1664525 + 1013904223;
          visit(Bench::address_of(tx, queue, reg), mask, salt);
        }
      }
    }
  };
  const auto expect_kept = [&](const char* when, std::uint32_t all) {
    each([&](std::uint16_t address, std::uint32_t mask, std::uint32_t value) {
      equal(bench, fmt::format("the register at {:#06x} {}", address, when), value & mask & all,
            bench.read32(address));
    });
  };
  each([&](std::uint16_t address, std::uint32_t, std::uint32_t value) { bench.write32(address, value); });
  expect_kept("after a write", ~0u);
  const std::uint32_t last = trial.shape().ring_log2_max;
  for (const bool tx : {false, true}) {
    const std::uint16_t address = Bench::address_of(tx, 0, nic::kZeroCopy);
    for (const auto& [written, read] : {std::pair{0u, 1u}, {1u, 1u}, {last, last}, {31u, last}}) {
      bench.write32(address, written << 8);
      equal(bench, fmt::format("ZERO_COPY after a COMP_LOG2 of {}", written), read << 8,
            bench.read32(address));
    }
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      const std::uint32_t comp_log2 = 1 + queue % last;
      bench.write32(Bench::address_of(tx, queue, nic::kZeroCopy), nic::kZeroCopyEnable | comp_log2 << 8);
    }
    bench.write32(Bench::address_of(tx, 0, nic::kControl), 1);
  }
  for (const bool tx : {false, true}) {
    bench.write32(Bench::address_of(tx, 0, nic::kZeroCopy), last << 8);  // held
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      equal(bench, fmt::format("ZERO_COPY of queue {}", queue),
            nic::kZeroCopyEnable | (1 + queue % last) << 8,
            bench.read32(Bench::address_of(tx, queue, nic::kZeroCopy)));
    }
    for (const auto& [reg, mask] : masks) bench.write32(Bench::address_of(tx, 0, reg), 0x12345678 & mask);
  }
  expect_kept("of a queue that is enabled", ~0u);
  bench.reset(1);
  expect_kept("after a reset", 0);
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      equal(bench, "ZERO_COPY after a reset", 1u << 8,
            bench.read32(Bench::address_of(tx, queue, nic::kZeroCopy)));
    }
  }
}

void expect_entries(Bench& bench, Ring& ring, std::uint32_t entries) {
  const Socket& socket = *ring.socket;
  equal(bench, "entries of the RX or completion ring", entries, socket.entries - socket.shape.comp_start);
  equal(bench, "their index in memory", socket.entries, socket.seen);
  equal(bench, "COMPLETIONS", socket.entries, bench.reg(ring, nic::kCompletions));
  equal(bench, "descriptors used up", ring.posted, ring.seen);
}

void expect_cause(Bench& bench, const Ring& ring, std::uint32_t cause) {
  if ((bench.read32(nic::kRegisterFeatures) & nic::kFeaturesCause) == 0) return;
  equal(bench, "CAUSE", cause, bench.reg(ring, nic::kCause));
}

// One frame after the other, in batches that fill the smaller ring.
void receive_some(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths) {
  const std::uint32_t batch = std::min(ring.size, 1u << ring.socket->shape.comp_log2);
  for (std::size_t at = 0; at < lengths.size(); at += batch) {
    const std::size_t end = std::min(lengths.size(), at + batch);
    for (std::size_t i = at; i < end; ++i) {
      bench.post_chunk(ring);
      bench.wire_sends_later(bench.frame_for(ring.queue, lengths[i]));
    }
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
}

void send_some(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths, std::uint32_t offset) {
  const std::uint32_t batch = std::min(ring.size, 1u << ring.socket->shape.comp_log2);
  const std::size_t first = bench.sent().size();
  std::vector<TxFrame> expected;
  for (std::size_t at = 0; at < lengths.size(); at += batch) {
    const std::size_t end = std::min(lengths.size(), at + batch);
    for (std::size_t i = at; i < end; ++i) {
      expected.push_back(bench.post_from_chunk(ring, bench.random_bytes(lengths[i]), offset));
    }
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
  expect_sent(bench, expected, first);
}

const std::vector<std::size_t>& some_lengths() {
  static const std::vector<std::size_t> kLengths = {64, 1, 63, 65, 128, 500, 1514, 60, 60, 60, 200, 1983, 64};
  return kLengths;
}

// Sizes of both rings, each with the other small and large, and across the wrap of either index.
void for_each_shape(Trial& trial, const std::function<void(std::uint32_t log2, const SocketShape&)>& visit) {
  for (const auto& [log2, comp_log2] :
       {std::pair{1u, 1u}, {1u, 4u}, {2u, 3u}, {3u, 2u}, {4u, 1u}, {5u, 5u}}) {
    SocketShape shape;
    shape.comp_log2 = trial.log2(comp_log2);
    shape.start = log2 % 2 != 0 ? 0xFFFFFFFB : 7;
    shape.comp_start = comp_log2 % 2 != 0 ? 3 : 0xFFFFFFFA;
    visit(trial.log2(log2), shape);
  }
}

void receive_in_place(Trial& trial) {
  if (!there(trial)) return;
  for_each_shape(trial, [&](std::uint32_t log2, const SocketShape& shape) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open_for_socket(false, trial.rx(log2), log2, shape);
    receive_some(bench, ring, some_lengths());
    expect_entries(bench, ring, static_cast<std::uint32_t>(some_lengths().size()));
    equal(bench, "TRUNCATED", 0u, bench.reg(ring, nic::kTruncated));
  });
}

void send_in_place(Trial& trial) {
  if (!there(trial)) return;
  for_each_shape(trial, [&](std::uint32_t log2, const SocketShape& shape) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open_for_socket(true, trial.tx(log2), log2, shape);
    send_some(bench, ring, some_lengths(), log2 * 13);
    expect_entries(bench, ring, static_cast<std::uint32_t>(some_lengths().size()));
  });
}

void cut(Trial& trial) {
  if (!there(trial)) return;
  for (const std::uint32_t chunk_bytes : {128u, 2048u}) {
    Bench& bench = trial.bench(brisk());
    SocketShape shape;
    shape.chunk_bytes = chunk_bytes;
    shape.headroom = 40;
    Ring& ring = bench.open_for_socket(false, trial.rx(1), trial.log2(3), shape);
    const std::size_t room = chunk_bytes - shape.headroom;
    receive_some(bench, ring, {room, room + 1, room - 1, 2 * room, room});
    expect_entries(bench, ring, 5);
    equal(bench, "TRUNCATED", 2u, bench.reg(ring, nic::kTruncated));
    equal(bench, "ERRORS", 0u, bench.reg(ring, nic::kErrors));
  }
}

// INV-14, INV-25: what lies outside is not touched, and what is at the edge is.
void receive_bounds(Trial& trial) {
  if (!there(trial)) return;
  Bench& bench = trial.bench(brisk());
  SocketShape shape;
  shape.comp_log2 = trial.log2(4);
  Ring& ring = bench.open_for_socket(false, trial.rx(2), trial.log2(4), shape);
  const std::uint64_t limit = std::uint64_t{shape.chunks - 1} * shape.chunk_bytes;
  const std::vector<std::uint64_t> places = {
      limit,      limit + 1, limit + shape.chunk_bytes, 1,         1ull << 48, ~0ull,
      1ull << 63, limit - 1, 0ull - shape.headroom,     1ull << 32};
  std::uint32_t good = 0;
  for (const std::uint64_t place : places) {
    good += place <= limit ? 1 : 0;
    if (place <= limit) std::memset(bench.at(ring.socket->umem + place), 0xEE, shape.chunk_bytes);
    bench.post_place(ring, place);
    bench.wire_sends_later(bench.frame_for(ring.queue, 100));
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
  const auto bad = static_cast<std::uint32_t>(places.size()) - good;
  expect_entries(bench, ring, good);
  equal(bench, "INVALID", bad, bench.reg(ring, nic::kInvalid));
  equal(bench, "ERRORS", bad, bench.reg(ring, nic::kErrors));
  expect_cause(bench, ring, nic::kCauseDescriptor);
}

void send_bounds(Trial& trial) {
  if (!there(trial)) return;
  Bench& bench = trial.bench(brisk());
  SocketShape shape;
  shape.comp_log2 = trial.log2(4);
  shape.longest = 1514;
  Ring& ring = bench.open_for_socket(true, trial.tx(2), trial.log2(4), shape);
  const std::uint64_t end = std::uint64_t{shape.chunks} * shape.chunk_bytes;
  struct Case {
    std::uint64_t place;
    std::uint32_t offset, length;
  };
  const std::vector<Case> cases = {{end - 100, 0, 100},
                                   {end - 100, 0, 101},
                                   {end - 100, 1, 100},
                                   {end - 200, 100, 100},
                                   {0, 0, 0},
                                   {0, 0, 1514},
                                   {0, 0, 1515},
                                   {0, 0, 0x10040},
                                   {0, 0xFFFF, 64},
                                   {end, 0, 1},
                                   {0xFFFF'FFFF'FFFF, 0, 64},
                                   {end - 1, 0, 1},
                                   {0xFFFF'FFFF'FFFF, 1, 64},
                                   {64, 0, 64}};
  std::vector<TxFrame> expected;
  std::uint32_t good = 0;
  for (const Case& each : cases) {
    const bool fits =
        each.length != 0 && each.length <= 1514 && each.place + each.offset + each.length <= end;
    TxFrame frame{ring.queue, {}, !fits};
    if (fits) {
      frame.bytes = bench.random_bytes(each.length);
      std::memcpy(bench.at(ring.socket->umem + each.place + each.offset), frame.bytes.data(), each.length);
      ++good;
    }
    bench.post_place(ring, each.place, each.offset, each.length);
    expected.push_back(std::move(frame));
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
  const auto bad = static_cast<std::uint32_t>(cases.size()) - good;
  expect_sent(bench, expected);
  expect_entries(bench, ring, good);
  equal(bench, "INVALID", bad, bench.reg(ring, nic::kInvalid));
  equal(bench, "ERRORS", bad, bench.reg(ring, nic::kErrors));
  expect_cause(bench, ring, nic::kCauseDescriptor);
}

// What memory refuses: the frame has no entry, or an entry that nobody wrote; the rest goes on.
void refused(Trial& trial) {
  if (!there(trial)) return;
  for (const bool tx : {false, true}) {
    const auto refuses = [&](std::uint32_t entries, std::uint32_t cause, const auto& arrange) {
      Bench& bench = trial.bench(brisk());
      SocketShape shape;
      shape.comp_log2 = trial.log2(3);
      Ring& ring = bench.open_for_socket(tx, trial.queue(tx, 1), trial.log2(3), shape);
      ring.socket->accidents = true;
      arrange(bench);
      const auto one = [&] {
        if (tx) bench.post_from_chunk(ring, bench.random_bytes(100));
        if (!tx) bench.post_chunk(ring);
        if (!tx) bench.wire_sends_later(bench.frame_for(ring.queue, 100));
        bench.ring_doorbell(ring);
        bench.run_until_drained();
      };
      one();
      bench.fail_read = bench.fail_read_beat = nullptr;
      bench.fail_write = nullptr;
      equal(bench, "ERRORS", 1u, bench.reg(ring, nic::kErrors));
      one();
      equal(bench, "ERRORS", 1u, bench.reg(ring, nic::kErrors));
      equal(bench, "COMPLETIONS", entries + 1, bench.reg(ring, nic::kCompletions));
      equal(bench, "the index of the RX or completion ring", entries + 1, ring.socket->seen);
      equal(bench, "INVALID", 0u, bench.reg(ring, nic::kInvalid));
      expect_cause(bench, ring, cause);
    };
    refuses(0, nic::kCauseDescriptorRead, [&](Bench& bench) {
      bench.fail_read = [tx](std::uint8_t reader, std::uint64_t) {
        return reader == (tx ? kReadTxDesc : kReadRxDesc);
      };
    });
    // A frame that could not be read whole is not sent, and its buffer comes back all the same.
    if (tx) {
      refuses(1, nic::kCausePayload, [&](Bench& bench) {
        bench.fail_read = [](std::uint8_t reader, std::uint64_t) { return reader == kReadPayload; };
      });
    } else {
      refuses(0, nic::kCausePayload, [&](Bench& bench) {
        bench.fail_write = [](std::uint8_t id, std::uint64_t) { return id == kWritePayload; };
      });
    }
    refuses(1, nic::kCauseCompletion, [&](Bench& bench) {
      bench.fail_write = [tx](std::uint8_t id, std::uint64_t) {
        return id == (tx ? kWriteTxCompletion : kWriteCompletion);
      };
    });
  }
}

// Many queues at once, some with a socket and some without, beside late and held back answers.
void mixed(Trial& trial) {
  if (!there(trial)) return;
  for (const std::uint32_t stall : {0u, 40u}) {
    BenchOptions options;
    options.seed = trial.seed() + stall;
    options.latency_jitter = 60;
    options.stall_pct = options.tx_stall_pct = options.gap_pct = stall;
    options.read_order = ReadOrder::kAny;
    Bench& bench = trial.bench(options);
    const std::uint32_t pairs = std::min({4u, trial.queues(false), trial.queues(true)});
    SocketShape shape;
    shape.comp_log2 = trial.log2(4);
    shape.start = 0xFFFFFFF0;
    std::vector<Ring*> rings;
    for (std::uint8_t queue = 0; queue < pairs; ++queue) {
      for (const bool tx : {false, true}) {
        const bool socket = queue % 2 == 0;
        rings.push_back(socket ? &bench.open_for_socket(tx, queue, trial.log2(4), shape)
                               : &bench.open(tx, queue, trial.log2(4), shape.start));
      }
    }
    std::vector<TxFrame> expected;
    for (int round = 0; round < 12; ++round) {
      for (Ring* ring : rings) {
        for (std::uint32_t i = bench.random()() % (ring->size + 1); i > 0; --i) {
          const std::size_t bytes = 1 + bench.random()() % 600;
          const auto offset = static_cast<std::uint32_t>(bench.random()() % 64);
          if (ring->tx) {
            expected.push_back(ring->socket ? bench.post_from_chunk(*ring, bench.random_bytes(bytes), offset)
                                            : bench.post_frame(*ring, bench.random_bytes(bytes), offset));
          } else {
            if (ring->socket) bench.post_chunk(*ring);
            if (!ring->socket) bench.post_buffer(*ring, 700, offset);
            bench.wire_sends_later(bench.frame_for(ring->queue, bytes));
          }
        }
        bench.ring_doorbell(*ring);
      }
      bench.run_until_drained();
    }
    expect_sent(bench, expected);
    for (Ring* ring : rings) {
      equal(bench, "descriptors used up", ring->posted, ring->seen);
      if (ring->socket) expect_entries(bench, *ring, ring->posted - ring->start);
    }
  }
}

// An entry that waits for its neighbour is not kept back by a queue that never lets the port rest.
void no_starving(Trial& trial) {
  if (!there(trial) || trial.queues(false) < 2) return;
  constexpr std::uint32_t kFrames = 240;
  Bench& bench = trial.bench(brisk());
  SocketShape shape;
  shape.comp_log2 = trial.log2(8);
  shape.chunks = kFrames;
  shape.chunk_bytes = 256;
  Ring& busy = bench.open_for_socket(false, 0, trial.log2(8), shape);
  Ring& copies = bench.open(false, 1, trial.log2(3));
  const std::uint32_t frames = std::min(kFrames, busy.size);
  bench.post_buffer(copies, 64);
  bench.ring_doorbell(copies);
  for (std::uint32_t i = 0; i < frames; ++i) {
    bench.post_chunk(busy);
    bench.wire_sends_later(bench.frame_for(0, 64));
    if (i == frames / 4) bench.wire_sends_later(bench.frame_for(1, 64));
  }
  // Memory answers nothing for a while and then all at once: from then on there is always a frame to
  // complete.
  bench.options().write_latency = 400;
  bench.ring_doorbell(busy);
  bench.run(200);
  bench.options().write_latency = 3;
  bench.wait([&] { return copies.seen == copies.posted; });
  bench.require(frames < kFrames || busy.seen - busy.start < frames * 7 / 8,
                "a frame that is copied in its turn, beside a queue that is never at rest",
                "it comes when the other queue is at rest");
  bench.run_until_drained();
  expect_entries(bench, busy, frames);
}

// The queue of a socket becomes one that copies, and the other way round.
void changes(Trial& trial) {
  if (!there(trial)) return;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    const std::uint8_t queue = trial.queue(tx, 1);
    const auto off = [&] {
      bench.write32(Bench::address_of(tx, queue, nic::kControl), 0);
      bench.wait([&] {
        return (bench.read32(Bench::address_of(tx, queue, nic::kState)) & nic::kStateInFlight) == 0;
      });
      bench.write32(Bench::address_of(tx, queue, nic::kZeroCopy), 0);
    };
    for (int round = 0; round < 2; ++round) {
      SocketShape shape;
      shape.comp_log2 = trial.log2(2);
      shape.start = shape.comp_start = 100u * static_cast<std::uint32_t>(round);
      Ring& ring = bench.open_for_socket(tx, queue, trial.log2(3), shape);
      if (tx) send_some(bench, ring, {64, 100, 1000}, 0);
      if (!tx) receive_some(bench, ring, {64, 100, 1000});
      expect_entries(bench, ring, 3);
      off();
      Ring& copies = bench.open(tx, queue, trial.log2(3), 50);
      if (tx) transmit(bench, copies, {64, 1000});
      if (!tx) receive(bench, copies, {64, 1000});
      off();
    }
  }
}

// The upper half of the addresses goes on by one at each place of the rings and words, and in the UMEM.
void addresses(Trial& trial) {
  if (!there(trial)) return;
  SocketShape shape;
  shape.comp_log2 = trial.log2(3);
  shape.chunks = 8;
  std::vector<std::uint64_t> places = {1500, 2200, 3000, 4500, 7000};
  for (std::uint64_t before = 64; before < 1024; before += 64) places.push_back(before);
  for (const bool tx : {false, true}) {
    for (const std::uint64_t before : places) {
      Bench& bench = trial.bench(brisk());
      bench.allocate_before_middle(before);
      Ring& ring = bench.open_for_socket(tx, trial.queue(tx, 1), trial.log2(3), shape);
      if (tx) send_some(bench, ring, some_lengths(), 13);
      if (!tx) receive_some(bench, ring, some_lengths());
      expect_entries(bench, ring, static_cast<std::uint32_t>(some_lengths().size()));
    }
  }
}

}  // namespace

std::vector<Requirement> zero_copy_requirements() {
  constexpr const char* kSource = "Zero-copy queues";
  return {
      {"zero-copy.registers", "every queue keeps what it was told of its socket, held while enabled", kSource,
       kept},
      {"zero-copy.rx", "frames lie in the UMEM, and the RX ring says where, before its index does", kSource,
       receive_in_place},
      {"zero-copy.tx", "frames are read from the UMEM, and the completion ring gives their buffers back",
       kSource, send_in_place},
      {"zero-copy.addresses", "addresses carry from one half into the other", kSource, addresses},
      {"zero-copy.cut", "a frame longer than the room of its chunk is cut, and TRUNCATED counts it", kSource,
       cut},
      {"zero-copy.rx-bounds", "a chunk outside the UMEM is not written, and INVALID counts it", kSource,
       receive_bounds},
      {"zero-copy.tx-bounds", "a frame outside the UMEM is not read or sent, and INVALID counts it", kSource,
       send_bounds},
      {"zero-copy.refused", "a refused access costs its own frame and no other", kSource, refused},
      {"zero-copy.mixed", "queues with and without a socket work side by side", kSource, mixed},
      {"zero-copy.turns", "an entry of another queue that waits for its neighbour is not kept back", kSource,
       no_starving},
      {"zero-copy.changes", "a queue that was drained can get a socket, or lose it", kSource, changes},
  };
}

}  // namespace ringproof::conform
