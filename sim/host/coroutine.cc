#include "sim/host/coroutine.h"

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <boost/context/detail/fcontext.hpp>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "model/base/sanitizers.h"
#include "model/base/task_stacks.h"

#if RINGPROOF_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if RINGPROOF_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace ringproof {
namespace {

namespace fcontext = boost::context::detail;

// The C++ runtime keeps the caught exceptions of a thread in two words; each coroutine has its own.
void swap_exception_state(void** stored) {
  void* live[2];
  auto* globals = reinterpret_cast<void*>(abi::__cxa_get_globals());
  std::memcpy(live, globals, sizeof live);
  std::memcpy(globals, stored, sizeof live);
  std::memcpy(stored, live, sizeof live);
}

// Stacks that wait for another coroutine, whole with their guard pages: making one takes three system calls
// and a page fault for each page that is touched.
class SpareStacks {
 public:
  // Never destroyed: an application that calls exit() ends the objects of the thread before the run ends.
  static SpareStacks& of_thread() {
    static thread_local auto* spares = new SpareStacks;
    return *spares;
  }

  // Null when there is none of this size.
  void* take(std::size_t bytes) {
    for (std::size_t i = spares_.size(); i-- > 0;) {
      if (spares_[i].bytes != bytes) continue;
      void* memory = spares_[i].memory;
      spares_.erase(spares_.begin() + static_cast<std::ptrdiff_t>(i));
      return memory;
    }
    return nullptr;
  }
  void give(void* memory, std::size_t bytes) {
    if (spares_.size() >= kSparesMax) {
      munmap(memory, bytes);
    } else {
      spares_.push_back({memory, bytes});
    }
  }

 private:
  static constexpr std::size_t kSparesMax = 64;  // tasks of a large machine
  struct Spare {
    void* memory;
    std::size_t bytes;
  };
  std::vector<Spare> spares_;
};

// Most bodies use little of their stack: that is written, the rest is had anew.
void zero_stack(char* memory, std::size_t bytes, std::size_t guard_bytes) {
  constexpr std::size_t kOftenUsedBytes = std::size_t{32} << 10;
  const std::size_t top = std::min(kOftenUsedBytes, bytes - guard_bytes);
  madvise(memory + guard_bytes, bytes - guard_bytes - top, MADV_DONTNEED);
  std::memset(memory + bytes - top, 0, top);
}

std::size_t guard_bytes() {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return page;
}

void* map_stack(std::size_t bytes, std::size_t guard_bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  mprotect(memory, guard_bytes, PROT_NONE);
  return memory;
}

}  // namespace

Coroutine::Coroutine(std::function<void()> body, std::size_t stack_bytes, Stack contents)
    : body_(std::move(body)) {
  const std::size_t page = guard_bytes();
  stack_bytes_ = (stack_bytes + page - 1) / page * page + page;
  stack_ = SpareStacks::of_thread().take(stack_bytes_);
  if (stack_ == nullptr) {
    stack_ = map_stack(stack_bytes_, page);
  } else if (contents == Stack::kZeroed) {
    zero_stack(static_cast<char*>(stack_), stack_bytes_, page);
  }
  const auto low = reinterpret_cast<std::uintptr_t>(stack_);
  add_task_stack(low + page, low + stack_bytes_);
  inner_ = fcontext::make_fcontext(static_cast<char*>(stack_) + stack_bytes_, stack_bytes_ - page,
                                   [](fcontext::transfer_t from) {
                                     auto* self = static_cast<Coroutine*>(from.data);
                                     self->outer_ = from.fctx;
                                     self->run();
                                   });
#if RINGPROOF_TSAN
  fiber_ = __tsan_create_fiber(0);
#endif
}

Coroutine::~Coroutine() {
#if RINGPROOF_TSAN
  __tsan_destroy_fiber(fiber_);
#endif
#if RINGPROOF_ASAN
  // Frames that were never left keep their marks; the next user of these addresses must not meet them.
  __asan_unpoison_memory_region(stack_, stack_bytes_);
#endif
  remove_task_stack(reinterpret_cast<std::uintptr_t>(stack_) + guard_bytes());
  SpareStacks::of_thread().give(stack_, stack_bytes_);
}

void Coroutine::run() {
#if RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(nullptr, &outer_stack_, &outer_stack_bytes_);
#endif
  body_();
  finished_ = true;
  suspend();
}

void Coroutine::resume() {
#if RINGPROOF_ASAN
  void* fake_stack = nullptr;
  __sanitizer_start_switch_fiber(&fake_stack, stack_, stack_bytes_);
#endif
#if RINGPROOF_TSAN
  outer_fiber_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(fiber_, 0);
#endif
  swap_exception_state(exception_state_);
  std::swap(errno, saved_errno_);
  inner_ = fcontext::jump_fcontext(inner_, this).fctx;
  std::swap(errno, saved_errno_);
  swap_exception_state(exception_state_);
#if RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
}

void Coroutine::suspend() {
#if RINGPROOF_ASAN
  __sanitizer_start_switch_fiber(finished_ ? nullptr : &fake_stack_, outer_stack_, outer_stack_bytes_);
#endif
#if RINGPROOF_TSAN
  __tsan_switch_to_fiber(outer_fiber_, 0);
#endif
  outer_ = fcontext::jump_fcontext(outer_, nullptr).fctx;
#if RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(fake_stack_, &outer_stack_, &outer_stack_bytes_);
#endif
}

}  // namespace ringproof
