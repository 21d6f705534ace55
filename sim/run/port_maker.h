// port_maker.h: ports without SystemC, on the engine that a run asks for.
// Role     what machines that are made and thrown away many times in one process stand on
// Errors   a waveform that cannot be written -> std::runtime_error
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <string>

#include "sim/run/engines.h"
#include "sim/run/machine.h"

namespace ringproof {

// `wave_path`: of the first port; empty: none. Only the rtl engine has one.
PortMaker bare_ports(EngineKind engine, std::uint64_t seed, const std::string& wave_path = {});

}  // namespace ringproof
