#include "model/xdp/bounce_buffer.h"

#include <sys/mman.h>

#include <cstring>

namespace ringproof::xdp {

BounceBuffer::BounceBuffer(const UmemShape& umem) : umem_(umem), uses_(umem.total_bytes / umem.chunk_bytes) {
  void* memory = mmap(nullptr, umem.total_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) memory_ = static_cast<unsigned char*>(memory);
}

BounceBuffer::~BounceBuffer() {
  if (memory_ != nullptr) munmap(memory_, umem_.total_bytes);
}

void BounceBuffer::take(std::uint64_t base_address, std::uint64_t begin, std::uint32_t length) {
  if (uses_[base_address / umem_.chunk_bytes]++ == 0) {
    std::memcpy(memory_ + begin, umem_.base + begin, length);
  }
}

void BounceBuffer::give_back(std::uint64_t base_address) { --uses_[base_address / umem_.chunk_bytes]; }

}  // namespace ringproof::xdp
