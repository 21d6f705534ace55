#include "sim/monitor/counter_monitor.h"

#include <afxdp.h>
#include <fmt/format.h>

#include "sim/monitor/vector_place.h"

namespace ringproof {

CounterMonitor::CounterMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) fragment_bytes_.push_back(port.rx_fragment_bytes);
}

void CounterMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  frames_.begin(port, timestamp_ns).wire_bytes = bytes.size();
}

void CounterMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  lost(port, timestamp_ns);
}

void CounterMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                                     std::uint64_t number) {
  if (!receives(vector)) return;
  std::uint64_t before = 0;
  if (Socket* socket = lender(port, vector, &before)) socket->lent = socket->device_on = false;
  if (number == 0) {
    lenders_.erase({port, vector});
  } else {
    lenders_[{port, vector}] = number;
    sockets_[number].lent = true;
  }
}

void CounterMonitor::zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold&,
                                       std::uint64_t) {
  std::uint64_t number = 0;
  if (!receives(vector)) return;
  if (Socket* socket = lender(port, vector, &number)) socket->device_on = true;
}

void CounterMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  std::uint64_t number = 0;
  if (!receives(vector)) return;
  if (Socket* socket = lender(port, vector, &number)) socket->device_on = false;
}

void CounterMonitor::forgotten(std::uint32_t port) {
  for (const auto& [place, number] : lenders_) {
    if (place.first != port) continue;
    if (Socket* socket = sockets_.find(number)) socket->device_sure = false;
  }
}

// An answer of nobody says nothing.
void CounterMonitor::fault_struck(FaultId id, const FaultTarget&, std::uint64_t) {
  if (id != FaultId::kDbl05) return;
  for (const auto& [place, number] : lenders_) {
    if (Socket* socket = sockets_.find(number)) socket->device_sure = false;
  }
}

CounterMonitor::Socket* CounterMonitor::lender(std::uint32_t port, std::uint32_t queue,
                                               std::uint64_t* number) {
  if (lenders_.empty()) return nullptr;
  const auto found = lenders_.find({port, queue});
  if (found == lenders_.end()) return nullptr;
  *number = found->second;
  return sockets_.find(found->second);
}

// The device counts it for the socket before anybody judges it.
void CounterMonitor::nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  std::uint64_t number = 0;
  Socket* socket = lender(port, queue, &number);
  Note* note = socket == nullptr ? nullptr : frames_.find(port, timestamp_ns);
  if (note == nullptr) return;
  note->target = number;
  ++socket->coming;
}

void CounterMonitor::rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t) {
  std::uint64_t number = 0;
  Socket* socket = lender(port, queue, &number);
  if (socket == nullptr) return;
  ++socket->starved;
  if (socket->device_on) ++socket->by_device.starved;
}

void CounterMonitor::local_frame_begun(std::uint32_t port, std::uint32_t, std::uint64_t number, Bytes bytes) {
  frames_.begin(port, number).wire_bytes = bytes.size();
}

void CounterMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes) {
  if (judgement.socket == 0) return;
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  if (note == nullptr || note->target == judgement.socket) return;
  note->target = judgement.socket;
  ++sockets_[note->target].coming;
}

CounterMonitor::Note CounterMonitor::ended(std::uint32_t port, std::uint64_t timestamp_ns) {
  const Note* found = frames_.end(port, timestamp_ns);
  const Note note = found == nullptr ? Note() : *found;
  if (note.target == 0) return note;
  Socket* target = sockets_.find(note.target);
  if (target != nullptr && target->coming > 0) --target->coming;
  return note;
}

// A device may have cut it, and counted that.
CounterMonitor::Note CounterMonitor::lost(std::uint32_t port, std::uint64_t timestamp_ns) {
  const Note note = ended(port, timestamp_ns);
  Socket* target = note.target == 0 ? nullptr : sockets_.find(note.target);
  if (target != nullptr && target->lent && note.wire_bytes > target->room_bytes) ++target->cut_and_lost;
  return note;
}

void CounterMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns);
}

void CounterMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns);
}

void CounterMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  const Note note = lost(port, timestamp_ns);
  const bool counted = reason == DropReason::kSocketRxFull || reason == DropReason::kSocketFillEmpty ||
                       reason == DropReason::kSocketBadFill;
  Socket* target = sockets_.find(note.target);
  if (!counted || target == nullptr) return;
  ++target->told.rx_dropped;
  target->trail.add("the frame of {0} ns was lost", timestamp_ns, 0, now_ps_);
}

void CounterMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t number,
                                     std::uint64_t, Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const Note note = ended(port, timestamp_ns);
  Socket& socket = sockets_[number];
  if (bytes.size() != socket.room_bytes || note.wire_bytes <= bytes.size()) return;
  ++socket.told.rx_truncated;
  if (socket.lent) ++socket.by_device.truncated;
  const std::uint32_t fragment_bytes = port < fragment_bytes_.size() ? fragment_bytes_[port] : 0;
  if (fragment_bytes != 0 && note.wire_bytes > fragment_bytes) socket.truncated_sure = false;
}

void CounterMonitor::umem_registered(std::uint64_t number, const UmemShape& umem) {
  sockets_[number].room_bytes = umem.chunk_bytes - umem.headroom_bytes;
}

void CounterMonitor::fill_judged(std::uint64_t number, std::uint64_t, bool valid) {
  if (!valid) ++sockets_[number].told.rx_invalid_descriptors;
}

void CounterMonitor::tx_judged(std::uint64_t number, std::uint64_t, bool valid, Bytes) {
  if (!valid) ++sockets_[number].told.tx_invalid_descriptors;
}

void CounterMonitor::call_began(std::uint64_t number, const SocketCall& call, const SocketView&,
                                std::uint64_t) {
  if (call.kind != SocketCall::Kind::kGetOption || call.argument != XSK_SOCKOPT_STATISTICS) return;
  Socket& socket = sockets_[number];
  if (socket.asking++ == 0) socket.asked = socket.by_device;
}

void CounterMonitor::call_ended(std::uint64_t number, const SocketCall& call, std::uint32_t,
                                const SocketView&, std::uint64_t) {
  if (call.kind != SocketCall::Kind::kGetOption || call.argument != XSK_SOCKOPT_STATISTICS) return;
  Socket* socket = sockets_.find(number);
  if (socket != nullptr && socket->asking > 0) --socket->asking;
}

void CounterMonitor::check(std::uint64_t number, const Socket& socket, const char* name, std::uint64_t before,
                           std::uint64_t now, std::uint64_t least, std::uint64_t most,
                           std::uint64_t by_device) {
  log_.checked(Invariant::k22);
  if (now >= before && now >= least && now <= most) return;
  const bool platform = now < before || now > most || now + by_device < least;
  const Party party = platform ? Party::kPlatform : Party::kDevice;
  log_.violated(Invariant::k22, party, Place::socket(number), socket.trail, now_ps_, [&] {
    return fmt::format("{} is {}; it was {}, and the events make it {}", name, now, before,
                       least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most));
  });
}

void CounterMonitor::statistics_read(std::uint64_t number, const SocketStatistics& now) {
  Socket& socket = sockets_[number];
  const SocketStatistics& told = socket.told;
  // The device has the last word while it works on the rings, and is asked after the application has asked.
  Counted counted = socket.by_device;
  if (!socket.device_sure) {
    counted = {};
  } else if (socket.lent) {
    counted = socket.asking > 0 ? socket.asked : Counted();
  }
  const std::uint64_t truncated = told.rx_truncated - (socket.by_device.truncated - counted.truncated);
  check(number, socket, "RxDropped", socket.read.rx_dropped, now.rx_dropped,
        told.rx_dropped + counted.starved, told.rx_dropped + socket.starved + socket.coming, counted.starved);
  check(number, socket, "RxTruncated", socket.read.rx_truncated, now.rx_truncated,
        socket.truncated_sure ? truncated : 0, told.rx_truncated + socket.coming + socket.cut_and_lost,
        counted.truncated);
  check(number, socket, "RxInvalidDescriptors", socket.read.rx_invalid_descriptors,
        now.rx_invalid_descriptors, told.rx_invalid_descriptors, told.rx_invalid_descriptors);
  check(number, socket, "TxInvalidDescriptors", socket.read.tx_invalid_descriptors,
        now.tx_invalid_descriptors, told.tx_invalid_descriptors, told.tx_invalid_descriptors);
  socket.read = now;
}

}  // namespace ringproof
