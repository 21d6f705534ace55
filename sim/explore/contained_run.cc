#include "sim/explore/contained_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "sim/explore/outcome_json.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/input_error.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

constexpr std::size_t kTextBytesMax = 65536;  // a few lines
constexpr std::size_t kInvariantsMax = 64;
constexpr const char* kEndReasons[] = {"", "quiet", "application returned", "max-time", "max-steps"};

// What comes back from every run; its text only when something broke.
struct Numbers {
  std::uint64_t choices, actors, steps, hash, sim_ns;
  std::uint32_t end_reason;
  std::int32_t status;
  bool application_ended, traffic_started;
  std::uint32_t invariants;
  struct {
    std::uint64_t checked, violations;
  } counts[kInvariantsMax];
  bool has_text;
};

}  // namespace

struct ContainedRuns::Shared {
  Progress progress;
  std::atomic<bool> returned;
  Numbers numbers;
  std::uint64_t text_bytes;
  char text[kTextBytesMax];
  DecisionTape tape;  // last, because it is large; pages that are not written cost nothing
};

namespace {

void write_numbers(const Outcome& outcome, Numbers& numbers) {
  const RunResult& result = outcome.result;
  numbers.choices = outcome.choices;
  numbers.actors = outcome.actors;
  numbers.steps = outcome.steps;
  numbers.hash = result.result_hash;
  numbers.sim_ns = result.sim_ns;
  const auto* reason = std::find(std::begin(kEndReasons), std::end(kEndReasons), result.end_reason);
  numbers.end_reason = static_cast<std::uint32_t>(reason - std::begin(kEndReasons));
  numbers.status = result.application_status;
  numbers.application_ended = result.application_ended;
  numbers.traffic_started = result.traffic_started;
  numbers.invariants = static_cast<std::uint32_t>(std::min(result.invariants.size(), kInvariantsMax));
  for (std::uint32_t i = 0; i < numbers.invariants; ++i) {
    numbers.counts[i] = {result.invariants[i].checked, result.invariants[i].violations};
  }
  numbers.has_text = outcome.broke() || outcome.divergence.has_value();
}

// The child may have written anything, so nothing is taken as an index or a length unseen.
void read_numbers(const Numbers& numbers, Outcome& outcome) {
  RunResult& result = outcome.result;
  outcome.choices = numbers.choices;
  outcome.actors = numbers.actors;
  outcome.steps = numbers.steps;
  result.result_hash = numbers.hash;
  result.sim_ns = numbers.sim_ns;
  result.end_reason = numbers.end_reason < std::size(kEndReasons) ? kEndReasons[numbers.end_reason] : "";
  result.application_status = numbers.status;
  result.application_ended = numbers.application_ended;
  result.traffic_started = numbers.traffic_started;
  result.invariants = InvariantLog().results();
  for (std::size_t i = 0; i < result.invariants.size() && i < numbers.invariants && i < kInvariantsMax; ++i) {
    result.invariants[i].checked = numbers.counts[i].checked;
    result.invariants[i].violations = numbers.counts[i].violations;
  }
}

}  // namespace

ContainedRuns::ContainedRuns(CoverageMap* coverage) : coverage_(coverage) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with the processes of schedules");
  shared_ = static_cast<Shared*>(memory);
}

ContainedRuns::~ContainedRuns() { munmap(shared_, sizeof(Shared)); }

Outcome ContainedRuns::run(const Scenario& scenario, const ScheduleSpec& spec) {
  new (&shared_->progress) Progress;
  shared_->returned = false;
  shared_->numbers = {};
  shared_->text_bytes = 0;
  shared_->tape.clear();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(fmt::format("no process for a schedule: {}", std::strerror(errno)));
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    run_child(scenario, spec);
  }
  int wait_status = 0;
  const bool in_time = wait_for(child, scenario.run.stall_seconds, &wait_status);
  return outcome_of_end(scenario, wait_status, !in_time);
}

void ContainedRuns::run_child(const Scenario& scenario, const ScheduleSpec& spec) {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
  for (const int signal :
       {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGPIPE}) {
    std::signal(signal, SIG_DFL);
  }
  Outcome outcome;
  try {
    outcome = run_schedule(scenario, spec, {shared_->progress, shared_->tape, coverage_});
  } catch (const InputError& error) {
    outcome.unusable = true;
    outcome.key = "input";
    outcome.message = error.what();
  } catch (const std::exception& error) {
    outcome.key = "internal";
    outcome.message = fmt::format("internal error (a bug of ours): {}", error.what());
  }
  write_numbers(outcome, shared_->numbers);
  if (shared_->numbers.has_text) {
    const std::string text = to_json(outcome).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() <= kTextBytesMax) {
      std::memcpy(shared_->text, text.data(), text.size());
      shared_->text_bytes = text.size();
    }
  }
  shared_->returned = true;
  _exit(0);
}

bool ContainedRuns::wait_for(int process, std::uint32_t stall_seconds, int* wait_status) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLookEveryMs = 100;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  std::uint64_t last_beat = 0;
  Clock::duration still{};
  bool in_time = true;
  while (in_time && waitpid(process, wait_status, WNOHANG) == 0) {
    pollfd source{handle, POLLIN, 0};
    if (poll(&source, 1, kLookEveryMs) != 0) continue;
    const std::uint64_t beat = shared_->progress.heartbeat.load(std::memory_order_relaxed);
    // A longer gap between two looks means that we did not run ourselves, so no more than this counts.
    still = beat == last_beat ? still + std::chrono::milliseconds(kLookEveryMs) : Clock::duration::zero();
    last_beat = beat;
    in_time = stall_seconds == 0 || still < std::chrono::seconds(stall_seconds);
  }
  if (!in_time) {
    kill(process, SIGKILL);
    waitpid(process, wait_status, 0);
  }
  if (handle >= 0) close(handle);
  return in_time;
}

Outcome ContainedRuns::outcome_of_end(const Scenario& scenario, int wait_status, bool stalled) const {
  Outcome outcome;
  const Progress& progress = shared_->progress;
  const std::string& app = scenario.run.app;
  if (stalled) {
    outcome.key = in_application(progress) ? "stall" : "internal";
    outcome.message = stall_in_words(app, progress, scenario.run.stall_seconds);
  } else if (WIFSIGNALED(wait_status)) {
    outcome.key = in_application(progress) ? "crash" : "internal";
    outcome.message = crash_in_words(app, progress, WTERMSIG(wait_status));
  } else if (!shared_->returned) {
    outcome.key = in_application(progress) ? "exit" : "internal";
    outcome.message = exit_in_words(app, progress, WEXITSTATUS(wait_status));
  } else {
    read_numbers(shared_->numbers, outcome);
    const std::size_t bytes = shared_->text_bytes;
    try {
      if (bytes > 0 && bytes <= kTextBytesMax)
        add_from_json(nlohmann::json::parse(shared_->text, shared_->text + bytes), outcome);
    } catch (const nlohmann::json::exception&) {
      outcome.key = "crash";
      outcome.message = fmt::format("application {} wrote into the simulator's memory", scenario.run.app);
    }
  }
  if (outcome.broke()) outcome.log = read_tape(shared_->tape);
  return outcome;
}

}  // namespace ringproof
