// interface.h: one network interface as the platform knows it, with its queues.
// Role     finds the queue objects of a hook; the only way from sockets and programs to a driver
// Shapes   native interfaces only: hooks {L2, RX, INSPECT} and {L2, TX, INJECT}
// Errors   an unknown queue: see RxQueue (at program creation) and create_tx_queue (kNotFound)
// Source   XDP for Windows: interfaces and lookup, RX and TX queue life cycle
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/rx_queue.h"
#include "model/xdp/status.h"
#include "model/xdp/tx_queue.h"

namespace ringproof::xdp {

class Interface {
 public:
  Interface(std::uint32_t index, driver::Driver& driver, Host& host, const TapList& taps);

  std::uint32_t index() const { return index_; }
  std::uint32_t port() const { return driver_.info().port; }
  driver::Driver& driver() { return driver_; }

  // The platform's object for a receive queue id; made when first asked for, whether or not the device has
  // such a queue.
  RxQueue& rx_queue(std::uint32_t id);
  // The same for transmit; the id is checked against the device at once.
  Status tx_queue(std::uint32_t id, TxQueue** queue);

 private:
  const std::uint32_t index_;
  driver::Driver& driver_;
  Host& host_;
  const TapList& taps_;
  std::map<std::uint32_t, std::unique_ptr<RxQueue>> rx_queues_;
  std::map<std::uint32_t, std::unique_ptr<TxQueue>> tx_queues_;
};

}  // namespace ringproof::xdp
