#include "testbench/rtl/lockstep_mac.h"

#include <algorithm>
#include <bit>

namespace ringproof::nic {

bool MacSide::begin(EngineInputs& in) {
  Dice& dice = around_.dice;
  const Phase& phase = around_.phase;
  std::uint32_t queue = around_.queue_in_use(false);
  if (dice.chance(phase.polite_pct)) {
    const RingShadow& ring = around_.rings[false][queue];
    if (!ring.enabled || ring.posted - ring.start <= ring.given) return false;
  } else if (dice.chance(phase.stranger_pct)) {
    queue = dice.below(kLockstepQueues);
  }
  length_ = random_frame_bytes(dice, phase.rx_frames);
  offset_ = 0;
  in.rx_tdest = static_cast<std::uint8_t>(queue);
  in.rx_length = static_cast<std::uint16_t>(length_);
  in.rx_hash = dice.word();
  in.rx_timestamp_ns = dice.bits();
  in.rx_meta = dice.word();
  return true;
}

void MacSide::show_beat(EngineInputs& in) {
  const std::uint32_t bytes = std::min(length_ - offset_, kBeatBytes);
  in.rx_tvalid = true;
  in.rx_tlast = offset_ + bytes == length_;
  in.rx_tkeep = bytes == kBeatBytes ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
  fill_random(around_.dice, in.rx_tdata);
}

void MacSide::drive(EngineInputs& in) {
  in.tx_tready = around_.open(Gate::kLink);
  in.irq_ready = around_.open(Gate::kIrq);
  if (in.rx_tvalid) return;
  in.rx_tlast = (around_.noise >> 56 & 1) != 0;
  in.rx_tkeep = around_.noise;
  if (!around_.open(Gate::kWire)) return;
  if (length_ == 0 && (around_.pause || around_.now < next_frame_ || !begin(in))) return;
  show_beat(in);
}

void MacSide::beat_taken(EngineInputs& in, const EngineOutputs& out) {
  in.rx_tvalid = false;
  offset_ += kBeatBytes;
  if (!in.rx_tlast) return;
  length_ = offset_ = 0;
  next_frame_ = around_.now + around_.dice.below(around_.phase.frame_gap_max + 1);
  RingShadow& ring = around_.rings[false][in.rx_tdest];
  const bool steady = ring.enabled && !ring.stopping;
  if (steady) {
    const RingEvent event = out.ev_rx_drop ? RingEvent::kDrop : RingEvent::kFrame;
    around_.coverage.at_level(false, event, ring.unused());
  }
  if (!out.ev_rx_drop) {
    ++ring.given;
    around_.coverage.raise(Mark::kRxFrames, ++around_.rx_under_way);
  } else {
    around_.coverage.count(steady ? Event::kRxNoBuffer : Event::kRxNotEnabled);
  }
}

void MacSide::beat_sent(const EngineOutputs& out) {
  LockstepCoverage& coverage = around_.coverage;
  sent_bytes_ += static_cast<std::uint32_t>(std::popcount(out.tx_tkeep));
  if (!out.tx_tlast) return;
  const std::uint32_t queue = out.tx_tid % kLockstepQueues;
  coverage.count(Event::kTxFrame);
  if (sent_bytes_ > kLongFrameBytes) coverage.count(Event::kTxFrameLong);
  if (sent_bytes_ == kFrameBytesMax) coverage.count(Event::kTxFrameLongest);
  if (out.tx_tkeep == 0) {
    coverage.count(Event::kTxUnusable);
  } else if (out.tx_error) {
    coverage.count(Event::kTxFailed);
  }
  RingShadow& ring = around_.rings[true][queue];
  if (ring.enabled) coverage.at_level(true, RingEvent::kFrame, ring.unused());
  ++ring.sent;
  coverage.frame_of(true, queue, ring.log2);
  sent_bytes_ = 0;
}

void MacSide::observe(EngineInputs& in, const EngineOutputs& out) {
  if (in.rx_tvalid && out.rx_tready) {
    beat_taken(in, out);
  } else if (in.rx_tvalid) {
    around_.coverage.count(Event::kRxWaitedForBuffer);
  }
  if (out.tx_tvalid && in.tx_tready) beat_sent(out);
  if (out.irq_valid && in.irq_ready) {
    const std::uint32_t vector = out.irq_vector % (2 * kLockstepQueues);
    around_.coverage.count(vector < kTxVectorBase ? Event::kRxIrq : Event::kTxIrq);
    around_.coverage.irq_of(vector);
    const bool tx = vector >= kTxVectorBase;
    around_.coverage.at_level(tx, RingEvent::kInterrupt, around_.rings[tx][vector % kTxVectorBase].level());
  }
}

void MacSide::forget() {
  length_ = offset_ = 0;
  sent_bytes_ = 0;
}

}  // namespace ringproof::nic
