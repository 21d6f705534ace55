// balance_monitor.h: what was opened is closed.
// Role     INV-43: handles, sockets, memory that the device may read; nothing of a closed socket moves, and no pass
//          over the TX ring of one begins that is about to close, or has lost its interface
// Shapes   counted by name, so a message says which one is left
// Errors   all of them the platform's. The end of a run is judged only if the run ended by itself: then the
//          process has closed its handles. Timers and work items belong to the host kernel, whose events are
//          all gone at a quiet end; heap and references beyond these objects are LeakSanitizer's
// Source   invariants-and-faults.md G; afxdp-sockets.md 9
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class BalanceMonitor final : public Tap {
 public:
  explicit BalanceMonitor(InvariantLog& log) : log_(log) {}

  void finish(std::uint64_t end_ps, bool drained);

  void handle_opened(std::uint64_t handle) override;
  void handle_closed(std::uint64_t handle) override;
  void socket_created(std::uint64_t socket, bool strict) override;
  void socket_closed(std::uint64_t socket) override;
  void socket_destroyed(std::uint64_t socket) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override;
  void tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t time_ps) override;
  void transmit_pass(std::uint64_t socket, bool begins, std::uint32_t outstanding,
                     std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;

 private:
  struct Socket {
    bool closed = false;
    bool ending = false;   // it closes, or has lost its interface
    bool in_pass = false;  // over its TX ring
  };
  void check_open(std::uint64_t socket, const char* what);
  template <typename Describe>
  void violated(const Place& place, Describe describe) {
    log_.violated(Invariant::k43, Party::kPlatform, place, trail_, now_ps_, describe);
  }

  InvariantLog& log_;
  std::set<std::uint64_t> handles_;
  std::map<std::uint64_t, Socket> sockets_;  // those that exist
  std::uint64_t last_created_ = 0;           // numbers rise
  std::uint64_t last_open_ = 0;              // a socket known to be open, or 0
  // Port and DMA address, to the socket: ports have addresses of their own.
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> mapped_;
  EventTrail trail_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
