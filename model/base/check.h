// check.h: stops the run on a bug of ours.
// Role     SIM_CHECK(condition, text): a broken promise inside the simulator, never a fault of the user
// Errors   prints one line with the place and ends the process with SIGABRT
#pragma once

namespace ringproof {

[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* text);

}  // namespace ringproof

#define SIM_CHECK(condition, text) \
  ((condition) ? static_cast<void>(0) : ::ringproof::check_failed(__FILE__, __LINE__, #condition, text))
