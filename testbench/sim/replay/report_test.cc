// Reports: stats.json key by key, and what a person reads.

#include "sim/replay/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/base/tap.h"
#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

RunResult a_run() {
  RunResult result;
  result.engine = "cycle";
  result.seed = 7;
  result.result_hash = 0xABCDEF;
  result.wire_in = 1000;
  result.wire_out = 400;
  result.to_sockets = 400;
  result.passed = 500;
  result.dropped = {{"socket_rx_full", 60}, {"rule", 40}};
  result.invariants = {{"INV-01", "bounded occupancy", 12345, 0}, {"INV-08", "no loss", 55, 0}};
  result.sim_ns = 1'234'567;
  result.cycles = 308'641;
  result.cycles_worked = 1000;
  result.queues = {{"port1", 0, "rx", 1000, 64000, 0}, {"port1", 0, "tx", 400, 25600, 0}};
  result.latency_p50_ns = 1500;
  result.latency_p99_ns = 2500;
  result.latency_max_ns = 12'345'678;
  result.end_reason = "quiet";
  result.traffic_started = true;
  result.capture_frames = 1000;
  result.stack = {6, 1, 2, 0, 3, 12, 4};
  result.wall_s = 1.23456;
  return result;
}

std::string page_of_stats() {
  std::ifstream file(RINGPROOF_SOURCE_DIR "/docs/stats-json.md");
  EXPECT_TRUE(file);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Report : public testing::Test {
 protected:
  std::string stats(const RunResult& result) {
    write_stats_json(result, folder_.path("stats.json"));
    return folder_.read("stats.json");
  }
  static std::string summary(const RunResult& result) {
    testing::internal::CaptureStdout();
    print_summary(result, stdout);
    return testing::internal::GetCapturedStdout();
  }
  static bool says(const RunResult& result, const std::string& words) {
    return summary(result).find(words) != std::string::npos;
  }
  test::Folder folder_;
};

TEST_F(Report, WritesEveryKeyInItsPlace) {
  EXPECT_EQ(stats(a_run()), R"({
  "schema": "ringproof.stats/1",
  "engine": "cycle",
  "seed": 7,
  "result_hash": "0000000000abcdef",
  "frames": {
    "wire_in": 1000,
    "wire_out": 400,
    "to_sockets": 400,
    "passed": 500,
    "forwarded": 0,
    "dropped": {
      "rule": 40,
      "socket_rx_full": 60
    }
  },
  "host_stack": {
    "seen": 6,
    "passed": 1,
    "forwarded": 2,
    "to_sockets": 0,
    "dropped": 3,
    "received": 12,
    "lost": 4
  },
  "invariants": {
    "checked": 12400,
    "violations": 0,
    "by_id": {
      "INV-01": {
        "title": "bounded occupancy",
        "checked": 12345,
        "violations": 0
      },
      "INV-08": {
        "title": "no loss",
        "checked": 55,
        "violations": 0
      }
    }
  },
  "sim": {
    "ns": 1234567,
    "cycles": 308641
  },
  "wall_s": 1.235,
  "queues": [
    {
      "port": "port1",
      "queue": 0,
      "direction": "rx",
      "frames": 1000,
      "bytes": 64000,
      "dropped": 0,
      "zero_copy": 0,
      "bad_offloads": 0
    },
    {
      "port": "port1",
      "queue": 0,
      "direction": "tx",
      "frames": 400,
      "bytes": 25600,
      "dropped": 0,
      "zero_copy": 0,
      "bad_offloads": 0
    }
  ],
  "latency_ns": {
    "p50": 1500,
    "p99": 2500,
    "max": 12345678
  },
  "end": {
    "reason": "quiet",
    "traffic_started": true,
    "application_ended": false,
    "application_status": 0
  },
  "capture": {
    "frames": 1000,
    "lost": 0,
    "shortened": 0
  }
}
)");
}

TEST_F(Report, AnEmptyRunHasEveryKeyToo) {
  const auto empty = nlohmann::json::parse(stats(RunResult()));
  EXPECT_TRUE(empty["frames"]["dropped"].is_object());
  EXPECT_TRUE(empty["queues"].is_array());
  EXPECT_TRUE(empty["invariants"]["by_id"].is_object());
}

TEST_F(Report, OnlyTheWallTimeDiffersBetweenEqualRuns) {
  RunResult slower = a_run();
  slower.wall_s = 99;
  slower.cycles_worked = 5;  // an engine that skips less is no other run
  auto first = nlohmann::ordered_json::parse(stats(a_run()));
  auto second = nlohmann::ordered_json::parse(stats(slower));
  EXPECT_NE(first, second);
  first.erase("wall_s");
  second.erase("wall_s");
  EXPECT_EQ(first.dump(), second.dump());
}

TEST_F(Report, NamesThatAreNoUtf8DoNoHarm) {
  RunResult result = a_run();
  result.queues[0].port = "\xff";
  EXPECT_TRUE(nlohmann::json::accept(stats(result)));
}

TEST_F(Report, ReplacesStatsOfAnEarlierRunAtOnce) {
  folder_.write("stats.json", "old");
  stats(a_run());
  EXPECT_FALSE(folder_.has("stats.json.partial"));
  EXPECT_EQ(nlohmann::json::parse(folder_.read("stats.json"))["seed"], 7);
}

TEST_F(Report, RefusesAPlaceThatCannotBeWritten) {
  try {
    write_stats_json(a_run(), folder_.path("none/stats.json"));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), folder_.path("none/stats.json") +
                                ": expected a file that can be written, got: No such file or directory");
  }
  std::filesystem::create_directory(folder_.path("stats.json"));
  EXPECT_THROW(write_stats_json(a_run(), folder_.path("stats.json")), InputError);
  EXPECT_FALSE(folder_.has("stats.json.partial"));
}

TEST_F(Report, TheSummaryFitsInOneLook) {
  EXPECT_EQ(summary(a_run()), R"(
ended       quiet; 1.234 ms simulated, 1.23 s of wall time
            308,641 clock cycles, 1,000 of them worked through; seed 7; result hash 0000000000abcdef
capture     1,000 frames

frames in           1,000            from the wire
                      400    40.0 %    to sockets
                      500    50.0 %    passed              no rule took them: to the host's own stack
                      100    10.0 %    dropped
                       40     4.0 %      rule              a rule of the program said drop
                       60     6.0 %      socket_rx_full    the socket's RX ring had no room
frames out            400            to the wire
host stack  6 of its frames met a program: 1 passed to the port, 0 to sockets, 2 sent back, 3 dropped
            12 received that were not on the wire, 4 lost while the port was paused

queues      port   queue         frames              bytes      dropped
            port1   rx 0          1,000             64,000            0
            port1   tx 0            400             25,600            0

latency     p50 1.500 us, p99 2.500 us, max 12.345 ms  (from the wire into an RX ring)
invariants  2 watched, 12,400 checks, no violation
note        the application took frames out of RX more slowly than they came; a larger ring or --pace helps
)");
}

// A fault that never struck has shown nothing, and is named for that.
TEST_F(Report, FaultsAreNamedWithHowOftenTheyStruck) {
  EXPECT_FALSE(says(a_run(), "faults"));
  EXPECT_EQ(stats(a_run()).find("faults"), std::string::npos);
  RunResult result = a_run();
  result.planned_faults = {"F-DMA-01", "F-IRQ-05", "F-LNK-01"};
  result.faults = {{"F-DMA-01", 1234}, {"F-LNK-01", 2}};
  EXPECT_TRUE(
      says(result, "\nfaults      F-DMA-01 1,234 times, F-LNK-01 2 times, F-IRQ-05 never\ninvariants  "));
  const nlohmann::json expected = {{"F-DMA-01", 1234}, {"F-IRQ-05", 0}, {"F-LNK-01", 2}};
  EXPECT_EQ(nlohmann::json::parse(stats(result))["faults"], expected);
}

TEST_F(Report, ManyFaultsTakeSeveralLines) {
  RunResult result = a_run();
  for (int i = 10; i < 30; ++i) result.planned_faults.insert(fmt::format("F-LNK-{}", i));
  const std::string text = summary(result);
  std::size_t named = 0;
  for (std::size_t begin = text.find("\nfaults "); begin < text.find("\ninvariants "); ++named) {
    const std::size_t end = text.find('\n', begin + 1);
    EXPECT_LE(end - begin, 101u) << text;
    begin = end;
  }
  EXPECT_EQ(named, 4u) << text;
  EXPECT_NE(text.find("F-LNK-29 never\n"), std::string::npos) << text;
}

TEST_F(Report, TheSummaryHasNoLooseEnds) {
  RunResult faulty = a_run();
  for (int i = 10; i < 30; ++i) faulty.faults[fmt::format("F-LNK-{}", i)] = 1;
  for (const auto& [id, times] : faulty.faults) faulty.planned_faults.insert(id);
  for (const RunResult& result : {a_run(), faulty, RunResult()}) {
    const std::string text = summary(result);
    EXPECT_EQ(text.find(" \n"), std::string::npos) << "blanks at the end of a line";
    EXPECT_EQ(text.find("\n\n\n"), std::string::npos);
    EXPECT_EQ(text.back(), '\n');
  }
}

TEST_F(Report, ViolationsAreCountedAndTheFirstAreShown) {
  RunResult result = a_run();
  result.invariants[0].violations = 3;
  result.invariants[1].checked = 0;
  for (int i = 1; i <= 9; ++i) result.violation_messages.push_back("message " + std::to_string(i));
  EXPECT_TRUE(
      says(result, "2 watched, 12,345 checks, 3 VIOLATIONS: INV-01 3 times\n            message 1\n"));
  EXPECT_TRUE(says(result, "message 5\n"));
  EXPECT_FALSE(says(result, "message 6\n"));
  EXPECT_TRUE(says(result, "never put to the test in this run: INV-08\n"));
}

TEST_F(Report, HintsSayWhatToDo) {
  EXPECT_FALSE(says(a_run(), "no program was attached"));
  const std::pair<std::function<void(RunResult&)>, const char*> cases[] = {
      {[](RunResult& run) { run.traffic_started = false; },
       "no program was attached, so no traffic was sent"},
      {[](RunResult& run) { run.capture_frames = 2000; },
       "the run ended before the traffic did: 1,000 of 2,000 frames were sent"},
      {[](RunResult& run) { run.passed += std::exchange(run.to_sockets, 0); }, "no frame reached a socket"},
      {[](RunResult& run) {
         run.dropped = {{"socket_fill_empty", 100}};
       },
       "gave back buffers more slowly"},
      {[](RunResult& run) {
         run.dropped = {{"no_descriptor", 100}};
       },
       "the NIC was faster than the host"},
      {[](RunResult& run) {
         run.dropped = {{"oversize", 100}};
       },
       "beyond the port's mtu"},
      {[](RunResult& run) { run.end_reason = "max-steps"; }, "the program went round without an end"},
      {[](RunResult& run) {
         run.free_running = true;
         run.end_reason = "max-time";
         run.wire_in = 0;
       },
       "max_time is wall time here"},
      {[](RunResult& run) { run.capture_lost = 1; }, "1,000 frames, 1 lost where the file is cut off"},
      {[](RunResult& run) { run.capture_shortened = 5; }, "5 shortened when they were captured"},
      {[](RunResult& run) { run.application_ended = true; }, "the application returned 0"},
      {[](RunResult& run) { run.wire_in += 1; },
       "the books do not balance: 1,001 came in, 1,000 are accounted for (a bug of ours)"},
      {[](RunResult& run) {
         run.wire_in += 1;
         run.own_engine = "mine";
       },
       "1,000 are accounted for (a bug of engine mine, or of ours)"}};
  for (const auto& [change, words] : cases) {
    RunResult changed = a_run();
    EXPECT_FALSE(says(changed, words)) << words;
    change(changed);
    EXPECT_TRUE(says(changed, words)) << words << summary(changed);
  }
}

TEST_F(Report, NumbersAndTimesReadWell) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(18446744073709551615u), "18,446,744,073,709,551,615");
  EXPECT_EQ(time_in_words(0), "0 ns");
  EXPECT_EQ(time_in_words(999), "999 ns");
  EXPECT_EQ(time_in_words(1000), "1.000 us");
  EXPECT_EQ(time_in_words(1'050'999), "1.050 ms");
  EXPECT_EQ(time_in_words(3'600'000'000'000), "3,600.000 s");
}

TEST_F(Report, EachReasonForADropIsExplained) {
  const std::string page = page_of_stats();
  for (std::size_t i = 0; i < static_cast<std::size_t>(DropReason::kCount); ++i) {
    const std::string name = drop_reason_name(static_cast<DropReason>(i));
    RunResult run = a_run();
    run.dropped = {{name, 100}};
    const std::string text = summary(run);
    const std::size_t begin = text.find("  " + name + " ");
    ASSERT_NE(begin, std::string::npos) << name << text;
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    EXPECT_NE(line.find_first_not_of(' ', name.size() + 2), std::string::npos) << name;
    EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
  }
}

// The page explains every key that the file has.
TEST_F(Report, ItsPageNamesEveryKey) {
  const std::string page = page_of_stats();
  const std::function<void(const nlohmann::json&, const std::string&)> look = [&](const nlohmann::json& value,
                                                                                  const std::string& place) {
    EXPECT_NE(page.find(fmt::format("`{}`", place)), std::string::npos) << place;
    if (value.is_array() && !value.empty()) {
      for (const auto& [key, inner] : value[0].items()) look(inner, fmt::format("{}[].{}", place, key));
    } else if (value.is_object() && place != "frames.dropped" && place != "invariants.by_id" &&
               place != "faults") {
      for (const auto& [key, inner] : value.items()) look(inner, fmt::format("{}.{}", place, key));
    }
  };
  RunResult result = a_run();
  result.planned_faults = {"F-LNK-01"};
  const auto written = nlohmann::json::parse(stats(result));
  for (const auto& [key, value] : written.items()) look(value, key);
}

TEST(IdsInWords, ShortensRunsOfThreeAndMore) {
  EXPECT_EQ(ids_in_words({}), "");
  EXPECT_EQ(ids_in_words({"INV-03", "INV-05", "INV-06", "INV-07", "INV-09", "INV-10"}),
            "INV-03, INV-05 to INV-07, INV-09, INV-10");
}

}  // namespace
}  // namespace ringproof
