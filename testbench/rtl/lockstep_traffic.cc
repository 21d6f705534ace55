#include "testbench/rtl/lockstep_traffic.h"

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kPauseOneIn = 1200;
constexpr std::uint32_t kResetOneIn = 1000;

}  // namespace

RandomNeighbour::RandomNeighbour(std::uint64_t seed, std::uint32_t queues)
    : around_(seed, queues), memory_(around_), registers_(around_), mac_(around_) {
  jam_id_ = around_.dice.below(kAnswerers);
  next_phase();
}

void RandomNeighbour::next_phase() {
  around_.phase = draw_phase(around_);
  registers_.begin_review();
  phase_end_ = around_.now + around_.phase.cycles;
  if (!around_.phase.jam && around_.dice.chance(40)) registers_.close_all();
  if (!around_.phase.jam) return;
  jam_at_ = around_.now + around_.phase.cycles / 2;
  jam_id_ = (jam_id_ + 1) % kAnswerers;
  // Frames of several bursts fill up what waits for bursts, small ones everything else.
  around_.phase.rx_frames = jam_id_ == kPayloadWriteId ? FrameMix::kMedium : FrameMix::kSmall;
  if (jam_id_ != kPayloadReadId) around_.phase.tx_frames = FrameMix::kSmall;
}

const EngineInputs& RandomNeighbour::drive() {
  Dice& dice = around_.dice;
  if (around_.now == phase_end_) next_phase();
  if (around_.phase.jam && around_.now == jam_at_) memory_.keep_back(jam_id_, around_.phase.cycles / 2);
  if (around_.phase.pauses && dice.below(kPauseOneIn) == 0) {
    pause_until_ = around_.now + dice.from_to(100, 900);
  }
  around_.pause = around_.now < pause_until_;
  around_.noise = dice.bits();

  if (around_.phase.resets && dice.below(kResetOneIn) == 0) {
    reset_until_ = around_.now + (dice.chance(50) ? 1 : dice.from_to(1, 20));
  }
  in_.rst_n = around_.now >= reset_until_;
  // The reset comes while all go about their business; then they keep still until it is over.
  if (!in_.rst_n && in_reset_) return in_;
  memory_.drive(in_);
  registers_.drive(in_);
  mac_.drive(in_);
  return in_;
}

void RandomNeighbour::observe(const EngineOutputs& out) {
  if (in_.rst_n) {
    memory_.observe(in_, out);
    registers_.observe(in_, out);
    mac_.observe(in_, out);
    if (out.idle) around_.coverage.count(Event::kIdle);
    if (out.idle && memory_.owes_answers()) around_.coverage.count(Event::kIdleBehindMemory);
  } else if (!in_reset_) {
    forget();
  }
  in_reset_ = !in_.rst_n;
  ++around_.now;
}

void RandomNeighbour::forget() {
  around_.coverage.count(Event::kReset);
  if (memory_.owes_answers()) around_.coverage.count(Event::kResetInFlight);
  if (mac_.within_frame()) around_.coverage.count(Event::kResetMidFrame);
  memory_.forget();
  registers_.forget();
  mac_.forget();
  around_.rings = {};
  around_.rss_on = false;
  around_.rx_under_way = 0;
  in_ = EngineInputs{};
  in_.rst_n = false;
}

}  // namespace ringproof::nic
