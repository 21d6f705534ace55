// interface.h: one interface of a port, native or generic, with its queues.
// Role     finds the queue objects of a hook and knows the limits of its mode; the only way from sockets and
//          programs to a driver
// Shapes   native offers the hooks {L2, RX, INSPECT} and {L2, TX, INJECT}; generic all four of L2
// Units    lengths [bytes] of a whole frame without FCS
// Threads  simulation thread; remove() and set_mtu() block until every socket concerned is detached
// Errors   a hook of the wrong sublayer (kNotSupported), an interface that went away (kDeleting), an unknown
//          transmit queue (native kNotFound, generic kBadParameter)
// Source   XDP for Windows: interfaces and lookup, RX and TX queue life cycle, removal
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "model/base/host.h"
#include "model/base/inspector_quirks.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/rss.h"
#include "model/xdp/rx_queue.h"
#include "model/xdp/status.h"
#include "model/xdp/tx_queue.h"

namespace ringproof::xdp {

// Which interfaces a port offers, and what they can do beyond the hardware's own limits.
struct InterfaceSettings {
  bool native = true;
  bool generic = true;
  bool native_forwarding = true;  // the native interface can send received frames out again
  // Buffers of a received frame beyond the first; a frame of more is copied into one. 0: rules and sockets
  // see the first buffer alone.
  std::uint32_t fragment_limit = 64;
  InspectorQuirks quirks{};
  RssSupport rss = RssSupport::kFull;
  bool rss_configured = true;  // by the host, from the beginning
};

class Interface {
 public:
  Interface(std::uint32_t index, driver::Layer mode, driver::Driver& driver,
            const InterfaceSettings& settings, Host& host, const TapList& taps, MapLock& maps);

  std::uint32_t index() const { return index_; }
  std::uint32_t port() const { return driver_.info().port; }
  driver::Driver& driver() { return driver_; }
  const driver::Driver& driver() const { return driver_; }
  driver::Layer mode() const { return mode_; }
  bool generic() const { return mode_ == driver::Layer::kGeneric; }

  bool offers(const XDP_HOOK_ID& hook) const;
  // The platform's object for a queue id; made when first asked for. For receive it does not matter whether
  // the device has such a queue.
  Status rx_queue(const XDP_HOOK_ID& hook, std::uint32_t id, RxQueue** queue);
  Status tx_queue(const XDP_HOOK_ID& hook, std::uint32_t id, TxQueue** queue);

  const nic::Offloads& capabilities() const { return capabilities_; }
  std::uint32_t tx_length_max() const { return tx_length_max_; }
  std::uint32_t fragment_limit() const { return settings_.fragment_limit; }
  // Rules may say L2FWD.
  bool sends_received_frames() const { return generic() || settings_.native_forwarding; }
  const InspectorQuirks& quirks() const { return settings_.quirks; }
  bool polling() const;
  // The queue objects that there are, by direction of the hook and id.
  const RxQueue* find_rx_queue(XDP_HOOK_DATAPATH_DIRECTION direction, std::uint32_t id) const;
  // Checksum offload as it is switched on now, per direction.
  const nic::Offloads& current() const { return current_; }

  // Control plane. The interface goes away: queues, programs and sockets lose it.
  void remove();
  bool removed() const { return removed_; }
  std::uint32_t mtu() const { return mtu_; }
  // A new layer 3 MTU. Generic: detaches what is bound for transmit.
  void set_mtu(std::uint32_t bytes);
  // The hardware's checksum offloads are switched on or off; sockets that use them hear of it.
  void set_current(bool rx_checksum, bool tx_checksum);
  // What the hardware can do from now on; what is in use stays in use.
  void set_hardware(const nic::Offloads& hardware);
  const nic::Offloads& hardware() const { return hardware_; }

 private:
  using QueueKey = std::pair<XDP_HOOK_DATAPATH_DIRECTION, std::uint32_t>;

  const std::uint32_t index_;
  const driver::Layer mode_;
  driver::Driver& driver_;
  const InterfaceSettings settings_;
  Host& host_;
  const TapList& taps_;
  MapLock& maps_;
  nic::Offloads capabilities_;
  nic::Offloads current_;
  nic::Offloads hardware_;
  std::uint32_t mtu_;
  std::uint32_t tx_length_max_;
  bool removed_ = false;
  std::map<QueueKey, std::unique_ptr<RxQueue>> rx_queues_;
  std::map<QueueKey, std::unique_ptr<TxQueue>> tx_queues_;
};

}  // namespace ringproof::xdp
