#include "sim/run/engines.h"

#include <stdexcept>

namespace ringproof {

std::unique_ptr<nic::QueueEngine> make_engine(EngineKind kind, const std::string& wave_path,
                                              std::uint64_t seed) {
  if (kind == EngineKind::kRtl) return nic::make_rtl_engine(wave_path, seed);
  if (!wave_path.empty()) throw std::runtime_error("the cycle engine has no waveform");
  return nic::make_cycle_engine();
}

}  // namespace ringproof
