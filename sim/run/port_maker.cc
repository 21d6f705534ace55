#include "sim/run/port_maker.h"

#include "model/nic/bare_port.h"
#include "model/nic/functional_port.h"

namespace ringproof {

PortMaker bare_ports(EngineKind engine, std::uint64_t seed, const std::string& wave_path) {
  return [engine, seed, wave_path](const nic::NicConfig& config, std::uint32_t port, Host& host,
                                   const TapList& taps) -> std::unique_ptr<nic::Port> {
    if (engine == EngineKind::kFunctional) {
      return std::make_unique<nic::FunctionalPort>(config, port, host, taps, seed);
    }
    const std::string wave = port == 0 ? wave_path : std::string();
    return std::make_unique<nic::BarePort>(config, port, host, taps, make_engine(engine, wave, seed), seed);
  };
}

}  // namespace ringproof
