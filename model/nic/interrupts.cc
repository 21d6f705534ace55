#include "model/nic/interrupts.h"

#include <algorithm>
#include <utility>

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

Interrupts::Interrupts(const NicConfig& config, std::uint32_t port, Host& host)
    : latency_ps_(std::uint64_t{config.interrupt_latency_ns} * 1000),
      gap_ps_(std::uint64_t{config.interrupt_gap_ns} * 1000),
      port_(port),
      host_(host) {}

void Interrupts::set_handler(std::uint32_t vector, std::function<void()> handler) {
  vectors_.at(vector).handler = std::move(handler);
}

void Interrupts::request(std::uint32_t vector, std::uint64_t now_ps) {
  Vector& state = vectors_.at(vector);
  if (decoder_ != nullptr) decoder_->interrupt_requested(vector, now_ps);
  if (now_ps < state.delivery_ps) return;
  const std::uint64_t sent_ps = std::max(now_ps, state.next_allowed_ps);
  state.next_allowed_ps = sent_ps + gap_ps_;
  FaultPoints& faults = host_.faults();
  const FaultTarget here{.port = port_, .queue = vector};
  std::uint64_t late_ps = faults.at(FaultId::kIrq01, now_ps, here).amount * kPsPerNs;
  // A crossing between clock domains takes the old value or the new one.
  late_ps += faults
                 .at(FaultId::kClk02, now_ps,
                     {.port = port_, .queue = vector, .kinds = 1U << fault_kind::kInterrupts})
                 .amount *
             kPsPerNs;
  state.delivery_ps = sent_ps + latency_ps_ + late_ps;
  if (const FaultStrike lost = faults.at(FaultId::kIrq05, now_ps, here)) {
    // The driver's watchdog finds out what it was not told.
    state.delivery_ps = now_ps + latency_ps_;
    if (lost.amount == 0) return;
    deliver(vector, state.delivery_ps + lost.amount * kPsPerNs);
    return;
  }
  deliver(vector, state.delivery_ps);
  const FaultStrike extra = faults.at(FaultId::kIrq02, now_ps, here);
  if (!extra) return;
  const bool shared = extra.kind == fault_kind::kSharedVector;
  const std::uint32_t other = vector ^ 1U;
  deliver(shared ? other : vector, state.delivery_ps + extra.amount * kPsPerNs);
}

void Interrupts::deliver(std::uint32_t vector, std::uint64_t time_ps) {
  host_.at(time_ps, {EventSource::Kind::kInterrupt, port_, vector}, [this, vector, life = life_] {
    if (life != life_) return;
    if (decoder_ != nullptr) decoder_->interrupt_delivered(vector, host_.now_ps());
    const Vector& state = vectors_[vector];
    if (state.handler) state.handler();
  });
}

void Interrupts::reset() {
  ++life_;
  for (Vector& state : vectors_) state.delivery_ps = state.next_allowed_ps = 0;
}

}  // namespace ringproof::nic
