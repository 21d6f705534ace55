// engine_maker.h: queue engines by name.
// Role     those with a clock: of ours, and modules of ringproof_add_engine
// Errors   std::runtime_error whose text reads "expected THIS, got THAT"
// Source   docs/your-own-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/nic/queue_engine.h"

namespace ringproof::conform {

// As nic::make_rtl_engine.
using EngineMaker =
    std::function<std::unique_ptr<nic::QueueEngine>(const std::string& wave_path, std::uint64_t x_seed)>;

// `name` is an engine of ours, a module in engines/ beside the executable, or the path of one: a path has a
// slash or ends in .so.
EngineMaker find_engine(const std::string& name);

// What find_engine knows without a path.
std::vector<std::string> engine_names();

}  // namespace ringproof::conform
