#include "model/nic/interrupts.h"

#include <algorithm>
#include <utility>

namespace ringproof::nic {

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
  state.delivery_ps = sent_ps + latency_ps_;
  host_.at(state.delivery_ps, {EventSource::Kind::kInterrupt, port_, vector}, [this, &state, vector] {
    if (decoder_ != nullptr) decoder_->interrupt_delivered(vector, host_.now_ps());
    if (state.handler) state.handler();
  });
}

}  // namespace ringproof::nic
