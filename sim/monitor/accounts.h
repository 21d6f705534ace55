// accounts.h: where the frames went, per reason and per hardware queue, and how long they took.
// Role     the counting part of RunResult
// Shapes   one row per queue, port by port, receive queues first; a row counts what its queue got through
//          (rx: completions without an error; tx: frames on the wire) and what it lost
// Units    latency [ns], from arrival at the MAC to publication in an RX ring; percentiles by nearest rank
// Errors   none
// Source   docs/stats-json.md
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/latencies.h"
#include "sim/replay/run_result.h"

namespace ringproof {

class Accounts final : public Tap {
 public:
  struct PortInfo {
    std::string name;
    std::uint32_t rx_queues;
    std::uint32_t tx_queues;
  };

  static std::vector<PortInfo> infos_of(const std::vector<nic::NicConfig>& ports);
  // One for each port, in the order of their numbers.
  explicit Accounts(const std::vector<PortInfo>& ports);

  void fill(RunResult& result) const;
  // Frames that arrived and have not reached an end yet.
  std::uint64_t in_flight() const;

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void tx_bad_offload(std::uint32_t port, std::uint32_t queue) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void stack_received(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void stack_lost(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  struct Port {
    std::size_t first_rx;  // in queues_
    std::size_t first_tx;
    // The completion that the driver looked at last: if it is bad, it is dropped before the next one.
    QueueResult* last_queue = nullptr;
    std::uint64_t last_timestamp_ns = 0;
    std::uint64_t last_bytes = 0;
  };

  std::vector<QueueResult> queues_;
  std::vector<bool> lent_;  // by queue: it works on rings of a socket
  std::vector<Port> ports_;
  std::uint64_t wire_in_ = 0;
  std::uint64_t wire_out_ = 0;
  std::uint64_t to_sockets_ = 0;
  std::uint64_t passed_ = 0;
  std::uint64_t forwarded_ = 0;
  StackResult stack_;
  std::array<std::uint64_t, static_cast<std::size_t>(DropReason::kCount)> dropped_{};
  // Arrival times of frames that are in a socket's UMEM and not published yet.
  ByNumber<std::vector<std::uint64_t>> unpublished_;
  mutable Latencies latencies_;  // sorts when it is asked
};

}  // namespace ringproof
