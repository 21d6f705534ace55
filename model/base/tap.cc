#include "model/base/tap.h"

#include <array>

#include "model/base/check.h"

namespace ringproof {

namespace {

// What a listener does on this kind of event, as an entry of its table of virtual functions.
const void* reaction(const Tap& tap, std::size_t kind) {
  const void* const* table = nullptr;
  std::memcpy(&table, static_cast<const void*>(&tap), sizeof table);
  return table[kind];
}

}  // namespace

void TapList::add(Tap* tap) {
  SIM_CHECK(taps_.size() < kListenersMax, "too many listeners");
  taps_.push_back(tap);
  all_ = all_ << 1 | 1;
}

void TapList::find(Hearers& hearers, std::size_t kind) const {
  // Never destroyed: an application that calls exit() is heard of when static objects are gone.
  static const Tap& hears_nothing = *new Tap;
  for (std::size_t i = 0; i < taps_.size(); ++i) {
    if (reaction(*taps_[i], kind) != reaction(hears_nothing, kind)) hearers.hear |= std::uint64_t{1} << i;
  }
  hearers.known = all_;
}

const char* drop_reason_name(DropReason reason) {
  static constexpr std::array<const char*, static_cast<std::size_t>(DropReason::kCount)> kNames = {
      "mac_fifo_full",   "runt",           "oversize",     "no_descriptor",  "dma_error",
      "truncated",       "rule",           "not_attached", "socket_rx_full", "socket_fill_empty",
      "socket_bad_fill", "paused",         "send_failed",  "link_down",      "line_lost",
      "bad_fcs",         "bad_completion", "map_miss",     "forward_full"};
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
  static constexpr std::array<const char*, 5> kNames = {"close", "detach", "program removal",
                                                        "interface removal", "queue reset"};
  return kNames[static_cast<std::size_t>(teardown)];
}

}  // namespace ringproof
