#include "sim/monitor/device_monitors.h"

namespace ringproof {
namespace {

std::vector<std::uint32_t> rx_ring_entries(const std::vector<nic::NicConfig>& ports) {
  std::vector<std::uint32_t> entries;
  entries.reserve(ports.size());
  for (const nic::NicConfig& port : ports) entries.push_back(port.rx_ring_entries);
  return entries;
}

}  // namespace

DeviceMonitors::DeviceMonitors(InvariantLog& log, const std::vector<nic::NicConfig>& ports)
    : patience_(ports),
      handshake_(log),
      tags_(log),
      assertions_(log),
      publication_(log, rx_ring_entries(ports)),
      window_(log),
      completion_(log),
      lent_transmit_(log),
      quiet_(log),
      interrupts_(log, ports),
      progress_(log, patience_),
      fairness_(log, ports),
      teardown_(log, patience_),
      blocking_(log),
      time_(log) {}

void DeviceMonitors::faults_active(bool on, std::uint64_t time_ps) {
  patience_.faults_active(on, time_ps);
  interrupts_.faults_active(on, time_ps);
  fairness_.suspend(on);
}

void DeviceMonitors::expect_delays(std::uint64_t late_ps_max) {
  patience_.expect_delays(late_ps_max);
  interrupts_.expect_delays(late_ps_max);
  fairness_.expect_delays(late_ps_max);
}

void DeviceMonitors::finish(const RunEnd& end) {
  tags_.finish(end.time_ps, end.drained);
  window_.finish(end.time_ps, end.drained);
  interrupts_.finish(end.time_ps);
  progress_.finish(end.time_ps, end.quiet);
  fairness_.finish(end.time_ps);
  teardown_.finish(end.time_ps, end.quiet);
}

void DeviceMonitors::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  time_.wire_in(port, timestamp_ns, bytes);
}

void DeviceMonitors::nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  window_.nic_accepted(port, queue, timestamp_ns);
  progress_.nic_accepted(port, queue, timestamp_ns);
}

void DeviceMonitors::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) {
  time_.wire_out(port, queue, time_ps, bytes);
}

void DeviceMonitors::dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
                         std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  quiet_.dma(port, requester, write, address, bytes, allowed, time_ps);
  time_.dma(port, requester, write, address, bytes, allowed, time_ps);
  if (lent_transmit_.any_lent()) lent_transmit_.dma(port, requester, write, address, bytes, allowed, time_ps);
  fairness_.dma(port, requester, write, address, bytes, allowed, time_ps);
}

void DeviceMonitors::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                   std::uint32_t entries, std::uint64_t time_ps) {
  quiet_.queue_enabled(port, vector, start, entries, time_ps);
  publication_.queue_enabled(port, vector, start, entries, time_ps);
  window_.queue_enabled(port, vector, start, entries, time_ps);
  completion_.queue_enabled(port, vector, start, entries, time_ps);
  interrupts_.queue_enabled(port, vector, start, entries, time_ps);
  fairness_.queue_enabled(port, vector, start, entries, time_ps);
}

void DeviceMonitors::zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                                       std::uint64_t time_ps) {
  publication_.zero_copy_enabled(port, vector, told, time_ps);
  window_.zero_copy_enabled(port, vector, told, time_ps);
  completion_.zero_copy_enabled(port, vector, told, time_ps);
  lent_transmit_.zero_copy_enabled(port, vector, told, time_ps);
}

void DeviceMonitors::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  quiet_.queue_disabled(port, vector, time_ps);
  publication_.queue_disabled(port, vector, time_ps);
  window_.queue_disabled(port, vector, time_ps);
  interrupts_.queue_disabled(port, vector, time_ps);
  progress_.queue_disabled(port, vector, time_ps);
  fairness_.queue_disabled(port, vector, time_ps);
}

void DeviceMonitors::queue_stopped(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  quiet_.queue_stopped(port, vector, time_ps);
}

void DeviceMonitors::range_error_read(std::uint32_t port, std::uint32_t vector, bool error,
                                      std::uint64_t time_ps) {
  window_.range_error_read(port, vector, error, time_ps);
}

void DeviceMonitors::device_reset(std::uint32_t port, std::uint64_t time_ps) {
  quiet_.device_reset(port, time_ps);
  publication_.device_reset(port, time_ps);
  window_.device_reset(port, time_ps);
  lent_transmit_.device_reset(port, time_ps);
  interrupts_.device_reset(port, time_ps);
  progress_.device_reset(port, time_ps);
  fairness_.device_reset(port, time_ps);
}

void DeviceMonitors::doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                      std::uint64_t time_ps) {
  time_.doorbell_written(port, vector, index, time_ps);
  window_.doorbell_written(port, vector, index, time_ps);
  fairness_.doorbell_written(port, vector, index, time_ps);
}

void DeviceMonitors::interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                                     std::uint64_t time_ps) {
  publication_.interrupt_armed(port, vector, seen, time_ps);
  interrupts_.interrupt_armed(port, vector, seen, time_ps);
}

void DeviceMonitors::interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  quiet_.interrupt_requested(port, vector, time_ps);
  time_.interrupt_requested(port, vector, time_ps);
  publication_.interrupt_requested(port, vector, time_ps);
  interrupts_.interrupt_requested(port, vector, time_ps);
}

void DeviceMonitors::interrupt_delivered(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  interrupts_.interrupt_delivered(port, vector, time_ps);
}

void DeviceMonitors::descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t first_slot,
                                         std::uint32_t count, std::uint64_t time_ps) {
  quiet_.descriptors_fetched(port, vector, first_slot, count, time_ps);
  window_.descriptors_fetched(port, vector, first_slot, count, time_ps);
}

void DeviceMonitors::payload_written(std::uint32_t port, std::uint32_t vector, std::uint64_t address,
                                     std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  publication_.payload_written(port, vector, address, bytes, allowed, time_ps);
}

void DeviceMonitors::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot,
                                        Bytes entry, bool allowed, std::uint64_t time_ps) {
  quiet_.completion_written(port, vector, slot, entry, allowed, time_ps);
  publication_.completion_written(port, vector, slot, entry, allowed, time_ps);
  completion_.completion_written(port, vector, slot, entry, allowed, time_ps);
  if (lent_transmit_.any_lent())
    lent_transmit_.completion_written(port, vector, slot, entry, allowed, time_ps);
}

void DeviceMonitors::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                     bool allowed, std::uint64_t time_ps) {
  quiet_.index_published(port, vector, index, allowed, time_ps);
  publication_.index_published(port, vector, index, allowed, time_ps);
  window_.index_published(port, vector, index, allowed, time_ps);
  interrupts_.index_published(port, vector, index, allowed, time_ps);
  progress_.index_published(port, vector, index, allowed, time_ps);
}

void DeviceMonitors::entries_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                       bool allowed, std::uint64_t time_ps) {
  publication_.entries_published(port, vector, index, allowed, time_ps);
}

void DeviceMonitors::tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  quiet_.tx_handed_over(port, queue, index);
  publication_.tx_handed_over(port, queue, index);
  window_.tx_handed_over(port, queue, index);
  fairness_.tx_handed_over(port, queue, index);
}

void DeviceMonitors::rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  window_.rx_starved(port, queue, timestamp_ns);
}

void DeviceMonitors::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                     std::uint32_t entries, std::uint64_t socket) {
  publication_.hw_ring_changed(port, vector, index, entries, socket);
  window_.hw_ring_changed(port, vector, index, entries, socket);
  completion_.hw_ring_changed(port, vector, index, entries, socket);
  lent_transmit_.hw_ring_changed(port, vector, index, entries, socket);
}

void DeviceMonitors::hw_rx_buffer(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                                  std::uint64_t address, std::uint32_t bytes) {
  publication_.hw_rx_buffer(port, queue, index, address, bytes);
}

void DeviceMonitors::poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                                    std::uint64_t time_ps) {
  interrupts_.poller_changed(port, vector, poller, time_ps);
  progress_.poller_changed(port, vector, poller, time_ps);
}

void DeviceMonitors::hw_rx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  window_.hw_rx_posted(port, queue, index);
}

void DeviceMonitors::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                                     std::uint64_t timestamp_ns, Bytes bytes) {
  completion_.hw_rx_completed(port, queue, index, timestamp_ns, bytes);
  interrupts_.hw_rx_completed(port, queue, index, timestamp_ns, bytes);
  progress_.hw_rx_completed(port, queue, index, timestamp_ns, bytes);
}

void DeviceMonitors::hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) {
  window_.hw_tx_posted(port, queue, index, bytes);
  if (lent_transmit_.any_lent()) lent_transmit_.hw_tx_posted(port, queue, index, bytes);
  progress_.hw_tx_posted(port, queue, index, bytes);
}

void DeviceMonitors::hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  interrupts_.hw_tx_completed(port, queue, index);
  progress_.hw_tx_completed(port, queue, index);
}

void DeviceMonitors::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  progress_.frame_passed(port, timestamp_ns, time_ps);
}

void DeviceMonitors::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  progress_.frame_forwarded(port, timestamp_ns, time_ps);
}

void DeviceMonitors::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  progress_.frame_dropped(port, timestamp_ns, reason);
}

void DeviceMonitors::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                                     std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  progress_.frame_delivered(port, timestamp_ns, socket, address, bytes, time_ps);
}

void DeviceMonitors::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  lent_transmit_.umem_registered(socket, umem);
}

void DeviceMonitors::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  completion_.ring_created(socket, kind, shape);
  lent_transmit_.ring_created(socket, kind, shape);
  progress_.ring_created(socket, kind, shape);
  fairness_.ring_created(socket, kind, shape);
}

void DeviceMonitors::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                                std::uint32_t now, std::uint64_t time_ps) {
  progress_.ring_moved(socket, kind, actor, old, now, time_ps);
  fairness_.ring_moved(socket, kind, actor, old, now, time_ps);
  completion_.ring_moved(socket, kind, actor, old, now, time_ps);
}

void DeviceMonitors::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) {
  fairness_.entry_taken(socket, kind, index, bytes);
}

void DeviceMonitors::tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) {
  progress_.tx_judged(socket, base_address, valid, bytes);
  fairness_.tx_judged(socket, base_address, valid, bytes);
}

void DeviceMonitors::tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) {
  progress_.tx_finished(socket, base_address, bytes);
  fairness_.tx_finished(socket, base_address, bytes);
}

void DeviceMonitors::socket_closed(std::uint64_t socket) {
  completion_.socket_closed(socket);
  lent_transmit_.socket_closed(socket);
  progress_.socket_closed(socket);
  fairness_.socket_closed(socket);
}

void DeviceMonitors::tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                               bool to_wire) {
  progress_.tx_joined(socket, port, queue, generic, to_wire);
  fairness_.tx_joined(socket, port, queue, generic, to_wire);
}

void DeviceMonitors::tx_left(std::uint64_t socket) {
  progress_.tx_left(socket);
  fairness_.tx_left(socket);
}

void DeviceMonitors::tx_poked(std::uint64_t socket, bool begins, std::uint64_t time_ps) {
  progress_.tx_poked(socket, begins, time_ps);
}

void DeviceMonitors::teardown_begun(Teardown what, std::uint64_t object, std::uint64_t time_ps) {
  teardown_.teardown_begun(what, object, time_ps);
}

void DeviceMonitors::teardown_ended(Teardown what, std::uint64_t object, std::uint64_t time_ps) {
  teardown_.teardown_ended(what, object, time_ps);
}

}  // namespace ringproof
