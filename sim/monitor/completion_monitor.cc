#include "sim/monitor/completion_monitor.h"

#include <fmt/format.h>

#include <cstring>

#include "sim/monitor/grown.h"
#include "sim/monitor/ring_words.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {

CompletionMonitor::Queue& CompletionMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port)[vector];
}

void CompletionMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                      std::uint32_t entries, std::uint64_t) {
  Queue& it = queue(port, vector);
  it.entries = receives(vector) ? entries : 0;
  it.next = it.taken = start;
  it.zero_copy = false;
}

void CompletionMonitor::zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                                          std::uint64_t) {
  Queue& it = queue(port, vector);
  it.entries = told.entries;
  it.next = told.index;
  it.zero_copy = true;
}

void CompletionMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot,
                                           Bytes bytes, bool allowed, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (it.entries == 0 || (it.zero_copy && bytes.empty())) return;
  log_.checked(Invariant::k28);
  const auto violated = [&](auto describe) {
    log_.violated(Invariant::k28, Party::kDevice, place_of_vector(port, vector), it.trail, time_ps, describe);
  };
  it.trail.add("entry {0} written in slot {1}", it.next, slot, time_ps);
  nic::RxCompletionEntry entry{};
  if (bytes.size() == sizeof entry) std::memcpy(&entry, bytes.data(), sizeof entry);
  if (it.zero_copy) {
    if (slot != (it.next & (it.entries - 1))) {
      violated([&] { return fmt::format("slot {} got an entry; entry {} is next", slot, it.next); });
    } else if (!is_free(it, receives(vector))) {
      violated([&] {
        return fmt::format("slot {} was written again; the application has not released the entry before",
                           slot);
      });
    }
  } else if (it.next - it.taken >= it.entries) {
    violated([&] {
      return fmt::format("slot {} was written again; the host has taken the entries before {} only", slot,
                         it.taken);
    });
  } else if (allowed && (entry.index != it.next || slot != (it.next & (it.entries - 1)))) {
    violated(
        [&] { return fmt::format("slot {} got entry {}; the next one is {}", slot, entry.index, it.next); });
  }
  ++it.next;
}

void CompletionMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t,
                                        std::uint32_t, std::uint64_t socket) {
  queue(port, vector).socket = socket;
}

void CompletionMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  if (kind != RingKind::kRx && kind != RingKind::kCompletion) return;
  sockets_[number].of(kind == RingKind::kRx) = {shape.size, word_at(shape.base, kConsumerWord), true};
}

// An index that goes back, or on by more than there can be, frees nothing that is known.
void CompletionMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                                   std::uint32_t now, std::uint64_t) {
  if (actor != Actor::kApplication || (kind != RingKind::kRx && kind != RingKind::kCompletion)) return;
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  Released& it = socket->of(kind == RingKind::kRx);
  if (now - it.index > it.entries) it.sure = false;
  it.index = now;
}

bool CompletionMonitor::is_free(const Queue& it, bool receives) {
  Socket* socket = sockets_.find(it.socket);
  if (socket == nullptr) return true;
  Released& released = socket->of(receives);
  // An application that releases what was never written has spoilt its ring.
  if (behind(it.next, released.index)) released.sure = false;
  return !released.sure || it.next - released.index < it.entries;
}

// The index in an entry that was never written is an old one, so entries are counted.
void CompletionMonitor::hw_rx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t,
                                        std::uint64_t, Bytes) {
  Queue& it = queue(port, number);
  ++it.taken;
}

}  // namespace ringproof
