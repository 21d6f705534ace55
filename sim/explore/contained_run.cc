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
#include "sim/explore/run_numbers.h"
#include "sim/fault/catalogue.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/input_error.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

constexpr std::size_t kTextBytesMax = 65536;  // a few lines

// A program that reads what a fault has put there may do anything, and one whose calls fail may give up. An
// end in our own name never counts as the program's.
bool excused(const Outcome& outcome) {
  const Tolerance gravest = gravest_for_program(outcome.result.faults);
  if (outcome.key == "exit") return gravest >= Tolerance::kCleanFailure;
  return (outcome.key == "crash" || outcome.key == "stall") && gravest == Tolerance::kContained;
}

}  // namespace

struct ContainedRuns::Shared {
  Progress progress;
  std::atomic<bool> returned;
  RunNumbers numbers;
  std::uint64_t text_bytes;
  char text[kTextBytesMax];
  DecisionTape tape;  // last, because it is large; pages that are not written cost nothing
};

ContainedRuns::ContainedRuns(CoverageMap* coverage) : coverage_(coverage) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with the processes of schedules");
  shared_ = static_cast<Shared*>(memory);
}

ContainedRuns::~ContainedRuns() { munmap(shared_, sizeof(Shared)); }

Outcome ContainedRuns::run(const Scenario& scenario, const ScheduleSpec& spec) {
  return *run_while([] { return true; }, scenario, spec);
}

std::optional<Outcome> ContainedRuns::run_while(const std::function<bool()>& go_on, const Scenario& scenario,
                                                const ScheduleSpec& spec) {
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
  const End end = wait_for(child, scenario.run.stall_seconds, go_on, &wait_status);
  if (end == End::kStopped) return std::nullopt;
  return outcome_of_end(scenario, wait_status, end == End::kStoodStill);
}

void ContainedRuns::run_child(const Scenario& scenario, const ScheduleSpec& spec) {
  become_runner();
  RunPlaces places{shared_->progress, shared_->tape, coverage_};
  places.struck = shared_->numbers.faults;
  const Outcome outcome = run_guarded(scenario, spec, places);
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

ContainedRuns::End ContainedRuns::wait_for(int process, std::uint32_t stall_seconds,
                                           const std::function<bool()>& go_on, int* wait_status) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLookEveryMs = 100;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  std::uint64_t last_beat = 0;
  Clock::duration still{};
  End end = End::kByItself;
  while (end == End::kByItself && waitpid(process, wait_status, WNOHANG) == 0) {
    pollfd source{handle, POLLIN, 0};
    if (poll(&source, 1, kLookEveryMs) != 0) continue;
    if (!go_on()) {
      end = End::kStopped;
      break;
    }
    const std::uint64_t beat = shared_->progress.heartbeat.load(std::memory_order_relaxed);
    // A longer gap between two looks means that we did not run ourselves, so no more than this counts.
    still = beat == last_beat ? still + std::chrono::milliseconds(kLookEveryMs) : Clock::duration::zero();
    last_beat = beat;
    if (stall_seconds != 0 && still >= std::chrono::seconds(stall_seconds)) end = End::kStoodStill;
  }
  if (end != End::kByItself) {
    kill(process, SIGKILL);
    waitpid(process, wait_status, 0);
  }
  if (handle >= 0) close(handle);
  return end;
}

Outcome ContainedRuns::outcome_of_end(const Scenario& scenario, int wait_status, bool stalled) const {
  Outcome outcome;
  const Progress& progress = shared_->progress;
  const std::vector<std::string> programs = names_of(scenario.programs);
  const std::string& app = program_of(programs, progress);
  read_faults(shared_->numbers, outcome);
  if (stalled) {
    outcome.key = in_application(progress) ? "stall" : "internal";
    outcome.message = stall_in_words(app, progress, scenario.run.stall_seconds, scenario.engine.own_name());
  } else if (WIFSIGNALED(wait_status)) {
    outcome.key = in_application(progress) ? "crash" : "internal";
    outcome.message = crash_in_words(app, progress, WTERMSIG(wait_status), scenario.engine.own_name());
  } else if (!shared_->returned) {
    outcome.key = in_application(progress) ? "exit" : "internal";
    outcome.message = exit_in_words(app, progress, WEXITSTATUS(wait_status), scenario.engine.own_name());
  } else {
    read_numbers(shared_->numbers, outcome);
    const std::size_t bytes = shared_->text_bytes;
    try {
      if (bytes > 0 && bytes <= kTextBytesMax)
        add_from_json(nlohmann::json::parse(shared_->text, shared_->text + bytes), outcome);
    } catch (const nlohmann::json::exception&) {
      outcome.key = "crash";
      outcome.message = fmt::format("application {} wrote into the simulator's memory", app);
    }
  }
  if (excused(outcome)) {
    outcome.excused_end = true;
    outcome.key.clear();
    outcome.message.clear();
  }
  // What was violated before the process ended is graver.
  const std::string violation = shared_->returned ? std::string() : violation_of(progress);
  if (!violation.empty()) {
    outcome.message = behind_violation(progress, outcome.message);
    outcome.key = violation.substr(0, violation.find(' '));
  }
  if (outcome.broke()) outcome.log = read_tape(shared_->tape);
  return outcome;
}

}  // namespace ringproof
