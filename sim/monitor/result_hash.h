// result_hash.h: one number for everything that a run came to.
// Role     INV-48: equal inputs give an equal hash; it changes with any frame, time, ring index or counter
// Shapes   one stream of words for the host, and a receive and a transmit stream for each port, so that the
//          hash does not depend on how far one kernel runs ahead of the other
// Errors   none
// Source   docs/decisions/0003-result-hash.md, which lists every word
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/base/hash.h"
#include "model/base/tap.h"
#include "sim/replay/run_result.h"

namespace ringproof {

class ResultHash final : public Tap {
 public:
  // The hash of all events so far and of the counters in `result`. Everything but seed, result_hash,
  // invariants and wall_s must be filled in.
  std::uint64_t value(const RunResult& result) const;

  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void stack_received(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void stack_lost(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;

 private:
  struct Port {
    Hash64 rx;
    Hash64 tx;
  };

  // What the indices of a socket's rings began with.
  using Starts = std::array<std::uint32_t, 4>;

  Port& port(std::uint32_t number);
  std::uint32_t& start(std::uint64_t socket, RingKind kind);

  Hash64 host_;
  std::vector<Port> ports_;
  std::vector<Starts> starts_;  // by socket, which count from 1
};

}  // namespace ringproof
