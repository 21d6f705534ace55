// ring_monitor.h: the index protocol of the shared rings.
// Role     INV-01, 02, 04 and 08 on every ring of every socket, by a shadow of indices and published entries
// Shapes   an entry is the element's base part: 8 bytes for FILL and COMPLETION, 16 for RX and TX
// Units    indices run free in 32 bits; occupancy = producer - consumer mod 2^32
// Errors   INV-02 a step that is not 1..free or 1..used, or an index changed by a stranger;
//          INV-01 the words in memory claim more than the ring holds, before any step said so;
//          INV-04 an entry differs from what was published when it is taken (FILL, TX) or released (RX,
//          COMPLETION). Both are laid on the application: it alone writes FILL and TX elements, and of the
//          two that can reach the others it alone is not checked by its own indices;
//          INV-08 entries taken twice, skipped or never published; RX and COMPLETION entries that are not the
//          frames delivered or finished, in order.
//          The platform has to answer nonsense with nonsense (see Source), so once an application has broken
//          the indices of a ring, only the application is watched on it, from where it put the index
// Source   invariants-and-faults.md A; afxdp-sockets.md 4.3
#pragma once

#include <array>
#include <cstdint>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_ring.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/zeroed_array.h"

namespace ringproof {

class RingMonitor final : public Tap {
 public:
  explicit RingMonitor(InvariantLog& log) : log_(log) {}

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  using Entry = std::array<std::uint64_t, 2>;

  struct Ring {
    Place place;
    RingKind kind;
    RingShape shape;
    std::uint32_t entry_bytes;
    std::uint32_t producer;
    std::uint32_t consumer;
    std::uint32_t taken;           // FILL, TX: the entry that the platform takes next
    bool misused = false;          // by the application
    ZeroedArray<Entry> published;  // by slot
    Fifo<Entry> announced;         // RX, COMPLETION: written by the platform, not yet published
    EventTrail trail;

    std::uint32_t used() const { return producer - consumer; }
    Entry read(std::uint32_t index) const;
    Entry& shadow(std::uint32_t index) { return published[index & (shape.size - 1)]; }
  };

  Ring* find(std::uint64_t socket, RingKind kind);
  void misuse(Ring& ring);
  // Has the application changed the word that belongs to the platform?
  void check_platform_word(Ring& ring, std::uint32_t value);
  void check_occupancy(Ring& ring);
  // Whether the step was a legal one; sets the shadow index in any case.
  bool step(Ring& ring, Actor actor, std::uint32_t& index, std::uint32_t now);
  void published(Ring& ring, Actor actor, std::uint32_t from);
  void check_announced(Ring& ring, std::uint32_t from);
  void released(Ring& ring, Actor actor, std::uint32_t from);
  void announce(std::uint64_t socket, RingKind kind, const Entry& entry);

  template <typename Describe>
  void violated(Invariant id, Party party, const Ring& ring, Describe describe) {
    log_.violated(id, party, ring.place, ring.trail, now_ps_, describe);
  }

  InvariantLog& log_;
  ByRing<Ring> rings_;
  ByNumber<std::uint32_t> headroom_bytes_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
