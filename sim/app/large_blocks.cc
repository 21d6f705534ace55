#include "sim/app/large_blocks.h"

#include <cstdlib>
#include <iterator>

namespace ringproof {

void LargeBlocks::got(void* block, std::size_t bytes) {
  if (block == nullptr || bytes < kLargeBytes) return;
  const std::scoped_lock lock(mutex_);
  blocks_[reinterpret_cast<std::uintptr_t>(block)] = {bytes, false};
}

void LargeBlocks::gave(void* block) {
  const std::scoped_lock lock(mutex_);
  blocks_.erase(reinterpret_cast<std::uintptr_t>(block));
}

void LargeBlocks::lent(const void* address) {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  const std::scoped_lock lock(mutex_);
  const auto behind = blocks_.upper_bound(place);
  if (behind == blocks_.begin()) return;
  auto& [begin, block] = *std::prev(behind);
  if (place - begin < block.bytes) block.lent = true;
}

void LargeBlocks::give_back() {
  const std::scoped_lock lock(mutex_);
  for (const auto& [begin, block] : blocks_) {
    if (block.lent) std::free(reinterpret_cast<void*>(begin));
  }
  blocks_.clear();
}

}  // namespace ringproof
