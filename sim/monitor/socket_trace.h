// socket_trace.h: what one socket lived through, to be compared with what it lived through in another run.
// Role     the recording half of the metamorphic invariants, which a run alone cannot check:
//          INV-07 equal traces wherever the indices begin; INV-44 equal traces whatever a neighbour does;
//          INV-47 equal traces whatever fresh memory holds
// Shapes   one line per event of the socket, in order for each ring and each direction. Times are left out:
//          neighbours may share bandwidth. Indices count from the first value of their ring. How entries are
//          grouped into moves depends on timing as well, so a move is as many lines as it has entries
// Errors   none: a difference is returned, for the test to report
// Source   invariants-and-faults.md, INV-07, 44 and 47
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

class SocketTrace final : public Tap {
 public:
  // Events of `socket` alone; sockets are numbered from 1 in the order in which they are made.
  explicit SocketTrace(std::uint64_t socket) : socket_(socket) {}

  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void ring_failed(std::uint64_t socket, RingKind kind, std::uint32_t error, std::uint64_t time_ps) override;
  void state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t time_ps) override;
  void statistics_read(std::uint64_t socket, const SocketStatistics& statistics) override;

  std::size_t events() const;
  // The first place at which the traces differ, in words; nothing if they are equal.
  static std::optional<std::string> difference(const SocketTrace& one, const SocketTrace& other);

 private:
  // What is in order among itself: each index of each ring, what is received, sent, finished, and what
  // the control plane does. How many frames are taken before the first one comes back is timing.
  static constexpr std::size_t kReceived = 8;
  static constexpr std::size_t kSent = 9;
  static constexpr std::size_t kFinished = 10;
  static constexpr std::size_t kControl = 11;
  static constexpr std::size_t kLanes = 12;
  static const char* lane_name(std::size_t lane);

  void add(std::size_t lane, std::string line) { lanes_[lane].push_back(std::move(line)); }

  const std::uint64_t socket_;
  std::array<std::uint32_t, 4> starts_{};
  std::array<std::vector<std::string>, kLanes> lanes_;
};

}  // namespace ringproof
