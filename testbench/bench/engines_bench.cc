// engines_bench.cc: what everything around the queue engine costs, and what the engine in C++ gains.
// Role     replays a capture in a process of its own (program, host, SystemC, monitors), writes down once
//          what the engine gets in each cycle, and gives the same to a bare engine: Verilated code in a loop
// Shapes   a replay goes from its files to its summary, and makes its engine; the bare engine is of the same
//          build, and its pins come from memory
// Units    processor time; ratios come from turns, so that whatever else the machine does hits both alike
// Errors   a replay that fails, or a bare engine that does something else, ends it; --smoke runs all once
// Source   docs/design/queue-engine.md, "How it is verified"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine/engine_choice.h"
#include "sim/replay/replay.h"

namespace ringproof {
namespace {

constexpr std::size_t kCyclesMax = 4'000'000;  // written down; pages that nobody writes cost nothing

// What the processes of a benchmark share.
struct Shared {
  Progress progress;
  double seconds = 0;
  std::size_t cycles = 0;
  std::uint64_t beats = 0;              // that the engine sent, as a check
  nic::EngineInputs* inputs = nullptr;  // kCyclesMax of them
};

constexpr std::size_t kInputsAt = (sizeof(Shared) + 63) / 64 * 64;
constexpr std::size_t kSharedBytes = kInputsAt + kCyclesMax * sizeof(nic::EngineInputs);

// Of this process.
double cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool sends(const nic::EngineInputs& in, const nic::EngineOutputs& out) {
  return out.tx_tvalid && in.tx_tready;
}

class WritesDown final : public nic::QueueEngine {
 public:
  WritesDown(std::unique_ptr<QueueEngine> engine, Shared& shared)
      : engine_(std::move(engine)), shared_(shared) {}
  void step(const nic::EngineInputs& in, nic::EngineOutputs& out) override {
    engine_->step(in, out);
    if (shared_.cycles == kCyclesMax) throw std::runtime_error("the benchmark has more cycles than expected");
    new (&shared_.inputs[shared_.cycles++]) nic::EngineInputs(in);
    shared_.beats += sends(in, out) ? 1 : 0;
  }
  void set_wave_time_ps(std::uint64_t) override {}
  nic::EngineLimits limits() const override { return engine_->limits(); }

 private:
  std::unique_ptr<QueueEngine> engine_;
  Shared& shared_;
};

struct Workload {
  const char* name;
  const char* capture;
  PaceKind pace;
  std::uint32_t loops;
};

class EnginesBench {
 public:
  EnginesBench(const Workload& workload, bool smoke) : smoke_(smoke) {
    options_.capture_path = std::string(RINGPROOF_SOURCE_DIR "/traces/") + workload.capture;
    options_.app = RINGPROOF_BINARY_DIR "/apps/xskfwd.so";
    options_.app_arguments = {"1", "4"};
    options_.pace = workload.pace;
    options_.loops = smoke ? 1 : workload.loops;
    void* memory = mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    shared_ = new (memory) Shared;
    shared_->inputs = reinterpret_cast<nic::EngineInputs*>(static_cast<unsigned char*>(memory) + kInputsAt);
  }
  ~EnginesBench() { munmap(shared_, kSharedBytes); }
  EnginesBench(const EnginesBench&) = delete;
  EnginesBench& operator=(const EnginesBench&) = delete;

  struct Figures {
    double share;        // of the bare RTL loop in the whole run
    double engine_gain;  // cycle engine against RTL, both bare
    double whole_gain;   // cycle engine against RTL, in the whole run
    std::size_t cycles;
  };

  Figures measure() {
    whole(EngineKind::kRtl, true);
    std::vector<double> shares, engine_gains, whole_gains;
    for (int round = 0; round < (smoke_ ? 1 : 7); ++round) {
      const double rtl = whole(EngineKind::kRtl, false);
      const double bare_rtl = bare(EngineKind::kRtl);
      const double cycle = whole(EngineKind::kCycle, false);
      const double bare_cycle = bare(EngineKind::kCycle);
      shares.push_back(bare_rtl / rtl);
      engine_gains.push_back(bare_rtl / bare_cycle);
      whole_gains.push_back(rtl / cycle);
    }
    return {median(shares), median(engine_gains), median(whole_gains), shared_->cycles};
  }

 private:
  // Processor time of a replay from its files to its summary.
  double whole(EngineKind engine, bool write_down) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, STDOUT_FILENO);
      ReplayOptions options = options_;
      options.engine = engine;
      const EngineMaker maker = [&](const std::string& wave,
                                    std::uint64_t seed) -> std::unique_ptr<nic::QueueEngine> {
        auto made = options.engine.maker()(wave, seed);
        if (!write_down) return made;
        return std::make_unique<WritesDown>(std::move(made), *shared_);
      };
      const double begin_s = cpu_s();
      const int status = run_replay_child(options, shared_->progress, maker);
      shared_->seconds = cpu_s() - begin_s;
      _exit(status);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) throw std::runtime_error("a replay of the benchmark failed");
    return shared_->seconds;
  }

  // Processor time of the engine alone, with the same inputs.
  double bare(EngineKind kind) {
    const auto engine = EngineChoice(kind).maker()("", options_.seed);
    nic::EngineOutputs out;
    std::uint64_t beats = 0;
    const double begin_s = cpu_s();
    for (std::size_t i = 0; i < shared_->cycles; ++i) {
      engine->step(shared_->inputs[i], out);
      beats += sends(shared_->inputs[i], out) ? 1 : 0;
    }
    const double seconds = cpu_s() - begin_s;
    if (beats != shared_->beats) throw std::runtime_error("a bare engine did something else than in its run");
    return seconds;
  }

  const bool smoke_;
  ReplayOptions options_;
  Shared* shared_ = nullptr;
};

int run(int argc, char* argv[]) {
  const bool smoke = argc > 1 && std::string(argv[1]) == "--smoke";
  static constexpr Workload kWorkloads[] = {
      {"mixed, as captured", "mixed.pcapng", PaceKind::kOriginal, 10},
      {"mixed, line rate", "mixed.pcapng", PaceKind::kLineRate, 40},
      {"udp-echo, line rate", "udp-echo.pcapng", PaceKind::kLineRate, 40},
  };
  std::string words;
  for (const Workload& workload : kWorkloads) {
    EnginesBench bench(workload, smoke);
    const EnginesBench::Figures figures = bench.measure();
    words += fmt::format(
        "; {}: bare RTL loop {:.2f} of the whole run, cycle engine x{:.1f} alone, x{:.1f} in the whole run "
        "({} "
        "cycles)",
        workload.name, figures.share, figures.engine_gain, figures.whole_gain, figures.cycles);
  }
  fmt::print("bench{}\n", words.replace(0, 1, ":"));
  return 0;
}

}  // namespace
}  // namespace ringproof

// The SystemC library wants one of these in every program.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  return ringproof::run(argc, argv);
}
