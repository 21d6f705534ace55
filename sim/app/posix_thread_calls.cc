// Joins that do not wait for ever, names, processors and priorities of threads, and waits for files: see
// posix_calls.cc for how a program comes here.
//
// Files are the host's, and what comes into them comes from outside or from another thread: who waits looks
// again each millisecond of simulated time.

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "sim/app/posix_state.h"
#include "sim/app/posix_support.h"
#include "sim/app/posix_wraps.h"
#include "sim/app/world.h"

using ringproof::ApiCall;
using ringproof::calling_world;
using ringproof::kNever;
using ringproof::posix_now_ps;
using ringproof::PosixState;
using ringproof::to_ps;

namespace {

constexpr std::uint64_t kLookPs = 1'000'000'000;  // between two looks at files
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint64_t kMicrosecondPs = 1'000'000;
constexpr std::size_t kNameBytes = 16;  // with the zero, as the kernel has it

PosixState& state() { return *calling_world->posix; }

std::uint64_t after(std::uint64_t span_ps) {
  const std::uint64_t now_ps = posix_now_ps();
  return span_ps < kNever - now_ps ? now_ps + span_ps : kNever;
}

bool is_hosts(pthread_t thread) { return calling_world == nullptr || PosixState::is_hosts(thread); }

// The task that this thread is, or -1. The main thread has the host's handle.
int task_of(pthread_t thread) {
  if (thread == pthread_self()) return calling_world->kernel.main_task();
  const auto found = state().threads.find(thread);
  return found == state().threads.end() ? -1 : found->second->task;
}

// What no simulated thread can be asked for.
[[noreturn]] void refuse(const char* name, const char* instead) {
  std::fprintf(stderr,
               "ringproof: the application called %s for a simulated thread, which is not simulated: %s\n",
               name, instead);
  _exit(1);
}

int pin(int task, std::size_t bytes, const cpu_set_t* set) {
  if (task < 0) return ESRCH;
  for (std::uint32_t cpu = 0; cpu < calling_world->kernel.cpu_count() && cpu < 8 * bytes; ++cpu) {
    if (!CPU_ISSET_S(cpu, bytes, set)) continue;
    calling_world->kernel.move_task(static_cast<std::uint32_t>(task), cpu);
    state().pinned[task] = cpu;
    return 0;
  }
  return EINVAL;
}

int where_pinned(int task, std::size_t bytes, cpu_set_t* set) {
  if (task < 0) return ESRCH;
  const std::uint32_t cpus = calling_world->kernel.cpu_count();
  if (8 * bytes < cpus) return EINVAL;
  std::memset(set, 0, bytes);
  const auto found = state().pinned.find(task);
  if (found != state().pinned.end()) {
    CPU_SET_S(found->second, bytes, set);
  } else {
    for (std::uint32_t cpu = 0; cpu < cpus; ++cpu) CPU_SET_S(cpu, bytes, set);
  }
  return 0;
}

bool means_caller(pid_t process) { return process == 0 || process == getpid() || process == gettid(); }

int as_errno(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

// Asks until there is an answer other than 0, or the deadline comes.
template <typename Ask>
int wait_ready(std::uint64_t deadline_ps, Ask ask) {
  ringproof::HostKernel& kernel = calling_world->kernel;
  while (true) {
    const int answer = ask();
    const std::uint64_t now_ps = posix_now_ps();
    if (answer != 0 || now_ps >= deadline_ps) return answer;
    kernel.sleep(std::min(kLookPs, deadline_ps - now_ps));
  }
}

std::uint64_t deadline_after_ms(int milliseconds) {
  return milliseconds < 0 ? kNever : after(static_cast<std::uint64_t>(milliseconds) * kMillisecondPs);
}

// The sets say which files to look at, and what was seen.
class FileSets {
 public:
  FileSets(fd_set* read, fd_set* write, fd_set* other) : sets_{read, write, other} {
    for (int i = 0; i < kSets; ++i) {
      if (sets_[i] != nullptr) asked_[i] = *sets_[i];
    }
  }
  int look(int count) {
    for (int i = 0; i < kSets; ++i) {
      if (sets_[i] != nullptr) *sets_[i] = asked_[i];
    }
    struct timeval none = {0, 0};
    return select(count, sets_[0], sets_[1], sets_[2], &none);
  }

 private:
  static constexpr int kSets = 3;
  fd_set* sets_[kSets];
  fd_set asked_[kSets];
};

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- threads ----

int __wrap_pthread_tryjoin_np(pthread_t handle, void** result) {
  if (is_hosts(handle)) return pthread_tryjoin_np(handle, result);
  const ApiCall call("pthread_tryjoin_np");
  call.acted();
  const int error = ringproof::join_thread(handle, result, 0);
  return error == ETIMEDOUT ? EBUSY : error;
}

int __wrap_pthread_timedjoin_np(pthread_t handle, void** result, const struct timespec* deadline) {
  if (is_hosts(handle)) return pthread_timedjoin_np(handle, result, deadline);
  const ApiCall call("pthread_timedjoin_np");
  call.acted();
  return ringproof::join_thread(handle, result, to_ps(*deadline));
}

int __wrap_pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock,
                                const struct timespec* deadline) {
  if (is_hosts(handle)) return pthread_clockjoin_np(handle, result, clock, deadline);
  return __wrap_pthread_timedjoin_np(handle, result, deadline);
}

int __wrap_pthread_cancel(pthread_t thread) {
  if (calling_world == nullptr || (is_hosts(thread) && thread != __wrap_pthread_self()))
    return pthread_cancel(thread);
  refuse("pthread_cancel", "let it see a flag and return");
}

int __wrap_pthread_kill(pthread_t thread, int signal) {
  if (is_hosts(thread) || thread == pthread_self()) return pthread_kill(thread, signal);
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  if (signal == 0) return 0;
  refuse("pthread_kill", "signals are the process's");
}

int __wrap_pthread_setname_np(pthread_t thread, const char* name) {
  if (is_hosts(thread)) return pthread_setname_np(thread, name);
  if (std::strlen(name) >= kNameBytes) return ERANGE;
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  state().names[task] = name;
  return 0;
}

int __wrap_pthread_getname_np(pthread_t thread, char* name, size_t bytes) {
  if (is_hosts(thread)) return pthread_getname_np(thread, name, bytes);
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  if (bytes < kNameBytes) return ERANGE;
  std::snprintf(name, kNameBytes, "%s", state().names[task].c_str());
  return 0;
}

int __wrap_pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t* set) {
  return is_hosts(thread) ? pthread_setaffinity_np(thread, bytes, set) : pin(task_of(thread), bytes, set);
}

int __wrap_pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t* set) {
  return is_hosts(thread) ? pthread_getaffinity_np(thread, bytes, set)
                          : where_pinned(task_of(thread), bytes, set);
}

int __wrap_sched_setaffinity(pid_t process, size_t bytes, const cpu_set_t* set) {
  if (calling_world == nullptr || !means_caller(process)) return sched_setaffinity(process, bytes, set);
  return as_errno(pin(calling_world->kernel.current_task(), bytes, set));
}

int __wrap_sched_getaffinity(pid_t process, size_t bytes, cpu_set_t* set) {
  if (calling_world == nullptr || !means_caller(process)) return sched_getaffinity(process, bytes, set);
  return as_errno(where_pinned(calling_world->kernel.current_task(), bytes, set));
}

int __wrap_sched_getcpu(void) {
  return calling_world == nullptr ? sched_getcpu() : static_cast<int>(calling_world->kernel.current_cpu());
}

// Virtual CPUs know no priorities: they are noted.
int __wrap_pthread_setschedparam(pthread_t thread, int policy, const struct sched_param* parameters) {
  if (is_hosts(thread)) return pthread_setschedparam(thread, policy, parameters);
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  state().priorities[task] = {policy, parameters->sched_priority};
  return 0;
}

int __wrap_pthread_getschedparam(pthread_t thread, int* policy, struct sched_param* parameters) {
  if (is_hosts(thread)) return pthread_getschedparam(thread, policy, parameters);
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  const PosixState::Priority& noted = state().priorities[task];
  *policy = noted.policy;
  *parameters = {};
  parameters->sched_priority = noted.priority;
  return 0;
}

int __wrap_pthread_setschedprio(pthread_t thread, int priority) {
  if (is_hosts(thread)) return pthread_setschedprio(thread, priority);
  const int task = task_of(thread);
  if (task < 0) return ESRCH;
  state().priorities[task].priority = priority;
  return 0;
}

int __wrap_sched_setscheduler(pid_t process, int policy, const struct sched_param* parameters) {
  if (calling_world == nullptr || !means_caller(process))
    return sched_setscheduler(process, policy, parameters);
  return as_errno(__wrap_pthread_setschedparam(__wrap_pthread_self(), policy, parameters));
}

// ---- the machine ----

int __wrap_get_nprocs(void) {
  return calling_world == nullptr ? get_nprocs() : static_cast<int>(calling_world->kernel.cpu_count());
}

int __wrap_get_nprocs_conf(void) {
  return calling_world == nullptr ? get_nprocs_conf() : static_cast<int>(calling_world->kernel.cpu_count());
}

long __wrap_sysconf(int name) {
  const bool processors = name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF;
  if (calling_world == nullptr || !processors) return sysconf(name);
  return static_cast<long>(calling_world->kernel.cpu_count());
}

// ---- files ----

int __wrap_poll(struct pollfd* files, nfds_t count, int milliseconds) {
  if (calling_world == nullptr) return poll(files, count, milliseconds);
  return wait_ready(deadline_after_ms(milliseconds), [=] { return poll(files, count, 0); });
}

int __wrap_ppoll(struct pollfd* files, nfds_t count, const struct timespec* span, const sigset_t* signals) {
  if (calling_world == nullptr) return ppoll(files, count, span, signals);
  return wait_ready(span == nullptr ? kNever : after(to_ps(*span)), [=] { return poll(files, count, 0); });
}

int __wrap_select(int count, fd_set* read, fd_set* write, fd_set* other, struct timeval* span) {
  if (calling_world == nullptr) return select(count, read, write, other, span);
  std::uint64_t deadline_ps = kNever;
  if (span != nullptr) {
    const std::uint64_t span_ps = to_ps({span->tv_sec, 0});
    deadline_ps = after(
        span_ps == kNever ? kNever : span_ps + static_cast<std::uint64_t>(span->tv_usec) * kMicrosecondPs);
  }
  FileSets sets(read, write, other);
  return wait_ready(deadline_ps, [&] { return sets.look(count); });
}

int __wrap_pselect(int count, fd_set* read, fd_set* write, fd_set* other, const struct timespec* span,
                   const sigset_t* signals) {
  if (calling_world == nullptr) return pselect(count, read, write, other, span, signals);
  FileSets sets(read, write, other);
  return wait_ready(span == nullptr ? kNever : after(to_ps(*span)), [&] { return sets.look(count); });
}

int __wrap_epoll_wait(int epoll, struct epoll_event* events, int count, int milliseconds) {
  if (calling_world == nullptr) return epoll_wait(epoll, events, count, milliseconds);
  return wait_ready(deadline_after_ms(milliseconds), [=] { return epoll_wait(epoll, events, count, 0); });
}

// Until a signal comes, which none does.
int __wrap_pause(void) {
  if (calling_world == nullptr) return pause();
  calling_world->kernel.sleep(kNever);
  errno = EINTR;
  return -1;
}

}  // extern "C"
#pragma GCC visibility pop
