// port_maker.h: ports without SystemC, on the engine that a run asks for.
// Role     what machines that are made and thrown away many times in one process stand on
// Errors   a waveform that cannot be written, a model that does not settle -> std::runtime_error
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <string>

#include "sim/engine/engine_choice.h"
#include "sim/run/machine.h"

namespace ringproof {

// `wave_path`: of the first port; empty: none.
PortMaker bare_ports(const EngineChoice& engine, std::uint64_t seed, const std::string& wave_path = {});

// Whether the engine has the queues and the rings that a NIC file asks for. It is made once for that.
// Errors: not so -> InputError, which begins with `path`.
void expect_fits(const EngineChoice& engine, const NicFile& nic_file, const std::string& path);

}  // namespace ringproof
