#include "sim/run/port_maker.h"

#include <fmt/format.h>

#include "model/nic/bare_port.h"
#include "model/nic/functional_port.h"
#include "sim/replay/input_error.h"

namespace ringproof {

PortMaker bare_ports(const EngineChoice& engine, std::uint64_t seed, const std::string& wave_path) {
  if (!engine.has_clock()) {
    return [seed](const nic::NicConfig& config, std::uint32_t port, Host& host, const TapList& taps) {
      return std::make_unique<nic::FunctionalPort>(config, port, host, taps, seed);
    };
  }
  return [make = engine.maker(), seed, wave_path](const nic::NicConfig& config, std::uint32_t port,
                                                  Host& host, const TapList& taps) {
    const std::string wave = port == 0 ? wave_path : std::string();
    return std::make_unique<nic::BarePort>(config, port, host, taps, make(wave, seed), seed);
  };
}

void expect_fits(const EngineChoice& engine, const NicFile& nic_file, const std::string& path) {
  if (engine.kind() != EngineKind::kModule) return;  // ours have all that the file can ask for
  nic::EngineLimits limits;
  try {
    limits = engine.maker()("", 1)->limits();
  } catch (const std::runtime_error& error) {
    throw InputError(
        fmt::format("engine {}: expected a model that can be made, got {}", engine.name(), error.what()));
  }
  for (const PortSettings& port : nic_file.ports) {
    const nic::NicConfig& nic = port.nic;
    const auto at_most = [&](const char* key, std::uint32_t most, std::uint32_t asked) {
      if (asked <= most) return;
      throw InputError(fmt::format("{}: {}: {}: expected at most {} on engine {}, got {}",
                                   path.empty() ? "NIC without a file" : path, nic.name, key, most,
                                   engine.name(), asked));
    };
    at_most("rx_queues", limits.rx_queues, nic.rx_queues);
    at_most("tx_queues", limits.tx_queues, nic.tx_queues);
    at_most("rx_ring_entries", limits.ring_entries, nic.rx_ring_entries);
    at_most("tx_ring_entries", limits.ring_entries, nic.tx_ring_entries);
  }
}

}  // namespace ringproof
