#include "model/nic/engine_clock.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "model/base/check.h"
#include "model/nic/handshakes.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPsPerMicrosecond = 1'000'000;
constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint32_t kPowerOnCycles = 2;

std::uint64_t keep_mask(std::size_t bytes) {
  return bytes >= kBeatBytes ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
}

}  // namespace

EngineClock::EngineClock(const NicConfig& config, std::unique_ptr<QueueEngine> engine, bool skip_idle)
    : period_ps_(kPsPerMicrosecond / config.clock_mhz),
      interrupt_latency_ps_(std::uint64_t{config.interrupt_latency_ns} * 1000),
      skip_idle_(skip_idle),
      engine_(std::move(engine)) {
  in_.rst_n = true;
}

void EngineClock::use(FaultPoints& faults, std::uint32_t port) {
  faults_ = &faults;
  faulty_port_ = port;
  const FaultStrike ratio = faults.at(FaultId::kClk01, 0, {.port = port});
  if (ratio) period_ps_ = std::max<std::uint64_t>(period_ps_ * ratio.amount / 100, 1);
}

// The engine has something to do, or a neighbour something to tell it.
bool EngineClock::must_clock(std::uint64_t edge_ps) const {
  if (reset_cycles_ > 0) return true;
  if (!present_) return false;
  return stirred_ || receive_on_pins_ || neighbours_->receive.front() != nullptr ||
         neighbours_->registers.next_cause_ps() <= edge_ps || neighbours_->dma.next_cause_ps() <= edge_ps;
}

std::uint64_t EngineClock::next_cause_ps() const {
  return std::min({neighbours_->receive.next_arrival_ps(), neighbours_->registers.next_cause_ps(),
                   neighbours_->dma.next_cause_ps()});
}

std::uint64_t EngineClock::next_activity_ps() const {
  if (!must_clock(next_edge_ps_)) return std::min(next_cause_ps(), neighbours_->transmit.next_end_ps());
  if (next_edge_ps_ <= time_ps_ + period_ps_) return next_edge_ps_;
  // The clock stands still, and the wire does not: what is told of it may make the host act.
  return std::min(
      {next_edge_ps_, neighbours_->receive.next_arrival_ps(), neighbours_->transmit.next_end_ps()});
}

std::uint64_t EngineClock::lookahead_ps() const {
  const RegisterBus& bus = neighbours_->registers;
  return bus.read_under_way() ? std::min(interrupt_latency_ps_, bus.latency_ps()) : interrupt_latency_ps_;
}

std::uint64_t EngineClock::safe_run_ps() const {
  return std::min(lookahead_ps(), neighbours_->registers.latency_ps());
}

std::uint64_t EngineClock::next_stop_ps() const {
  const std::uint64_t next_ps = next_activity_ps();
  return next_ps == kNever ? kNever : std::max(next_ps, time_ps_) + safe_run_ps();
}

std::uint64_t EngineClock::horizon_ps() const {
  const std::uint64_t next_ps = next_activity_ps();
  return next_ps == kNever ? kNever : std::max(next_ps, time_ps_) + lookahead_ps();
}

bool EngineClock::quiet() const {
  return neighbours_->receive.over() && !must_clock(next_edge_ps_) && neighbours_->dma.empty() &&
         neighbours_->registers.empty() && neighbours_->transmit.drained() &&
         !neighbours_->receive.undecided();
}

void EngineClock::reset(std::uint32_t cycles) {
  reset_cycles_ = cycles;
  stirred_ = true;
  receive_on_pins_ = false;
  if (receive_offset_ > 0) neighbours_->receive.take();
  neighbours_->receive.discard_undecided();
  receive_offset_ = 0;
  transmit_begun_ = false;
  transmit_bytes_.clear();
  neighbours_->dma.reset();
  neighbours_->interrupts.reset();
  neighbours_->registers.reset();
}

void EngineClock::set_present(bool present) {
  present_ = present;
  stirred_ = true;
  if (present) return;
  reset(kPowerOnCycles);
  neighbours_->receive.discard_all();
}

void EngineClock::advance_to(std::uint64_t time_ps) {
  while (next_edge_ps_ < time_ps) {
    advance_wire(next_edge_ps_);
    if (!present_ || !reachable_) neighbours_->registers.answer_nobody(next_edge_ps_);
    if (skip_idle_ && !must_clock(next_edge_ps_)) {
      const std::uint64_t cause_ps = next_cause_ps();
      if (cause_ps >= time_ps) {
        next_edge_ps_ = edge_at_or_after(time_ps);
        break;
      }
      next_edge_ps_ = std::max(edge_at_or_after(cause_ps), next_edge_ps_ + period_ps_);
      continue;
    }
    if (const FaultStrike gated = faults_->at(FaultId::kClk05, next_edge_ps_, {.port = faulty_port_})) {
      next_edge_ps_ += edge_at_or_after(gated.amount * kPsPerNs);
      continue;
    }
    clock(next_edge_ps_);
    next_edge_ps_ += period_ps_;
  }
  if (time_ps > 0) advance_wire(time_ps - 1);
  time_ps_ = std::max(time_ps_, time_ps);
}

// Both directions of the wire, in the order of their times.
void EngineClock::advance_wire(std::uint64_t now_ps) {
  while (true) {
    const std::uint64_t arrival_ps = neighbours_->receive.next_arrival_ps();
    const std::uint64_t end_ps = neighbours_->transmit.next_end_ps();
    if (std::min(arrival_ps, end_ps) > now_ps) return;
    if (end_ps <= arrival_ps) {
      neighbours_->transmit.leave();
    } else {
      neighbours_->receive.arrive();
    }
  }
}

void EngineClock::clock(std::uint64_t edge_ps) {
  ++cycles_worked_;
  in_.rst_n = present_ && reset_cycles_ == 0;
  if (reset_cycles_ > 0) --reset_cycles_;
  neighbours_->registers.drive(edge_ps, in_);
  neighbours_->dma.drive(edge_ps, edge_ps / period_ps_, in_);
  drive_receive();
  // A frame that has begun to leave the engine is taken to its end.
  in_.tx_tready = transmit_begun_ || neighbours_->transmit.has_room();

  engine_->set_wave_time_ps(edge_ps);
  engine_->step(in_, out_);
  // `idle` is the state before the edge: an input that came with it may have woken the engine.
  const Handshakes handshakes(in_, out_);
  stirred_ = !out_.idle || handshakes.any_offered();

  if (watcher_ != nullptr) watcher_->cycle(port_, edge_ps, in_, out_);
  const bool transfers = handshakes.any_transfers();
  if (transfers) {
    neighbours_->registers.settle(edge_ps, in_, out_);
    neighbours_->dma.settle(edge_ps, in_, out_);
    settle_receive();
  }
  if (out_.ev_rx_done) decide_received();
  if (!transfers) return;
  settle_transmit(edge_ps);
  if (out_.irq_valid && in_.irq_ready) neighbours_->interrupts.request(out_.irq_vector, edge_ps);
}

void EngineClock::drive_receive() {
  const ReceivedFrame* frame = neighbours_->receive.front();
  in_.rx_tvalid = frame != nullptr;
  if (frame == nullptr || receive_on_pins_) return;
  const std::size_t bytes = std::min<std::size_t>(frame->bytes.size() - receive_offset_, kBeatBytes);
  in_.rx_tlast = receive_offset_ + bytes == frame->bytes.size();
  // A MAC leaves to the engine what the engine does, and says the same on all beats of a frame.
  if (receive_offset_ == 0) receive_hashed_ = neighbours_->registers.engine_hashes();
  in_.rx_tdest = static_cast<std::uint8_t>(receive_hashed_ && !frame->steered ? 0 : frame->rss.queue);
  in_.rx_steered = frame->steered;
  in_.rx_length = static_cast<std::uint16_t>(frame->bytes.size());
  in_.rx_hash = receive_hashed_ ? 0 : frame->rss.hash;
  in_.rx_timestamp_ns = frame->timestamp_ns;
  in_.rx_meta = frame->meta;
  in_.rx_tkeep = keep_mask(bytes);
  if (bytes < kBeatBytes) in_.rx_tdata.fill(0);
  std::memcpy(in_.rx_tdata.data(), frame->bytes.data() + receive_offset_, bytes);
  receive_on_pins_ = true;
}

void EngineClock::settle_receive() {
  if (!receive_on_pins_ || !out_.rx_tready) return;
  receive_on_pins_ = false;
  receive_offset_ = in_.rx_tlast ? 0 : receive_offset_ + kBeatBytes;
  if (in_.rx_tlast) neighbours_->receive.take();
}

void EngineClock::decide_received() {
  ReceiveMac& receive = neighbours_->receive;
  SIM_CHECK(receive.undecided(), "the engine decides about a frame that it was not given");
  receive.decide(out_.ev_rx_drop, out_.ev_rx_queue);
}

void EngineClock::settle_transmit(std::uint64_t edge_ps) {
  if (!out_.tx_tvalid || !in_.tx_tready) return;
  transmit_begun_ = true;
  const auto bytes = static_cast<std::size_t>(std::popcount(out_.tx_tkeep));
  const auto* data = reinterpret_cast<const unsigned char*>(out_.tx_tdata.data());
  transmit_bytes_.insert(transmit_bytes_.end(), data, data + bytes);
  if (!out_.tx_tlast) return;
  transmit_begun_ = false;
  const TxTag tag{out_.tx_tid, out_.tx_index, out_.tx_request};
  if (out_.tx_error) {
    neighbours_->transmit.refuse(tag);
  } else {
    neighbours_->transmit.send(tag, std::exchange(transmit_bytes_, {}), edge_ps);
  }
  transmit_bytes_.clear();
}

}  // namespace ringproof::nic
