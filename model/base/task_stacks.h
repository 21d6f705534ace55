// task_stacks.h: where the stacks of tasks are.
// Role     tells of an address whether it is on the stack that runs, which needs no question to the system
// Shapes   [low, high) in bytes, all of it readable and writable
// Threads  a stack belongs to the thread that added it
// Errors   none
#pragma once

#include <cstdint>

namespace ringproof {

void add_task_stack(std::uintptr_t low, std::uintptr_t high);
void remove_task_stack(std::uintptr_t low);
// The caller runs on a stack that was added, and the range is all within it.
bool on_running_task_stack(std::uintptr_t address, std::uint64_t bytes);

}  // namespace ringproof
