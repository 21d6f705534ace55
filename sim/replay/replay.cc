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
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/driver/driver.h"
#include "model/nic/nic_module.h"
#include "model/xdp/platform.h"
#include "sim/app/application.h"
#include "sim/app/locked_memory.h"
#include "sim/app/ring_hooks.h"
#include "sim/app/world.h"
#include "sim/host/host_kernel.h"
#include "sim/monitor/monitors.h"
#include "sim/replay/capture.h"
#include "sim/replay/host_module.h"
#include "sim/replay/input_error.h"
#include "sim/replay/nic_file.h"
#include "sim/replay/pcapng_writer.h"
#include "sim/replay/report.h"
#include "sim/replay/traffic.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kCpus = 16;
constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
// An application that goes on after the traffic is stopped this long after the last frame.
constexpr std::uint64_t kAfterTrafficPs = 10 * kSecondPs;
// What is in flight when the application ends has this long to reach its end.
constexpr std::uint64_t kDrainPs = kSecondPs / 10;

// Writes what leaves each port.
class WireRecorder final : public Tap {
 public:
  explicit WireRecorder(PcapngWriter& writer) : writer_(writer) {}
  void wire_out(std::uint32_t port, std::uint32_t, std::uint64_t time_ps, Bytes bytes) override {
    writer_.write(port, time_ps / 1000, bytes);
  }

 private:
  PcapngWriter& writer_;
};

// Starts the traffic when the first program is there to see it.
class TrafficStarter final : public Tap {
 public:
  TrafficStarter(nic::Hardware& port, nic::FrameSource& source, std::uint64_t delay_ps)
      : port_(port), source_(source), delay_ps_(delay_ps) {}
  void program_attached(std::uint32_t, std::uint64_t time_ps) override {
    if (started_) return;
    started_ = true;
    port_.start_traffic(source_, time_ps + delay_ps_);
  }
  bool started() const { return started_; }

 private:
  nic::Hardware& port_;
  nic::FrameSource& source_;
  const std::uint64_t delay_ps_;
  bool started_ = false;
};

std::unique_ptr<nic::QueueEngine> make_engine(const ReplayOptions& options, bool with_wave) {
  try {
    return nic::make_rtl_engine(with_wave ? options.wave_path : std::string(), options.seed);
  } catch (const std::runtime_error& error) {
    throw InputError(
        fmt::format("--wave {}: expected a file that can be written: {}", options.wave_path, error.what()));
  }
}

// Nothing of an earlier run stays that could be taken for this one's.
void prepare_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(
        fmt::format("--out {}: expected a directory that can be made, got: {}", folder, error.message()));
  }
  for (const char* name : {"stats.json", "tx.pcapng"}) std::filesystem::remove(folder + "/" + name, error);
}

// Everything of one run, in the order in which it depends on each other.
class Replay {
 public:
  Replay(const ReplayOptions& options, Progress& progress);

  void run();
  // With the hash of an earlier run with the same inputs, says whether this one is equal.
  RunResult result(std::optional<std::uint64_t> earlier_hash = std::nullopt);
  const Application& application() const { return application_; }
  void finish_recording() {
    if (writer_ != nullptr) writer_->finish();
  }

 private:
  enum class Stage : std::uint8_t { kRunning, kClosing, kEnded };

  std::uint64_t now_ps() const {
    return std::max<std::uint64_t>(kernel_.now_ps(), sc_core::sc_time_stamp().value());
  }
  std::uint64_t after_step();
  void begin_closing(const char* reason);
  bool all_idle() const;  // driver, hardware and host
  bool drained() const { return handles_closed_ && all_idle(); }

  const ReplayOptions& options_;
  Progress& progress_;
  const NicFile nic_file_;
  const std::vector<nic::NicConfig> configs_;  // of its ports
  Capture capture_;
  ReplayTraffic traffic_;
  TapList taps_;
  Monitors monitors_;
  LockedMemory locked_memory_;
  JoinedHardware hardware_;
  HostKernel kernel_;
  std::vector<std::unique_ptr<nic::NicModule>> ports_;
  std::vector<std::unique_ptr<driver::Driver>> drivers_;
  std::unique_ptr<xdp::Platform> platform_;
  std::unique_ptr<World> world_;
  std::unique_ptr<TrafficStarter> starter_;
  std::unique_ptr<PcapngWriter> writer_;
  std::unique_ptr<WireRecorder> recorder_;
  std::unique_ptr<HostModule> host_;
  Application application_;

  Stage stage_ = Stage::kRunning;
  bool handles_closed_ = false;
  std::uint64_t limit_ps_;
  std::uint64_t closing_ps_ = 0;
  std::string end_reason_;
};

Replay::Replay(const ReplayOptions& options, Progress& progress)
    : options_(options),
      progress_(progress),
      nic_file_(options.nic_path.empty() ? NicFile{{PortSettings()}, {}} : read_nic_file(options.nic_path)),
      configs_(nic_file_.configs()),
      capture_(read_capture(options.capture_path)),
      traffic_(capture_, options),
      monitors_(configs_),
      locked_memory_(progress),
      kernel_(kCpus, hardware_, &progress),
      application_(options.app, options.app_arguments),
      limit_ps_(options.max_time_ps != 0 ? options.max_time_ps : kAfterTrafficPs) {
  progress_.frames_total = traffic_.total_frames();
  for (Tap* tap : monitors_.taps()) taps_.add(tap);
  taps_.add(&locked_memory_);
  if (!options_.out_dir.empty()) {
    prepare_folder(options_.out_dir);
    writer_ = std::make_unique<PcapngWriter>(options_.out_dir + "/tx.pcapng", configs_);
    recorder_ = std::make_unique<WireRecorder>(*writer_);
    taps_.add(recorder_.get());
  }

  std::vector<xdp::PortOfPlatform> adapters;
  std::vector<nic::NicModule*> ports;
  for (std::uint32_t i = 0; i < configs_.size(); ++i) {
    const nic::NicConfig& config = configs_[i];
    // One waveform: that of the port that gets the traffic.
    ports_.push_back(std::make_unique<nic::NicModule>(fmt::format("port{}", i + 1).c_str(), config, i,
                                                      kernel_, taps_, make_engine(options_, i == 0),
                                                      options_.seed));
    hardware_.add(*ports_.back());
    ports.push_back(ports_.back().get());
    drivers_.push_back(std::make_unique<driver::Driver>(
        *ports_.back(), kernel_, taps_,
        driver::DriverSettings{config.rx_ring_entries, config.tx_ring_entries, nic_file_.ports[i].polling}));
    adapters.push_back({drivers_.back().get(), nic_file_.ports[i].interfaces});
  }
  platform_ = std::make_unique<xdp::Platform>(kernel_, taps_, adapters, nic_file_.platform);
  world_ = std::make_unique<World>(*platform_, kernel_, &progress_,
                                   [this](const char* what) { application_.threw(what); });
  starter_ = std::make_unique<TrafficStarter>(*ports_[0], traffic_, options_.start_delay_ps);
  taps_.add(starter_.get());
  host_ = std::make_unique<HostModule>("host", kernel_, ports, [this] { return after_step(); });
}

void Replay::run() {
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  set_current_world(world_.get());
  application_.start(kernel_);
  while (stage_ != Stage::kEnded) {
    // Returns when the simulation ends itself, or when nothing at all is left to happen.
    sc_core::sc_start();
    if (stage_ != Stage::kEnded) after_step();
  }
  set_current_world(nullptr);
}

bool Replay::all_idle() const {
  return hardware_.quiet() && kernel_.quiet() &&
         std::all_of(drivers_.begin(), drivers_.end(), [](const auto& driver) { return driver->idle(); });
}

void Replay::begin_closing(const char* reason) {
  end_reason_ = reason;
  stage_ = Stage::kClosing;
  closing_ps_ = now_ps();
  limit_ps_ = closing_ps_ + kDrainPs;
  kernel_.stop_applications();
  for (const auto& port : ports_) port->stop_traffic();
  kernel_.start_service("process exit", 0, [this] {
    platform_->close_all_handles();
    handles_closed_ = true;
  });
}

std::uint64_t Replay::after_step() {
  progress_.heartbeat.fetch_add(1, std::memory_order_relaxed);
  progress_.frames_done.store(ports_[0]->frames_begun(), std::memory_order_relaxed);
  const std::uint64_t now = now_ps();
  if (stage_ == Stage::kRunning) {
    // Without a program there is no traffic yet: the application has until the limit to attach one.
    const bool traffic_over = starter_->started() && ports_[0]->traffic_over();
    if (options_.max_time_ps == 0 && starter_->started()) {
      // The last frame sets the limit, once it has been sent.
      if (!traffic_over) limit_ps_ = kNever;
      if (traffic_over && limit_ps_ == kNever) limit_ps_ = now + kAfterTrafficPs;
    }
    if (application_.ended()) {
      begin_closing("application returned");
    } else if (now >= limit_ps_) {
      begin_closing("max-time");
    } else if (traffic_over && all_idle()) {
      begin_closing("quiet");
    }
  } else if (stage_ == Stage::kClosing && (drained() || now >= limit_ps_)) {
    stage_ = Stage::kEnded;
  }
  return stage_ == Stage::kEnded ? 0 : limit_ps_;
}

RunResult Replay::result(std::optional<std::uint64_t> earlier_hash) {
  RunResult result;
  result.seed = options_.seed;
  result.end_reason = end_reason_;
  result.application_ended = application_.ended();
  result.application_status = application_.status();
  result.traffic_started = starter_->started();
  result.capture_frames = capture_.frames.size();
  result.capture_lost = capture_.lost;
  result.capture_shortened = capture_.shortened;
  const std::uint64_t end_ps = std::max({kernel_.now_ps(), ports_[0]->time_ps(), closing_ps_});
  result.sim_ns = end_ps / 1000;
  for (const auto& port : ports_) {
    result.cycles += port->cycles();
    result.cycles_worked += port->cycles_worked();
  }
  monitors_.finish(end_ps, drained());
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
  if (replay.application().ended() && result.application_status != 0) {
    fmt::print(stderr, "ringproof: application {}: expected exit status 0, got {} at {} ns simulated\n",
               options.app, result.application_status, result.sim_ns);
    status = 1;
  }
  return status;
}

// The same run in a process of its own, without a word and without files. Returns its hash, or nothing if it
// did not come to its end; the run proper then tells why.
std::optional<std::uint64_t> rehearse(ReplayOptions options, Progress& progress) {
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
      Replay replay(options, progress);
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

int refuse(Progress& progress, const std::string& problem, int status) {
  std::fflush(stdout);
  fmt::print(stderr, "ringproof: {}\n", one_line(problem));
  progress.phase = RunPhase::kDone;
  return status;
}

}  // namespace

int run_replay_child(const ReplayOptions& options, Progress& progress) {
  try {
    const auto begin = std::chrono::steady_clock::now();
    const std::optional<std::uint64_t> first_hash =
        options.twice ? rehearse(options, progress) : std::nullopt;
    Replay replay(options, progress);
    progress.phase = RunPhase::kSimulator;
    replay.run();
    if (!replay.application().problem().empty()) {
      return refuse(progress, replay.application().problem(), replay.application().problem_status());
    }
    progress.phase = RunPhase::kWriting;
    RunResult result = replay.result(first_hash);
    result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!options.out_dir.empty()) {
      replay.finish_recording();
      write_stats_json(result, options.out_dir + "/stats.json");
    }
    const int status = report(options, replay, result);
    progress.phase = RunPhase::kDone;
    return status;
  } catch (const InputError& error) {
    return refuse(progress, error.what(), 2);
  }
}

}  // namespace ringproof
