// by_ring.h: values by socket and kind of ring.
// Role     what the monitors note about each shared ring
// Shapes   a value stays where it is as long as its socket is kept
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"

namespace ringproof {

template <typename Value>
class ByRing {
 public:
  // Null: there is none.
  Value* find(std::uint64_t socket, RingKind kind) {
    Rings* rings = sockets_.find(socket);
    if (rings == nullptr) return nullptr;
    std::optional<Value>& ring = (*rings)[static_cast<std::size_t>(kind)];
    return ring.has_value() ? &*ring : nullptr;
  }
  // In place of the one that there may be.
  Value& set(std::uint64_t socket, RingKind kind, Value value) {
    return sockets_[socket][static_cast<std::size_t>(kind)].emplace(std::move(value));
  }
  void erase(std::uint64_t socket) { sockets_.erase(socket); }

 private:
  using Rings = std::array<std::optional<Value>, 4>;
  ByNumber<Rings> sockets_;
};

}  // namespace ringproof
