#include "sim/monitor/containment_monitor.h"

#include <fmt/format.h>

#include <cstring>

namespace ringproof {
namespace {

constexpr std::uint32_t kInvalidRing = 0xC0000000;

}  // namespace

ContainmentMonitor::Socket* ContainmentMonitor::find(std::uint64_t number) { return sockets_.find(number); }

void ContainmentMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  Ring& ring = sockets_[number].rings[static_cast<std::size_t>(kind)];
  ring.size = shape.size;
  std::memcpy(&ring.producer, shape.base, sizeof ring.producer);
  std::memcpy(&ring.consumer, shape.base + 64, sizeof ring.consumer);
}

void ContainmentMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                                    std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Socket* socket = find(number);
  if (socket == nullptr) return;
  Ring& ring = socket->rings[static_cast<std::size_t>(kind)];
  if (ring.size == 0) return;
  const bool produces = (kind == RingKind::kFill || kind == RingKind::kTx) == (actor == Actor::kApplication);
  (produces ? ring.producer : ring.consumer) = now;
  if (actor == Actor::kApplication) {
    ring.trail.add("application stored {0}", now, 0, time_ps);
    if (!ring.over()) {
      ring.broken_ps.reset();
    } else if (!ring.broken_ps.has_value()) {
      ring.broken_ps = time_ps;
      ring.moved_broken = 0;
      socket->ever_broken = true;
    }
    return;
  }
  ring.trail.add("platform moved to {0}", now, 0, time_ps);
  used_failed(number, kind, *socket, ring);
  if (!socket->strict || !ring.broken_ps.has_value() || ring.failed || kind == RingKind::kCompletion) return;
  log_.checked(Invariant::k10);
  if (!ring.over()) ring.broken_ps.reset();
  if (++ring.moved_broken < 2 || !ring.broken_ps.has_value() ||
      time_ps - *ring.broken_ps <= kNoticedWithinPs) {
    return;
  }
  log_.violated(Invariant::k10, Party::kPlatform, Place::ring(number, kind), ring.trail, time_ps, [&] {
    return fmt::format("strict mode: the ring is used although its {} entries claim to be {} since {} ns",
                       ring.size, ring.producer - ring.consumer, *ring.broken_ps / 1000);
  });
}

void ContainmentMonitor::ring_failed(std::uint64_t number, RingKind kind, std::uint32_t error,
                                     std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Socket* socket = find(number);
  if (socket == nullptr || error != kInvalidRing) return;
  Ring& ring = socket->rings[static_cast<std::size_t>(kind)];
  ring.failed = true;
  ring.trail.add("error {0:#x} was set", error, 0, time_ps);
  if (socket->strict) log_.checked(Invariant::k10);
}

void ContainmentMonitor::used_failed(std::uint64_t number, RingKind kind, const Socket& socket,
                                     const Ring& ring) {
  if (!socket.strict || !ring.failed || kind == RingKind::kCompletion) return;
  log_.checked(Invariant::k10);
  log_.violated(Invariant::k10, Party::kPlatform, Place::ring(number, kind), ring.trail, now_ps_,
                [] { return "strict mode: the ring is used after its error was set"; });
}

void ContainmentMonitor::entry_taken(std::uint64_t number, RingKind kind, std::uint32_t, Bytes) {
  Socket* socket = find(number);
  if (socket != nullptr) used_failed(number, kind, *socket, socket->rings[static_cast<std::size_t>(kind)]);
}

void ContainmentMonitor::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t number,
                                         std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const Socket* socket = find(number);
  if (socket == nullptr || !socket->ever_broken || !socket->umem.has_value()) return;
  log_.checked(Invariant::k10);
  const UmemShape& umem = *socket->umem;
  const std::uint64_t end = address + umem.headroom_bytes + bytes.size();
  const Ring& fill = socket->rings[static_cast<std::size_t>(RingKind::kFill)];
  if (address <= umem.total_bytes && end >= address && end <= umem.total_bytes) return;
  log_.violated(Invariant::k10, Party::kPlatform, Place::ring(number, RingKind::kFill), fill.trail, time_ps,
                [&] {
                  return fmt::format("{} bytes were written at address {:#x} of a UMEM of {} bytes",
                                     bytes.size(), address, umem.total_bytes);
                });
}

}  // namespace ringproof
