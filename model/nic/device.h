// device.h: a NIC as its driver sees it.
// Role     registers, DMA memory and interrupts of one port; hides SystemC from the layers above
// Units    register offsets of docs/design/queue-engine.md; frames in bytes without FCS
// Threads  simulation thread
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/nic/host_memory.h"
#include "model/nic/nic_config.h"
#include "model/nic/toeplitz.h"

namespace ringproof::nic {

struct DeviceInfo {
  std::uint32_t port = 0;  // 0 is interface index 1
  std::string name;
  std::uint32_t rx_queues = 0;
  std::uint32_t tx_queues = 0;
  std::uint32_t max_frame_bytes = 0;
  std::uint32_t mtu = 0;
  std::uint32_t rx_fragment_bytes = 0;
  Offloads offloads;
  // From an access of the device to the host's knowing of it, at least.
  std::uint64_t notice_ps = 0;
};

inline DeviceInfo describe(const NicConfig& config, std::uint32_t port) {
  return {port,
          config.name,
          config.rx_queues,
          config.tx_queues,
          config.max_frame_bytes(),
          config.mtu,
          config.rx_fragment_bytes,
          config.offloads,
          std::uint64_t{config.interrupt_latency_ns} * 1000};
}

class Device {
 public:
  virtual ~Device() = default;
  virtual const DeviceInfo& info() const = 0;
  virtual HostMemory& memory() = 0;
  // Posted: reaches the engine a bus latency after the caller's time, in order.
  virtual void write32(std::uint32_t offset, std::uint32_t value) = 0;
  // Calls `done` in host context when the value is back.
  virtual void read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) = 0;
  // When the frame of this free-running index of a transmit queue ended, or will end, on the wire [ns]; 0
  // when it was not sent, or without the offload. REQUIRES: the index is behind the published one, by 8192 at
  // most.
  virtual std::uint64_t tx_timestamp_ns(std::uint32_t queue, std::uint32_t index) = 0;
  // Lengths of the buffers that a received frame came in, if they are not those that the port always makes.
  // Asked once per frame.
  virtual std::vector<std::uint32_t> take_rx_buffers(std::uint64_t /*timestamp_ns*/) { return {}; }
  // Arrival time of the next frame for which a zero-copy queue has used up a descriptor, and published that;
  // each is told once. 0: there is none.
  virtual std::uint64_t take_zero_copy_frame(std::uint32_t /*queue*/) { return 0; }
  // How frames are spread over the receive queues; a change holds from the next one that arrives on.
  virtual RssSettings rss() const = 0;
  // REQUIRES: the table names queues that are there.
  virtual void set_rss(const RssSettings& settings) = 0;
  // Called in host context, at the time of delivery, for each interrupt of the vector.
  virtual void set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) = 0;

  // ---- What befalls a device ----

  // It is reset for so many of its cycles: registers are as after power-on, and what it had is lost. The MAC
  // goes on; frames that the device had taken and not told of are dropped. Needs no cycle without a clock.
  virtual void reset(std::uint32_t cycles) = 0;
  // It is there or not. Not there: it is in reset, register reads bring all ones, writes go nowhere, and the
  // link is down.
  virtual void set_present(bool present) = 0;
  // Whether the bus takes register accesses to it: if not, reads bring all ones and writes go nowhere, which
  // is how a function is after a reset until the host has configured it anew. What the device does goes on.
  virtual void set_reachable(bool reachable) = 0;
};

}  // namespace ringproof::nic
