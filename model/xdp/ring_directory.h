// ring_directory.h: which ring an address lies in.
// Role     from a word or an element that an application touches to the ring and the socket behind it
// Shapes   the memory of two rings never overlaps
// Threads  simulation thread
// Errors   an address outside every ring finds nothing
#pragma once

#include <cstdint>
#include <map>

#include "model/xdp/shared_ring.h"

namespace ringproof::xdp {

class Socket;

class RingDirectory {
 public:
  struct Entry {
    SharedRing* ring = nullptr;
    Socket* socket = nullptr;
  };

  void add(SharedRing& ring, Socket& socket) { rings_[key(ring.memory())] = {&ring, &socket}; }
  void remove(const SharedRing& ring) { rings_.erase(key(ring.memory())); }
  Entry find(const volatile void* address) const {
    const auto after = rings_.upper_bound(key(address));
    if (after == rings_.begin()) return {};
    const Entry& candidate = std::prev(after)->second;
    return candidate.ring->contains(address) ? candidate : Entry{};
  }

 private:
  static std::uintptr_t key(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
  }

  std::map<std::uintptr_t, Entry> rings_;  // by first address
};

}  // namespace ringproof::xdp
