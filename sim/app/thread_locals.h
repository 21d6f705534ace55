// thread_locals.h: the thread-local variables of an application, for each of its threads anew.
// Role     all tasks run on one thread of the host, which has one block of such variables for each object;
//          the block is exchanged when another thread of the application goes on
// Threads  simulation thread
// Source   ELF handling for thread-local storage
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace ringproof {

class ThreadLocals {
 public:
  // Of one object that is loaded.
  struct Block {
    std::size_t module;
    std::vector<unsigned char> bytes;  // at the start of a thread
    std::size_t zeros;                 // behind them
  };

  // The blocks are as at the start of a thread, and those of this task.
  ThreadLocals(const std::vector<Block>& blocks, std::uint32_t task);

  // From now on the variables are this task's.
  void switch_to(std::uint32_t task);
  void forget(std::uint32_t task) { kept_.erase(task); }

  // Destructors of variables, which a thread calls at its end, the latest first.
  void add_destructor(std::uint32_t task, void (*destructor)(void*), void* object) {
    destructors_[task].emplace_back(destructor, object);
  }
  // REQUIRES: called by the task.
  void destroy(std::uint32_t task);

 private:
  using Image = std::vector<unsigned char>;
  struct Place {
    unsigned char* memory;
    Image initial;
  };

  std::vector<Place> places_;
  std::uint32_t owner_;
  std::map<std::uint32_t, std::vector<Image>> kept_;  // of the others
  std::map<std::uint32_t, std::vector<std::pair<void (*)(void*), void*>>> destructors_;
};

// The memory of a block on the calling thread of the host; made if need be.
unsigned char* thread_local_block(std::size_t module);

}  // namespace ringproof
