#include "sim/app/locked_memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "model/base/sanitizers.h"

namespace ringproof {
namespace {

LockedMemory* current = nullptr;  // the newest; others follow
LockedMemory* fault_watcher = nullptr;
Progress* fault_progress = nullptr;

// Says in whose name the process is about to end; the fault happens again and ends it.
void handle_fault(int signal, siginfo_t* info, void*) {
  if (fault_watcher != nullptr && fault_watcher->lies_in(info->si_addr)) {
    fault_progress->phase.store(RunPhase::kApplication, std::memory_order_relaxed);
    fault_progress->last_call.store("(it took away memory of an open socket or program)",
                                    std::memory_order_relaxed);
  }
  std::signal(signal, SIG_DFL);
}

}  // namespace

LockedMemory* locked_memory() { return current; }

void free_block(void* block) {
  if (block == nullptr) return;
  if (current != nullptr) {
    const std::size_t bytes = malloc_usable_size(block);
    if (holder_of(block, bytes) != nullptr) return;
    if (bytes >= LargeBlocks::kLargeBytes) current->blocks().gave(block);
  }
  std::free(block);
}

void* realloc_block(void* block, std::size_t bytes) {
  const std::size_t before = current == nullptr || block == nullptr ? 0 : malloc_usable_size(block);
  if (before < LargeBlocks::kLargeBytes && (before == 0 || holder_of(block, before) == nullptr)) {
    return note_block(std::realloc(block, bytes), bytes);
  }
  // One that is looked after, or stays where it is.
  void* const moved = bytes == 0 ? nullptr : std::malloc(bytes);
  if (moved == nullptr && bytes != 0) return nullptr;
  if (moved != nullptr) std::memcpy(moved, block, std::min(before, bytes));
  free_block(block);
  return note_block(moved, bytes);
}

int unmap_pages(void* begin, std::size_t bytes) {
  LockedMemory* const holder = holder_of(begin, bytes);
  if (holder == nullptr) return munmap(begin, bytes);
  holder->left_pages(begin, bytes);
  return 0;
}

LockedMemory* holder_of(const void* address, std::uint64_t bytes) {
  LockedMemory* each = current;
  while (each != nullptr && !each->overlaps(address, bytes)) each = each->next_;
  return each;
}

LockedMemory::LockedMemory(AtEnd at_end) : at_end_(at_end), next_(current) { current = this; }

LockedMemory::LockedMemory(Progress& progress, AtEnd at_end) : LockedMemory(at_end) {
  fault_watcher = this;
  fault_progress = &progress;
#if !RINGPROOF_ASAN && !RINGPROOF_TSAN  // which have handlers of their own
  static char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_sigaction = handle_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
#else
  static_cast<void>(handle_fault);
#endif
}

LockedMemory::~LockedMemory() {
  LockedMemory** link = &current;
  while (*link != this) link = &(*link)->next_;
  *link = next_;
  if (fault_watcher == this) {
    fault_watcher = nullptr;
    std::signal(SIGSEGV, SIG_DFL);
    std::signal(SIGBUS, SIG_DFL);
  }
  for (const Pages& pages : left_) munmap(pages.begin, pages.bytes);
  if (at_end_ == AtEnd::kGoesBack) blocks_.give_back();
}

bool LockedMemory::overlaps(const void* address, std::uint64_t bytes) const {
  const std::shared_lock lock(mutex_);
  return is_held(address, bytes);
}

bool LockedMemory::is_held(const void* address, std::uint64_t bytes) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  return std::any_of(regions_.begin(), regions_.end(), [&](const Region& region) {
    return begin < region.end && begin + bytes > region.begin;
  });
}

bool LockedMemory::lies_in(const void* address) const {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  for (std::size_t i = 0; i < watched_count_; ++i) {
    if (place >= watched_[i].begin && place < watched_[i].end) return true;
  }
  return false;
}

void LockedMemory::left_pages(void* begin, std::size_t bytes) {
  const std::unique_lock lock(mutex_);
  left_.push_back({begin, bytes});
}

void LockedMemory::add(std::uint64_t owner, const void* address, std::uint64_t bytes) {
  const std::unique_lock lock(mutex_);
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  regions_.push_back({owner, begin, begin + bytes});
  if (watched_count_ < kWatchedMax) watched_[watched_count_++] = regions_.back();
}

void LockedMemory::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  add(socket, umem.base, umem.total_bytes);
  blocks_.lent(umem.base);
}

void LockedMemory::ring_created(std::uint64_t socket, RingKind, const RingShape& shape) {
  add(socket, shape.base, shape.element(shape.size - 1) + shape.stride - shape.base);
}

void LockedMemory::socket_closed(std::uint64_t socket) { remove(socket); }

void LockedMemory::port_set_held(std::uint64_t program, const void* bits, std::size_t bytes) {
  add(kProgram | program, bits, bytes);
}

void LockedMemory::program_closed(std::uint64_t program) { remove(kProgram | program); }

void LockedMemory::remove(std::uint64_t owner) {
  const std::unique_lock lock(mutex_);
  std::erase_if(regions_, [owner](const Region& region) { return region.owner == owner; });
  watched_count_ = std::min(regions_.size(), kWatchedMax);
  std::copy_n(regions_.begin(), watched_count_, watched_.begin());
  std::erase_if(left_, [this](const Pages& pages) {
    return !is_held(pages.begin, pages.bytes) && munmap(pages.begin, pages.bytes) == 0;
  });
}

}  // namespace ringproof
