// engine_bench.h: the neighbours of sim/conform/bench.h as a fixture of GoogleTest.
// Role     makes our RTL, and turns broken rules into failures of the test
// Errors   a broken rule is a GoogleTest failure that names the cycle; at most kFailuresShown are printed
// Source   docs/design/queue-engine.md
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "sim/conform/bench.h"

namespace ringproof::nic {

using namespace ringproof::conform;  // NOLINT: the vocabulary of these tests

constexpr int kFailuresShown = 10;

class EngineBench : public conform::Bench {
 public:
  explicit EngineBench(const BenchOptions& options, std::uint64_t x_seed = 1, const std::string& wave = "")
      : EngineBench(make_rtl_engine(wave, x_seed), options) {}
  EngineBench(std::unique_ptr<QueueEngine> engine, const BenchOptions& options)
      : Bench(std::move(engine), options, [shown = 0](const Broken& broken) mutable {
          if (++shown > kFailuresShown) return;
          ADD_FAILURE() << "cycle " << broken.cycle << ": expected " << broken.expected << ", seen "
                        << broken.seen;
        }) {}
};

}  // namespace ringproof::nic
