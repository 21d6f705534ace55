// sent_time_monitor.h: the time that a COMPLETION entry says is that at which its frame left.
// Role     INV-20 for frames to send: the timestamp of each entry, against the end of the frame on the wire
// Shapes   frames of sockets that asked for times, from posting until both are known; an entry may come before
//          the frame has left. The MAC sends what it was handed in that order
// Units    [ns], rounded down
// Errors   the platform's, who reads it from the device. Not judged: a frame that a test holds, and gives a time
//          of its own; what was with a device when its queue was switched off; a frame that never left
// Source   invariants-and-faults.md C; docs/design/queue-engine.md, Offloads
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class SentTimeMonitor final : public Tap {
 public:
  SentTimeMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override;
  void tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                 bool to_wire) override;
  void tx_left(std::uint64_t socket) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }
  void tx_held(std::uint32_t port, std::uint32_t queue, Bytes bytes) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void device_lost(std::uint32_t port, bool lost) override;

 private:
  struct Frame {
    std::uint64_t socket;
    const unsigned char* data;
    std::uint32_t index;
    std::uint64_t place;  // among all that the MAC was handed
    bool left;
    bool told;
    std::uint64_t left_ns;
    std::uint64_t told_ns;
  };
  static constexpr std::uint64_t kNotHanded = ~std::uint64_t{0};
  struct Queue {
    Fifo<Frame> frames;
    std::uint64_t handed = 0;  // frames that the MAC was handed, and those that left it
    std::uint64_t left = 0;
  };
  struct Socket {
    RingShape completion{};
    TxMemory memory{};
    std::uint32_t producer = 0;
    std::uint32_t announced = 0;  // entries written and not published
    std::uint32_t port = 0;
    std::uint32_t queue = 0;
    bool joined = false;
    std::vector<const unsigned char*> held;
  };

  Queue& queue(std::uint32_t port, std::uint32_t number);
  static bool forget(Queue& queue, const unsigned char* data);
  void left(std::uint32_t port, std::uint32_t number, bool on_wire, std::uint64_t time_ps);
  void judge(Queue& queue, std::size_t at);

  InvariantLog& log_;
  std::vector<bool> stamps_;  // by port: the device knows when frames leave
  std::vector<std::vector<Queue>> ports_;
  bool wanted_ = false;  // a socket has asked for times
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
