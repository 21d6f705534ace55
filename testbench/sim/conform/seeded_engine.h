// seeded_engine.h: queue engines with one mistake each.
// Role     stands between the neighbours and a good engine, and spoils what passes: each requirement has
//          to find at least one of them
// Shapes   Spoiler: sees the inputs before the engine, and its outputs after
// Source   sim/conform/requirement.h
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine/engine_choice.h"

namespace ringproof::conform {

// What a mistake remembers.
struct Memory {
  std::uint64_t x_seed = 0;
  std::uint64_t cycle = 0;
  std::uint16_t read_address = 0;                    // of the register that is being read
  std::map<std::uint16_t, std::uint32_t> written;    // registers, as last written
  std::map<std::uint16_t, std::uint32_t> how_often;  // and how many times
  bool awaits_descriptors = false;
  std::uint8_t awid = 0;  // of the write under way
  std::uint64_t count = 0;
  bool flag = false;
  std::deque<std::uint8_t> ids;
  std::deque<nic::EngineOutputs> beats;
};

struct Mistake {
  const char* name;
  const char* engine;                      // the good one
  std::vector<const char*> found_by = {};  // ids of requirements
  std::function<void(nic::EngineInputs&, Memory&)> before = {};
  std::function<void(const nic::EngineInputs&, nic::EngineOutputs&, Memory&)> after = {};
};

const std::vector<Mistake>& mistakes();

// `good` makes the engine that the mistake is seeded into.
EngineMaker seeded(const Mistake& mistake, EngineMaker good);

}  // namespace ringproof::conform
