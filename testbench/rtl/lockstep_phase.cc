#include "testbench/rtl/lockstep_phase.h"

#include <algorithm>

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kShutOneIn = 3000;

std::size_t index_of(Gate gate) { return static_cast<std::size_t>(gate); }

std::uint32_t random_queue_count(Surroundings& around) {
  return std::min(around.dice.one_of({1, 1, 2, 3, 4, 8, 8, 16, 32, kLockstepQueues}), around.queues);
}

// All that is in the way of a full load is gone, but for what `shuts` and memory's latency do.
void make_busy(Dice& dice, Phase& phase) {
  phase.stall_pct.fill(0);
  phase.read_latency_max = phase.write_latency_max = dice.one_of({5, 75, 300, 700});
  phase.error_pct = 0;
  phase.small_buffer_pct = 0;
  phase.frame_gap_max = dice.one_of({0, 0, 4});
  phase.polite_pct = 100;
  phase.stranger_pct = 0;
  phase.write_gap_max = 0;
  phase.apart_pct = phase.garbage_pct = phase.churn_pct = 0;
  phase.log2_min = 6;
  phase.log2_max = kRingLog2Max;
  phase.batch_max = 64;
  phase.eager = true;
  phase.pauses = phase.resets = false;
}

// Everything fills up behind the answers of one write id or to one reader.
void make_jam(Surroundings& around, Phase& phase) {
  Dice& dice = around.dice;
  make_busy(dice, phase);
  phase.jam = true;
  phase.rss = false;    // frames go where they find buffers
  phase.paced = false;  // nothing waits but for the answers
  phase.queue_step = 1;
  phase.shuts = false;
  phase.read_order = ReadOrder::kAny;  // newest first, some queues would never have a turn
  const std::uint32_t most = dice.one_of({16, kLockstepQueues, kLockstepQueues, kLockstepQueues});
  phase.rx_queues = phase.tx_queues = std::min(most, around.queues);
  phase.read_latency_max = phase.write_latency_max = dice.one_of({0, 30});
  phase.cycles = dice.from_to(9000, 15000);
}

}  // namespace

void fill_random(Dice& dice, BeatData& beat) {
  for (std::size_t i = 0; i < beat.size(); i += 2) {
    const std::uint64_t bits = dice.bits();
    beat[i] = static_cast<std::uint32_t>(bits);
    beat[i + 1] = static_cast<std::uint32_t>(bits >> 32);
  }
}

std::uint32_t random_frame_bytes(Dice& dice, FrameMix mix) {
  switch (mix) {
    case FrameMix::kSmallest:
      return 64;
    case FrameMix::kSmall:
      return dice.from_to(1, 130);
    case FrameMix::kMedium:
      return dice.from_to(450, 1100);
    case FrameMix::kEdges:
      // Behind the powers of two, as far as headers reach; and now and then as long as they come.
      if (dice.chance(1)) return dice.chance(50) ? kFrameBytesMax : dice.from_to(9000, kFrameBytesMax);
      if (dice.chance(30)) {
        const std::uint32_t power = 1u << dice.from_to(6, dice.chance(10) ? 15 : 12);
        return power + dice.below(64);
      }
      return dice.one_of({1, 63, 64, 65, 127, 128, 129, 448, 511, 512, 513, 1024, 1500, 4096, 9000});
    case FrameMix::kLong:
      return dice.from_to(1400, 9000);
    default:
      return dice.chance(60) ? dice.from_to(1, 300) : dice.from_to(1, 2000);
  }
}

std::uint64_t random_address(Dice& dice) {
  std::uint64_t address = dice.bits();
  if (dice.chance(10)) address |= 0xFFFFFF00;
  if (dice.chance(3)) address |= ~std::uint64_t{0xFFF};
  if (dice.chance(25)) address &= ~std::uint64_t{63};
  return address;
}

Phase draw_phase(Surroundings& around) {
  Dice& dice = around.dice;
  Phase phase;
  phase.cycles = dice.from_to(1000, 9000);
  phase.rx_queues = random_queue_count(around);
  phase.tx_queues = random_queue_count(around);
  phase.first_queue = dice.below(around.queues);
  phase.queue_step = dice.one_of({1, 1, 3, 5, 31});
  if (dice.chance(50)) {
    phase.first_queue = around.home;
    phase.queue_step = around.home_step;
  }
  if (!dice.chance(30)) {
    for (auto& pct : phase.stall_pct) pct = dice.one_of({0, 0, 0, 10, 50, 90});
  }
  // What keeps the driver from its work keeps everything from happening.
  for (const Gate gate : {Gate::kLiteB, Gate::kLiteR}) {
    if (dice.chance(60)) phase.stall_pct[index_of(gate)] = 0;
  }
  phase.shuts = dice.chance(40);
  phase.read_latency_max = dice.one_of({0, 5, 75, 150, 300, 700});
  phase.write_latency_max = dice.one_of({0, 5, 75, 150, 300, 700});
  phase.error_pct = dice.one_of({0, 0, 0, 1, 5, 50});
  phase.read_order = static_cast<ReadOrder>(dice.below(static_cast<std::uint32_t>(ReadOrder::kCount)));
  phase.mix_pct = dice.one_of({0, 20, 100});
  phase.rx_frames = static_cast<FrameMix>(dice.below(static_cast<std::uint32_t>(FrameMix::kCount)));
  phase.tx_frames = static_cast<FrameMix>(dice.below(static_cast<std::uint32_t>(FrameMix::kCount)));
  phase.small_buffer_pct = dice.one_of({0, 5, 50});
  phase.frame_gap_max = dice.one_of({0, 0, 4, 40, 300});
  phase.polite_pct = dice.one_of({0, 80, 95, 100, 100});
  phase.stranger_pct = dice.one_of({0, 0, 2, 20});
  phase.write_gap_max = dice.one_of({0, 0, 3, 30, 300});
  phase.read_gap_max = dice.one_of({0, 20, 300});
  phase.apart_pct = dice.one_of({0, 10, 50});
  phase.garbage_pct = dice.one_of({0, 0, 0, 3, 40});
  phase.churn_pct = dice.one_of({0, 0, 1, 5, 20});
  phase.log2_min = dice.one_of({1, 1, 1, 2, 5, 9});
  phase.log2_max = std::max(phase.log2_min, dice.one_of({1, 2, 4, 6, 8, 16}));
  phase.batch_max = dice.one_of({1, 4, 16, 64});
  phase.rss = dice.chance(50);
  phase.paced = dice.chance(40);
  phase.zero_copy_pct = dice.one_of({0, 0, 30, 100});
  phase.pauses = dice.chance(30);
  phase.resets = dice.chance(20);
  phase.reviews = dice.chance(25);
  phase.clears = dice.chance(20);
  if (dice.chance(30)) make_busy(dice, phase);
  if (dice.chance(18)) make_jam(around, phase);
  if (phase.reviews) {
    phase.read_gap_max = 0;
    phase.stall_pct[index_of(Gate::kLiteR)] = 0;
  }
  return phase;
}

bool Surroundings::open(Gate gate) {
  std::uint64_t& until = shut_until[index_of(gate)];
  if (now < until) return false;
  if (phase.shuts && dice.below(kShutOneIn) == 0) until = now + dice.from_to(50, 1500);
  return !dice.chance(phase.stall_pct[index_of(gate)]);
}

std::uint32_t Surroundings::queue_in_use(bool tx) {
  const std::uint32_t nth = dice.below(tx ? phase.tx_queues : phase.rx_queues);
  return (phase.first_queue + nth * phase.queue_step) % queues;
}

std::uint32_t Surroundings::queue_to_serve(bool tx) {
  const std::uint32_t in_use = tx ? phase.tx_queues : phase.rx_queues;
  for (std::uint32_t nth = 0; phase.eager && nth < in_use; ++nth) {
    const std::uint32_t queue = (phase.first_queue + nth * phase.queue_step) % queues;
    if (!rings[tx][queue].enabled) return queue;
  }
  return queue_in_use(tx);
}

}  // namespace ringproof::nic
