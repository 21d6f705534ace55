#include "sim/monitor/sent_time_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/monitor/grown.h"
#include "sim/monitor/ring_words.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {

SentTimeMonitor::SentTimeMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) stamps_.push_back(port.offloads.tx_timestamp);
}

SentTimeMonitor::Queue& SentTimeMonitor::queue(std::uint32_t port, std::uint32_t number) {
  return grown(grown(ports_, port), number);
}

// ---- Sockets ----

void SentTimeMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  if (kind != RingKind::kCompletion || shape.extensions.timestamp == ExtensionOffsets::kNone) return;
  Socket& socket = sockets_[number];
  socket.completion = shape;
  socket.producer = word_at(shape.base, 0);
  wanted_ = true;
}

void SentTimeMonitor::tx_memory_mapped(std::uint64_t number, const TxMemory& memory) {
  if (Socket* socket = sockets_.find(number)) socket->memory = memory;
}

void SentTimeMonitor::tx_joined(std::uint64_t number, std::uint32_t port, std::uint32_t queue, bool,
                                bool to_wire) {
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  socket->joined = to_wire;
  socket->port = port;
  socket->queue = queue;
}

void SentTimeMonitor::tx_left(std::uint64_t number) {
  if (Socket* socket = sockets_.find(number)) socket->joined = false;
}

void SentTimeMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                                 std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  if (!wanted_ || kind != RingKind::kCompletion || actor != Actor::kPlatform) return;
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  socket->producer = now;
  socket->announced = 0;
}

// ---- Frames ----

void SentTimeMonitor::tx_held(std::uint32_t port, std::uint32_t, Bytes bytes) {
  for (const auto& [number, socket] : sockets_) {
    if (socket->joined && socket->port == port) socket->held.push_back(bytes.data());
  }
}

void SentTimeMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t index,
                                   Bytes bytes) {
  if (!wanted_) return;
  for (const auto& [name, socket] : sockets_) {
    const TxMemory& memory = socket->memory;
    const bool its = socket->joined && socket->port == port && socket->queue == number &&
                     bytes.data() >= memory.memory && bytes.data() < memory.memory + memory.bytes;
    if (!its) continue;
    const auto held = std::find(socket->held.begin(), socket->held.end(), bytes.data());
    if (held != socket->held.end()) {
      socket->held.erase(held);
    } else if (!forget(queue(port, number), bytes.data())) {
      queue(port, number).frames.push({name, bytes.data(), index, kNotHanded, false, false, 0, 0});
    }
    return;
  }
}

// A chunk is posted again before an entry told of it: whose entry the next one is nobody can say.
bool SentTimeMonitor::forget(Queue& it, const unsigned char* data) {
  for (std::size_t i = 0; i < it.frames.size(); ++i) {
    if (it.frames[i].data != data || it.frames[i].told) continue;
    it.frames.erase(i);
    return true;
  }
  return false;
}

void SentTimeMonitor::tx_handed_over(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  Queue& it = queue(port, number);
  const std::uint64_t place = it.handed++;
  for (std::size_t i = 0; i < it.frames.size(); ++i) {
    if (it.frames[i].place != kNotHanded || it.frames[i].index != index) continue;
    it.frames[i].place = place;
    return;
  }
}

void SentTimeMonitor::wire_out(std::uint32_t port, std::uint32_t number, std::uint64_t time_ps, Bytes) {
  left(port, number, true, time_ps);
}

void SentTimeMonitor::wire_out_dropped(std::uint32_t port, std::uint32_t number, DropReason reason) {
  // The driver's reasons: the MAC never had it.
  if (reason != DropReason::kPaused && reason != DropReason::kSendFailed) left(port, number, false, 0);
}

void SentTimeMonitor::left(std::uint32_t port, std::uint32_t number, bool on_wire, std::uint64_t time_ps) {
  Queue& it = queue(port, number);
  const std::uint64_t place = it.left++;
  std::size_t at = 0;
  while (at < it.frames.size() && it.frames[at].place != place) ++at;
  if (at == it.frames.size()) return;
  if (!on_wire) return it.frames.erase(at);
  Frame& frame = it.frames[at];
  frame.left = true;
  frame.left_ns = port < stamps_.size() && stamps_[port] ? time_ps / 1000 : 0;
  if (frame.told) judge(it, at);
}

void SentTimeMonitor::tx_finished(std::uint64_t number, std::uint64_t, Bytes bytes) {
  Socket* socket = wanted_ ? sockets_.find(number) : nullptr;
  if (socket == nullptr || !socket->joined) return;
  const RingShape& ring = socket->completion;
  const unsigned char* element = ring.element(socket->producer + socket->announced++);
  // The platform goes by the word in memory, which an application may have overwritten.
  if (word_at(ring.base, 0) != socket->producer) return;
  Queue& it = queue(socket->port, socket->queue);
  std::size_t at = 0;
  while (at < it.frames.size() && (it.frames[at].data != bytes.data() || it.frames[at].told)) ++at;
  if (at == it.frames.size()) return;
  Frame& frame = it.frames[at];
  frame.socket = number;
  frame.told = true;
  std::memcpy(&frame.told_ns, element + ring.extensions.timestamp, sizeof frame.told_ns);
  if (frame.left) judge(it, at);
}

void SentTimeMonitor::judge(Queue& it, std::size_t at) {
  const Frame frame = it.frames[at];
  it.frames.erase(at);
  log_.checked(Invariant::k20);
  if (frame.told_ns == frame.left_ns) return;
  log_.violated(Invariant::k20, Party::kPlatform, Place::ring(frame.socket, RingKind::kCompletion),
                EventTrail(), now_ps_, [&] {
                  return fmt::format("the entry of frame {} says that it left at {} ns; that was at {} ns",
                                     frame.index, frame.told_ns, frame.left_ns);
                });
}

// ---- What becomes of the others nobody can say ----

void SentTimeMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  if (!receives(vector)) queue(port, vector - nic::kTxVectorBase).frames.clear();
}

void SentTimeMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  for (Queue& each : grown(ports_, port)) each.frames.clear();
}

void SentTimeMonitor::device_lost(std::uint32_t port, bool) {
  for (Queue& each : grown(ports_, port)) each.frames.clear();
}

}  // namespace ringproof
