// fairness_monitor.h: whoever has something to send gets his turn.
// Role     INV-38 for the sockets of a transmit queue, served by the platform, and for the transmit queues of
//          a port, served by the engine
// Shapes   of m who want, nobody waits for more than m * burst + slack services of others. A service is one
//          entry taken, or one frame handed over to the MAC. Weights are equal. While what a queue needs
//          before it can be served is read from memory others go on, so a queue must also have waited for
//          longer than that
// Errors   the platform is blamed for sockets, the device for queues. Sockets of a native and of a generic
//          interface share a hardware queue but not a turn: the driver serves native first, by design.
//          burst: for sockets the size of the hardware ring, which one may fill in its turn; for queues what
//          an engine keeps of descriptors. slack: the same once more, for the turn under way
// Source   invariants-and-faults.md F; model/xdp/tx_queue.h; rtl/nic_desc_fetch.sv
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class FairnessMonitor final : public Tap {
 public:
  FairnessMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  // While faults strike nobody is owed a turn; whoever waits when they end has only begun to.
  void suspend(bool on);
  // What is read from memory, and whoever asks for it, may be this late.
  void expect_delays(std::uint64_t late_ps_max);
  void finish(std::uint64_t end_ps);

  // Sockets
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                 bool to_wire) override;
  void tx_left(std::uint64_t socket) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;

  // Queues
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                        std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;

 private:
  struct Turn {
    bool wants = false;
    std::uint64_t base = 0;  // services of the group when it began to wait
    std::uint64_t since_ps = 0;
  };
  struct Group {
    std::uint64_t services = 0;
    std::uint32_t members = 0;
    std::uint64_t burst = 0;
    std::uint64_t slack = 0;
    std::uint64_t late_ps = 0;  // that a member may have to wait for memory
    EventTrail trail;
  };
  struct Socket {
    Group* group = nullptr;
    Turn turn;
    std::uint32_t produced = 0;
    std::uint32_t taken = 0;
    std::uint32_t tx_entries = 0;
    std::uint32_t completions = 0;
    std::uint32_t completion_entries = 0;
    std::uint32_t outstanding = 0;
  };
  struct Queue {
    bool enabled = false;
    std::uint32_t entries = 0;
    std::uint32_t tail = 0;
    std::uint32_t handed = 0;
    Turn turn;
  };
  struct Port {
    Group group;
    std::vector<Queue> queues;  // transmit
  };

  void begin(const Group& group, Turn& turn) const;
  void wants(const Group& group, Turn& turn, bool wants) const;
  void served(Group& group, Turn& turn, const Place& place, Party party);
  void judge(const Group& group, const Turn& turn, const Place& place, Party party);
  void look(Socket& socket);

  InvariantLog& log_;
  std::vector<Port> ports_;
  std::vector<std::uint32_t> tx_ring_entries_;
  std::map<std::uint64_t, Group> groups_;  // by port, queue and kind of interface
  ByNumber<Socket> sockets_;
  bool faults_ = false;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
