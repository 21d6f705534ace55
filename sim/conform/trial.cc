#include "sim/conform/trial.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ringproof::conform {
namespace {

constexpr std::uint64_t kStuckCyclesMax = 100'000;

}  // namespace

Bench& Trial::bench(BenchOptions options, std::uint64_t x_seed) {
  const std::uint32_t number = benches_++;
  options.seed += seed_ - 1;
  const bool traced = wave_ && wave_->bench == number;
  bench_.reset();  // two engines at a time have no use, and one waveform is open at most
  bench_ = std::make_unique<Bench>(maker_(traced ? wave_->path : "", x_seed), options,
                                   [this, number](const Broken& broken) {
                                     if (!broken_) broken_ = Verdict{false, broken, number, false};
                                   });
  bench_->stop_at_failure(traced ? wave_->cycles_after : 0);
  bench_->watch_assertions();
  if (traced) bench_->engine().set_wave_start_ps(edge_ps(wave_->first_cycle));
  return *bench_;
}

bool Trial::has(std::uint32_t feature) {
  absent_ = (bench().read32(nic::kRegisterFeatures) & feature) == 0;
  return !absent_;
}

Verdict Trial::verdict() const {
  Verdict passed;
  passed.absent = absent_;
  return broken_.value_or(passed);
}

void Trial::finish_wave() {
  if (bench_) bench_->engine().finish_wave();
}

void Trial::ended_by(const char* what) {
  if (broken_) return;
  broken_ = Verdict{
      false, {bench_ ? bench_->now() : 0, "the engine to go on", what}, benches_ ? benches_ - 1 : 0, false};
}

Verdict judge(const Requirement& requirement, const EngineMaker& maker, const EngineShape& shape,
              std::uint64_t seed, const std::optional<WaveRequest>& wave) {
  Trial trial(maker, shape, seed, wave);
  try {
    requirement.check(trial);
  } catch (const Stopped&) {
  } catch (const nic::WaveError&) {
    throw;
  } catch (const std::exception& error) {
    trial.ended_by(error.what());
  }
  trial.finish_wave();
  return trial.verdict();
}

EngineShape read_shape(const EngineMaker& maker) {
  EngineShape shape;
  Trial trial(maker, shape, 1, std::nullopt);
  try {
    Bench& bench = trial.bench();
    const std::uint32_t queues = bench.read32(nic::kRegisterQueues);
    const std::uint32_t limits = bench.read32(nic::kRegisterLimits);
    shape.rx_queues = std::clamp(queues & 0xFFFF, 1u, kQueuesMax);
    shape.tx_queues = std::clamp(queues >> 16, 1u, kQueuesMax);
    shape.ring_log2_max = std::clamp(limits & 0xFF, 1u, nic::kRingLog2Max);
  } catch (const std::exception&) {
    // The requirements on registers will tell.
  }
  return shape;
}

const std::vector<Requirement>& requirements() {
  static const std::vector<Requirement> kAll = [] {
    std::vector<Requirement> all;
    for (auto* group : {register_requirements, ring_requirements, receive_requirements, transmit_requirements,
                        interrupt_requirements, refusal_requirements, bus_requirements, life_requirements,
                        feature_requirements, zero_copy_requirements, rss_requirements, rate_requirements}) {
      for (const Requirement& requirement : group()) all.push_back(requirement);
    }
    return all;
  }();
  return kAll;
}

// --- what many of them do ---

void receive(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths, std::uint32_t offset) {
  const std::uint32_t before = ring.seen;
  for (const std::size_t bytes : lengths) {
    bench.post_buffer(ring, static_cast<std::uint32_t>(bytes), offset);
    bench.wire_sends_later(bench.frame_for(ring.queue, bytes));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  equal(bench, "frames published", lengths.size(), ring.seen - before);
}

void transmit(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths, std::uint32_t offset) {
  const std::uint32_t before = ring.seen;
  const std::size_t first = bench.sent().size();
  std::vector<TxFrame> expected;
  expected.reserve(lengths.size());
  for (const std::size_t bytes : lengths) {
    expected.push_back(bench.post_frame(ring, bench.random_bytes(bytes), offset));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  expect_sent(bench, expected, first);
  equal(bench, "frames published", lengths.size(), ring.seen - before);
}

void expect_sent(Bench& bench, const std::vector<TxFrame>& expected, std::size_t first) {
  expect_frames(bench, expected, bench.sent(), first);
}

void expect_frames(Bench& bench, const std::vector<TxFrame>& expected, const std::vector<TxFrame>& seen,
                   std::size_t first) {
  std::array<std::vector<const TxFrame*>, kQueuesMax> due, sent;
  for (const TxFrame& frame : expected) due[frame.queue].push_back(&frame);
  for (std::size_t i = first; i < seen.size(); ++i) sent[seen[i].queue % kQueuesMax].push_back(&seen[i]);
  for (std::size_t queue = 0; queue < kQueuesMax; ++queue) {
    equal(bench, fmt::format("frames sent from queue {}", queue), due[queue].size(), sent[queue].size());
    for (std::size_t i = 0; i < due[queue].size(); ++i) {
      const TxFrame& wanted = *due[queue][i];
      const TxFrame& got = *sent[queue][i];
      if (got == wanted) continue;
      const auto told = [](const TxFrame& frame) {
        return fmt::format("{} bytes{}", frame.bytes.size(), frame.error ? " with the error bit" : "");
      };
      const bool only_bytes = got.bytes.size() == wanted.bytes.size() && got.error == wanted.error;
      bench.require(false, fmt::format("frame {} of queue {} sent as {}", i, queue, told(wanted)),
                    only_bytes ? "other bytes" : told(got));
    }
  }
}

std::vector<TxFrame> run_traffic(Trial& trial, Bench& bench, const Traffic& traffic) {
  std::vector<TxFrame> posted;
  std::vector<Ring*> rings_in, rings_out;
  const std::uint32_t rx_queues = std::min(traffic.queues, trial.queues(false));
  const std::uint32_t tx_queues = std::min(traffic.queues, trial.queues(true));
  rings_in.reserve(rx_queues);
  rings_out.reserve(tx_queues);
  for (std::uint8_t queue = 0; queue < rx_queues; ++queue) {
    rings_in.push_back(&bench.open_rx(queue, trial.log2(1 + queue % 5u), 0xFFFFFFF0u + queue));
  }
  for (std::uint8_t queue = 0; queue < tx_queues; ++queue) {
    rings_out.push_back(&bench.open_tx(queue, trial.log2(1 + (queue + 3u) % 5u), 0xFFFFFFF0u - queue));
  }
  const auto random = [&](std::size_t limit) { return static_cast<std::uint32_t>(bench.random()() % limit); };
  int wire_left = traffic.frames, tx_left = traffic.frames;
  std::uint64_t moved = 0, moved_at = bench.now();
  while (wire_left > 0 || tx_left > 0) {
    const std::uint64_t moves = bench.sent().size() + bench.drops() + bench.index_writes();
    if (std::exchange(moved, moves) != moves) moved_at = bench.now();
    bench.require(bench.now() - moved_at < kStuckCyclesMax, "frames to move",
                  fmt::format("none in {} cycles, while the host posts and rings", kStuckCyclesMax));
    Ring& in = *rings_in[random(rx_queues)];
    Ring& out = *rings_out[random(tx_queues)];
    for (std::uint32_t count = random(in.size + 1); count > 0; --count) {
      if (in.posted - in.seen == in.size) break;
      bench.post_buffer(in, random(traffic.bytes_max + 100), random(64));
    }
    for (std::uint32_t count = random(out.size + 1); count > 0 && tx_left > 0; --count, --tx_left) {
      if (out.posted - out.seen == out.size) break;
      posted.push_back(bench.post_frame(out, bench.random_bytes(1 + random(traffic.bytes_max)), random(64)));
    }
    bench.post_write32(Bench::address_of(false, in.queue, nic::kDoorbell), in.posted);
    bench.post_write32(Bench::address_of(true, out.queue, nic::kDoorbell), out.posted);
    if (random(4) == 0) bench.post_write32(Bench::address_of(false, in.queue, nic::kIrqArm), in.seen);
    if (random(4) == 0) bench.post_write32(Bench::address_of(true, out.queue, nic::kIrqArm), out.seen);
    for (std::uint32_t count = random(4); count > 0 && wire_left > 0; --count, --wire_left) {
      // One queue more than are open: what comes for it is discarded.
      const auto to = static_cast<std::uint8_t>(random(rx_queues + 1) % kQueuesMax);
      bench.wire_sends(bench.frame_for(to, 1 + random(traffic.bytes_max)));
    }
    bench.run(random(60));
  }
  bench.run_until_drained();
  return posted;
}

}  // namespace ringproof::conform
