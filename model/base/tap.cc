#include "model/base/tap.h"

#include <array>

namespace ringproof {

const char* drop_reason_name(DropReason reason) {
  static constexpr std::array<const char*, static_cast<std::size_t>(DropReason::kCount)> kNames = {
      "mac_fifo_full",   "runt",   "oversize",     "no_descriptor",  "dma_error",
      "truncated",       "rule",   "not_attached", "socket_rx_full", "socket_fill_empty",
      "socket_bad_fill", "paused", "send_failed",  "link_down"};
  return kNames[static_cast<std::size_t>(reason)];
}

const char* ring_kind_name(RingKind kind) {
  static constexpr std::array<const char*, 4> kNames = {"FILL", "RX", "TX", "COMPLETION"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace ringproof
