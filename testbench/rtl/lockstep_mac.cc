#include "testbench/rtl/lockstep_mac.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "model/nic/toeplitz.h"

namespace ringproof::nic {

namespace {

constexpr unsigned char kTcp = 6, kUdp = 17, kIcmp = 1, kHopByHop = 0;

}  // namespace

// Addresses and ports are any; the rest is mostly such that there is something to hash.
void MacSide::make_header() {
  Dice& dice = around_.dice;
  BeatData beat;
  for (const std::size_t half : {0u, 1u}) {
    fill_random(dice, beat);
    std::memcpy(header_.data() + half * kBeatBytes, beat.data(), kBeatBytes);
  }
  if (!around_.phase.rss && !around_.rss_on) return;
  std::size_t ip = 14;
  if (dice.chance(30)) {
    header_[12] = 0x81;
    header_[13] = static_cast<unsigned char>(dice.chance(95) ? 0 : 1u << dice.below(8));
    ip = 18;
  }
  std::uint32_t type = dice.one_of({0x0800, 0x0800, 0x0800, 0x86DD, 0x86DD, 0x86DD, 0x0806, 0x8100});
  const bool ipv4 = type == 0x0800;
  if (dice.chance(5)) type ^= 1u << dice.below(16);
  header_[ip - 2] = static_cast<unsigned char>(type >> 8);
  header_[ip - 1] = static_cast<unsigned char>(type);
  auto protocol = static_cast<unsigned char>(dice.one_of({kTcp, kTcp, kUdp, kUdp, kIcmp, kHopByHop}));
  if (dice.chance(10)) protocol = static_cast<unsigned char>(protocol ^ 1u << dice.below(8));
  if (ipv4) {
    header_[ip] = static_cast<unsigned char>(0x40 | (dice.chance(50) ? 5 : dice.below(16)));
    header_[ip + 6] = static_cast<unsigned char>(dice.one_of({0, 0, 0x40, 0x20, 0x01}));
    if (dice.chance(10)) header_[ip + 6] = static_cast<unsigned char>(1u << dice.below(8));
    header_[ip + 7] = static_cast<unsigned char>(dice.chance(90) ? 0 : 1u << dice.below(8));
    header_[ip + 9] = protocol;
  } else {
    header_[ip + 6] = protocol;
  }
}

void MacSide::count_header() const {
  if (!around_.rss_on) return;
  const std::span<const unsigned char> frame(header_.data(), std::min<std::size_t>(length_, header_.size()));
  const ReceiveSideScaling all(kDefaultRssKey, 1);
  const std::size_t ports_end = hashed_bytes(frame);
  LockstepCoverage& coverage = around_.coverage;
  coverage.count(Event::kRssFrame);
  if (all.choose(frame).hash == 0) coverage.count(Event::kRssNothing);
  if (ports_end != 0) coverage.count(Event::kRssPorts);
  if (ports_end > kBeatBytes) coverage.count(Event::kRssPortsLate);
  if (ports_end > kBeatBytes && ports_end < kBeatBytes + 4) coverage.count(Event::kRssPortsSplit);
}

bool MacSide::begin(EngineInputs& in) {
  Dice& dice = around_.dice;
  const Phase& phase = around_.phase;
  std::uint32_t queue = around_.queue_in_use(false);
  if (!around_.rss_on && dice.chance(phase.polite_pct)) {
    const RingShadow& ring = around_.rings[false][queue];
    if (!ring.enabled || ring.posted - ring.start <= ring.given + undecided_of_[queue]) return false;
  } else if (dice.chance(phase.stranger_pct)) {
    queue = dice.below(around_.queues);
  }
  length_ = random_frame_bytes(dice, phase.rx_frames);
  offset_ = 0;
  in.rx_tdest = static_cast<std::uint8_t>(queue);
  in.rx_length = static_cast<std::uint16_t>(length_);
  in.rx_steered = dice.chance(5);
  in.rx_hash = dice.word();
  in.rx_timestamp_ns = dice.bits();
  in.rx_meta = dice.word();
  make_header();
  count_header();
  return true;
}

void MacSide::show_beat(EngineInputs& in) {
  const std::uint32_t bytes = std::min(length_ - offset_, kBeatBytes);
  in.rx_tvalid = true;
  in.rx_tlast = offset_ + bytes == length_;
  in.rx_tkeep = bytes == kBeatBytes ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
  fill_random(around_.dice, in.rx_tdata);
  if (offset_ < header_.size()) std::memcpy(in.rx_tdata.data(), header_.data() + offset_, kBeatBytes);
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

void MacSide::beat_taken(EngineInputs& in) {
  in.rx_tvalid = false;
  offset_ += kBeatBytes;
  if (!in.rx_tlast) return;
  length_ = offset_ = 0;
  next_frame_ = around_.now + around_.dice.below(around_.phase.frame_gap_max + 1);
  undecided_.push_back(in.rx_tdest);
  ++undecided_of_[in.rx_tdest];
}

// In the order in which they were taken.
void MacSide::decided(const EngineOutputs& out) {
  if (undecided_.empty()) return;
  const std::uint8_t named = undecided_.front();
  undecided_.pop_front();
  --undecided_of_[named];
  if (out.ev_rx_queue != named) around_.coverage.count(Event::kRssOtherQueue);
  RingShadow& ring = around_.rings[false][out.ev_rx_queue % kLockstepQueues];
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
    beat_taken(in);
  } else if (in.rx_tvalid) {
    around_.coverage.count(Event::kRxWaitedForBuffer);
  }
  around_.within_frame = within_frame();
  if (out.ev_rx_done) decided(out);
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
  undecided_.clear();
  undecided_of_.fill(0);
}

}  // namespace ringproof::nic
