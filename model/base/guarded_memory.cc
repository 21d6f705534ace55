#include "model/base/guarded_memory.h"

#include <sys/mman.h>

#include <cstring>
#include <deque>
#include <map>

namespace ringproof {
namespace {

constexpr std::size_t kPageBytes = 4096;
// Zeroing more than this takes longer than having it anew.
constexpr std::size_t kBytesToKeepMax = std::size_t{64} << 10;
constexpr std::size_t kSparesMin = 16;
constexpr std::size_t kSparesMax = 256;

struct Spare {
  unsigned char* data;
  bool shut;  // without any rights
};

// By size, in the order in which they were given back.
using Spares = std::map<std::size_t, std::deque<Spare>>;

// Never destroyed: an application that calls exit() ends the objects of the thread before the run ends.
Spares& spares() {
  static thread_local auto* kept = new Spares;
  return *kept;
}

unsigned char* map_guarded(std::size_t bytes) {
  void* guarded = mmap(nullptr, bytes + 2 * kPageBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return guarded == MAP_FAILED ? nullptr : static_cast<unsigned char*>(guarded) + kPageBytes;
}

void unmap_guarded(unsigned char* data, std::size_t bytes) {
  munmap(data - kPageBytes, bytes + 2 * kPageBytes);
}

bool shut(unsigned char* data, std::size_t bytes) { return mprotect(data, bytes, PROT_NONE) == 0; }

}  // namespace

GuardedMemory::GuardedMemory(std::size_t bytes) : size_(bytes) {
  auto& kept = spares()[bytes];
  const bool used_before = kept.size() > kSparesMin;
  bool is_shut = true;
  if (used_before) {
    data_ = kept.front().data;
    is_shut = kept.front().shut;
    kept.pop_front();
  } else {
    data_ = map_guarded(bytes);
  }
  if (data_ == nullptr) return;
  if (is_shut && mprotect(data_, bytes, PROT_READ | PROT_WRITE) != 0) {
    unmap_guarded(data_, bytes);
    data_ = nullptr;
  } else if (used_before) {
    std::memset(data_, 0, bytes);
  }
}

GuardedMemory::~GuardedMemory() {
  if (data_ == nullptr) return;
  auto& kept = spares()[size_];
  const bool keeps = size_ <= kBytesToKeepMax && kept.size() < kSparesMax;
  if (keeps && (shut_later_ || shut(data_, size_))) {
    kept.push_back({data_, !shut_later_});
  } else {
    unmap_guarded(data_, size_);
  }
}

void GuardedMemory::shut_waiting() {
  for (auto& [bytes, kept] : spares()) {
    for (Spare& spare : kept) spare.shut = spare.shut || shut(spare.data, bytes);
  }
}

}  // namespace ringproof
