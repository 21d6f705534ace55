// locked_memory.h: memory of the application that the platform holds on to.
// Role     UMEMs and rings of open sockets, port sets of open programs: their pages stay, whatever the
//          application frees or unmaps
// Shapes   free and munmap of an application do nothing for memory that lies in here; a fault in here that
//          happens all the same is the application's doing
// Threads  overlaps() from any, all else from the simulation thread and the fault handler
// Errors   beyond kRegionsMax regions at a time the rest is not watched
// Source   XDP for Windows: UMEM_REG locks the pages until the socket is destroyed
#pragma once

#include <array>
#include <cstdint>
#include <shared_mutex>

#include "model/base/tap.h"
#include "sim/host/progress.h"

namespace ringproof {

class LockedMemory final : public Tap {
 public:
  // From now on a fault inside a region ends the process in the application's name.
  explicit LockedMemory(Progress& progress);
  ~LockedMemory() override;
  LockedMemory(const LockedMemory&) = delete;
  LockedMemory& operator=(const LockedMemory&) = delete;

  bool overlaps(const void* address, std::uint64_t bytes) const;
  // The same for a fault handler, which must not wait for anybody.
  bool lies_in(const void* address, std::uint64_t bytes) const;

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void socket_closed(std::uint64_t socket) override;
  void port_set_held(std::uint64_t program, const void* bits, std::size_t bytes) override;
  void program_closed(std::uint64_t program) override;

 private:
  static constexpr std::size_t kRegionsMax = 1024;
  struct Region {
    std::uint64_t owner = 0;  // a socket, or kProgram and a program
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
  };
  static constexpr std::uint64_t kProgram = std::uint64_t{1} << 63;
  void add(std::uint64_t owner, const void* address, std::uint64_t bytes);
  void remove(std::uint64_t owner);

  mutable std::shared_mutex mutex_;  // threads of free-running mode free memory at any time
  std::array<Region, kRegionsMax> regions_{};
  std::size_t count_ = 0;
};

// The one that the running simulation has, or null.
const LockedMemory* locked_memory();

}  // namespace ringproof
