// interrupt_monitor.h: no completion stays unseen with nobody on the way to look.
// Role     INV-34: while the device has published more than the driver took, an interrupt is on its way, or
//          somebody polls the queue
// Shapes   judged where such a time ends, and at the end of the run, by how long it has lasted
// Units    [ps]
//          An armed vector is no excuse: its request comes at once, unless it was armed with a later index
//          than the driver has taken, and then none comes
// Errors   the driver is blamed: it is the one that must arm or look; a request that was never made or
//          never delivered is the device's. Allowed is the way of the arming write and of an index write to
//          its request, with 10 us of grace; a faulty time does not count
// Source   invariants-and-faults.md E; docs/design/queue-engine.md, IRQ_ARM
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class InterruptMonitor final : public Tap {
 public:
  InterruptMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  // Faults strike, or have healed: what began before the healing is measured from it on.
  void faults_active(bool on, std::uint64_t time_ps) override;
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;
  // Whoever could go on may be kept waiting for so long.
  void expect_delays(std::uint64_t late_ps_max);
  void finish(std::uint64_t end_ps);

  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                       std::uint64_t time_ps) override;
  void interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void interrupt_delivered(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;
  void poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                      std::uint64_t time_ps) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;

 private:
  struct Limits {
    std::uint64_t gap_ps;       // from one protection to the next
    std::uint64_t delivery_ps;  // from a request to its handler
  };
  struct Queue {
    bool enabled = false;
    std::uint32_t published = 0;
    std::uint32_t seen = 0;
    bool armed = false;
    std::uint32_t armed_seen = 0;
    bool pending = false;
    Poller poller = Poller::kAsleep;
    bool exposed = false;
    std::uint64_t since_ps = 0;    // of being exposed
    std::uint32_t unseen = 0;      // completions, when that was last looked at
    std::uint64_t request_ps = 0;  // of the pending interrupt
    EventTrail trail;
  };

  Queue& queue(std::uint32_t port, std::uint32_t vector);
  // Something changed: whether the queue is exposed now.
  void look(std::uint32_t port, std::uint32_t vector, Queue& queue, std::uint64_t time_ps);
  void judge(std::uint32_t port, std::uint32_t vector, const Queue& queue, std::uint64_t time_ps);
  // How long ago, not counting faulty times.
  std::uint64_t lasted_ps(std::uint64_t since_ps, std::uint64_t time_ps) const;

  InvariantLog& log_;
  std::vector<Limits> limits_;  // by port
  std::vector<ByVector<Queue>> ports_;
  bool faults_ = false;
  std::uint64_t healed_ps_ = 0;
  std::uint64_t doorbells_ps_ = 0;  // until when one that was kept back may still come
};

}  // namespace ringproof
