#include "sim/explore/worker_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

#include "sim/explore/end_signals.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

constexpr int kTickMs = 100;

struct Worker {
  pid_t process = -1;
  int lines = -1;
  std::string unfinished;  // of the line that is coming
};

void write_all(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) _exit(1);  // nobody listens any more
    if (count > 0) done += static_cast<std::size_t>(count);
  }
}

Worker start(std::uint32_t number, const WorkerPool::Callbacks& callbacks) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a worker");
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error(fmt::format("no process for a worker: {}", std::strerror(errno)));
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(ends[0]);
    int status = 0;
    try {
      callbacks.work(number, [file = ends[1]](const std::string& line) { write_all(file, line + "\n"); });
    } catch (const std::exception& error) {
      fmt::print(stderr, "ringproof: internal error (a bug of ours): {}\n", error.what());
      std::fflush(stderr);
      status = 1;
    }
    _exit(status);
  }
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {process, ends[0], {}};
}

// False at the end.
bool listen(Worker& worker, const WorkerPool::Callbacks& callbacks) {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = read(worker.lines, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return false;
    worker.unfinished.append(buffer.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end; (end = worker.unfinished.find('\n', begin)) != std::string::npos; begin = end + 1) {
      callbacks.heard(worker.unfinished.substr(begin, end - begin));
    }
    worker.unfinished.erase(0, begin);
  }
}

void kill_all(const std::vector<Worker>& workers) {
  for (const Worker& worker : workers) {
    if (worker.lines >= 0) kill(worker.process, SIGKILL);
  }
}

}  // namespace

int WorkerPool::run(std::uint32_t count, const Callbacks& callbacks) {
  const EndSignals signals;
  int ended_by = 0;
  std::vector<Worker> workers;
  for (std::uint32_t i = 0; i < count; ++i) workers.push_back(start(i, callbacks));
  std::string problem;
  std::size_t running = workers.size();
  while (running > 0) {
    std::vector<pollfd> sources = {{signals.file(), POLLIN, 0}};
    for (const Worker& worker : workers) sources.push_back({worker.lines, POLLIN, 0});
    poll(sources.data(), sources.size(), kTickMs);
    if (const int signal = signals.take(); signal != 0) {
      // Who asks twice does not want to wait for the schedules that are under way.
      if (ended_by != 0) kill_all(workers);
      ended_by = signal;
      callbacks.stop();
    }
    for (Worker& worker : workers) {
      if (worker.lines < 0 || listen(worker, callbacks)) continue;
      close(worker.lines);
      worker.lines = -1;
      --running;
      int status = 0;
      waitpid(worker.process, &status, 0);
      if (ended_by != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) continue;
      problem = WIFSIGNALED(status) ? "a worker crashed: " + signal_in_words(WTERMSIG(status))
                                    : std::string("a worker ended early");
      callbacks.stop();
    }
    callbacks.tick();
  }
  if (!problem.empty()) throw std::runtime_error(problem);
  return ended_by;
}

std::uint32_t workers_for_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&cores)));
}

}  // namespace ringproof
