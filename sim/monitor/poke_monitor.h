// poke_monitor.h: NEED_POKE and the other flags of the rings.
// Role     INV-33 and INV-36, by flags, passes over the TX ring, pokes and changes of the poll mode
// Shapes   a TX ring is stranded when it has entries, nothing of it is with the device, no pass, poke or
//          polling is under way, and NEED_POKE is not set: it has a right to be so for a moment only
// Units    [ps]
// Errors   INV-33 a ring is stranded when all is quiet, when its socket closes, or for longer than
//          kStrandedMaxPs; or an application waits with entries unread and NEED_POKE set, because there was
//          none when it looked after its last submit: it looked before its index was visible; INV-36
//          NEED_POKE cleared without poke, frames under way or a change of mode; set in a pass that does not
//          look at the rings again behind a full fence; the error flag cleared; a change flag cleared without
//          its query, or AFFINITY_CHANGED raised without a change
// Source   invariants-and-faults.md, part 1; XDP for Windows: NEED_POKE
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_address.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class PokeMonitor final : public Tap {
 public:
  // Longer than any delay between a poke and the pass that answers it.
  static constexpr std::uint64_t kStrandedMaxPs = 10'000'000'000;

  explicit PokeMonitor(InvariantLog& log) : log_(log) {}

  // Whoever could go on may be kept waiting for so long.
  void expect_delays(std::uint64_t late_ps_max) { stranded_ps_max_ += kDelays * late_ps_max; }

  // Tap
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;
  void shared_access(const SharedAccess& access) override;
  void transmit_pass(std::uint64_t socket, bool begins, std::uint32_t outstanding,
                     std::uint64_t time_ps) override;
  void tx_poked(std::uint64_t socket, bool begins, std::uint64_t time_ps) override;
  void tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                 bool to_wire) override;
  void poll_mode_changing(std::uint64_t socket, bool begins, bool polled) override;
  void flag_queried(std::uint64_t socket, RingKind kind, std::uint32_t flag) override;
  void wait_blocked(std::uint64_t socket, std::uint64_t wait, std::uint64_t time_ps) override;
  void went_quiet(std::uint64_t time_ps) override;

 private:
  static constexpr std::uint64_t kDelays = 64;  // as many as may be on a frame's way
  enum class Recheck : std::uint8_t { kNone, kDue, kFenced };
  struct Ring {
    const unsigned char* base = nullptr;
    std::uint32_t entries = 0;
    std::uint32_t flags = 0;  // as the platform left them
    bool error = false;
    std::optional<std::uint32_t> affinity;  // CPU of the last change that was told
    std::uint32_t queried = 0;              // the flag that the query under way may clear
    EventTrail trail;
  };
  struct Socket {
    std::array<Ring, 4> rings;
    std::uint32_t outstanding = 0;
    bool served = false;  // its queue asks it for frames, or a pass has seen it active
    bool in_pass = false;
    std::uint32_t pokes = 0;
    std::uint32_t mode_changes = 0;
    bool polled = false;
    Recheck recheck = Recheck::kNone;
    std::uint32_t recheck_task = 0;
    bool saw_no_flag = false;  // the application's last look since it last published or poked
    std::optional<std::uint64_t> stranded_ps;
    std::uint32_t stranded_entries = 0;  // that were unread then: memory may be gone when it is told
    Ring& ring(RingKind kind) { return rings[static_cast<std::size_t>(kind)]; }
    const Ring& ring(RingKind kind) const { return rings[static_cast<std::size_t>(kind)]; }
  };
  struct Word {
    Socket* owner;
    std::uint64_t socket;
    RingKind kind;
  };

  Socket* find(std::uint64_t socket);
  static bool unread(const Socket& socket);
  static bool idle(const Socket& socket);
  static bool room_for_completions(const Socket& socket);
  void look_for_missed_flag(std::uint64_t number, const Socket& socket, std::uint64_t time_ps);
  static bool flag_in_memory(const Socket& socket, RingKind kind, std::uint32_t flag);
  void look_for_stranding(std::uint64_t number, Socket& socket, std::uint64_t time_ps);
  void stranded(std::uint64_t number, Socket& socket, const char* when, std::uint64_t time_ps);
  void flags_changed(const Word& at, Socket& socket, const SharedAccess& access);
  void bits_cleared(const Word& at, Socket& socket, std::uint32_t bits, const SharedAccess& access);
  void bits_set(const Word& at, Socket& socket, std::uint32_t bits, const SharedAccess& access);
  void index_accessed(const Word& at, Socket& socket, std::size_t offset, const SharedAccess& access);
  void fenced(const SharedAccess& access);
  template <typename Describe>
  void unhygienic(Party party, const Word& at, const Socket& socket, std::uint64_t time_ps,
                  Describe describe) {
    log_.violated(Invariant::k36, party, Place::ring(at.socket, at.kind), socket.ring(at.kind).trail, time_ps,
                  describe);
  }

  InvariantLog& log_;
  std::uint64_t stranded_ps_max_ = kStrandedMaxPs;
  ByNumber<Socket> sockets_;
  ByAddress<Word> words_;           // by a ring's memory
  std::vector<std::uint64_t> due_;  // sockets whose recheck wants its fence first
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
