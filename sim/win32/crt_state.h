// crt_state.h: what the C runtime of a Windows program keeps, for each simulated machine anew.
// Role     random numbers of the program, what to do with invalid parameters, who uses Winsock
// Threads  the simulation thread
// Source   docs/windows-programs.md
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/base/random.h"

namespace ringproof {

// Microsoft's _invalid_parameter_handler, with its 16-bit text.
using InvalidParameterHandler = void (*)(const char16_t* expression, const char16_t* function,
                                         const char16_t* file, unsigned line, std::uintptr_t reserved);

struct CrtState {
  explicit CrtState(std::uint64_t the_seed) : seed(the_seed) {}

  const std::uint64_t seed;
  std::map<int, RandomStream> random;  // by task, so that no thread's numbers depend on what others draw
  std::map<int, std::uint32_t> rand;   // the state of rand(), by task, as Windows has one for each thread
  InvalidParameterHandler invalid_parameter = nullptr;
  std::uint32_t sockets_users = 0;  // WSAStartup without WSACleanup
  std::string inet_ntoa;            // its last answer
};

namespace win32 {

// Of the current world; outside any, as in a test of one function, of the process.
CrtState& crt_state();

// The running task's.
RandomStream& random_stream();

// The state of the running task's rand().
std::uint32_t& rand_state();

// A call was given what Microsoft's library does not accept: the program's handler is told, or the program
// ends.
void invalid_parameter(const char* function, const char* problem);

}  // namespace win32
}  // namespace ringproof
