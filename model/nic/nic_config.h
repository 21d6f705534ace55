// nic_config.h: what a NIC file says of one port.
// Role     plain values with their defaults; sim/replay/nic_file.cc reads them from JSON
// Units    in the names
// Source   docs/nic-file.md
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace ringproof::nic {

constexpr std::uint32_t kMaxQueues = 16;  // of the engine as it is built

using RssKey = std::array<std::uint8_t, 40>;

// The key of the published RSS verification vectors.
constexpr RssKey kDefaultRssKey = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
                                   0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
                                   0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
                                   0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};

// How long something may wait for more of its kind: until there are so many, or so long.
struct Pacing {
  std::uint32_t frames = 0;  // 0: only the time counts
  std::uint32_t ns = 0;      // 0: nothing waits
};
constexpr std::uint32_t kPacingCyclesMax = 0xFFFF;  // of the engine's clock

// What the hardware does for the host beyond moving bytes.
struct Offloads {
  bool rx_checksum = true;
  bool tx_checksum = true;
  bool rx_timestamp = true;
  bool tx_timestamp = true;
};

struct NicConfig {
  std::string name = "port1";
  double gbps = 25.0;
  std::uint32_t rx_queues = 4;
  std::uint32_t tx_queues = 4;
  std::uint32_t rx_ring_entries = 256;  // hardware ring, a power of two
  std::uint32_t tx_ring_entries = 256;
  std::uint32_t clock_mhz = 250;
  std::uint32_t mtu = 1500;                  // a frame may have 18 bytes more (Ethernet and one VLAN tag)
  std::uint32_t rx_fifo_bytes = 256 * 1024;  // MAC receive buffer
  std::uint32_t dma_read_latency_ns = 300;
  std::uint32_t dma_write_latency_ns = 100;
  std::uint32_t dma_jitter_ns = 40;          // 0..this is added to each latency, from a random stream
  bool dma_reorder_reads = false;            // a read waits for its own latency only, not for older ones
  std::uint32_t dma_stall_percent = 2;       // cycles in which the memory side is not ready
  std::uint32_t register_latency_ns = 100;   // a posted write's way to the engine
  std::uint32_t interrupt_latency_ns = 500;  // from request to handler
  std::uint32_t interrupt_gap_ns = 2000;     // moderation: shortest time between two of one vector
  Pacing coalesce;                           // finished frames, before their index is published
  Pacing moderation;                         // published ones, before the queue asks for an interrupt
  RssKey rss_key = kDefaultRssKey;
  Offloads offloads;
  bool zero_copy = false;               // queues of one socket work on its rings, where the engine can
  std::uint32_t rx_fragment_bytes = 0;  // a received frame comes in buffers of at most this; 0: always in one

  std::uint32_t max_frame_bytes() const { return mtu + 18; }
};

}  // namespace ringproof::nic
