#include "sim/monitor/fetch_monitor.h"

#include <fmt/format.h>

namespace ringproof {

void FetchMonitor::index_read(std::uint64_t socket, RingKind kind) { ++ring(socket, kind).reads; }

void FetchMonitor::index_decided(std::uint64_t socket, RingKind kind) {
  Ring& it = ring(socket, kind);
  if (it.reads == 0) return;
  log_.checked(Invariant::k46);
  if (it.reads > 1) {
    log_.violated(Invariant::k46, Party::kPlatform, Place::ring(socket, kind), it.trail, now_ps_, [&] {
      return fmt::format("the application's index was read {} times for one decision", it.reads);
    });
  }
  it.reads = 0;
}

void FetchMonitor::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes) {
  Ring& it = ring(socket, kind);
  it.trail.add("entry {0} taken", index, 0, now_ps_);
  log_.checked(Invariant::k46);
  if (it.count > 0 && index - it.first < it.count) {
    log_.violated(Invariant::k46, Party::kPlatform, Place::ring(socket, kind), it.trail, now_ps_,
                  [&] { return fmt::format("entry {} was read again before the ring moved on", index); });
    return;
  }
  if (it.count == 0) it.first = index;
  it.count = index - it.first + 1;
}

void FetchMonitor::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t, std::uint32_t,
                              std::uint64_t time_ps) {
  now_ps_ = time_ps;
  if (actor == Actor::kPlatform) ring(socket, kind).count = 0;
}

}  // namespace ringproof
