// large_blocks.h: large blocks of memory that an application has from the heap.
// Role     what a program never gave back, its system takes when its process ends. Thousands of runs share one of
//          ours: packet buffers of servers, which never return, would pile up in it
// Shapes   a block of kLargeBytes and more is known from when the application gets it until it gives it back; of those
//          that it has at the end, the ones that were lent to the platform go back. Others stay: a library may
//          have freed them behind our back
// Threads  any
// Errors   none; what is not known is not looked after
// Source   docs/design/many-worlds.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace ringproof {

class LargeBlocks {
 public:
  static constexpr std::size_t kLargeBytes = std::size_t{64} << 10;

  // A block of malloc and its kin.
  void got(void* block, std::size_t bytes);
  void gave(void* block);
  // The platform works on memory from here on.
  void lent(const void* address);
  // Nobody uses any of it any more.
  void give_back();

 private:
  struct Block {
    std::size_t bytes = 0;
    bool lent = false;
  };
  std::mutex mutex_;
  std::map<std::uintptr_t, Block> blocks_;  // by where they begin
};

}  // namespace ringproof
