// What an engine may have or not, and FEATURES says: judged where it is there.

#include <algorithm>
#include <functional>
#include <optional>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

// Queues that wait are looked at once in so many cycles.
constexpr std::uint64_t kRoundCycles = 64;
// And what is due takes so long on its way, in an engine that does one thing at a time.
constexpr std::uint64_t kWayCycles = 200;
constexpr std::uint64_t kSoonCycles = kRoundCycles + kWayCycles;
constexpr std::uint32_t kLongCycles = 60'000;

struct Feature {
  std::uint32_t bit;
  std::vector<std::uint32_t> registers;
};
const std::vector<Feature>& features() {
  static const std::vector<Feature> kAll = {
      {nic::kFeaturesCoalesce, {nic::kCoalesce}},
      {nic::kFeaturesModeration, {nic::kModeration}},
      {nic::kFeaturesWeight, {nic::kWeight}},
      {nic::kFeaturesCause, {nic::kCause}},
      {nic::kFeaturesCounters, {nic::kFetches, nic::kPublishes, nic::kInterrupts, nic::kRefused}},
      {nic::kFeaturesZeroCopy,
       {nic::kZeroCopy, nic::kCompStart, nic::kCompAddrLow, nic::kCompAddrHigh, nic::kUmemBaseLow,
        nic::kUmemBaseHigh, nic::kUmemLimitLow, nic::kUmemLimitHigh, nic::kFrameRoom, nic::kCompletions,
        nic::kInvalid, nic::kTruncated}}};
  return kAll;
}

std::string register_at(std::uint16_t address) { return fmt::format("the register at {:#06x}", address); }

constexpr std::uint32_t pacing(std::uint32_t count, std::uint32_t cycles) { return cycles << 16 | count; }

bool holds_within(Bench& bench, std::uint64_t cycles, const std::function<bool()>& holds) {
  for (std::uint64_t i = 0; i < cycles && !holds(); ++i) bench.cycle();
  return holds();
}

// What has been published if every frame that is finished is.
std::uint32_t finished(const Ring& ring) { return ring.tx ? ring.start + ring.sent : ring.entries; }
std::uint32_t published(const Ring& ring) { return ring.seen - ring.start; }

// One frame more, of which the engine knows now.
void begin_frame(Bench& bench, Ring& ring) {
  if (ring.tx) bench.post_frame(ring, bench.random_bytes(64));
  if (!ring.tx) bench.post_buffer(ring, 64);
  if (!ring.tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
  bench.ring_doorbell(ring);
}

// Returns in the cycle in which it is finished.
void finish_frame(Bench& bench, Ring& ring) {
  begin_frame(bench, ring);
  bench.wait([&] { return finished(ring) == ring.posted; });
}

// In the midst of what waits for CYCLES comes another frame, and does not put it off.
void one_more_meanwhile(Bench& bench, Ring& ring, std::uint32_t cycles) {
  if (cycles < 1'000) return;
  bench.run(cycles / 2);
  begin_frame(bench, ring);
}

// What began at `from` ends now, CYCLES later and not much more.
void expect_waited(Bench& bench, const char* what, std::uint64_t from, std::uint32_t cycles) {
  const std::uint64_t waited = bench.now() - from;
  const std::uint64_t most = cycles + kSoonCycles;
  bench.require(waited >= cycles && waited <= most,
                fmt::format("{} after {} to {} cycles", what, cycles, most), fmt::format("after {}", waited));
}

// --- registers ---

void absent(Trial& trial) {
  Bench& bench = trial.bench();
  const std::uint32_t there = bench.read32(nic::kRegisterFeatures);
  bench.write32(nic::kRegisterFeatures, ~there);
  equal(bench, "FEATURES after a write", there, bench.read32(nic::kRegisterFeatures));
  std::uint32_t known = 0;
  for (const Feature& feature : features()) {
    known |= feature.bit;
    if ((there & feature.bit) != 0) continue;
    for (const bool tx : {false, true}) {
      for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
        for (const std::uint32_t reg : feature.registers) {
          const std::uint16_t address = Bench::address_of(tx, queue, reg);
          bench.write32(address, 0xFFFFFFFF);
          equal(bench, register_at(address), 0u, bench.read32(address));
        }
      }
    }
  }
  known |= nic::kFeaturesRss;
  for (std::uint32_t address = nic::kRegisterRssControl;
       (there & nic::kFeaturesRss) == 0 && address < nic::kRegisterRssTable + 4 * nic::kRssTableWords;
       address += 4) {
    const auto at = static_cast<std::uint16_t>(address);
    bench.write32(at, 0xFFFFFFFF);
    equal(bench, register_at(at), 0u, bench.read32(at));
  }
  equal(bench, "FEATURES, the bits without a name", 0u, there & ~known);
}

// Each queue keeps its own values of what can be set, while it is off and on, until a reset.
void kept(Trial& trial) {
  if (!trial.has(nic::kFeaturesCoalesce | nic::kFeaturesModeration | nic::kFeaturesWeight)) return;
  constexpr std::uint32_t kPacing = nic::kCoalesceCount | nic::kCoalesceCycles;
  Bench& bench = trial.bench();
  const std::uint32_t there = bench.read32(nic::kRegisterFeatures);
  const auto each = [&](const auto& visit) {
    for (const bool tx : {false, true}) {
      for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
        const std::uint32_t salt = 0x01010101 * (queue + (tx ? 64 : 0));
        const auto at = [&](std::uint32_t reg) { return Bench::address_of(tx, queue, reg); };
        if (there & nic::kFeaturesCoalesce) visit(at(nic::kCoalesce), kPacing, 0xFFFFFFFF - salt);
        if (there & nic::kFeaturesModeration) visit(at(nic::kModeration), kPacing, 0xEDCBA9FE - salt);
        if (tx && there & nic::kFeaturesWeight)
          visit(at(nic::kWeight), nic::kWeightFrames, 0xFFFFFFF0 - salt);
      }
    }
  };
  for (const bool on : {false, true}) {
    if (on) bench.open_rx(trial.rx(0), 1);
    if (on) bench.open_tx(trial.tx(0), 1);
    const std::uint32_t flip = on ? 0xFFFFFFFF : 0;
    each([&](std::uint16_t address, std::uint32_t, std::uint32_t value) {
      bench.write32(address, value ^ flip);
    });
    each([&](std::uint16_t address, std::uint32_t fields, std::uint32_t value) {
      equal(bench, register_at(address), (value ^ flip) & fields, bench.read32(address));
    });
  }
  bench.reset(1);
  each([&](std::uint16_t address, std::uint32_t, std::uint32_t) {
    equal(bench, register_at(address) + " after a reset", 0u, bench.read32(address));
  });
}

// --- publication ---

void coalesce_by_count(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 3), trial.log2(4), 100);
    const std::uint32_t count = std::min(3u, ring.size);
    bench.set_reg(ring, nic::kCoalesce, pacing(count, kLongCycles));
    for (std::uint32_t frames = 1; frames <= 2 * count + 1; ++frames) {
      finish_frame(bench, ring);
      bench.run(kSoonCycles);
      equal(bench, fmt::format("with COUNT {}, frames published of {}", count, frames),
            frames / count * count, published(ring));
    }
  }
}

void coalesce_by_time(Trial& trial) {
  for (const bool tx : {false, true}) {
    for (const std::uint32_t cycles : {100u, 2'500u, tx ? 1u : 0xFFFFu}) {
      Bench& bench = trial.bench(brisk());
      Ring& ring = bench.open(tx, trial.queue(tx, 2), trial.log2(4), 100);
      bench.set_reg(ring, nic::kCoalesce, pacing(0, cycles));
      finish_frame(bench, ring);
      const std::uint64_t first = bench.now();
      one_more_meanwhile(bench, ring, cycles);
      holds_within(bench, cycles + 2 * kSoonCycles, [&] { return published(ring) != 0; });
      if (cycles >= 100) expect_waited(bench, "an index write", first, cycles);
      holds_within(bench, cycles + 2 * kSoonCycles, [&] { return ring.seen == ring.posted; });
      equal(bench, "the index in the end", ring.posted, ring.seen);
    }
  }
}

void coalesce_nothing(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(4));
    bench.set_reg(ring, nic::kCoalesce, pacing(200, 0));
    for (std::uint32_t frames = 1; frames <= 3; ++frames) {
      finish_frame(bench, ring);
      holds_within(bench, kSoonCycles, [&] { return published(ring) == frames; });
      equal(bench, "with CYCLES 0, frames published at once", frames, published(ring));
    }
  }
}

// A queue waits long; others meanwhile do as their own registers say, from their own first entry on.
void coalesce_own_queue(Trial& trial) {
  constexpr std::uint32_t kCycles = 1'000;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& waits = bench.open(tx, 0, trial.log2(4));
    std::vector<Ring*> others = {&bench.open(!tx, 0, trial.log2(4))};
    if (trial.queues(tx) > 1) others.push_back(&bench.open(tx, 1, trial.log2(4)));
    bench.set_reg(waits, nic::kCoalesce, pacing(0, kLongCycles));
    finish_frame(bench, waits);
    for (Ring* ring : others) {
      finish_frame(bench, *ring);
      bench.run(kSoonCycles);
      equal(bench, "frames published of a queue beside one that waits", 1u, published(*ring));
      bench.set_reg(*ring, nic::kCoalesce, pacing(0, kCycles));
      finish_frame(bench, *ring);
      const std::uint64_t first = bench.now();
      holds_within(bench, kCycles + 2 * kSoonCycles, [&] { return published(*ring) == 2; });
      expect_waited(bench, "an index write of a queue beside one that waits", first, kCycles);
    }
    equal(bench, "frames published of the one that waits", 0u, published(waits));
  }
}

void coalesce_count(Trial& trial) {
  if (!trial.has(nic::kFeaturesCoalesce)) return;
  coalesce_by_count(trial);
  coalesce_own_queue(trial);
}

void coalesce_time(Trial& trial) {
  if (!trial.has(nic::kFeaturesCoalesce)) return;
  coalesce_by_time(trial);
  coalesce_nothing(trial);
}

void coalesce_disabled(Trial& trial) {
  if (!trial.has(nic::kFeaturesCoalesce)) return;
  constexpr std::uint32_t kCycles = 3'000;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(4));
    bench.set_reg(ring, nic::kCoalesce, pacing(200, kCycles));
    finish_frame(bench, ring);
    const std::uint64_t first = bench.now();
    bench.set_reg(ring, nic::kControl, 0);
    while ((bench.reg(ring, nic::kState) & nic::kStateInFlight) != 0) {
      bench.require(bench.now() - first <= kCycles + kSoonCycles, "STATE bit 1 clear once CYCLES have passed",
                    fmt::format("it is set after {}", bench.now() - first));
    }
    equal(bench, "frames published when STATE bit 1 is clear", 1u, published(ring));
  }
}

// --- interrupts ---

void moderation_by_count(Trial& trial) {
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 3), trial.log2(4), 0xFFFFFFFE);
    bench.set_reg(ring, nic::kModeration, pacing(3, kLongCycles));
    bench.arm(ring, ring.start);
    for (std::uint32_t frames = 1; frames <= 4; ++frames) {
      finish_frame(bench, ring);
      bench.run(kSoonCycles);
      equal(bench, "frames published", frames, published(ring));
      equal(bench, fmt::format("with COUNT 3, requests after {} frames", frames), frames < 3 ? 0u : 1u,
            bench.irqs().size());
    }
  }
}

void moderation_own_queue(Trial& trial) {
  constexpr std::uint32_t kCycles = 1'000;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& waits = bench.open(tx, 0, trial.log2(4));
    std::vector<Ring*> others = {&bench.open(!tx, 0, trial.log2(4))};
    if (trial.queues(tx) > 1) others.push_back(&bench.open(tx, 1, trial.log2(4)));
    bench.set_reg(waits, nic::kModeration, pacing(0, kLongCycles));
    bench.arm(waits, 0);
    finish_frame(bench, waits);
    for (Ring* ring : others) {
      bench.arm(*ring, 0);
      finish_frame(bench, *ring);
      bench.run(kSoonCycles);
      equal(bench, "requests of a queue beside one that waits", 1u, ring->asked);
      bench.set_reg(*ring, nic::kModeration, pacing(0, kCycles));
      bench.arm(*ring, 1);
      finish_frame(bench, *ring);
      bench.wait([&] { return published(*ring) == 2; });
      const std::uint64_t first = bench.now();
      holds_within(bench, kCycles + 2 * kSoonCycles, [&] { return ring->asked == 2; });
      expect_waited(bench, "a request of a queue beside one that waits", first, kCycles);
    }
    equal(bench, "requests of the one that waits", 0u, waits.asked);
  }
}

void moderation_count(Trial& trial) {
  if (!trial.has(nic::kFeaturesModeration)) return;
  moderation_by_count(trial);
  moderation_own_queue(trial);
}

// From the publication on, or from the arming, whichever comes last.
void moderation_time(Trial& trial) {
  if (!trial.has(nic::kFeaturesModeration)) return;
  for (const bool tx : {false, true}) {
    for (const std::uint32_t cycles : {0u, 100u, 2'500u, tx ? 1u : 0xFFFFu}) {
      Bench& bench = trial.bench(brisk());
      Ring& ring = bench.open(tx, trial.queue(tx, 2), trial.log2(4));
      bench.set_reg(ring, nic::kModeration, pacing(cycles == 0 ? 200 : 0, cycles));
      bench.arm(ring, 0);
      finish_frame(bench, ring);
      bench.wait([&] { return published(ring) == 1; });
      const std::uint64_t first = bench.now();
      one_more_meanwhile(bench, ring, cycles);
      holds_within(bench, cycles + 2 * kSoonCycles, [&] { return !bench.irqs().empty(); });
      expect_waited(bench, "a request of a queue that was armed", first, cycles);
      if (cycles > 10'000) continue;
      bench.run(kSoonCycles);
      const std::uint64_t again = bench.now();
      bench.arm(ring, 0);
      holds_within(bench, cycles + 2 * kSoonCycles, [&] { return bench.irqs().size() == 2; });
      expect_waited(bench, "a request of a queue that had published before it was armed", again, cycles);
    }
  }
}

void moderation_seen(Trial& trial) {
  constexpr std::uint32_t kCycles = 1'000;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(4));
    bench.set_reg(ring, nic::kModeration, pacing(0, kCycles));
    bench.arm(ring, 0);
    finish_frame(bench, ring);
    bench.wait([&] { return published(ring) == 1; });
    bench.arm(ring, 1);
    bench.run(kCycles + kSoonCycles);
    equal(bench, "requests for what the host has seen", 0u, bench.irqs().size());
    // What it has not seen is asked for, from then on; also when it comes while the former still waits.
    finish_frame(bench, ring);
    bench.wait([&] { return published(ring) == 2; });
    bench.run(kCycles / 2);
    bench.arm(ring, 2);
    finish_frame(bench, ring);
    bench.wait([&] { return published(ring) == 3; });
    const std::uint64_t first = bench.now();
    holds_within(bench, kCycles + 2 * kSoonCycles, [&] { return !bench.irqs().empty(); });
    expect_waited(bench, "a request for what it has not", first, kCycles);
  }
}

// An arming that waits ends with the queue.
void moderation_disabled(Trial& trial) {
  constexpr std::uint32_t kCycles = 1'000;
  for (const bool tx : {false, true}) {
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(tx, trial.queue(tx, 1), trial.log2(4));
    bench.set_reg(ring, nic::kModeration, pacing(0, kCycles));
    bench.arm(ring, 0);
    finish_frame(bench, ring);
    bench.wait([&] { return published(ring) == 1; });
    bench.set_reg(ring, nic::kControl, 0);
    bench.run(kCycles + kSoonCycles);
    bench.restart(ring, 1'000);
    bench.run(kCycles + kSoonCycles);
    equal(bench, "requests of a queue that was disabled meanwhile", 0u, bench.irqs().size());
  }
}

void moderation_in_vain(Trial& trial) {
  if (!trial.has(nic::kFeaturesModeration)) return;
  moderation_seen(trial);
  moderation_disabled(trial);
}

// --- turns ---

// How many frames each queue sent at a time, from one frame to another, without the first and the last time:
// these may be cut.
std::vector<std::pair<std::uint8_t, std::uint32_t>> turns(const std::vector<TxFrame>& sent, std::size_t from,
                                                          std::size_t to) {
  std::vector<std::pair<std::uint8_t, std::uint32_t>> turns;
  for (std::size_t i = from; i < to; ++i) {
    if (turns.empty() || turns.back().first != sent[i].queue) turns.emplace_back(sent[i].queue, 0);
    ++turns.back().second;
  }
  if (!turns.empty()) turns.pop_back();
  if (!turns.empty()) turns.erase(turns.begin());
  return turns;
}

// The link is slow, so that both queues have frames at hand whenever it is somebody's turn: but for the first
// frames, when one was alone, and the last.
void weight_used(Trial& trial) {
  constexpr std::uint32_t kFrames = 64;
  constexpr std::uint32_t kAside = 16;
  if (trial.shape().ring_log2_max < 6) return;  // too few frames to tell
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> weights = {{0, 0}, {3, 1}, {1, 5}, {4, 2}};
  for (const auto& [one, other] : weights) {
    BenchOptions options = brisk();
    options.tx_stall_pct = 80;
    Bench& bench = trial.bench(options);
    Ring& first = bench.open_tx(0, 6);
    Ring& second = bench.open_tx(trial.tx(9) == 0 ? 1 : trial.tx(9), 6);
    bench.set_reg(first, nic::kWeight, one);
    bench.set_reg(second, nic::kWeight, other);
    std::vector<TxFrame> expected;
    for (Ring* ring : {&first, &second}) {
      for (std::uint32_t i = 0; i < kFrames; ++i) {
        expected.push_back(bench.post_frame(*ring, bench.random_bytes(300)));
      }
      bench.ring_doorbell(*ring);
    }
    const auto left = [&] { return kFrames - std::max(first.sent, second.sent); };
    bench.wait([&] { return left() <= kAside; });
    const std::size_t last = bench.sent().size();
    bench.run_until_drained();
    expect_sent(bench, expected);
    const auto seen = turns(bench.sent(), kAside, last);
    bench.require(seen.size() >= 4, "two queues that take turns", fmt::format("{} turns", seen.size()));
    for (const auto& [queue, frames] : seen) {
      const std::uint32_t wanted = std::max(queue == first.queue ? one : other, 1u);
      equal(bench, fmt::format("with WEIGHT {} against {}, frames in a turn of queue {}", one, other, queue),
            wanted, frames);
    }
  }
}

void weight_lost(Trial& trial) {
  Bench& bench = trial.bench(brisk());
  Ring& heavy = bench.open_tx(0, trial.log2(4));
  Ring& light = bench.open_tx(1, trial.log2(4));
  bench.set_reg(heavy, nic::kWeight, 200);
  for (int i = 0; i < 3; ++i) {
    transmit(bench, heavy, {64});
    transmit(bench, light, {64, 64});
  }
}

void weight(Trial& trial) {
  if (!trial.has(nic::kFeaturesWeight)) return;
  if (trial.queues(true) < 2) return;  // nobody to take turns with
  weight_used(trial);
  weight_lost(trial);
}

// --- what went wrong ---

struct Wrong {
  const char* what;
  bool tx;
  std::uint32_t cause;
  std::optional<std::uint8_t> refused_read, refused_write;
  std::uint32_t length = 64;  // TX: of the descriptor
};
const std::vector<Wrong>& wrongs() {
  static const std::vector<Wrong> kAll = {
      {"a refused RX descriptor", false, nic::kCauseDescriptorRead, kReadRxDesc, {}},
      {"refused RX payload", false, nic::kCausePayload, {}, kWritePayload},
      {"a refused completion entry", false, nic::kCauseCompletion, {}, kWriteCompletion},
      {"a refused RX index", false, nic::kCauseIndex, {}, kWriteRxIndex},
      {"a wrong RX doorbell", false, nic::kCauseDoorbell, {}, {}},
      {"a refused TX descriptor", true, nic::kCauseDescriptorRead, kReadTxDesc, {}},
      {"a TX descriptor of length 0", true, nic::kCauseDescriptor, {}, {}, 0},
      {"a TX descriptor of length 65,536", true, nic::kCauseDescriptor, {}, {}, 65'536},
      {"refused TX payload", true, nic::kCausePayload, kReadPayload, {}},
      {"a refused TX index", true, nic::kCauseIndex, {}, kWriteTxIndex},
      {"a wrong TX doorbell", true, nic::kCauseDoorbell, {}, {}}};
  return kAll;
}

void go_wrong(Bench& bench, Ring& ring, const Wrong& wrong) {
  if (wrong.cause == nic::kCauseDoorbell) {
    bench.set_reg(ring, nic::kDoorbell, ring.posted + ring.size + 1);
    return;
  }
  bench.fail_read = [&](std::uint8_t id, std::uint64_t) { return id == wrong.refused_read; };
  bench.fail_write = [&](std::uint8_t id, std::uint64_t) { return id == wrong.refused_write; };
  if (ring.tx) bench.post(ring, bench.allocate(65'536), wrong.length);
  if (!ring.tx) bench.post_buffer(ring, 64);
  if (!ring.tx) bench.wire_sends_later(bench.frame_for(ring.queue, 64));
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  bench.fail_read = bench.fail_write = nullptr;
}

void expect_cause(Bench& bench, const std::string& when, const Ring& ring, std::uint32_t cause) {
  const std::uint32_t seen = bench.reg(ring, nic::kCause);
  bench.require(seen == cause, fmt::format("CAUSE = {:#x} {}", cause, when), fmt::format("{:#x}", seen));
}

void cause_set(Trial& trial) {
  if (!trial.has(nic::kFeaturesCause)) return;
  for (const Wrong& wrong : wrongs()) {
    const std::string after = fmt::format("after {}", wrong.what);
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(wrong.tx, trial.queue(wrong.tx, 7), trial.log2(3));
    std::vector<Ring*> others = {&bench.open(!wrong.tx, trial.queue(!wrong.tx, 7), trial.log2(3))};
    if (trial.queues(wrong.tx) > 1) {
      others.push_back(&bench.open(wrong.tx, trial.queue(wrong.tx, ring.queue + 1), trial.log2(3)));
    }
    expect_cause(bench, "when nothing has happened", ring, 0);
    go_wrong(bench, ring, wrong);
    expect_cause(bench, after, ring, wrong.cause);
    for (const Ring* other : others) expect_cause(bench, after + " of another queue", *other, 0);
    // Another mistake sets another bit.
    if (wrong.cause == nic::kCauseDoorbell) continue;
    bench.set_reg(ring, nic::kDoorbell, ring.posted + ring.size + 1);
    expect_cause(bench, after + " and a wrong doorbell", ring, wrong.cause | nic::kCauseDoorbell);
  }
}

void cause_cleared(Trial& trial) {
  if (!trial.has(nic::kFeaturesCause)) return;
  for (const Wrong& wrong : wrongs()) {
    const std::string after = fmt::format("after {}", wrong.what);
    Bench& bench = trial.bench(brisk());
    Ring& ring = bench.open(wrong.tx, trial.queue(wrong.tx, 2), trial.log2(3));
    go_wrong(bench, ring, wrong);
    bench.set_reg(ring, nic::kCause, ~wrong.cause);
    expect_cause(bench, after + " when its bit is not cleared", ring, wrong.cause);
    bench.set_reg(ring, nic::kCause, wrong.cause);
    expect_cause(bench, after + " when its bit is cleared", ring, 0);
    equal(bench, "ERRORS " + after, wrong.cause == nic::kCauseDoorbell ? 0u : 1u,
          bench.reg(ring, nic::kErrors));
    go_wrong(bench, ring, wrong);
    expect_cause(bench, after + " once more", ring, wrong.cause);
    bench.set_reg(ring, nic::kControl, 0);
    bench.run_until_drained();
    expect_cause(bench, after + " when the queue is disabled", ring, wrong.cause);
    bench.restart(ring, 1'000);
    expect_cause(bench, after + " when it is enabled again", ring, 0);
  }
}

// --- counters ---

// Each is what was seen at the pins.
void counters(Trial& trial) {
  if (!trial.has(nic::kFeaturesCounters)) return;
  Bench& bench = trial.bench(brisk());
  std::vector<Ring*> rings;
  for (const bool tx : {false, true}) {
    for (std::uint32_t i = 0; i < std::min(3u, trial.queues(tx)); ++i) {
      rings.push_back(&bench.open(tx, trial.queue(tx, i), trial.log2(4)));
    }
  }
  const auto lies_in = [](std::uint64_t address, std::uint64_t begin, std::uint64_t bytes) {
    return address - begin < std::max<std::uint64_t>(bytes, 64);
  };
  std::vector<std::uint32_t> fetches(rings.size()), publishes(rings.size()), refused(rings.size());
  bench.fail_read = [&](std::uint8_t id, std::uint64_t address) {
    for (std::size_t i = 0; i < rings.size(); ++i) {
      if (id == kReadPayload || !lies_in(address, rings[i]->desc_base, 16ull * rings[i]->size)) continue;
      ++fetches[i];
    }
    return false;
  };
  bench.fail_write = [&](std::uint8_t id, std::uint64_t address) {
    for (std::size_t i = 0; i < rings.size(); ++i) {
      const bool index = id == kWriteRxIndex || id == kWriteTxIndex;
      if (index && lies_in(address, rings[i]->index_addr / 64 * 64, 64)) ++publishes[i];
    }
    return false;
  };
  const auto expect_counts = [&](const char* when) {
    for (std::size_t i = 0; i < rings.size(); ++i) {
      const Ring& ring = *rings[i];
      const auto vector = static_cast<std::uint8_t>(ring.queue + (ring.tx ? nic::kTxVectorBase : 0));
      const auto requests = std::count(bench.irqs().begin(), bench.irqs().end(), vector);
      const auto expect = [&](const char* name, std::uint32_t reg, std::uint32_t seen) {
        equal(bench, fmt::format("{} of {} queue {} {}", name, ring.tx ? "TX" : "RX", ring.queue, when), seen,
              bench.reg(ring, reg));
      };
      expect("FETCHES", nic::kFetches, fetches[i]);
      expect("PUBLISHES", nic::kPublishes, publishes[i]);
      expect("INTERRUPTS", nic::kInterrupts, static_cast<std::uint32_t>(requests));
      expect("REFUSED", nic::kRefused, refused[i]);
    }
  };
  for (std::size_t round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < rings.size(); ++i) {
      Ring& ring = *rings[i];
      if (i >= round) bench.arm(ring, ring.seen);
      const std::vector<std::size_t> lengths(std::min<std::size_t>(i + round + 1, ring.size), 64);
      if (ring.tx) transmit(bench, ring, lengths);
      if (!ring.tx) receive(bench, ring, lengths);
      for (; refused[i] < i * round; ++refused[i]) {
        bench.set_reg(ring, nic::kDoorbell, ring.posted + ring.size + 1);
      }
    }
    expect_counts("with traffic");
  }
  for (const Ring* ring : rings) {
    for (const std::uint32_t reg : {nic::kFetches, nic::kPublishes, nic::kInterrupts, nic::kRefused}) {
      bench.set_reg(*ring, reg, 0);
    }
  }
  expect_counts("after writes to them");
  for (Ring* ring : rings) {
    bench.set_reg(*ring, nic::kControl, 0);
    bench.set_reg(*ring, nic::kDoorbell, ring->posted + ring->size + 1);  // ignored
    bench.restart(*ring, 1'000);
  }
  expect_counts("after the next enable");
}

}  // namespace

std::vector<Requirement> feature_requirements() {
  constexpr const char* kSource = "Registers";
  return {
      {"features.absent", "registers of what FEATURES does not name read 0 and ignore writes", kSource,
       absent},
      {"features.registers", "every queue keeps its own COALESCE, MODERATION and WEIGHT, also while enabled",
       kSource, kept},
      {"features.coalesce-count",
       "the index of a queue waits for COALESCE.COUNT entries, and holds back no other queue", kSource,
       coalesce_count},
      {"features.coalesce-time",
       "the first entry waits COALESCE.CYCLES, and up to 64 more; with 0 nothing waits", kSource,
       coalesce_time},
      {"features.coalesce-drain", "a queue that is disabled publishes what has waited", "Resets",
       coalesce_disabled},
      {"features.moderation-count",
       "an armed queue asks when its index has moved by MODERATION.COUNT, whatever others wait for", kSource,
       moderation_count},
      {"features.moderation-time", "or MODERATION.CYCLES after it differs, and up to 64 more; with 0 at once",
       kSource, moderation_time},
      {"features.moderation-seen",
       "it does not ask when the host has armed with the index meanwhile, or disabled the queue", kSource,
       moderation_in_vain},
      {"features.weight", "TX queues take turns of WEIGHT frames; one that has none left loses its turn",
       "Rings", weight},
      {"features.cause-set", "each mistake sets its bit of CAUSE, in its queue and no other", kSource,
       cause_set},
      {"features.cause-cleared", "a bit of CAUSE stays until it is written with 1, or the next enable",
       kSource, cause_cleared},
      {"features.counters", "FETCHES, PUBLISHES, INTERRUPTS and REFUSED are what was seen at the pins",
       kSource, counters},
  };
}

}  // namespace ringproof::conform
