#include "model/nic/rtl_engine.h"

#include <stdexcept>

#include "Vqueue_engine.h"
#include "Vqueue_engine_fst.h"
#include "Vqueue_engine_vcd.h"
#include "model/nic/verilated_engine.h"
#include "model/nic/waves.h"

namespace ringproof::nic {

std::unique_ptr<QueueEngine> make_rtl_engine(const std::string& wave_path, std::uint64_t x_seed) {
  if (wave_path.empty()) {
    return std::make_unique<VerilatedEngine<Vqueue_engine, NoTrace>>(wave_path, x_seed);
  }
  if (has_ending(wave_path, ".fst")) {
    return std::make_unique<VerilatedEngine<Vqueue_engine_fst, FstWave>>(wave_path, x_seed);
  }
  if (has_ending(wave_path, ".vcd")) {
    return std::make_unique<VerilatedEngine<Vqueue_engine_vcd, VcdWave>>(wave_path, x_seed);
  }
  throw std::runtime_error("the waveform " + wave_path + " must end in .fst or .vcd");
}

}  // namespace ringproof::nic
