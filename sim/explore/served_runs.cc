#include "sim/explore/served_runs.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include "model/base/check.h"
#include "sim/explore/run_numbers.h"

namespace ringproof {
namespace {

// A child is replaced after so many schedules, so that what a program leaves in its process (files that it
// opened, memory that it never freed) stays bounded,
constexpr std::uint64_t kSchedulesMax = 5'000;
// or when it has become so much larger.
constexpr std::uint64_t kGrowthBytesMax = std::uint64_t{64} << 20;
constexpr int kLookEveryMs = 100;

std::uint64_t resident_bytes() {
  static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  unsigned long size = 0;
  unsigned long resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  if (std::fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
  std::fclose(file);
  return resident * page;
}

}  // namespace

struct ServedRuns::Shared {
  Progress progress;
  std::uint64_t first;              // of the batch: number of its first schedule
  std::uint32_t count;              // and how many it has
  std::atomic<std::uint32_t> done;  // of those
  std::atomic<bool> retired;        // the child has ended because it was time
  RunNumbers numbers[kBatchMax];
  DecisionTape tape;  // last, because it is large; pages that are not written cost nothing
};

ServedRuns::ServedRuns(const Scenario& scenario, SpecOf spec_of, CoverageMap* coverage)
    : scenario_(scenario), spec_of_(std::move(spec_of)), coverage_(coverage), contained_(coverage) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with the processes of schedules");
  shared_ = static_cast<Shared*>(memory);
}

ServedRuns::~ServedRuns() {
  stop_child();
  munmap(shared_, sizeof(Shared));
}

void ServedRuns::run(std::uint64_t first, std::uint32_t count, const Heard& heard) {
  SIM_CHECK(count <= kBatchMax, "a batch of schedules that is too large");
  std::uint32_t told = 0;
  while (told < count) {
    shared_->first = first + told;
    shared_->count = count - told;
    shared_->done = 0;
    const End end = serve_rest();
    const std::uint32_t done = std::min(shared_->done.load(), count - told);
    for (std::uint32_t i = 0; i < done; ++i) heard(first + told + i, outcome_at(i));
    told += done;
    if (end != End::kBroken || told == count) continue;
    // The one that was running when the child ended.
    heard(first + told, contained_.run(scenario_, spec_of_(first + told)));
    ++told;
  }
}

Outcome ServedRuns::outcome_at(std::uint32_t place) {
  const RunNumbers& numbers = shared_->numbers[place];
  if (numbers.broke) return contained_.run(scenario_, spec_of_(shared_->first + place));
  Outcome outcome;
  read_numbers(numbers, outcome);
  outcome.result.seed = spec_of_(shared_->first + place).seed;
  return outcome;
}

// --- parent ---

void ServedRuns::start_child() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error(fmt::format("no socket for a process of schedules: {}", std::strerror(errno)));
  }
  new (&shared_->progress) Progress;
  shared_->retired = false;
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ < 0) {
    throw std::runtime_error(fmt::format("no process for schedules: {}", std::strerror(errno)));
  }
  if (child_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(ends[0]);
    serve(ends[1]);
  }
  close(ends[1]);
  socket_ = ends[0];
  ++children_;
}

void ServedRuns::stop_child() {
  if (child_ < 0) return;
  kill(child_, SIGKILL);
  int status = 0;
  waitpid(child_, &status, 0);
  close(socket_);
  child_ = socket_ = -1;
}

ServedRuns::End ServedRuns::serve_rest() {
  if (child_ < 0) start_child();
  const char go = 1;
  std::uint64_t last_beat = 0;
  std::chrono::milliseconds still{};
  const std::chrono::seconds patience{scenario_.run.stall_seconds};
  bool alive = send(socket_, &go, 1, MSG_NOSIGNAL) == 1;
  while (alive) {
    pollfd source{socket_, POLLIN, 0};
    if (poll(&source, 1, kLookEveryMs) > 0) {
      char answer = 0;
      if (recv(socket_, &answer, 1, 0) != 1) break;
      if (shared_->done.load(std::memory_order_acquire) == shared_->count) return End::kDone;
      break;
    }
    const std::uint64_t beat = shared_->progress.heartbeat.load(std::memory_order_relaxed);
    still = beat == last_beat ? still + std::chrono::milliseconds(kLookEveryMs) : still.zero();
    last_beat = beat;
    alive = patience.count() == 0 || still < patience;
  }
  const bool retired = shared_->retired;
  stop_child();
  return retired ? End::kRetired : End::kBroken;
}

// --- child ---

void ServedRuns::serve(int parent_socket) {
  become_runner();
  char byte = 0;
  while (recv(parent_socket, &byte, 1, 0) == 1) {
    serve_batch();
    if (worn_out()) {
      shared_->retired = true;
      _exit(0);
    }
    if (send(parent_socket, &byte, 1, MSG_NOSIGNAL) != 1) break;
  }
  _exit(0);
}

void ServedRuns::serve_batch() {
  for (std::uint32_t i = 0; i < shared_->count; ++i) {
    const ScheduleSpec spec = spec_of_(shared_->first + i);
    const Outcome outcome = run_guarded(scenario_, spec, {shared_->progress, shared_->tape, coverage_});
    cut_short_ |= spec.ends_at_violation && outcome.broke();
    write_numbers(outcome, shared_->numbers[i]);
    shared_->done.store(i + 1, std::memory_order_release);
    ++served_;
  }
}

bool ServedRuns::worn_out() const {
  static const std::uint64_t at_first = resident_bytes();
  return cut_short_ || served_ >= kSchedulesMax || resident_bytes() > at_first + kGrowthBytesMax;
}

}  // namespace ringproof
