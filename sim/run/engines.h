// engines.h: the queue engines by name.
// Role     the one list of what --engine, scenario and failure files can ask for
// Errors   a waveform that cannot be written, or is asked of an engine that has none -> std::runtime_error
// Source   docs/design/queue-engine.md, docs/design/functional-port.md
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/nic/queue_engine.h"

namespace ringproof {

enum class EngineKind : std::uint8_t { kFunctional, kCycle, kRtl };
inline constexpr std::array<const char*, 3> kEngineNames = {"functional", "cycle", "rtl"};

inline const char* engine_name(EngineKind kind) { return kEngineNames[static_cast<std::size_t>(kind)]; }

// An engine with a clock. `wave_path`: as in make_rtl_engine(); only the rtl engine has a waveform.
// REQUIRES: kind is not kFunctional.
std::unique_ptr<nic::QueueEngine> make_engine(EngineKind kind, const std::string& wave_path,
                                              std::uint64_t seed);

// What may stand in its place, to watch an engine or to put another one there.
using EngineMaker = std::function<std::unique_ptr<nic::QueueEngine>(EngineKind, const std::string& wave_path,
                                                                    std::uint64_t seed)>;

}  // namespace ringproof
