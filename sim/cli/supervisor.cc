#include "sim/cli/supervisor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "model/nic/queue_engine.h"
#include "sim/cli/command_line.h"
#include "sim/cli/standard_output.h"
#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

using Clock = std::chrono::steady_clock;

// How often the heartbeat is looked at. A longer gap between two looks means that we did not run ourselves
// (a suspended terminal, a busy machine), so no more than this is held against the child.
constexpr std::chrono::milliseconds kLookEvery{100};

// The page that both processes see.
struct Shared {
  Progress progress;
  std::atomic<bool> returned{false};  // the child function came back, so it has said what there is to say
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

Shared* map_shared() {
  void* page = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? nullptr : new (page) Shared;
}

void say(const std::string& line) { fmt::print(stderr, "ringproof: {}\n", one_line(line, 2000)); }

// Whatever the child is, how it ended is one line; empty when it returned.
std::string judge_end(const Supervised& what, const Shared& shared, int wait_status) {
  const Progress& progress = shared.progress;
  if (WIFEXITED(wait_status) && shared.returned.load(std::memory_order_relaxed)) return {};
  if (!WIFSIGNALED(wait_status))
    return behind_violation(progress, exit_in_words(program_of(what.programs, progress), progress,
                                                    WEXITSTATUS(wait_status), what.own_engine));
  if (WTERMSIG(wait_status) == SIGPIPE) return "stopped: nobody reads the output any more (SIGPIPE)";
  return behind_violation(progress, crash_in_words(program_of(what.programs, progress), progress,
                                                   WTERMSIG(wait_status), what.own_engine));
}

// A line that is drawn over and over on a terminal.
class Bar {
 public:
  explicit Bar(int terminal) : terminal_(terminal) {}
  ~Bar() { erase(); }
  Bar(const Bar&) = delete;
  Bar& operator=(const Bar&) = delete;

  void draw(const Progress& progress, std::chrono::milliseconds elapsed) {
    winsize size{};
    const bool known = ioctl(terminal_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    // One column less, so that no terminal wraps.
    const std::size_t width = (known ? size.ws_col : 80) - std::size_t{1};
    put(fmt::format("\r{:.{}}\x1b[K", text(progress, elapsed), width));
    drawn_ = true;
  }
  void erase() {
    if (drawn_) put("\r\x1b[K");
    drawn_ = false;
  }

 private:
  static std::string text(const Progress& progress, std::chrono::milliseconds elapsed) {
    constexpr std::uint64_t kCells = 24;
    const std::uint64_t total = progress.frames_total.load(std::memory_order_relaxed);
    const std::uint64_t done = std::min(total, progress.frames_done.load(std::memory_order_relaxed));
    switch (progress.phase.load(std::memory_order_relaxed)) {
      case RunPhase::kSettingUp:
        return fmt::format("setting up, {} s", elapsed.count() / 1000);
      case RunPhase::kWriting:
      case RunPhase::kDone:
        return fmt::format("writing results, {} s", elapsed.count() / 1000);
      default:
        break;
    }
    const std::uint64_t percent =
        total == 0
            ? 0
            : static_cast<std::uint64_t>(100.0 * static_cast<double>(done) / static_cast<double>(total));
    const std::uint64_t cells = percent * kCells / 100;
    return fmt::format("[{:=<{}}{:<{}}] {:3}%  {}/{} frames  {} simulated  {} s", "", cells, "",
                       kCells - cells, percent, with_separators(done), with_separators(total),
                       time_in_words(progress.sim_ps.load(std::memory_order_relaxed) / 1000),
                       elapsed.count() / 1000);
  }
  void put(const std::string& text) const {
    // A terminal that takes no more loses a bar, nothing else.
    static_cast<void>(!write(terminal_, text.data(), text.size()));
  }

  const int terminal_;
  bool drawn_ = false;
};

// Output of the child that would share the terminal with the bar comes through here, so that neither is
// drawn into the other. Its own lines stay whole: no bar behind one that is not ended yet.
class Relay {
 public:
  Relay() = default;
  ~Relay() { close_both(); }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  bool open() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) return false;
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    return true;
  }
  int read_end() const { return ends_[0]; }

  void enter_child() {
    struct stat out {};
    struct stat err {};
    fstat(STDERR_FILENO, &err);
    const bool same =
        isatty(STDOUT_FILENO) == 1 && fstat(STDOUT_FILENO, &out) == 0 && out.st_rdev == err.st_rdev;
    dup2(ends_[1], STDERR_FILENO);
    if (same) {
      dup2(ends_[1], STDOUT_FILENO);
      // A pipe would be filled in blocks; what is printed shall appear as it is printed.
      static_cast<void>(setvbuf(stdout, nullptr, _IOLBF, BUFSIZ));
    }
    close_both();
  }
  void enter_parent() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  // Hands on what there is; false at the end.
  bool pump(Bar& bar) {
    std::array<char, 65536> buffer;
    while (ends_[0] >= 0) {
      const ssize_t count = read(ends_[0], buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno == EAGAIN;
      if (count == 0) break;
      bar.erase();
      put(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
      at_line_start_ = buffer[static_cast<std::size_t>(count) - 1] == '\n';
    }
    return false;
  }
  bool at_line_start() const { return at_line_start_; }

 private:
  static void put(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = write(STDERR_FILENO, text.data(), text.size());
      if (count < 0 && errno != EINTR) return;
      if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void close_both() {
    for (int& end : ends_) {
      if (end >= 0) close(end);
      end = -1;
    }
  }

  std::array<int, 2> ends_ = {-1, -1};
  bool at_line_start_ = true;
};

[[noreturn]] void run_child(const Supervised& what, const SimulationBody& child, Shared& shared) {
  int status = kStatusFound;
  try {
    status = child(shared.progress);
  } catch (const InputError& error) {
    say(error.what());
    status = kStatusUsage;
  } catch (const nic::WaveError& error) {
    say(fmt::format("--wave {}", error.what()));
    status = kStatusUsage;
  } catch (const std::bad_alloc&) {
    say("memory ran out");
  } catch (const std::exception& error) {
    say(fmt::format("internal error ({}): {}", bug_in_words(what.own_engine), error.what()));
  } catch (...) {
    say("internal error (a bug of ours): an exception without a text");
  }
  status = with_output_written(status);
  std::fflush(nullptr);
  shared.returned = true;
  _exit(status);
}

class Supervisor {
 public:
  Supervisor(const Supervised& what, const SupervisorSettings& settings, Shared& shared)
      : what_(what),
        settings_(settings),
        shared_(shared),
        terminal_(isatty(STDERR_FILENO) == 1 && !is_dumb_terminal()),
        bar_(STDERR_FILENO) {}

  SupervisedEnd run(const SimulationBody& child) {
    watch_signals();
    relaying_ = terminal_ && relay_.open();
    std::fflush(nullptr);
    const pid_t parent = getpid();
    child_ = fork();
    if (child_ < 0) {
      say(fmt::format("expected a process for the simulation, got: {}", std::strerror(errno)));
      restore_signals();
      return {kStatusFound, "no process"};
    }
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(kStatusFound);  // the parent was gone before it was asked for
      enter_child();
      run_child(what_, child, shared_);
    }
    relay_.enter_parent();
    const SupervisedEnd end = watch();
    restore_signals();
    if (!shared_.returned || stopped_) {
      for (const std::string& file : what_.partial_files) unlink(file.c_str());
    }
    return end;
  }

 private:
  static bool is_dumb_terminal() {
    const char* kind = std::getenv("TERM");
    return kind != nullptr && std::string_view(kind) == "dumb";
  }

  void watch_signals() {
    // A parent that ignores SIGCHLD would leave us without the child's status.
    struct sigaction act {};
    act.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &act, &old_child_action_);
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    // Someone who started us with a signal ignored (nohup) wants it ignored.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction now {};
      if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&wanted, signal);
    }
    sigprocmask(SIG_BLOCK, &wanted, &old_mask_);
    signals_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  void restore_signals() {
    if (signals_ >= 0) close(signals_);
    signals_ = -1;
    sigaction(SIGCHLD, &old_child_action_, nullptr);
    sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
  }

  void enter_child() {
    close(signals_);
    sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
    // A crash must end the child as a crash, whatever our own process was set to.
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGPIPE}) {
      std::signal(signal, SIG_DFL);
    }
    if (relaying_) relay_.enter_child();
  }

  SupervisedEnd watch() {
    Clock::time_point last_look = Clock::now();
    const Clock::time_point begin = last_look;
    while (true) {
      const int stop_signal = wait_for_events();
      const Clock::time_point now = Clock::now();
      if (stop_signal != 0) return stop(stop_signal);
      int wait_status = 0;
      const pid_t ended = waitpid(child_, &wait_status, WNOHANG);
      if (ended == child_) return end(wait_status);
      if (look_at_heartbeat(std::min<Clock::duration>(now - last_look, kLookEvery * 2))) return stall();
      last_look = now;
      show(std::chrono::duration_cast<std::chrono::milliseconds>(now - begin));
    }
  }

  // Waits for a signal, output or the next look; returns the signal that ends us, or 0.
  int wait_for_events() {
    std::array<pollfd, 2> sources = {pollfd{signals_, POLLIN, 0},
                                     pollfd{relaying_ ? relay_.read_end() : -1, POLLIN, 0}};
    poll(sources.data(), sources.size(), static_cast<int>(kLookEvery.count()));
    if (relaying_ && sources[1].revents != 0) relaying_ = relay_.pump(bar_);
    signalfd_siginfo info;
    while (read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      if (info.ssi_signo != SIGCHLD) return static_cast<int>(info.ssi_signo);
    }
    return 0;
  }

  // True when the child has stood still for too long.
  bool look_at_heartbeat(Clock::duration since_last_look) {
    const std::uint64_t beat = shared_.progress.heartbeat.load(std::memory_order_relaxed);
    const RunPhase phase = shared_.progress.phase.load(std::memory_order_relaxed);
    // Reading a large capture and writing results have no heartbeat.
    const bool running = phase == RunPhase::kApplication || phase == RunPhase::kSimulator;
    if (beat != last_beat_ || !running) {
      last_beat_ = beat;
      still_ = Clock::duration::zero();
      return false;
    }
    still_ += since_last_look;
    return what_.stall_seconds > 0 && still_ >= std::chrono::seconds(what_.stall_seconds);
  }

  void show(std::chrono::milliseconds elapsed) {
    if (terminal_) {
      const std::chrono::milliseconds every(settings_.bar_every_ms);
      const bool due = !shown_ ? elapsed > std::chrono::milliseconds(settings_.bar_after_ms)
                               : elapsed - last_shown_ >= every;
      if (!due || !relay_.at_line_start()) return;
      bar_.draw(shared_.progress, elapsed);
    } else {
      if (elapsed - last_shown_ < std::chrono::milliseconds(settings_.line_every_ms)) return;
      const Progress& progress = shared_.progress;
      fmt::print(stderr, "ringproof: {} of {} frames, {} simulated, {} s\n",
                 with_separators(progress.frames_done.load(std::memory_order_relaxed)),
                 with_separators(progress.frames_total.load(std::memory_order_relaxed)),
                 time_in_words(progress.sim_ps.load(std::memory_order_relaxed) / 1000),
                 elapsed.count() / 1000);
    }
    shown_ = true;
    last_shown_ = elapsed;
  }

  void kill_child() {
    kill(child_, SIGKILL);
    int ignored = 0;
    while (waitpid(child_, &ignored, 0) < 0 && errno == EINTR) {
    }
    finish_output();
    stopped_ = true;
  }

  void finish_output() {
    if (relaying_) relay_.pump(bar_);
    relaying_ = false;
    bar_.erase();
    // What we say begins on a line of its own.
    if (!relay_.at_line_start() && (stopped_ || !shared_.returned)) fmt::print(stderr, "\n");
  }

  SupervisedEnd end(int wait_status) {
    finish_output();
    const std::string words = judge_end(what_, shared_, wait_status);
    if (words.empty()) return {WEXITSTATUS(wait_status), {}};
    return end_with(kStatusFound, words);
  }

  SupervisedEnd stall() {
    // Read before the end of the child; it does not move.
    const Progress& progress = shared_.progress;
    const std::string words =
        behind_violation(progress, stall_in_words(program_of(what_.programs, progress), progress,
                                                  what_.stall_seconds, what_.own_engine));
    kill_child();
    return end_with(kStatusFound, words);
  }

  SupervisedEnd stop(int signal) {
    kill_child();
    return end_with(
        128 + signal,
        fmt::format("stopped by SIG{} at {} simulated, no results were written", sigabbrev_np(signal),
                    time_in_words(shared_.progress.sim_ps.load(std::memory_order_relaxed) / 1000)));
  }

  static SupervisedEnd end_with(int status, const std::string& words) {
    say(words);
    return {status, words};
  }

  const Supervised& what_;
  const SupervisorSettings& settings_;
  Shared& shared_;
  const bool terminal_;
  Bar bar_;
  Relay relay_;
  bool relaying_ = false;
  pid_t child_ = -1;
  int signals_ = -1;
  sigset_t old_mask_{};
  struct sigaction old_child_action_ {};
  std::uint64_t last_beat_ = 0;
  Clock::duration still_ = Clock::duration::zero();
  std::chrono::milliseconds last_shown_{0};
  bool shown_ = false;
  bool stopped_ = false;
};

}  // namespace

SupervisedEnd supervise(const Supervised& what, const SimulationBody& child,
                        const SupervisorSettings& settings) {
  Shared* shared = map_shared();
  if (shared == nullptr) {
    say(fmt::format("expected a page of shared memory, got: {}", std::strerror(errno)));
    return {kStatusFound, "no memory"};
  }
  SupervisedEnd end = Supervisor(what, settings, *shared).run(child);
  munmap(shared, sizeof(Shared));
  return end;
}

}  // namespace ringproof
