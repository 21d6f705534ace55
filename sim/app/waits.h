// waits.h: waits of an application for objects that it has handles to.
// Role     the one loop behind every wait function; also where a thread makes the calls that were queued for
//          it
// Units    [ms], INFINITE for no end
// Threads  a task of the application
// Errors   WAIT_FAILED, and the last error says why
// Source   Windows: wait functions
#pragma once

#include <ringproof/app.h>

#include <cstdint>

#include "sim/app/world.h"

namespace ringproof {

struct WaitRequest {
  DWORD count = 1;
  const HANDLE* handles = nullptr;
  bool all = false;
  DWORD milliseconds = INFINITE;
  bool alertable = false;
};

// What the wait function answers.
DWORD wait_for_objects(const ApiCall& call, const WaitRequest& request);

// The same for the end of an overlapped operation: for its event, or without one for the operation itself.
DWORD wait_for_overlapped(const ApiCall& call, const OVERLAPPED& overlapped, const WaitRequest& request);

// The time at which so many milliseconds are over.
std::uint64_t deadline_after(const World& world, DWORD milliseconds);

}  // namespace ringproof
