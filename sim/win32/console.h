// console.h: Ctrl+C, from a program or from who sits before it.
// Role     asks the handlers of a process, each time on a thread of its own; without one the process ends
// Threads  simulation thread, also outside tasks
// Source   Windows: console control handlers
#pragma once

#include <ringproof/win_types.h>

#include <cstdint>

#include "sim/app/world.h"

namespace ringproof {

void tell_console_event(World& world, std::uint32_t process, DWORD event);
// To every process that has not ended.
void press_ctrl_c(World& world);

}  // namespace ringproof
