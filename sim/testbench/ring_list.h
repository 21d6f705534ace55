// ring_list.h: the shared rings that sockets have now.
// Role     lets a snapshot read their words
// Shapes   in order of socket, then of ring kind
// Errors   none
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "model/base/tap.h"

namespace ringproof {

class RingList final : public Tap {
 public:
  using Rings = std::array<std::optional<RingShape>, 4>;  // by kind
  const std::map<std::uint64_t, Rings>& sockets() const { return sockets_; }

  void umem_registered(std::uint64_t socket, const UmemShape&) override { sockets_[socket]; }
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override {
    sockets_[socket][static_cast<std::size_t>(kind)] = shape;
  }
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  std::map<std::uint64_t, Rings> sockets_;
};

}  // namespace ringproof
