#include "sim/host/coroutine.h"

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define RINGPROOF_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RINGPROOF_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define RINGPROOF_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RINGPROOF_TSAN 1
#endif
#endif

#ifdef RINGPROOF_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef RINGPROOF_TSAN
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

}  // namespace

Coroutine::Coroutine(std::function<void()> body, std::size_t stack_bytes) : body_(std::move(body)) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  stack_bytes_ = (stack_bytes + page - 1) / page * page + page;
  stack_ = mmap(nullptr, stack_bytes_, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack_ == MAP_FAILED) throw std::bad_alloc();
  mprotect(stack_, page, PROT_NONE);
  inner_ = fcontext::make_fcontext(static_cast<char*>(stack_) + stack_bytes_, stack_bytes_ - page,
                                   [](fcontext::transfer_t from) {
                                     auto* self = static_cast<Coroutine*>(from.data);
                                     self->outer_ = from.fctx;
                                     self->run();
                                   });
#ifdef RINGPROOF_TSAN
  fiber_ = __tsan_create_fiber(0);
#endif
}

Coroutine::~Coroutine() {
#ifdef RINGPROOF_TSAN
  __tsan_destroy_fiber(fiber_);
#endif
#ifdef RINGPROOF_ASAN
  // Frames that were never left keep their marks; the next user of these addresses must not meet them.
  __asan_unpoison_memory_region(stack_, stack_bytes_);
#endif
  munmap(stack_, stack_bytes_);
}

void Coroutine::run() {
#ifdef RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(nullptr, &outer_stack_, &outer_stack_bytes_);
#endif
  body_();
  finished_ = true;
  suspend();
}

void Coroutine::resume() {
#ifdef RINGPROOF_ASAN
  void* fake_stack = nullptr;
  __sanitizer_start_switch_fiber(&fake_stack, stack_, stack_bytes_);
#endif
#ifdef RINGPROOF_TSAN
  outer_fiber_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(fiber_, 0);
#endif
  swap_exception_state(exception_state_);
  std::swap(errno, saved_errno_);
  inner_ = fcontext::jump_fcontext(inner_, this).fctx;
  std::swap(errno, saved_errno_);
  swap_exception_state(exception_state_);
#ifdef RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
}

void Coroutine::suspend() {
#ifdef RINGPROOF_ASAN
  __sanitizer_start_switch_fiber(finished_ ? nullptr : &fake_stack_, outer_stack_, outer_stack_bytes_);
#endif
#ifdef RINGPROOF_TSAN
  __tsan_switch_to_fiber(outer_fiber_, 0);
#endif
  outer_ = fcontext::jump_fcontext(outer_, nullptr).fctx;
#ifdef RINGPROOF_ASAN
  __sanitizer_finish_switch_fiber(fake_stack_, &outer_stack_, &outer_stack_bytes_);
#endif
}

}  // namespace ringproof
