// How many schedules a second: a short program that sends back 32 frames, about a thousand steps.
//
// Wall time of one worker for each engine, what monitors cost, what a second worker gains, and the memory of
// a campaign after many schedules. `--smoke` runs everything once; with other options
// (`--benchmark_filter=…`) only the engines are measured.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/campaign.h"
#include "sim/explore/scenario.h"
#include "sim/explore/schedule_run.h"
#include "sim/explore/served_runs.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kBatch = 16;
constexpr std::uint32_t kFrames = 32;

// One queue with small rings: what is not used costs nothing.
const char* const kNicFile = RINGPROOF_SOURCE_DIR "/testbench/bench/one_queue.json";

ExploreOptions options_of(EngineKind engine) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/udp-echo.pcapng";
  options.run.app = RINGPROOF_BINARY_DIR "/apps/echo.so";
  options.run.app_arguments = {std::to_string(kFrames)};
  options.run.nic_path = kNicFile;
  options.run.pace = PaceKind::kLineRate;
  options.frames.emplace();
  for (std::uint32_t i = 1; i <= kFrames; ++i) options.frames->push_back(i);
  options.engine = engine;
  options.strategy = StrategyKind::kRandom;
  return options;
}

ScheduleSpec spec_of(std::uint64_t schedule) {
  ScheduleSpec spec;
  spec.seed = 1 + schedule;
  spec.strategy = StrategyKind::kRandom;
  return spec;
}

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Of this process and of all that it has waited for.
double cpu_s() {
  double seconds = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return seconds;
}

struct Figures {
  double per_second[kEngineNames.size()] = {};      // by engine
  double per_cpu_second[kEngineNames.size()] = {};  // of one core, whatever else the machine does
  double steps[kEngineNames.size()] = {};
  double monitors = 0;
  double workers = 0;
  double memory_mib[2] = {};
} figures;

void serve(benchmark::State& state, EngineKind engine) {
  const Scenario scenario = read_scenario(options_of(engine));
  auto runs = std::make_unique<ServedRuns>(scenario, spec_of, nullptr);
  std::uint64_t schedules = 0;
  std::uint64_t steps = 0;
  const double begin_cpu_s = cpu_s();
  runs->run(0, kBatch, [](std::uint64_t, const Outcome&) {});  // starts the child
  const double begin_s = wall_s();
  for ([[maybe_unused]] auto each : state) {
    runs->run(schedules, kBatch, [&](std::uint64_t, const Outcome& outcome) { steps += outcome.steps; });
    schedules += kBatch;
  }
  const auto which = static_cast<std::size_t>(engine);
  figures.per_second[which] = static_cast<double>(schedules) / (wall_s() - begin_s);
  figures.steps[which] = static_cast<double>(steps) / static_cast<double>(schedules);
  runs.reset();
  figures.per_cpu_second[which] = static_cast<double>(schedules + kBatch) / (cpu_s() - begin_cpu_s);
  state.counters["schedules/s"] = figures.per_second[which];
  state.counters["per_CPU_s"] = figures.per_cpu_second[which];
  state.counters["steps"] = figures.steps[which];
}

double seconds_of(const Scenario& scenario, DecisionTape& tape, bool monitored, int schedules) {
  Progress progress;
  const double begin_s = wall_s();
  for (int i = 0; i < schedules; ++i) {
    RunPlaces places{progress, tape};
    places.monitored = monitored;
    benchmark::DoNotOptimize(run_schedule(scenario, spec_of(static_cast<std::uint64_t>(i)), places));
  }
  return wall_s() - begin_s;
}

// Turn by turn, so that whatever else the machine does hits both alike.
double cost_of_monitors(int rounds, int schedules) {
  const Scenario scenario = read_scenario(options_of(EngineKind::kFunctional));
  const auto tape = std::make_unique<DecisionTape>();
  std::vector<double> ratios;
  for (int i = 0; i <= rounds; ++i) {
    const double with = seconds_of(scenario, *tape, true, schedules);
    ratios.push_back(with / seconds_of(scenario, *tape, false, schedules));
  }
  return median(ratios);
}

double campaign_s(std::uint32_t workers, std::uint64_t schedules) {
  ExploreOptions options = options_of(EngineKind::kFunctional);
  options.workers = workers;
  options.schedules = schedules;
  const Scenario scenario = read_scenario(options);
  Campaign campaign(options, scenario);
  const double begin_s = wall_s();
  campaign.run([](const CampaignProgress&) {});
  return wall_s() - begin_s;
}

double gain_of_second_worker(int rounds, std::uint64_t schedules) {
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) ratios.push_back(campaign_s(1, schedules) / campaign_s(2, schedules));
  return median(ratios);
}

// Of the largest process of a campaign.
double peak_mib(std::uint64_t schedules) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    campaign_s(1, schedules);
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

int run(int argc, char* argv[]) {
  const bool smoke = argc > 1 && std::string(argv[1]) == "--smoke";
  const bool engines_only = argc > 1 && !smoke;
  for (const EngineKind engine : {EngineKind::kFunctional, EngineKind::kCycle, EngineKind::kRtl}) {
    auto* bench = benchmark::RegisterBenchmark(engine_name(engine),
                                               [engine](benchmark::State& state) { serve(state, engine); });
    bench->UseRealTime()->Unit(benchmark::kMillisecond);
    if (smoke) {
      bench->Iterations(1);
    } else {
      bench->MinTime(3);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  if (engines_only) return 0;
  figures.monitors = smoke ? cost_of_monitors(0, 1) : cost_of_monitors(40, 50);
  figures.workers = smoke ? gain_of_second_worker(1, 40) : gain_of_second_worker(5, 4'000);
  figures.memory_mib[0] = peak_mib(smoke ? 10 : 1'000);
  figures.memory_mib[1] = peak_mib(smoke ? 20 : 10'000);
  fmt::print("bench_explore: ");
  for (std::size_t i = 0; i < kEngineNames.size(); ++i) {
    fmt::print("{} {:.0f} schedules/s ({:.0f} per CPU second) of {:.0f} steps; ", kEngineNames[i],
               figures.per_second[i], figures.per_cpu_second[i], figures.steps[i]);
  }
  fmt::print(
      "monitors x{:.2f}; second worker x{:.2f}; peak memory {:.1f} MiB, after ten times as many "
      "schedules {:.1f} MiB\n",
      figures.monitors, figures.workers, figures.memory_mib[0], figures.memory_mib[1]);
  return 0;
}

}  // namespace
}  // namespace ringproof

// The SystemC library wants one of these in every program.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  return ringproof::run(argc, argv);
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }
