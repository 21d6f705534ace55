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

LockedMemory* current = nullptr;
Progress* fault_progress = nullptr;

// Says in whose name the process is about to end; the fault happens again and ends it.
void handle_fault(int signal, siginfo_t* info, void*) {
  if (current != nullptr && current->lies_in(info->si_addr, 1)) {
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
    if (current->overlaps(block, bytes)) return;
    if (bytes >= LargeBlocks::kLargeBytes) current->blocks().gave(block);
  }
  std::free(block);
}

void* realloc_block(void* block, std::size_t bytes) {
  const std::size_t before = current == nullptr || block == nullptr ? 0 : malloc_usable_size(block);
  if (before < LargeBlocks::kLargeBytes && (before == 0 || !current->overlaps(block, before))) {
    return note_block(std::realloc(block, bytes), bytes);
  }
  // One that is looked after, or stays where it is.
  void* const moved = bytes == 0 ? nullptr : std::malloc(bytes);
  if (moved == nullptr && bytes != 0) return nullptr;
  if (moved != nullptr) std::memcpy(moved, block, std::min(before, bytes));
  free_block(block);
  return note_block(moved, bytes);
}

void unmap_pages(void* begin, std::size_t bytes) {
  if (current != nullptr && current->overlaps(begin, bytes)) {
    current->blocks().left_pages(begin, bytes);
  } else {
    munmap(begin, bytes);
  }
}

LockedMemory::LockedMemory(Progress& progress, AtEnd at_end) : at_end_(at_end) {
  current = this;
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
  current = nullptr;
  std::signal(SIGSEGV, SIG_DFL);
  std::signal(SIGBUS, SIG_DFL);
  if (at_end_ == AtEnd::kGoesBack) blocks_.give_back();
}

bool LockedMemory::overlaps(const void* address, std::uint64_t bytes) const {
  const std::shared_lock lock(mutex_);
  return lies_in(address, bytes);
}

bool LockedMemory::lies_in(const void* address, std::uint64_t bytes) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  for (std::size_t i = 0; i < count_; ++i) {
    if (begin < regions_[i].end && begin + bytes > regions_[i].begin) return true;
  }
  return false;
}

void LockedMemory::add(std::uint64_t owner, const void* address, std::uint64_t bytes) {
  const std::unique_lock lock(mutex_);
  if (count_ == kRegionsMax) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  regions_[count_++] = {owner, begin, begin + bytes};
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
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (regions_[i].owner != owner) regions_[kept++] = regions_[i];
  }
  count_ = kept;
}

}  // namespace ringproof
