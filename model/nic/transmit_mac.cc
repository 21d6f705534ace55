#include "model/nic/transmit_mac.h"

#include <utility>

namespace ringproof::nic {

TransmitMac::TransmitMac(const NicConfig& config, std::uint32_t port, const TapList& taps)
    : port_(port), taps_(taps), wire_(config.gbps) {}

void TransmitMac::send(std::uint32_t queue, std::vector<unsigned char> bytes, std::uint64_t now_ps) {
  buffered_bytes_ += bytes.size();
  const std::uint64_t end_ps = wire_.send(now_ps, bytes.size());
  buffer_.push_back({queue, end_ps, std::move(bytes)});
}

void TransmitMac::refuse(std::uint32_t queue) {
  taps_.tell(&Tap::wire_out_dropped, port_, queue, DropReason::kDmaError);
}

void TransmitMac::leave() {
  const Leaving& frame = buffer_.front();
  taps_.tell(&Tap::wire_out, port_, frame.queue, frame.end_ps, Tap::Bytes(frame.bytes));
  buffered_bytes_ -= frame.bytes.size();
  buffer_.pop_front();
}

}  // namespace ringproof::nic
