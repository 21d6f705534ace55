// A program that was linked with the library and started by itself, without the `ringproof` command: with
// RINGPROOF_SCENARIO in its environment, its first call makes the machine of that scenario, in free-running
// mode. RINGPROOF_OUT names a folder for results.

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>

#include "sim/app/ring_hooks.h"
#include "sim/app/world.h"
#include "sim/explore/free_run.h"
#include "sim/host/free_threads.h"
#include "sim/replay/input_error.h"
#include "sim/run/result_files.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {
namespace {

constexpr int kWrongInput = 2;

// This process.
class LinkedProgram final : public Program {
 public:
  void start(HostKernel&) override {}
  bool ended() const override { return ended_; }
  int status() const override { return 0; }
  const std::string& problem() const override { return no_problem_; }
  void threw(const char* what) override {
    fmt::print(stderr, "ringproof: the program ended by an exception that nobody caught: {}\n", what);
    std::abort();
  }
  void end() { ended_ = true; }

 private:
  bool ended_ = false;
  const std::string no_problem_;
};

ExploreOptions options_from_environment() {
  ExploreOptions options;
  options.scenario_path = std::getenv("RINGPROOF_SCENARIO");
  if (const char* out = std::getenv("RINGPROOF_OUT")) options.run.out_dir = out;
  return with_scenario_file(options);
}

// The traffic of this scenario, and no end of time but that which the file names.
Scenario scenario_of(const ExploreOptions& options) {
  Scenario scenario = read_scenario(options);
  refuse_what_is_not_free(scenario);
  if (scenario.run.max_time_ps == 0) scenario.run.max_time_ps = kNever;
  return scenario;
}

class Session {
 public:
  Session() : options_(options_from_environment()), scenario_(scenario_of(options_)) {
    if (!options_.run.out_dir.empty()) files_.emplace(options_.run.out_dir, scenario_.nic_file.configs());
    run_.emplace(scenario_, program_, files_.has_value() ? files_->taps() : std::vector<Tap*>(), progress_,
                 false);
    run_->enter();
    std::thread([this] { drive(); }).detach();
  }

  // The process ends.
  void end() {
    current_world->kernel.step_outside();  // exit() may have been called from anywhere
    ending_ = true;
    {
      const SystemEntry entry;
      program_.end();
    }
    ended_.acquire();
    FreeThreads::self().past_end = true;  // destructors of the program may still call
    write_results();
  }

 private:
  // The thread stays, with the memory that it keeps for coroutines and rings.
  [[noreturn]] void drive() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    run_->run();
    if (!ending_) {  // the program is stopped, as the command would stop it
      write_results();
      std::fflush(stdout);
      _exit(0);
    }
    ended_.release();
    while (true) pause();
  }

  void write_results() {
    if (!files_.has_value()) return;
    RunResult result = run_->result();
    result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    OutputProblems problems;
    files_->finish(result, problems);
    if (problems.any()) fmt::print(stderr, "ringproof: {}\n", problems.line());
  }

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const ExploreOptions options_;
  const Scenario scenario_;
  Progress progress_;
  LinkedProgram program_;
  std::optional<ResultFiles> files_;
  std::optional<FreeRun> run_;
  std::atomic<bool> ending_{false};
  std::binary_semaphore ended_{0};
};

// Stays: threads of the program may stand in it when the process ends.
Session* session = nullptr;

void end_session() {
  if (session == nullptr) return;
  world_on_demand = nullptr;
  session->end();
}

// Its child has none of its threads.
void forget_session() {
  world_on_demand = nullptr;
  set_current_world(nullptr);
  session = nullptr;
}

void begin_session() {
  static std::once_flag once;
  std::call_once(once, [] {
    try {
      session = new Session;
    } catch (const InputError& error) {
      fmt::print(stderr, "ringproof: RINGPROOF_SCENARIO: {}\n", error.what());
      std::fflush(nullptr);
      _exit(kWrongInput);
    }
    std::atexit(end_session);
    pthread_atfork(nullptr, nullptr, forget_session);
  });
}

[[maybe_unused]] const bool armed = [] {
  const char* scenario = std::getenv("RINGPROOF_SCENARIO");
  if (scenario != nullptr && *scenario != '\0') world_on_demand = begin_session;
  return true;
}();

}  // namespace
}  // namespace ringproof
