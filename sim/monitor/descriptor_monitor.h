// descriptor_monitor.h: which FILL entries and TX descriptors the platform may accept.
// Role     INV-14, by the rules of the specification and not by the platform's code
// Shapes   an entry is judged once, right after it was taken; the bytes of an accepted frame are those that
//          its descriptor names
// Errors   all of them the platform's. How many were refused is compared with the socket's own counters
//          whenever these are told
// Source   invariants-and-faults.md B; afxdp-sockets.md 5.3, 6.3. "Inside one chunk" holds only where the
//          platform sends from a copy; zero-copy frames may span chunks
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class DescriptorMonitor final : public Tap {
 public:
  explicit DescriptorMonitor(InvariantLog& log) : log_(log) {}

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override { sockets_[socket].umem = umem; }
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override {
    sockets_[socket].tx_memory = memory;
  }
  void ring_moved(std::uint64_t, RingKind, Actor, std::uint32_t, std::uint32_t,
                  std::uint64_t time_ps) override {
    now_ps_ = time_ps;
  }
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void fill_judged(std::uint64_t socket, std::uint64_t address, bool valid) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void statistics_read(std::uint64_t socket, const SocketStatistics& statistics) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  struct Entry {
    std::uint64_t address;
    std::uint32_t length;
  };
  struct Socket {
    std::optional<UmemShape> umem;
    std::optional<TxMemory> tx_memory;
    std::array<std::optional<Entry>, 4> taken;  // and not judged, by ring
    std::uint64_t fill_refused = 0;
    std::uint64_t tx_refused = 0;
    EventTrail trail;
  };

  Socket* find(std::uint64_t number);
  static bool may_send(const Socket& socket, const Entry& entry);
  template <typename Describe>
  void violated(std::uint64_t number, RingKind kind, const Socket& socket, Describe describe) {
    log_.violated(Invariant::k14, Party::kPlatform, Place::ring(number, kind), socket.trail, now_ps_,
                  describe);
  }

  InvariantLog& log_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
