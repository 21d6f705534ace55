#include "sim/monitor/frame_order_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/base/hash.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/reference_steering.h"

namespace ringproof {
namespace {

// The driver has looked at its completion only; others of the same pass are still to be looked at.
bool told_by_completion(DropReason reason) {
  return reason == DropReason::kDmaError || reason == DropReason::kBadCompletion ||
         reason == DropReason::kTruncated || reason == DropReason::kPaused;
}

}  // namespace

FrameOrderMonitor::RxQueue& FrameOrderMonitor::rx(std::uint32_t port, std::uint32_t queue) {
  return grown(grown(rx_, port), queue);
}
FrameOrderMonitor::TxQueue& FrameOrderMonitor::tx(std::uint32_t port, std::uint32_t queue) {
  return grown(grown(tx_, port), queue);
}

void FrameOrderMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  const reference::FlowKey key = reference::flow_of(bytes);
  frames_.begin(port, timestamp_ns).flow = key.size == 0 ? 0 : hash_bytes(key.bytes.data(), key.size);
}

void FrameOrderMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}

void FrameOrderMonitor::follows(Party party, std::uint32_t port, std::uint32_t queue, std::uint64_t& latest,
                                std::uint64_t timestamp_ns, const char* how) {
  if (latest != 0) log_.checked(Invariant::k18);
  if (timestamp_ns <= latest) {
    log_.violated(Invariant::k18, party, Place::rx_queue(port, queue), rx(port, queue).trail,
                  std::max(now_ps_, timestamp_ns * 1000), [&] {
                    return fmt::format("the frame of {} ns was {} after that of {} ns", timestamp_ns, how,
                                       latest);
                  });
  }
  latest = std::max(latest, timestamp_ns);
}

void FrameOrderMonitor::nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  RxQueue& it = rx(port, queue);
  if (Note* note = frames_.find(port, timestamp_ns)) note->queue = queue;
  follows(Party::kDevice, port, queue, it.accepted_ns, timestamp_ns, "accepted");
}

void FrameOrderMonitor::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t,
                                        std::uint64_t timestamp_ns, Bytes) {
  RxQueue& it = rx(port, queue);
  // The frames of a pass are all looked at before the first of them ends.
  if (it.ending) ++it.pass;
  it.ending = false;
  if (Note* note = frames_.find(port, timestamp_ns)) {
    note->queue = queue;
    note->pass = it.pass;
  }
  it.trail.add("frame of {0} ns completed in pass {1}", timestamp_ns, it.pass, now_ps_);
  follows(Party::kDevice, port, queue, it.completed_ns, timestamp_ns, "completed");
}

void FrameOrderMonitor::ended(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t receiver,
                              const char* how) {
  const Note* found = frames_.end(port, timestamp_ns);
  if (found == nullptr) return;
  const Note note = *found;
  RxQueue& queue = rx(port, note.queue);
  queue.ending = true;
  follows(Party::kPlatform, port, note.queue, queue.receivers[receiver], timestamp_ns, how);
  if (note.flow != 0) check_flow(port, note, queue, timestamp_ns);
}

void FrameOrderMonitor::check_flow(std::uint32_t port, const Note& note, RxQueue& queue,
                                   std::uint64_t timestamp_ns) {
  if (queue.flows.size() >= kFlowsMax) queue.flows.clear();
  const auto [entry, is_new] = queue.flows.try_emplace(note.flow, Last{timestamp_ns, note.pass});
  if (is_new) return;
  Last& last = entry->second;
  if (note.pass != last.pass) {
    log_.checked(Invariant::k18);
    if (timestamp_ns < last.timestamp_ns) {
      log_.violated(Invariant::k18, Party::kPlatform, Place::rx_queue(port, note.queue), queue.trail, now_ps_,
                    [&] {
                      return fmt::format(
                          "the frame of {} ns (pass {}) came to its end after that of {} ns (pass {}) of the "
                          "same flow",
                          timestamp_ns, note.pass, last.timestamp_ns, last.pass);
                    });
    }
  }
  if (timestamp_ns > last.timestamp_ns) last = {timestamp_ns, note.pass};
}

void FrameOrderMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, kHost, "passed");
}

void FrameOrderMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns,
                                        std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, kForwarder, "forwarded");
}

void FrameOrderMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  const Note* note = frames_.end(port, timestamp_ns);
  if (note != nullptr && !told_by_completion(reason)) rx(port, note->queue).ending = true;
}

void FrameOrderMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                                        std::uint64_t, Bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, socket, "delivered");
}

// What was posted and not begun stays where it is.
void FrameOrderMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                        std::uint32_t, std::uint64_t) {
  if (receives(vector)) return;
  TxQueue& it = tx(port, vector - nic::kTxVectorBase);
  std::size_t begun = it.posted.size();
  while (begun > 0 && it.handed.never_sent(it.posted[begun - 1].index)) --begun;
  it.posted.cut(begun);
  it.handed.another_ring(index);
}

void FrameOrderMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                                     Bytes bytes) {
  TxQueue& it = tx(port, queue);
  it.posted.push({index, bytes.size()});
  it.trail.add("descriptor {0} posted, {1} bytes", index, bytes.size(), now_ps_);
}

void FrameOrderMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                      std::uint32_t, std::uint64_t) {
  if (!receives(vector)) tx(port, vector - nic::kTxVectorBase).handed.enabled(start);
}

void FrameOrderMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  if (!receives(vector)) tx(port, vector - nic::kTxVectorBase).handed.off();
}

void FrameOrderMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  if (port >= tx_.size()) return;
  for (TxQueue& queue : tx_[port]) queue.handed.off();
}

void FrameOrderMonitor::tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  tx(port, queue).handed.handed(index);
}

void FrameOrderMonitor::hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  TxQueue& it = tx(port, queue);
  if (!it.handed.never_sent(index)) return;
  for (std::size_t i = 0; i < it.posted.size(); ++i) {
    if (it.posted[i].index == index) return it.posted.erase(i);
  }
}

void FrameOrderMonitor::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps,
                                 Bytes bytes) {
  TxQueue& it = tx(port, queue);
  if (it.posted.empty()) return;  // INV-23 knows what was posted
  const std::size_t expected = it.posted.front().bytes;
  it.posted.pop();
  log_.checked(Invariant::k18);
  if (expected != bytes.size() || time_ps < it.ended_ps) {
    log_.violated(Invariant::k18, Party::kDevice, Place::tx_queue(port, queue), it.trail, time_ps, [&] {
      return fmt::format(
          "a frame of {} bytes left until {} ns, the one before it until {} ns; the oldest that "
          "was posted has {} bytes",
          bytes.size(), time_ps / 1000, it.ended_ps / 1000, expected);
    });
  }
  it.ended_ps = time_ps;
}

// Those that the driver kept or took back have no place on the wire.
void FrameOrderMonitor::wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) {
  if (reason == DropReason::kPaused || reason == DropReason::kSendFailed) return;
  TxQueue& it = tx(port, queue);
  if (!it.posted.empty()) it.posted.pop();
}

}  // namespace ringproof
