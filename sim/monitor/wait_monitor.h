// wait_monitor.h: a wait ends for a reason.
// Role     INV-35 on every call with wait flags, blocking or not
// Shapes   a condition is true while the application can read an entry of RX or COMPLETION; it is followed by
//          the indices that were told, and taken for false where the words in memory say so, because an
//          application may have moved them unseen
// Units    kToldWithinPs: how long a condition may stay true before a blocked waiter is told. Publishing and
//          telling are a fence apart, so 100 us is far beyond it and far below any timeout
// Errors   all of them the platform's: a result without its condition since the call began; nothing ready and
//          nobody told; a time-out before its time, or with a condition that stayed true; a waiter not told.
//          How long a told waiter takes to run is the scheduler's business (INV-37). A wait that a fault cut
//          short may end before its time, and after the faults have healed
// Source   invariants-and-faults.md E; afxdp-sockets.md 8.2
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class WaitMonitor final : public Tap {
 public:
  static constexpr std::uint64_t kToldWithinPs = 100'000'000;

  explicit WaitMonitor(InvariantLog& log) : log_(log) {}

  // Whoever could go on may be kept waiting for so long.
  void expect_delays(std::uint64_t late_ps_max) { told_within_ps_ += kDelays * late_ps_max; }
  void finish(std::uint64_t end_ps);

  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }
  void wait_began(std::uint64_t socket, std::uint64_t wait, std::uint32_t flags, std::uint32_t timeout_ms,
                  std::uint64_t time_ps) override;
  void wait_blocked(std::uint64_t socket, std::uint64_t wait, std::uint64_t time_ps) override;
  void waiter_told(std::uint64_t socket, std::uint64_t time_ps) override;
  void wait_ended(std::uint64_t socket, std::uint64_t wait, std::uint32_t status, std::uint32_t result,
                  std::uint64_t time_ps) override;
  void state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t time_ps) override;
  void poll_mode_changing(std::uint64_t socket, bool begins, bool polled) override;
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;

 private:
  static constexpr std::uint64_t kDelays = 8;    // of the steps between publishing and telling
  static constexpr std::size_t kConditions = 2;  // an entry in RX, an entry in COMPLETION
  struct Condition {
    std::optional<RingShape> shape;
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
    std::optional<std::uint64_t> true_since_ps;
    bool readable() const;
    bool memory_agrees() const;
  };
  struct Wait {
    std::uint32_t flags;
    std::uint32_t timeout_ms;
    std::uint64_t began_ps;
    std::optional<std::uint64_t> blocked_ps;
    std::optional<std::uint64_t> told_ps;
    std::array<bool, kConditions> seen{};
    bool cut_short = false;
    bool timed_out = false;
    bool abandoned = false;  // by a close, a detach or a change of the poll mode
  };
  struct Socket {
    std::array<Condition, kConditions> conditions;
    std::map<std::uint64_t, Wait> waits;
    EventTrail trail;
  };

  void abandon(std::uint64_t number);
  void update(Socket& socket, std::size_t condition, std::uint64_t time_ps);
  void check_look(std::uint64_t number, const Socket& socket, const Wait& wait, std::uint64_t time_ps);
  void check_told(std::uint64_t number, const Socket& socket, const Wait& wait, std::uint64_t time_ps);
  void check_success(std::uint64_t number, const Socket& socket, const Wait& wait, std::uint32_t result,
                     std::uint64_t time_ps);
  template <typename Describe>
  void violated(std::uint64_t number, const Socket& socket, std::uint64_t time_ps, Describe describe) {
    log_.violated(Invariant::k35, Party::kPlatform, Place::socket(number), socket.trail, time_ps, describe);
  }

  InvariantLog& log_;
  std::uint64_t told_within_ps_ = kToldWithinPs;
  std::map<std::uint64_t, Socket> sockets_;
};

}  // namespace ringproof
