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

const char* socket_state_name(SocketState state) {
  static constexpr std::array<const char*, 7> kNames = {"Unbound", "Binding",  "Bound",  "Activating",
                                                        "Active",  "Detached", "Closing"};
  return kNames[static_cast<std::size_t>(state)];
}

const char* socket_call_name(SocketCall::Kind kind) {
  static constexpr std::array<const char*, 6> kNames = {"XskBind",       "XskActivate",     "XskSetSockopt",
                                                        "XskGetSockopt", "XskNotifySocket", "XskNotifyAsync"};
  return kNames[static_cast<std::size_t>(kind)];
}

const char* SocketView::field_name(std::size_t field) {
  static constexpr std::array<const char*, kFields> kNames = {
      "RX queue", "TX queue", "UMEM", "rings", "extensions", "RX hook", "TX hook", "affinity", "poll mode"};
  return kNames[field];
}

const char* teardown_name(Teardown teardown) {
  static constexpr std::array<const char*, 4> kNames = {"close", "detach", "program removal",
                                                        "interface removal"};
  return kNames[static_cast<std::size_t>(teardown)];
}

}  // namespace ringproof
