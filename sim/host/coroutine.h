// coroutine.h: a stackful coroutine with a guarded stack of its own.
// Role     tasks of the host kernel run on these; the rest of the program never sees a context switch
// Shapes   stack: reserved address space, committed as it is touched; one guard page below. Stacks are used
//          again by later coroutines
// Threads  all coroutines of a kernel run in the thread that resumes them
// Errors   no memory for a stack -> std::bad_alloc; an exception that leaves the body is a bug of ours and
//          terminates (bodies of applications are wrapped before they come here)
// Source   Boost.Context's fcontext; sanitizer interfaces of GCC and Clang
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace ringproof {

class Coroutine {
 public:
  // What a body finds on its stack before it has written there.
  enum class Stack : std::uint8_t {
    kZeroed,   // so that it cannot depend on who had the stack before
    kAsItWas,  // for bodies that are known not to look
  };
  Coroutine(std::function<void()> body, std::size_t stack_bytes, Stack contents = Stack::kZeroed);
  ~Coroutine();
  Coroutine(const Coroutine&) = delete;
  Coroutine& operator=(const Coroutine&) = delete;

  // Runs the body until it suspends or ends. REQUIRES: not finished, not running.
  void resume();
  // Goes back to whoever resumed. REQUIRES: called from inside the body.
  void suspend();
  bool finished() const { return finished_; }

 private:
  void run();

  std::function<void()> body_;
  void* stack_ = nullptr;
  std::size_t stack_bytes_ = 0;
  void* inner_ = nullptr;  // where to resume the body
  void* outer_ = nullptr;  // where to go when it suspends
  bool finished_ = false;
  int saved_errno_ = 0;
  void* exception_state_[2] = {nullptr, nullptr};
  // For the sanitizers; unused without them.
  [[maybe_unused]] void* fake_stack_ = nullptr;
  [[maybe_unused]] const void* outer_stack_ = nullptr;
  [[maybe_unused]] std::size_t outer_stack_bytes_ = 0;
  [[maybe_unused]] void* fiber_ = nullptr;
  [[maybe_unused]] void* outer_fiber_ = nullptr;
};

}  // namespace ringproof
