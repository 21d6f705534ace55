#include "model/xdp/interface.h"

#include <algorithm>

#include "model/xdp/teardown_scope.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kEthernetBytes = 14;
constexpr std::uint32_t kGenericBufferBytes = 65536;

// The software path reports everything that the hardware can tell, and "not checked" where it cannot.
nic::Offloads capabilities_of(driver::Layer mode, const nic::Offloads& hardware) {
  if (mode == driver::Layer::kNative) return hardware;
  return {true, hardware.tx_checksum, true, true};
}

std::uint32_t generic_length_max(std::uint32_t mtu) {
  return std::min(kGenericBufferBytes, mtu + kEthernetBytes);
}

}  // namespace

Interface::Interface(std::uint32_t index, driver::Layer mode, driver::Driver& driver,
                     const InterfaceSettings& settings, Host& host, const TapList& taps, MapLock& maps)
    : index_(index),
      mode_(mode),
      driver_(driver),
      settings_(settings),
      host_(host),
      taps_(taps),
      maps_(maps),
      capabilities_(capabilities_of(mode, driver.info().offloads)),
      current_(driver.info().offloads),
      hardware_(driver.info().offloads),
      mtu_(driver.info().mtu),
      tx_length_max_(generic() ? generic_length_max(driver.info().mtu) : driver.info().max_frame_bytes) {}

bool Interface::offers(const XDP_HOOK_ID& hook) const {
  if (hook.Layer != XDP_HOOK_L2) return false;
  const bool receive = hook.Direction == XDP_HOOK_RX;
  const bool inspect = hook.SubLayer == XDP_HOOK_INSPECT;
  const bool known =
      (receive || hook.Direction == XDP_HOOK_TX) && (inspect || hook.SubLayer == XDP_HOOK_INJECT);
  return known && (generic() || receive == inspect);
}

bool Interface::polling() const { return !generic() && driver_.polling(); }

Status Interface::rx_queue(const XDP_HOOK_ID& hook, std::uint32_t id, RxQueue** queue) {
  if (hook.SubLayer != XDP_HOOK_INSPECT) return Status::kNotSupported;
  if (removed_) return Status::kDeleting;
  std::unique_ptr<RxQueue>& found = rx_queues_[{hook.Direction, id}];
  if (found == nullptr)
    found = std::make_unique<RxQueue>(id, hook.Direction == XDP_HOOK_RX, *this, host_, taps_, maps_);
  *queue = found.get();
  return Status::kOk;
}

const RxQueue* Interface::find_rx_queue(XDP_HOOK_DATAPATH_DIRECTION direction, std::uint32_t id) const {
  const auto found = rx_queues_.find({direction, id});
  return found == rx_queues_.end() ? nullptr : found->second.get();
}

Status Interface::tx_queue(const XDP_HOOK_ID& hook, std::uint32_t id, TxQueue** queue) {
  if (hook.SubLayer != XDP_HOOK_INJECT) return Status::kNotSupported;
  if (removed_) return Status::kDeleting;
  if (id >= driver_.info().tx_queues) return generic() ? Status::kBadParameter : Status::kNotFound;
  std::unique_ptr<TxQueue>& found = tx_queues_[{hook.Direction, id}];
  if (found == nullptr) found = std::make_unique<TxQueue>(id, hook.Direction == XDP_HOOK_TX, *this, host_);
  *queue = found.get();
  return Status::kOk;
}

void Interface::remove() {
  const InPlatform in_platform(host_);
  const TeardownScope teardown(taps_, host_, Teardown::kRemoval, port());
  removed_ = true;
  for (const auto& [key, queue] : rx_queues_) queue->remove();
  for (const auto& [key, queue] : tx_queues_) queue->detach_sockets();
}

void Interface::set_mtu(std::uint32_t bytes) {
  const InPlatform in_platform(host_);
  if (mtu_ == bytes) return;
  mtu_ = bytes;
  if (!generic()) return;
  tx_length_max_ = generic_length_max(bytes);
  for (const auto& [key, queue] : tx_queues_) queue->detach_sockets();
}

void Interface::set_hardware(const nic::Offloads& hardware) {
  hardware_ = hardware;
  capabilities_ = capabilities_of(mode_, hardware);
}

void Interface::set_current(bool rx_checksum, bool tx_checksum) {
  const InPlatform in_platform(host_);
  if (current_.rx_checksum == rx_checksum && current_.tx_checksum == tx_checksum) return;
  current_.rx_checksum = rx_checksum;
  current_.tx_checksum = tx_checksum;
  // It is one configuration, of both directions.
  for (const auto& [key, queue] : rx_queues_) queue->offload_changed();
  for (const auto& [key, queue] : tx_queues_) queue->offload_changed();
}

}  // namespace ringproof::xdp
