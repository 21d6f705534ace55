// driver.h: the native driver of one port.
// Role     owns the hardware queues; hands received frames to a client per queue and takes frames to send
// Shapes   one poll task per receive and per transmit queue; queue q polls on CPU (cpus / 2 + q) mod cpus
// Threads  simulation thread; clients are called from the poll task of their queue
// Errors   a device that is not ours (ID, queue count) stops the run: SIM_CHECK
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/device.h"
#include "xdp/framechecksum.h"
#include "xdp/framelayout.h"

namespace ringproof::driver {

class RxQueue;
class TxQueue;

enum class RxAction : std::uint8_t { kPass, kDrop };

// Who sees a received frame first, and whose frames are sent first.
enum class Layer : std::uint8_t { kNative, kGeneric };
constexpr std::size_t kLayers = 2;

struct RxFrame {
  Tap::Bytes bytes;
  std::span<const std::uint32_t> fragments;  // lengths of the buffers it came in; empty: one
  std::uint64_t timestamp_ns = 0;
  std::uint32_t rss_hash = 0;
  XDP_FRAME_LAYOUT layout{};      // as far as the device looked into the frame
  XDP_FRAME_CHECKSUM checksum{};  // the device's verdicts
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
  XDP_FRAME_LAYOUT layout{};      // where the headers are, for the checksums that are asked for
  XDP_FRAME_CHECKSUM checksum{};  // passthrough or required, per layer
};

struct TxCompletion {
  std::uint64_t context = 0;
  std::uint64_t timestamp_ns = 0;  // end of the frame on the wire; 0: it was never there
};

// Gives a transmit queue its frames and hears when the device is done with them.
class TxClient {
 public:
  virtual ~TxClient() = default;
  // Called first in every pass: the frames the device finished, in its order.
  virtual void completed(std::span<const TxCompletion> frames) = 0;
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

  // The client of a layer of a receive queue; frames that it passes go to the next layer, and from the last
  // one to the host stack. Null passes every frame. Takes effect between batches.
  void set_rx_client(std::uint32_t queue, Layer layer, RxClient* client);
  void set_tx_client(std::uint32_t queue, Layer layer, TxClient* client);
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
