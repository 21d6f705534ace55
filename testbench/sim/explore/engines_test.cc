// The functional port and the engine in C++ against the Verilated engine: whole machines with the same
// program and capture (INV-51).

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "sim/explore/contained_run.h"
#include "sim/explore/scenario.h"
#include "sim/explore/schedule_run.h"
#include "sim/monitor/transaction_recorder.h"

namespace ringproof {
namespace {

// What left each port, by port and queue, in order.
class Sent final : public Tap {
 public:
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t, Bytes bytes) override {
    frames[{port, queue}].emplace_back(bytes.begin(), bytes.end());
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::vector<unsigned char>>> frames;
};

Scenario scenario_of(EngineKind engine, const std::string& capture, const std::string& app,
                     std::vector<std::string> arguments) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/" + capture;
  options.run.app = app;
  options.run.app_arguments = std::move(arguments);
  options.engine = engine;
  return read_scenario(options);
}

const std::string kXskfwd = RINGPROOF_BINARY_DIR "/apps/xskfwd.so";

struct Seen {
  Outcome outcome;
  Sent sent;
  TransactionRecorder transactions;
};

enum class Reads : std::uint8_t { kInOrder, kInAnyOrder };

std::unique_ptr<Seen> run(EngineKind engine, const std::string& capture, std::uint64_t seed,
                          Reads reads = Reads::kInOrder) {
  const auto tape = std::make_unique<DecisionTape>();
  Progress progress;
  auto seen = std::make_unique<Seen>();
  Scenario scenario = scenario_of(engine, capture, kXskfwd, {"1", "4"});
  for (PortSettings& port : scenario.nic_file.ports) {
    port.nic.dma_reorder_reads = reads == Reads::kInAnyOrder;
    if (port.nic.dma_reorder_reads) port.nic.dma_jitter_ns = 5000;
  }
  ScheduleSpec spec;
  spec.seed = seed;
  seen->outcome =
      run_schedule(scenario, spec, {progress, *tape, nullptr, {&seen->sent, &seen->transactions}});
  return seen;
}

using Row = std::tuple<std::string, std::uint32_t, std::string, std::uint64_t, std::uint64_t, std::uint64_t,
                       std::uint64_t>;
std::vector<Row> rows(const RunResult& result) {
  std::vector<Row> rows;
  for (const QueueResult& each : result.queues) {
    rows.emplace_back(each.port, each.queue, each.direction, each.frames, each.bytes, each.dropped,
                      each.bad_offloads);
  }
  return rows;
}

class Engines : public testing::TestWithParam<const char*> {};

TEST_P(Engines, TheFunctionalPortSendsAndCountsWhatTheVerilatedEngineDoes) {
  const auto rtl = run(EngineKind::kRtl, GetParam(), 3);
  const auto functional = run(EngineKind::kFunctional, GetParam(), 3);
  EXPECT_EQ(functional->outcome.message, "");
  EXPECT_GT(functional->outcome.result.wire_out, 0u);
  EXPECT_EQ(functional->sent.frames, rtl->sent.frames);
  EXPECT_EQ(rows(functional->outcome.result), rows(rtl->outcome.result));
  EXPECT_EQ(functional->outcome.result.to_sockets, rtl->outcome.result.to_sockets);
  EXPECT_EQ(functional->outcome.result.passed, rtl->outcome.result.passed);
  EXPECT_EQ(functional->outcome.result.dropped, rtl->outcome.result.dropped);
  EXPECT_EQ(functional->outcome.result.end_reason, rtl->outcome.result.end_reason);
}

// The engine in C++ is the other, cycle for cycle.
TEST_P(Engines, TheCycleEngineGivesTheSameRun) {
  const auto rtl = run(EngineKind::kRtl, GetParam(), 5);
  const auto cycle = run(EngineKind::kCycle, GetParam(), 5);
  EXPECT_GT(rtl->outcome.result.wire_out, 0u);
  EXPECT_EQ(cycle->outcome.result.result_hash, rtl->outcome.result.result_hash);
  EXPECT_EQ(cycle->outcome.result.cycles, rtl->outcome.result.cycles);
  EXPECT_EQ(cycle->sent.frames, rtl->sent.frames);
}

// What the host sees does not depend on the engine, nor on how long memory takes.
TEST_P(Engines, GiveTheHostTheSameTransactions) {
  const auto expected = run(EngineKind::kRtl, GetParam(), 3);
  InvariantLog log;
  for (const EngineKind engine : {EngineKind::kRtl, EngineKind::kCycle, EngineKind::kFunctional}) {
    const auto got = run(engine, GetParam(), 4);
    TransactionRecorder::compare(expected->transactions, got->transactions, log,
                                 got->outcome.result.sim_ns * 1000);
  }
  EXPECT_GT(log.checks(Invariant::k51), 0u);
  EXPECT_EQ(log.messages(), std::vector<std::string>());
}

// Nor on the order in which reads are answered.
TEST_P(Engines, GiveTheHostTheSameWhenReadsOvertake) {
  const auto expected = run(EngineKind::kRtl, GetParam(), 6);
  const auto rtl = run(EngineKind::kRtl, GetParam(), 6, Reads::kInAnyOrder);
  const auto cycle = run(EngineKind::kCycle, GetParam(), 6, Reads::kInAnyOrder);
  EXPECT_EQ(cycle->outcome.result.result_hash, rtl->outcome.result.result_hash);
  EXPECT_EQ(cycle->outcome.result.cycles, rtl->outcome.result.cycles);
  EXPECT_NE(expected->outcome.result.result_hash, rtl->outcome.result.result_hash);
  EXPECT_EQ(rtl->sent.frames, expected->sent.frames);
  InvariantLog log;
  TransactionRecorder::compare(expected->transactions, rtl->transactions, log,
                               rtl->outcome.result.sim_ns * 1000);
  EXPECT_GT(log.checks(Invariant::k51), 0u);
  EXPECT_EQ(log.messages(), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(All, Engines,
                         testing::Values("mixed.pcapng", "udp-echo.pcapng", "ipv6-vlan.pcapng"));

}  // namespace
}  // namespace ringproof
