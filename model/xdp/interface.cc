#include "model/xdp/interface.h"

namespace ringproof::xdp {

Interface::Interface(std::uint32_t index, driver::Driver& driver, Host& host, const TapList& taps)
    : index_(index), driver_(driver), host_(host), taps_(taps) {}

RxQueue& Interface::rx_queue(std::uint32_t id) {
  std::unique_ptr<RxQueue>& queue = rx_queues_[id];
  if (queue == nullptr) queue = std::make_unique<RxQueue>(id, driver_, host_, taps_);
  return *queue;
}

Status Interface::tx_queue(std::uint32_t id, TxQueue** queue) {
  if (id >= driver_.info().tx_queues) return Status::kNotFound;
  std::unique_ptr<TxQueue>& found = tx_queues_[id];
  if (found == nullptr) found = std::make_unique<TxQueue>(id, driver_, host_);
  *queue = found.get();
  return Status::kOk;
}

}  // namespace ringproof::xdp
