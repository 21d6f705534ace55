#include "model/base/task_stacks.h"

#include <algorithm>
#include <vector>

namespace ringproof {
namespace {

struct Stack {
  std::uintptr_t low;
  std::uintptr_t high;
};

// Never destroyed: a program that calls exit() ends the objects of the thread before its tasks.
std::vector<Stack>& stacks() {
  static thread_local auto* all = new std::vector<Stack>;
  return *all;
}

}  // namespace

void add_task_stack(std::uintptr_t low, std::uintptr_t high) { stacks().push_back({low, high}); }

void remove_task_stack(std::uintptr_t low) {
  std::erase_if(stacks(), [low](const Stack& stack) { return stack.low == low; });
}

bool on_running_task_stack(std::uintptr_t address, std::uint64_t bytes) {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto has = [](const Stack& stack, std::uintptr_t at) { return at >= stack.low && at < stack.high; };
  return std::any_of(stacks().begin(), stacks().end(), [&](const Stack& stack) {
    return has(stack, here) && has(stack, address) && bytes <= stack.high - address;
  });
}

}  // namespace ringproof
