// device_monitors.h: the monitors of the device, of liveness and of the framework, as one listener.
// Role     makes them and hands each event to those that want it, which costs less than asking all of them
// Shapes   one tap, one bus watcher, one observer of tasks and locks
// Source   invariants-and-faults.md D, E, F and H
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/bus_watcher.h"
#include "model/nic/handshakes.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/assertion_monitor.h"
#include "sim/monitor/blocking_monitor.h"
#include "sim/monitor/completion_monitor.h"
#include "sim/monitor/fairness_monitor.h"
#include "sim/monitor/handshake_monitor.h"
#include "sim/monitor/interrupt_monitor.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/lent_transmit_monitor.h"
#include "sim/monitor/patience.h"
#include "sim/monitor/progress_monitor.h"
#include "sim/monitor/publication_monitor.h"
#include "sim/monitor/quiet_monitor.h"
#include "sim/monitor/run_end.h"
#include "sim/monitor/tag_monitor.h"
#include "sim/monitor/teardown_monitor.h"
#include "sim/monitor/time_monitor.h"
#include "sim/monitor/window_monitor.h"

namespace ringproof {

class DeviceMonitors final : public Tap, public nic::BusWatcher {
 public:
  DeviceMonitors(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  TaskObserver& tasks() { return time_; }
  BlockingObserver& blocking() { return blocking_; }

  // Whoever could go on may be kept waiting for so long.
  void expect_delays(std::uint64_t late_ps_max);
  void finish(const RunEnd& end);

  // BusWatcher
  void cycle(std::uint32_t port, std::uint64_t edge_ps, const nic::EngineInputs& in,
             const nic::EngineOutputs& out) override {
    handshake_.cycle(port, edge_ps, in, out);
    if (!in.rst_n || nic::Handshakes(in, out).any_transfers()) tags_.cycle(port, edge_ps, in, out);
  }
  void assertion_failed(std::uint32_t port, const std::string& module, std::uint32_t line,
                        std::uint64_t edge_ps) override {
    assertions_.assertion_failed(port, module, line, edge_ps);
  }

  // Tap
  // Faults strike from now on, or have healed: the bounds of liveness then hold again.
  void faults_active(bool on, std::uint64_t time_ps) override;
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override {
    publication_.fault_struck(id, target, time_ps);
    interrupts_.fault_struck(id, target, time_ps);
  }
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void queue_stopped(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void range_error_read(std::uint32_t port, std::uint32_t vector, bool error, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                        std::uint64_t time_ps) override;
  void interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                       std::uint64_t time_ps) override;
  void interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void interrupt_delivered(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t first_slot,
                           std::uint32_t count, std::uint64_t time_ps) override;
  void payload_written(std::uint32_t port, std::uint32_t vector, std::uint64_t address, std::uint32_t bytes,
                       bool allowed, std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;
  void entries_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                         std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_rx_buffer(std::uint32_t port, std::uint32_t queue, std::uint32_t index, std::uint64_t address,
                    std::uint32_t bytes) override;
  void poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                      std::uint64_t time_ps) override;
  void hw_rx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;
  void tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                 bool to_wire) override;
  void tx_left(std::uint64_t socket) override;
  void tx_poked(std::uint64_t socket, bool begins, std::uint64_t time_ps) override;
  void teardown_begun(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;
  void teardown_ended(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;

 private:
  Patience patience_;
  HandshakeMonitor handshake_;
  TagMonitor tags_;
  AssertionMonitor assertions_;
  PublicationMonitor publication_;
  WindowMonitor window_;
  CompletionMonitor completion_;
  LentTransmitMonitor lent_transmit_;
  QuietMonitor quiet_;
  InterruptMonitor interrupts_;
  ProgressMonitor progress_;
  FairnessMonitor fairness_;
  TeardownMonitor teardown_;
  BlockingMonitor blocking_;
  TimeMonitor time_;
};

}  // namespace ringproof
