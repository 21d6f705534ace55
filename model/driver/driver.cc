#include "model/driver/driver.h"

#include <algorithm>

#include "model/base/check.h"
#include "model/driver/rx_queue.h"
#include "model/driver/tx_queue.h"

namespace ringproof::driver {

Driver::Driver(nic::Device& device, Host& host, const TapList& taps, const DriverSettings& settings)
    : device_(device), host_(host) {
  for (std::uint32_t queue = 0; queue < info().rx_queues; ++queue) {
    rx_queues_.push_back(std::make_unique<RxQueue>(device, host, taps, queue, settings.rx_ring_entries));
  }
  for (std::uint32_t queue = 0; queue < info().tx_queues; ++queue) {
    tx_queues_.push_back(std::make_unique<TxQueue>(device, host, taps, queue, settings.tx_ring_entries));
  }
  host_.start_service(info().name + ".bring_up", 0, [this] { bring_up(); });
}

Driver::~Driver() = default;

std::uint32_t Driver::read_register(std::uint32_t offset) {
  Signal answered;
  bool done = false;
  std::uint32_t value = 0;
  device_.read32(offset, [&](std::uint32_t read) {
    value = read;
    done = true;
    host_.notify(answered);
  });
  while (!done) host_.wait(answered, kNever);
  return value;
}

void Driver::bring_up() {
  SIM_CHECK(read_register(nic::kRegisterId) == nic::kIdValue, "the device is not the one this driver knows");
  const std::uint32_t queues = read_register(nic::kRegisterQueues);
  SIM_CHECK(info().rx_queues <= (queues & 0xFFFF) && info().tx_queues <= (queues >> 16),
            "the device has fewer queues than the NIC file asks for");
  for (const auto& queue : rx_queues_) queue->set_up();
  for (const auto& queue : tx_queues_) queue->set_up();

  // Register writes are posted; the answer to a read tells that all of them have arrived.
  read_register(nic::kRegisterId);
  const std::uint32_t first_cpu = host_.cpu_count() / 2;
  for (std::uint32_t i = 0; i < rx_queues_.size(); ++i) {
    host_.start_service(info().name + ".rx" + std::to_string(i), first_cpu + i,
                        [queue = rx_queues_[i].get()] { queue->serve(); });
  }
  for (std::uint32_t i = 0; i < tx_queues_.size(); ++i) {
    host_.start_service(info().name + ".tx" + std::to_string(i), first_cpu + i,
                        [queue = tx_queues_[i].get()] { queue->serve(); });
  }
  ready_ = true;
  host_.notify(ready_signal_);
}

void Driver::wait_until_ready() {
  while (!ready_) host_.wait(ready_signal_, kNever);
}

void Driver::set_rx_client(std::uint32_t queue, Layer layer, RxClient* client) {
  rx_queues_[queue]->set_client(layer, client);
}

void Driver::set_tx_client(std::uint32_t queue, Layer layer, TxClient* client) {
  tx_queues_[queue]->set_client(layer, client);
}

void Driver::kick_tx(std::uint32_t queue) { tx_queues_[queue]->wake(); }

std::uint64_t Driver::map_for_tx(std::uint32_t queue, unsigned char* memory, std::uint64_t bytes) {
  return device_.memory().map(memory, bytes, nic::kTxVectorBase + queue, nic::DmaRight::kRead);
}

void Driver::unmap(std::uint64_t dma_address) { device_.memory().release(dma_address); }

bool Driver::idle() const {
  return std::all_of(rx_queues_.begin(), rx_queues_.end(),
                     [](const auto& queue) { return queue->drained(); }) &&
         std::all_of(tx_queues_.begin(), tx_queues_.end(),
                     [](const auto& queue) { return queue->drained(); });
}

}  // namespace ringproof::driver
