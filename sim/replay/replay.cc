#include "sim/replay/replay.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/nic/nic_module.h"
#include "sim/app/applications.h"
#include "sim/app/locked_memory.h"
#include "sim/fault/fault_plan.h"
#include "sim/memory/memory_model.h"
#include "sim/monitor/monitors.h"
#include "sim/replay/capture.h"
#include "sim/replay/host_module.h"
#include "sim/replay/input_error.h"
#include "sim/replay/nic_file.h"
#include "sim/replay/report.h"
#include "sim/replay/traffic.h"
#include "sim/replay/whole_file.h"
#include "sim/run/machine.h"
#include "sim/run/output_problems.h"
#include "sim/run/port_maker.h"
#include "sim/run/recording.h"
#include "sim/run/result_folder.h"
#include "sim/run/run.h"
#include "sim/run/run_faults.h"
#include "sim/run/step_limits.h"
#include "sim/scenario/scenario_file.h"
#include "sim/schedule/strategies.h"

namespace ringproof {
namespace {

std::unique_ptr<nic::QueueEngine> engine_of(const EngineMaker& maker, const ReplayOptions& options,
                                            bool with_wave) {
  return maker(with_wave ? options.wave_path : std::string(), options.seed);
}

// The SystemC modules of the ports, by number.
using Modules = std::vector<nic::NicModule*>;

FaultPlan planned_faults(const ReplayOptions& options, const NicFile& nic_file) {
  if (options.faults.empty()) return {};
  if (options.faults == "swarm") return draw_swarm(options.seed, false);
  return read_faults(options.faults, options.engine, nic_file);
}

NicFile nic_file_of(const ReplayOptions& options) {
  NicFile nic_file =
      options.nic_path.empty() ? NicFile{{PortSettings()}, {}} : read_nic_file(options.nic_path);
  expect_fits(options.engine, nic_file, options.nic_path);
  return nic_file;
}

// Everything of one run, in the order in which it depends on each other.
class Replay {
 public:
  Replay(const ReplayOptions& options, Progress& progress, const EngineMaker& maker);

  void run();
  // With the hash of an earlier run with the same inputs, says whether this one is equal.
  RunResult result(std::optional<std::uint64_t> earlier_hash = std::nullopt);
  const Applications& application() const { return application_; }
  const RunFaults& faults() const { return faults_; }
  // Everything but stats.json, as much of it as can be written.
  void finish_files(OutputProblems& problems) {
    problems.attempt([this] { machine_.port(0).finish_wave(); });
    if (recording_ != nullptr) recording_->finish(problems);
  }

 private:
  std::vector<Tap*> listeners();
  PortMaker module_maker();
  std::uint64_t after_step();

  const ReplayOptions& options_;
  const EngineMaker& maker_;
  Progress& progress_;
  const NicFile nic_file_;
  RunFaults faults_;
  Capture capture_;
  ReplayTraffic traffic_;
  Monitors monitors_;
  LockedMemory locked_memory_;
  std::unique_ptr<Recording> recording_;
  Applications application_;  // one, and the processes that it starts
  Modules modules_;
  OlderValues older_values_;  // answers what a weak memory asks
  Machine machine_;
  StepLimits limits_;
  Run run_;
  HostModule host_;
};

Replay::Replay(const ReplayOptions& options, Progress& progress, const EngineMaker& maker)
    : options_(options),
      maker_(maker),
      progress_(progress),
      nic_file_(nic_file_of(options)),
      faults_(planned_faults(options, nic_file_), options.seed, progress),
      capture_(read_capture(options.capture_path)),
      traffic_(capture_, options),
      monitors_(nic_file_.configs()),
      locked_memory_(progress, LockedMemory::AtEnd::kGoesBack),
      application_(with_names({{options.app, options.app_arguments}})),
      older_values_(options.seed),
      machine_({nic_file_, module_maker(), listeners(), &progress,
                [this](const char* what) { application_.threw(what); }, faults_.injector(), options.seed}),
      limits_(machine_.kernel(), 0, kBoundsOfOneRun),
      run_({options.max_time_ps, options.start_delay_ps}, machine_, traffic_, application_),
      host_("host", machine_.kernel(), modules_, [this] { return after_step(); }) {
  progress_.frames_total = traffic_.total_frames();
  HostKernel& kernel = machine_.kernel();
  monitors_.tell_first([this](const std::string& line) { progress_.violated(line); });
  monitors_.watch(kernel);
  for (std::size_t i = 0; i < machine_.port_count(); ++i) monitors_.watch(machine_.port(i));
  if (options.memory == MemoryKind::kSequential) return;
  kernel.use_memory(make_memory(options.memory, older_values_, kernel));
  monitors_.expect_delays(MemoryModel::kVisibleWithinPs);
}

std::vector<Tap*> Replay::listeners() {
  monitors_.expect_replay(capture_, options_, nic_file_.ports.front().nic.gbps);
  std::vector<Tap*> taps = monitors_.taps();
  taps.push_back(&locked_memory_);
  if (faults_.injector() != nullptr) taps.push_back(&faults_);
  if (!options_.out_dir.empty()) {
    recording_ = std::make_unique<Recording>(options_.out_dir, nic_file_.configs(), options_.record_stack);
    for (Tap* tap : recording_->taps()) taps.push_back(tap);
  }
  return taps;
}

PortMaker Replay::module_maker() {
  return [this](const nic::NicConfig& config, std::uint32_t port, Host& host, const TapList& taps) {
    // One waveform: that of the port that gets the traffic.
    auto module =
        std::make_unique<nic::NicModule>(fmt::format("port{}", port + 1).c_str(), config, port, host, taps,
                                         engine_of(maker_, options_, port == 0), options_.seed);
    modules_.push_back(module.get());
    return module;
  };
}

void Replay::run() {
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  machine_.enter();
  run_.start();
  while (!run_.ended()) {
    // Returns when the simulation ends itself, or when nothing at all is left to happen.
    sc_core::sc_start();
    host_.rethrow();
    for (nic::NicModule* module : modules_) module->rethrow();
    if (!run_.ended()) after_step();
  }
  machine_.leave();
}

std::uint64_t Replay::after_step() {
  progress_.heartbeat.fetch_add(1, std::memory_order_relaxed);
  if (recording_ != nullptr) recording_->check();
  const std::uint64_t frames_begun = machine_.port(0).frames_begun();
  progress_.frames_done.store(frames_begun, std::memory_order_relaxed);
  const auto now_ps = std::max<std::uint64_t>(machine_.now_ps(), sc_core::sc_time_stamp().value());
  faults_.look(now_ps, machine_, run_);
  if (!run_.closing()) limits_.look(false, faults_.spoiled(), frames_begun);
  return run_.after_step(now_ps);
}

RunResult Replay::result(std::optional<std::uint64_t> earlier_hash) {
  RunResult result;
  result.engine = options_.engine.name();
  result.own_engine = options_.engine.own_name();
  result.seed = options_.seed;
  result.capture_frames = capture_.frames.size();
  result.capture_lost = capture_.lost;
  result.capture_shortened = capture_.shortened;
  run_.fill(result);
  result.programs = application_.results();
  faults_.fill(result);
  monitors_.finish({.time_ps = run_.end_ps(), .drained = run_.drained(), .quiet = run_.quiet()},
                   machine_.port(0).frames_begun());
  monitors_.fill(result, earlier_hash);
  return result;
}

int report(const ReplayOptions& options, const Replay& replay, const RunResult& result) {
  std::fflush(stdout);
  print_summary(result, stdout);
  int status = 0;
  if (result.capture_lost > 0) {
    fmt::print(stderr,
               "ringproof: {}: expected whole frames, the file is cut off after frame {}: {} replayed, {} "
               "lost\n",
               options.capture_path, result.capture_frames, result.capture_frames, result.capture_lost);
    status = 1;
  }
  if (!result.violation_messages.empty()) {
    // The summary has the first few; here one line for whoever reads only this.
    fmt::print(stderr, "ringproof: {}: {}\n", options.app, result.violation_messages.front());
    status = 1;
  }
  const bool may_give_up = replay.faults().gravest() >= Tolerance::kCleanFailure;
  if (replay.application().ended() && result.application_status != 0 && !may_give_up) {
    fmt::print(stderr, "ringproof: application {}: expected exit status 0, got {} at {} ns simulated\n",
               options.app, result.application_status, result.sim_ns);
    status = 1;
  }
  return status;
}

// The same run in a process of its own, without a word and without files. Returns its hash, or nothing if it
// did not come to its end; the run proper then tells why.
std::optional<std::uint64_t> rehearse(ReplayOptions options, Progress& progress, const EngineMaker& maker) {
  options.out_dir.clear();
  options.wave_path.clear();
  struct Answer {
    bool there;
    std::uint64_t hash;
  };
  void* page = mmap(nullptr, sizeof(Answer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return std::nullopt;
  auto* answer = static_cast<Answer*>(page);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    try {
      Replay replay(options, progress, maker);
      replay.run();
      *answer = {replay.application().problem().empty(), replay.result().result_hash};
    } catch (const std::exception&) {
    }
    _exit(0);
  }
  if (child > 0) waitpid(child, nullptr, 0);
  const Answer result = *answer;
  munmap(page, sizeof(Answer));
  if (!result.there) return std::nullopt;
  return result.hash;
}

// Before the first of two runs.
void expect_outputs_writable(const ReplayOptions& options) {
  if (!options.wave_path.empty()) expect_writable(options.wave_path);
  if (options.out_dir.empty()) return;
  make_folder(options.out_dir);
  expect_results_writable(options.out_dir, options.record_stack);
}

int refuse(Progress& progress, const std::string& problem, int status) {
  std::fflush(stdout);
  fmt::print(stderr, "ringproof: {}\n", one_line(problem));
  progress.phase = RunPhase::kDone;
  return status;
}

}  // namespace

int run_replay_child(const ReplayOptions& options, Progress& progress) {
  return run_replay_child(options, progress, options.engine.maker());
}

int run_replay_child(const ReplayOptions& options, Progress& progress, const EngineMaker& maker) {
  try {
    const auto begin = std::chrono::steady_clock::now();
    if (options.twice) expect_outputs_writable(options);
    const std::optional<std::uint64_t> first_hash =
        options.twice ? rehearse(options, progress, maker) : std::nullopt;
    Replay replay(options, progress, maker);
    progress.phase = RunPhase::kSimulator;
    replay.run();
    if (!replay.application().problem().empty()) {
      return refuse(progress, replay.application().problem(), replay.application().problem_status());
    }
    progress.phase = RunPhase::kWriting;
    RunResult result = replay.result(first_hash);
    result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    OutputProblems problems;
    replay.finish_files(problems);
    if (!options.out_dir.empty()) {
      problems.attempt([&] { write_stats_json(result, options.out_dir + "/stats.json"); });
    }
    const int status = report(options, replay, result);
    if (problems.any()) return refuse(progress, problems.line(), 2);
    progress.phase = RunPhase::kDone;
    return status;
  } catch (const InputError& error) {
    return refuse(progress, error.what(), 2);
  } catch (const nic::WaveError& error) {
    return refuse(progress, fmt::format("--wave {}", error.what()), 2);
  }
}

}  // namespace ringproof
