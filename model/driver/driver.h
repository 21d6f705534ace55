// driver.h: the native driver of one port.
// Role     owns the hardware queues; hands received frames to a client per queue and takes frames to send
// Shapes   one poll task per receive and per transmit queue; queue q polls on CPU (cpus / 2 + q) mod cpus
// Threads  simulation thread; clients are called from the poll task of their queue
// Errors   a device that is not ours (ID, queue count) stops the run: SIM_CHECK
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/device.h"

namespace ringproof::driver {

class RxQueue;
class TxQueue;

enum class RxAction : std::uint8_t { kPass, kDrop };

struct RxFrame {
  Tap::Bytes bytes;
  std::uint64_t timestamp_ns = 0;
  std::uint32_t rss_hash = 0;
  RxAction action = RxAction::kPass;
};

// Inspects what a receive queue brought. Frames whose action becomes kDrop were taken or dropped by the
// client, who accounts for them; the driver passes the others to the host stack.
class RxClient {
 public:
  virtual ~RxClient() = default;
  virtual void receive(std::span<RxFrame> frames) = 0;
};

struct TxFrame {
  std::uint64_t dma_address = 0;  // readable by this queue
  std::uint32_t length = 0;       // [bytes]
  std::uint64_t context = 0;      // given back with the completion
  Tap::Bytes bytes;               // the host's view of the same bytes
};

// Gives a transmit queue its frames and hears when the device is done with them.
class TxClient {
 public:
  virtual ~TxClient() = default;
  // Called first in every pass: the frames the device finished, in its order.
  virtual void completed(std::span<const std::uint64_t> contexts) = 0;
  // Appends at most `room` frames. Returns whether the pass must be followed by another one.
  virtual bool fill(std::uint32_t room, std::vector<TxFrame>& frames) = 0;
};

struct DriverSettings {
  std::uint32_t rx_ring_entries = 256;
  std::uint32_t tx_ring_entries = 256;
};

class Driver {
 public:
  Driver(nic::Device& device, Host& host, const TapList& taps, const DriverSettings& settings);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  const nic::DeviceInfo& info() const { return device_.info(); }

  // Blocks the calling task until every queue is set up.
  void wait_until_ready();

  // The client of a receive queue; null passes every frame to the host stack. Takes effect between batches.
  void set_rx_client(std::uint32_t queue, RxClient* client);
  void set_tx_client(std::uint32_t queue, TxClient* client);
  // Asks for passes of the transmit queue until one finds nothing to do.
  void kick_tx(std::uint32_t queue);

  // Makes memory readable for a transmit queue; returns its DMA address.
  std::uint64_t map_for_tx(std::uint32_t queue, unsigned char* memory, std::uint64_t bytes);
  void unmap(std::uint64_t dma_address);

  // No transmit frame is with the device and no receive completion waits to be polled.
  bool idle() const;

 private:
  void bring_up();
  std::uint32_t read_register(std::uint32_t offset);

  nic::Device& device_;
  Host& host_;
  bool ready_ = false;
  Signal ready_signal_;
  std::vector<std::unique_ptr<RxQueue>> rx_queues_;
  std::vector<std::unique_ptr<TxQueue>> tx_queues_;
};

}  // namespace ringproof::driver
