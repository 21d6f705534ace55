#include "model/base/zeroed_memory.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <vector>

#include "model/base/sanitizers.h"

namespace ringproof {
namespace {

// Of all blocks that wait for another user; the working set of one world is a few megabytes.
constexpr std::size_t kKeptBytesMax = std::size_t{64} << 20;

// All zero, by size. What a block held before is gone, so who used it cannot be seen.
struct Pool {
  std::map<std::size_t, std::vector<unsigned char*>> blocks;
  std::size_t kept_bytes = 0;
};

// Never destroyed: a block may live longer than anything of its thread, and an application that calls exit()
// ends the objects of the thread before the run ends.
Pool& pool() {
  static thread_local auto* kept = new Pool;
  return *kept;
}

// Under the sanitizer a block that was given back is not to be touched again.
constexpr bool kKeep = RINGPROOF_ASAN == 0;

}  // namespace

ZeroedMemory::ZeroedMemory(std::size_t bytes) : size_(bytes) {
  if (take_from_pool()) return;
  data_ = static_cast<unsigned char*>(std::calloc(bytes == 0 ? 1 : bytes, 1));
  if (data_ == nullptr) throw std::bad_alloc();
}

bool ZeroedMemory::take_from_pool() {
  auto& blocks = pool().blocks[size_];
  if (blocks.empty()) return false;
  data_ = blocks.back();
  blocks.pop_back();
  pool().kept_bytes -= size_;
  return true;
}

ZeroedMemory::~ZeroedMemory() {
  if (data_ == nullptr) return;
  if (!kKeep || pool().kept_bytes + size_ > kKeptBytesMax) {
    std::free(data_);
    return;
  }
  if (dirty_begin_ < dirty_end_) std::memset(data_ + dirty_begin_, 0, dirty_end_ - dirty_begin_);
  pool().kept_bytes += size_;
  pool().blocks[size_].push_back(data_);
}

}  // namespace ringproof
