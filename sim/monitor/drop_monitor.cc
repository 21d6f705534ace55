#include "sim/monitor/drop_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "model/nic/engine_layout.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/ring_words.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
DropMonitor::DropMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) {
    ports_.push_back({port.rx_fifo_bytes, port.max_frame_bytes(), port.tx_queues, port.tx_ring_entries});
  }
}

void DropMonitor::violated(Party party, std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason,
                           const char* but) {
  log_.violated(Invariant::k21, party, Place::port(port), EventTrail(),
                std::max(now_ps_, is_local_frame(timestamp_ns) ? 0 : timestamp_ns * 1000), [&] {
                  return fmt::format("the frame of {} ns was dropped as {}, but {}", timestamp_ns,
                                     drop_reason_name(reason), but);
                });
}

// ---- MAC ----

void DropMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  Note& note = frames_.begin(port, timestamp_ns);
  note.bytes = bytes.size();
  note.waiting = true;
  grown(ports_, port).waiting_bytes += bytes.size();
}

void DropMonitor::decided(std::uint32_t port, Note& note) {
  if (note.waiting) grown(ports_, port).waiting_bytes -= note.bytes;
  note.waiting = false;
}

void DropMonitor::nic_accepted(std::uint32_t port, std::uint32_t, std::uint64_t timestamp_ns) {
  if (Note* note = frames_.find(port, timestamp_ns)) decided(port, *note);
}

void DropMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  Note* note = frames_.end(port, timestamp_ns);
  if (note == nullptr) return;
  const Port& here = grown(ports_, port);
  log_.checked(Invariant::k21);
  if (here.fifo_bytes == 0) {
    // a port that nobody described
  } else if (reason == DropReason::kMacFifoFull && here.waiting_bytes <= here.fifo_bytes) {
    violated(Party::kDevice, port, timestamp_ns, reason, "the MAC's buffer has room for it");
  } else if (reason == DropReason::kOversize && note->bytes <= here.frame_bytes_max) {
    violated(Party::kDevice, port, timestamp_ns, reason, "the port takes frames of its length");
  } else if (reason == DropReason::kRunt && note->bytes != 0) {
    violated(Party::kDevice, port, timestamp_ns, reason, "it has bytes");
  }
  decided(port, *note);
}

// ---- Driver ----

void DropMonitor::dma(std::uint32_t port, std::uint32_t, bool, std::uint64_t, std::uint32_t, bool allowed,
                      std::uint64_t) {
  if (!allowed) grown(ports_, port).refused = true;
}

void DropMonitor::completion_written(std::uint32_t port, std::uint32_t, std::uint32_t, Bytes bytes,
                                     bool allowed, std::uint64_t time_ps) {
  nic::RxCompletionEntry entry{};
  if (bytes.size() != sizeof entry) return;
  if (!allowed) grown(ports_, port).refused = true;
  std::memcpy(&entry, bytes.data(), sizeof entry);
  Note* note = allowed ? frames_.find(port, entry.timestamp_ns) : nullptr;
  if (note == nullptr) return;
  note->entry_sane = (entry.flags & (nic::kRxFlagDmaError | nic::kRxFlagTruncated)) == 0;
  if ((entry.flags & nic::kRxFlagDmaError) == 0) return;
  log_.checked(Invariant::k21);
  if (grown(ports_, port).refused) return;
  now_ps_ = time_ps;
  violated(Party::kDevice, port, entry.timestamp_ns, DropReason::kDmaError, "no access was refused");
}

void DropMonitor::fault_struck(FaultId id, const FaultTarget&, std::uint64_t) {
  if (id == FaultId::kDsc06) rings_held_ = true;
  if (id != FaultId::kDsc07 && id != FaultId::kDma04 && id != FaultId::kDma06) return;
  for (Port& port : ports_) port.refused = true;
}

void DropMonitor::interface_paused(std::uint32_t port, bool paused) { grown(ports_, port).paused = paused; }

void DropMonitor::device_lost(std::uint32_t port, bool lost) { grown(ports_, port).lost = lost; }

void DropMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  for (SendQueue& queue : grown(ports_, port).send) queue.on = false;
}

void DropMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                                std::uint64_t) {
  if (!receives(vector)) grown(grown(ports_, port).send, vector - nic::kTxVectorBase).on = true;
}

void DropMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  if (!receives(vector)) grown(grown(ports_, port).send, vector - nic::kTxVectorBase).on = false;
}

void DropMonitor::tx_held(std::uint32_t port, std::uint32_t queue, Bytes) {
  grown(grown(ports_, port).send, queue).held = true;
}

void DropMonitor::check_paused(std::uint32_t port, const Place& place, DropReason reason) {
  if (reason != DropReason::kPaused) return;
  log_.checked(Invariant::k21);
  if (grown(ports_, port).paused) return;
  log_.violated(Invariant::k21, Party::kPlatform, place, EventTrail(), now_ps_, [] {
    return std::string("a frame was given up because the interface is paused, which it is not");
  });
}

void DropMonitor::wire_out_dropped(std::uint32_t port, std::uint32_t number, DropReason reason) {
  check_paused(port, Place::tx_queue(port, number), reason);
  if (reason != DropReason::kSendFailed) return;
  Port& here = grown(ports_, port);
  const SendQueue& queue = grown(here.send, number);
  log_.checked(Invariant::k21);
  if (!queue.on || queue.held || here.lost) return;
  log_.violated(Invariant::k21, Party::kPlatform, Place::tx_queue(port, number), EventTrail(), now_ps_, [] {
    return std::string("a frame was given back as not sent, but its queue is on and the device is there");
  });
}

void DropMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                                  std::uint64_t socket) {
  if (!receives(vector) && socket != 0)
    grown(grown(ports_, port).send, vector - nic::kTxVectorBase).lent = true;
}

void DropMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t, Bytes) {
  ++grown(grown(ports_, port).send, number).outstanding;
}

void DropMonitor::hw_tx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t) {
  SendQueue& queue = grown(grown(ports_, port).send, number);
  if (queue.outstanding > 0) --queue.outstanding;
}

// How many frames the generic mode keeps is a setting of the driver, and so is not known here.
void DropMonitor::check_forward(std::uint32_t port, std::uint64_t timestamp_ns, const Note& note) {
  Port& here = grown(ports_, port);
  if (!note.place.has_value() || note.place->generic || !note.place->from_wire || here.send_queues == 0)
    return;
  const SendQueue& queue = grown(here.send, note.place->queue % here.send_queues);
  if (queue.lent || queue.held || here.sent_back + queue.outstanding >= here.send_entries) return;
  violated(Party::kPlatform, port, timestamp_ns, DropReason::kForwardFull, "the ring has room for it");
}

void DropMonitor::stack_lost(std::uint32_t port, std::uint32_t, DropReason reason) {
  check_paused(port, Place::port(port), reason);
}

// ---- Platform ----

void DropMonitor::local_frame_begun(std::uint32_t port, std::uint32_t, std::uint64_t number, Bytes) {
  frames_.begin(port, number);
}

void DropMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes) {
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  if (note == nullptr) return;
  note->target = judgement.socket;
  note->place = place;
}

void DropMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
}

void DropMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
  ++grown(ports_, port).sent_back;
}

void DropMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t number,
                                  std::uint64_t, Bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const Note* note = frames_.end(port, timestamp_ns);
  Socket* socket = sockets_.find(number);
  // What was on its way when a socket began to leave may still come to it, and the next frame not.
  if (note != nullptr && socket != nullptr && !socket->leaves) socket->served = note->place;
}

void DropMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  const Note* note = frames_.end(port, timestamp_ns);
  if (note == nullptr) return;
  log_.checked(Invariant::k21);
  const bool by_entry = reason == DropReason::kDmaError || reason == DropReason::kTruncated ||
                        reason == DropReason::kBadCompletion;
  if (by_entry && note->entry_sane && !grown(ports_, port).refused) {
    violated(Party::kPlatform, port, timestamp_ns, reason, "its completion entry says that all is well");
  }
  check_paused(port, Place::port(port), reason);
  if (reason == DropReason::kForwardFull) check_forward(port, timestamp_ns, *note);
  if (note->target != 0) check_at_socket(port, timestamp_ns, *note, reason);
}

void DropMonitor::check_at_socket(std::uint32_t port, std::uint64_t timestamp_ns, const Note& note,
                                  DropReason reason) {
  const Socket* socket = sockets_.find(note.target);
  if (socket == nullptr) return;
  if (reason == DropReason::kSocketNotAttached && socket->served == note.place) {
    return violated(Party::kPlatform, port, timestamp_ns, reason,
                    "the socket got frames of this queue, and its state has not changed since");
  }
  if (socket->unsure || rings_held_) return;
  const auto had_more = [&](const Look& look) {
    return look.shape.has_value() && look.found <= look.shape->size && socket->fill.used < look.found;
  };
  if (reason == DropReason::kSocketRxFull && had_more(socket->rx)) {
    violated(Party::kPlatform, port, timestamp_ns, reason, "the platform saw more room than it used");
  } else if (reason == DropReason::kSocketFillEmpty && had_more(socket->fill)) {
    violated(Party::kPlatform, port, timestamp_ns, reason, "the platform saw more entries than it took");
  }
}

void DropMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  if (kind == RingKind::kRx) sockets_[number].rx = {shape, 0, 0};
  if (kind == RingKind::kFill) sockets_[number].fill = {shape, 0, 0};
}

// RX is looked at first, then FILL, then entries are taken.
void DropMonitor::peer_cached(std::uint64_t number, RingKind kind, std::uint32_t index, std::uint64_t) {
  if (kind != RingKind::kRx && kind != RingKind::kFill) return;
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  Look& look = kind == RingKind::kRx ? socket->rx : socket->fill;
  if (!look.shape.has_value()) return;
  const RingShape& shape = *look.shape;
  look.found = kind == RingKind::kRx ? shape.size - (word_at(shape.base, 0) - index)
                                     : index - word_at(shape.base, kConsumerWord);
  socket->fill.used = 0;
}

void DropMonitor::fill_judged(std::uint64_t number, std::uint64_t, bool) {
  if (Socket* socket = sockets_.find(number)) ++socket->fill.used;
}

void DropMonitor::ring_failed(std::uint64_t number, RingKind, std::uint32_t, std::uint64_t) {
  if (Socket* socket = sockets_.find(number)) socket->unsure = true;
}

void DropMonitor::state_changed(std::uint64_t number, SocketState, SocketState to, std::uint64_t) {
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  socket->served.reset();
  socket->leaves = to == SocketState::kDetached || to == SocketState::kClosing;
}

}  // namespace ringproof
