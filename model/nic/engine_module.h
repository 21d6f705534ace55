// engine_module.h: a queue engine in a shared object.
// Role     what the object of ringproof_add_engine and whoever loads it agree on
// Errors   port differs -> the object was built with another version of the port, and cannot be used
// Source   docs/your-own-engine.md
#pragma once

#include <cstdint>
#include <string>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

// Counts the changes of QueueEngine; its structures are told apart by their size besides.
constexpr std::uint64_t kEngineVersion = 3;
constexpr std::uint64_t kEnginePort =
    kEngineVersion << 32 | std::uint64_t{sizeof(EngineInputs)} << 16 | sizeof(EngineOutputs);

struct LoadedEngine {
  std::uint64_t port;
  QueueEngine* (*make)(const std::string& wave_path, std::uint64_t x_seed);  // owned by the caller
};

constexpr const char* kEngineModuleSymbol = "ringproof_engine_module";

}  // namespace ringproof::nic

extern "C" const ringproof::nic::LoadedEngine ringproof_engine_module;
