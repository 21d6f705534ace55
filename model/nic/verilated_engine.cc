#include "model/nic/verilated_engine.h"

#include <filesystem>

namespace ringproof::nic {

const AssertionTold*& assertion_told() {
  static thread_local const AssertionTold* told = nullptr;
  return told;
}

}  // namespace ringproof::nic

// What the runtime calls for a failed assertion, after it has printed it; see VL_USER_STOP in rtl/.
void vl_stop(const char* filename, int line, const char* hierarchy) {
  const ringproof::nic::AssertionTold* told = ringproof::nic::assertion_told();
  if (told == nullptr || !*told) {
    vl_fatal(filename, line, hierarchy, "Verilog $stop");
    return;
  }
  Verilated::threadContextp()->assertOn(false);
  (*told)(std::filesystem::path(filename).stem().string(), static_cast<std::uint32_t>(line));
}
