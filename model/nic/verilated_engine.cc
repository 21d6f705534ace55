#include "model/nic/verilated_engine.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace ringproof::nic {

const AssertionTold*& assertion_told() {
  static thread_local const AssertionTold* told = nullptr;
  return told;
}

}  // namespace ringproof::nic

// What the runtime calls, see VL_USER_STOP, VL_USER_FINISH and VL_USER_FATAL in rtl/CMakeLists.txt. A failed
// assertion has been printed by then.
void vl_stop(const char* filename, int line, const char* hierarchy) {
  const ringproof::nic::AssertionTold* told = ringproof::nic::assertion_told();
  if (told == nullptr || !*told) {
    vl_fatal(filename, line, hierarchy, "Verilog $stop");
    return;
  }
  Verilated::threadContextp()->assertOn(false);
  (*told)(std::filesystem::path(filename).stem().string(), static_cast<std::uint32_t>(line));
}

void vl_finish(const char* filename, int line, const char* hierarchy) { vl_stop(filename, line, hierarchy); }

// The model does not settle, or something of the kind: it cannot go on from here.
void vl_fatal(const char* filename, int line, const char* /*hierarchy*/, const char* message) {
  const ringproof::nic::AssertionTold* told = ringproof::nic::assertion_told();
  if (told != nullptr && *told) {
    throw std::runtime_error(std::string(filename) + ":" + std::to_string(line) + ": " + message);
  }
  VL_PRINTF("%%Error: %s:%d: %s\n", filename, line, message);
  Verilated::runFlushCallbacks();
  std::fflush(stdout);
  std::abort();
}
