// order_monitor.h: who writes the shared words, and in which order they are written and read.
// Role     INV-03, 05, 06 and 09, by every access to a shared word: its task, its order, its value
// Shapes   a ring has two channels: the producer index goes from producer to consumer (INV-05), the consumer
//          index comes back (INV-06). Each is right when its store releases, and when the other side has
//          acquired a value that covers what it goes on to use
// Errors   INV-03 a word is stored by the side that it does not belong to, or flags changed under the
//          platform; INV-05, INV-06 an index is stored without release, or entries are used on the strength
//          of an index that was read without acquire; a fence right before the store or after the load makes
//          up for it; INV-09 a copy of the other side's index is ahead of the index and of what was last read
//          of it Accesses that bypass the helpers are not seen: entries covered by no load at all are not
//          judged
// Source   invariants-and-faults.md, part 1; docs/memory-models.md
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_address.h"
#include "sim/monitor/by_ring.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class OrderMonitor final : public Tap {
 public:
  explicit OrderMonitor(InvariantLog& log) : log_(log) {}

  // Tap
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;
  void shared_access(const SharedAccess& access) override;
  void peer_cached(std::uint64_t socket, RingKind kind, std::uint32_t index, std::uint64_t time_ps) override;

 private:
  struct Channel {  // of one index, from the side that stores it to the other one
    Actor writer;
    std::uint32_t acquired;       // the newest value that the other side has acquired
    std::uint32_t loaded;         // what it last loaded, acquired or not
    std::uint32_t loaded_by = 0;  // task
    std::uint64_t loaded_at = 0;  // serial number of that load
    std::uint64_t stored_at = 0;  // of the last store
  };
  struct Ring {
    Place place;
    RingKind kind;
    RingShape shape;
    std::array<Channel, 2> channels;  // producer index, consumer index
    std::uint32_t flags;
    bool misused = false;
    EventTrail trail;
  };
  struct Fences {  // serial numbers of the last of each; a releasing one is over at the next look
    std::uint64_t acquiring = 0;
    std::uint64_t releasing = 0;
  };

  Ring* find(std::uint64_t socket, RingKind kind);
  Ring* find(const void* word, std::size_t* offset);
  Fences& fences(std::uint32_t task) {
    return grown(fences_, task == SharedAccess::kOutsideTask ? 0 : task + std::size_t{1});
  }
  void fenced(const SharedAccess& access);
  void loaded(Channel& channel, const SharedAccess& access);
  void stored(Ring& ring, std::size_t which, const SharedAccess& access);
  void flags_stored(Ring& ring, const SharedAccess& access);
  void check_owner(Ring& ring, Actor owner, const char* word, const SharedAccess& access);
  // `needed`: the first value of the channel's index that covers what its reader is about to rely on.
  void check_acquired(Ring& ring, std::size_t which, std::uint32_t needed, Actor reader,
                      std::uint64_t time_ps);

  InvariantLog& log_;
  ByRing<Ring> rings_;
  ByAddress<Ring*> words_;      // by a ring's memory
  std::vector<Fences> fences_;  // by task; those outside tasks first
  std::uint64_t serial_ = 0;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
