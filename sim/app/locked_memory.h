// locked_memory.h: memory of the application that the platform holds on to.
// Role     UMEMs and rings of open sockets, port sets of open programs: their pages stay, whatever the
//          application frees or unmaps. With kGoesBack it gives back what the application has at its own end
// Shapes   memory that lies in here stays when an application frees it, and pages until nobody holds them any
//          more; a fault in here that happens all the same is the application's doing. There is one for each
//          simulation
// Threads  overlaps() and left_pages() from any, all else from the simulation thread and the fault handler
// Errors   in a fault that lies beyond kWatchedMax regions nobody sees the application's doing
// Source   XDP for Windows: UMEM_REG locks the pages until the socket is destroyed
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <shared_mutex>
#include <vector>

#include "model/base/tap.h"
#include "sim/app/large_blocks.h"
#include "sim/host/progress.h"

namespace ringproof {

class LockedMemory final : public Tap {
 public:
  // What happens to memory that the application has lent and still has: its threads may be running yet, or
  // not.
  enum class AtEnd : std::uint8_t { kStays, kGoesBack };
  explicit LockedMemory(AtEnd at_end);
  // From now on a fault inside a region ends the process in the application's name.
  LockedMemory(Progress& progress, AtEnd at_end);
  ~LockedMemory() override;
  LockedMemory(const LockedMemory&) = delete;
  LockedMemory& operator=(const LockedMemory&) = delete;

  bool overlaps(const void* address, std::uint64_t bytes) const;
  // Of the first kWatchedMax regions, for a fault handler, which must not wait for anybody.
  bool lies_in(const void* address) const;
  // Pages that the application has unmapped while they are held.
  void left_pages(void* begin, std::size_t bytes);
  LargeBlocks& blocks() { return blocks_; }

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void socket_closed(std::uint64_t socket) override;
  void port_set_held(std::uint64_t program, const void* bits, std::size_t bytes) override;
  void program_closed(std::uint64_t program) override;

 private:
  static constexpr std::size_t kWatchedMax = 1024;
  struct Region {
    std::uint64_t owner = 0;  // a socket, or kProgram and a program
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
  };
  struct Pages {
    void* begin;
    std::size_t bytes;
  };
  static constexpr std::uint64_t kProgram = std::uint64_t{1} << 63;
  void add(std::uint64_t owner, const void* address, std::uint64_t bytes);
  void remove(std::uint64_t owner);
  bool is_held(const void* address, std::uint64_t bytes) const;  // REQUIRES: mutex_ is held

  mutable std::shared_mutex mutex_;  // threads of free-running mode free memory at any time
  std::vector<Region> regions_;
  std::array<Region, kWatchedMax> watched_{};  // the first of them, where nothing moves
  std::size_t watched_count_ = 0;
  std::vector<Pages> left_;
  LargeBlocks blocks_;
  const AtEnd at_end_;
  LockedMemory* next_;  // the one made before, if it still is: runs may stand side by side
  friend LockedMemory* holder_of(const void* address, std::uint64_t bytes);
};

// The one that the newest simulation has, or null.
LockedMemory* locked_memory();
// The one that holds on to any of this, or null.
LockedMemory* holder_of(const void* address, std::uint64_t bytes);

// The application has got a block of the heap, or gives it back. Returns the block.
inline void* note_block(void* block, std::size_t bytes) {
  LockedMemory* const locked = locked_memory();
  if (locked != nullptr && bytes >= LargeBlocks::kLargeBytes) locked->blocks().got(block, bytes);
  return block;
}
// free and realloc of the application. Memory that the platform holds on to stays.
void free_block(void* block);
void* realloc_block(void* block, std::size_t bytes);
// Pages of mmap. Those that the platform holds on to go back when it does no longer. As munmap answers.
int unmap_pages(void* begin, std::size_t bytes);

}  // namespace ringproof
