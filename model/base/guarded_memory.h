// guarded_memory.h: pages of zeros between pages that nobody may touch.
// Role     memory that a hostile application shares with us: an access beside it faults, and one after it was
//          given back too
// Shapes   whole pages; small blocks are kept for later users, those that were given back first come first,
//          and never the latest ones, so that an address does not come to life again at once. Taking the rights
//          from a page costs more than everything else here, so a block may wait for that
// Units    bytes
// Threads  a block is given back in the thread that took it
// Errors   no memory -> data() is null
// Source   docs/design/many-worlds.md
#pragma once

#include <cstddef>

namespace ringproof {

class GuardedMemory {
 public:
  GuardedMemory() = default;
  // REQUIRES: `bytes` is a multiple of the page size, and not 0.
  explicit GuardedMemory(std::size_t bytes);
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  unsigned char* data() const { return data_; }
  std::size_t size() const { return size_; }
  // It stays for ever.
  void leave() { data_ = nullptr; }
  // Once given back it can still be touched, until somebody says shut_waiting() in this thread, or until its
  // next user has it.
  void shut_later() { shut_later_ = true; }
  static void shut_waiting();

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
  bool shut_later_ = false;
};

}  // namespace ringproof
