#include "sim/host/host_kernel.h"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <utility>

#include "model/base/check.h"
#include "sim/host/free_threads.h"

namespace ringproof {
namespace {

constexpr std::size_t kApplicationStackBytes = std::size_t{8} << 20;  // as the main thread of a process
constexpr std::size_t kServiceStackBytes = std::size_t{1} << 20;

// A parked poller looks again after 1 us, then after twice as long each time, at most 1 ms: a loop that
// counts its polls still comes to an end, and an idle second costs about a thousand looks.
constexpr std::uint64_t kFirstParkPs = 1'000'000;
constexpr std::uint32_t kParkDoublings = 10;
constexpr std::size_t kRoundsToPark = 2;
constexpr std::size_t kRoundsToParkAgain = 16;
// After so many parkings without a change the task no longer keeps the run alive.
constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint32_t kQuietParkings = 16;
constexpr std::uint64_t kClockTickPs = 1'000'000'000;

// Names of what is shared besides words and signals.
constexpr char kPlatform = 0;
constexpr char kApplicationMemory = 0;

}  // namespace

HostKernel::HostKernel(std::uint32_t cpus, HardwareTime& hardware, Progress* progress)
    : hardware_(hardware), progress_(progress), cpu_free_ps_(cpus, 0) {}

HostKernel::~HostKernel() = default;

Task& HostKernel::name_task(const std::string& name, std::uint32_t cpu, bool application) {
  auto task = std::make_unique<Task>();
  task->number = static_cast<std::uint32_t>(tasks_.size());
  task->name = unique_name(name);
  task->cpu = cpu % cpu_count();
  task->application = application;
  tasks_.push_back(std::move(task));
  return *tasks_.back();
}

Task& HostKernel::add_task(const std::string& name, std::uint32_t cpu, bool application,
                           std::function<void()> body) {
  synchronize();
  Task& task = name_task(name, cpu, application);
  task.coroutine =
      std::make_unique<Coroutine>(std::move(body), application ? kApplicationStackBytes : kServiceStackBytes,
                                  application ? Coroutine::Stack::kZeroed : Coroutine::Stack::kAsItWas);
  live_.push_back(&task);
  make_ready(task, now_ps_);
  return task;
}

std::string HostKernel::unique_name(const std::string& name) {
  const std::uint32_t earlier = names_[name]++;
  return earlier == 0 ? name : name + " " + std::to_string(earlier + 1);
}

void HostKernel::start_service(const std::string& name, std::uint32_t cpu, std::function<void()> body) {
  add_task(name, cpu, false, std::move(body));
}

std::uint32_t HostKernel::start_application(const std::string& name, std::function<void()> body) {
  return start_thread(current_process(), name, std::move(body));
}

std::uint32_t HostKernel::start_process(std::uint32_t process, const std::string& prefix,
                                        std::function<void()> body) {
  SIM_CHECK(!processes_.contains(process), "a process that is started twice");
  processes_[process] = prefix;
  Task& task = *tasks_[start_thread(process, "main", std::move(body))];
  task.main_thread = true;
  return task.number;
}

// Without a process that was started, the first thread stands for one.
std::uint32_t HostKernel::start_thread(std::uint32_t process, const std::string& name,
                                       std::function<void()> body) {
  const auto [found, first] = processes_.try_emplace(process);
  const std::string whole_name = found->second + name;
  Task& task = free_ == nullptr ? add_task(whole_name, next_application_cpu_++, true, std::move(body))
                                : name_task(whole_name, next_application_cpu_++, true);
  task.process = process;
  task.main_thread = first;
  if (free_ != nullptr) start_free_thread(task, std::move(body));
  return task.number;
}

std::uint32_t HostKernel::current_cpu() const { return current_ == nullptr ? 0 : current_->cpu; }

void HostKernel::move_to_cpu(std::uint32_t cpu) {
  if (current_ == nullptr || current_->cpu == cpu % cpu_count()) return;
  synchronize();
  current_->cpu = cpu % cpu_count();
  if (current_->wake_up != nullptr) return;
  make_ready(*current_, now_ps_);
  suspend_current();
}

void HostKernel::move_task(std::uint32_t number, std::uint32_t cpu) {
  Task& task = *tasks_.at(number);
  if (&task == current_) {
    move_to_cpu(cpu);
  } else {
    task.cpu = cpu % cpu_count();
  }
}

void HostKernel::suspend_task(std::uint32_t number) {
  Task& task = *tasks_.at(number);
  task.suspended = true;
  if (&task != current_) return;
  if (task.wake_up != nullptr) {
    hold_free();
  } else {
    spend(0);
  }
}

void HostKernel::resume_task(std::uint32_t number) {
  Task& task = *tasks_.at(number);
  task.suspended = false;
  if (std::exchange(task.turn_missed, false) && task.state != TaskState::kEnded) make_ready(task, now_ps_);
}

void HostKernel::posted() {
  alone_until_ps_ = 0;
  if (!running_ && outside_event_) outside_event_();
}

void HostKernel::at(std::uint64_t time_ps, const EventSource& source, std::function<void()> action) {
  SIM_CHECK(time_ps >= now_ps_, "a timer in the past");
  if (accesses_ != nullptr) note_source(events_.actor_of(source), true);
  ++pending_actions_;
  events_.push_action(time_ps, source, std::move(action));
  posted();
}

void HostKernel::idle_until(std::uint64_t time_ps) {
  SIM_CHECK(current_ == nullptr && time_ps >= now_ps_ && time_ps <= next_due_ps(),
            "a host that idles while something is due");
  last_event_ps_ = now_ps_ = time_ps;
}

void HostKernel::make_ready(Task& task, std::uint64_t time_ps) {
  if (task.wake_up != nullptr) {
    events_.forget(task);
    if (task.state == TaskState::kWaiting) task.wake_up->release();
    task.state = TaskState::kReady;
    return;
  }
  task.state = TaskState::kReady;
  events_.push_task(time_ps, task);
  posted();
}

void HostKernel::suspend_current() {
  tell_deferred();
  Task& task = *current_;
  if (task.wake_up != nullptr) {
    sleep_free(task);
  } else {
    task.coroutine->suspend();
  }
}

void HostKernel::spend(std::uint64_t cost_ps) {
  const Visit visit(*this);
  spend_time(cost_ps);
  alone_until_ps_ = 0;
}

// Whether the task went on at once. As one function, like run_due(): they run at each step.
[[gnu::flatten]] bool HostKernel::spend_time(std::uint64_t cost_ps) {
  if (current_ == nullptr || current_->wake_up != nullptr) return false;
  tell_deferred();
  if (memory_waits_ && current_->application && is_outside(*current_)) shut_memory();
  if (progress_ != nullptr) progress_->beat();
  now_ps_ += cost_ps;
  cpu_free_ps_[current_->cpu] = now_ps_;
  if (!is_held(*current_) && goes_on()) {
    note_step();
    return true;
  }
  make_ready(*current_, now_ps_);
  suspend_current();
  return false;
}

void HostKernel::meet_hardware() {
  if (current_ == nullptr || current_->wake_up != nullptr) return;
  if (accesses_ != nullptr) {
    for (const EventSource& source : events_.sources()) {
      if (source.kind == EventSource::Kind::kDma) note_source(events_.actor_of(source), false);
    }
  }
  current_->meets_hardware = true;
  make_ready(*current_, now_ps_);
  suspend_current();
}

bool HostKernel::wait(Signal& signal, std::uint64_t deadline_ps) {
  const Visit visit(*this);
  SIM_CHECK(current_ != nullptr, "INV-40: a timer or an interrupt handler waits, which only a task may");
  note(&signal, true);
  synchronize();
  Task& task = *current_;
  if (blocking_ != nullptr) blocking_->task_waits(task, now_ps_);
  task.state = TaskState::kWaiting;
  task.notified = false;
  task.deadline_ps = deadline_ps;
  signal.waiters.push_back(task.number);
  if (deadline_ps != kNever) {  // timers may be late
    deadline_ps += fault(FaultId::kAlc04, {.actor = task.number}).amount * kPsPerNs;
    deadline_ps += fault(FaultId::kClk04, {.actor = task.number}).amount * kPsPerNs;
    task.deadline_ps = deadline_ps;
  }
  if (deadline_ps != kNever) events_.push_task(std::max(deadline_ps, now_ps_), task);
  suspend_current();
  if (!task.notified) std::erase(signal.waiters, task.number);
  task.deadline_ps = kNever;
  synchronize();
  return task.notified;
}

void HostKernel::lock_wanted(const LockName& lock) {
  if (blocking_ != nullptr && current_ != nullptr) blocking_->lock_wanted(*current_, lock, now_ps_);
}

void HostKernel::lock_taken(const LockName& lock) {
  if (blocking_ != nullptr && current_ != nullptr) blocking_->lock_taken(*current_, lock);
}

void HostKernel::lock_left(const LockName& lock) {
  if (blocking_ != nullptr && current_ != nullptr) blocking_->lock_left(*current_, lock);
}

void HostKernel::sleep(std::uint64_t span_ps) {
  Signal never_notified;
  acted();
  wait(never_notified, span_ps < kNever - now_ps_ ? now_ps_ + span_ps : kNever);
}

void HostKernel::notify(Signal& signal) {
  note(&signal, true);
  synchronize();
  for (const std::uint32_t number : signal.waiters) {
    Task& task = *tasks_[number];
    if (task.state == TaskState::kEnded) continue;
    task.notified = true;
    forget_looks(task);
    make_ready(task, now_ps_);
  }
  signal.waiters.clear();
}

void HostKernel::end_current_task() {
  SIM_CHECK(current_ != nullptr, "no task to end");
  synchronize();
  if (current_->wake_up != nullptr) {
    end_free_thread();
  }
  current_->state = TaskState::kEnded;
  while (true) suspend_current();
}

HostKernel::InSystem::InSystem(HostKernel& kernel) : kernel_(kernel) {
  kernel_.alone_until_ps_ = 0;
  kernel_.tell_deferred();  // as something that the application did
  kernel_.synchronize();
  if (!kernel_.in_application()) return;
  ++kernel_.current_->system_depth;
  kernel_.show_phase();
}

HostKernel::InSystem::~InSystem() {
  kernel_.synchronize();
  if (!kernel_.in_application()) return;
  Task& task = *kernel_.current_;
  if (--task.system_depth == 0 && task.ends_outside_system) kernel_.end_current_task();
  if (task.system_depth == 0 && task.wake_up != nullptr) kernel_.hold_free();
  kernel_.show_phase();
}

// In whose name the process would end: a program is not to blame for what the system does for it.
void HostKernel::show_phase() {
  if (progress_ == nullptr || free_ != nullptr) return;
  const bool program = in_application() && current_->system_depth == 0;
  progress_->phase.store(program ? RunPhase::kApplication : RunPhase::kSimulator, std::memory_order_relaxed);
}

void HostKernel::forget_looks(Task& task) {
  task.looks.clear();
  task.repeats = 0;
  task.parked_rounds = 0;
  task.looks_at_clock = false;
}

void HostKernel::acted() {
  acted_ = true;
  if (current_ != nullptr) forget_looks(*current_);
}

// Null: not since something changed.
Look* HostKernel::find_look(Task& task, const volatile void* address) {
  for (std::size_t left = task.looks.size(); left > 0; --left) {
    if (task.next_look >= task.looks.size()) task.next_look = 0;
    Look& look = task.looks[task.next_look++];
    if (look.address == address) return &look;
  }
  return nullptr;
}

bool HostKernel::look(const volatile void* address, std::uint64_t value) {
  if (!in_application() || free_ != nullptr) return false;
  Task& task = *current_;
  const Look* seen = find_look(task, address);
  if (seen == nullptr) {
    task.looks.push_back({address, value});
    task.repeats = 0;
    return false;
  }
  if (seen->value != value) {
    forget_looks(task);
    task.looks.push_back({address, value});
    return false;
  }
  return looked_again(task);
}

// The task saw what it had seen before. Whether it was parked.
bool HostKernel::looked_again(Task& task) {
  // Two whole rounds before the first parking. A task that nobody woke gets more turns, so that a loop which
  // counts its polls comes to its end.
  const std::size_t rounds = task.parked_rounds == 0 ? kRoundsToPark : kRoundsToParkAgain;
  const std::size_t enough = rounds * task.looks.size() + 2;
  if (++task.repeats < enough) return false;
  park_current();
  return true;
}

// Programs poll far more often than anything happens. While the task is alone, nobody needs to be asked
// whether it goes on, and to monitors a load that repeats one of the same stretch says nothing.
std::uint32_t HostKernel::poll(const std::uint32_t* word, MemoryOrder order) {
  if (now_ps_ + HostCosts::kSharedAccessPs > alone_until_ps_) {
    const bool went_on = spend_time(HostCosts::kSharedAccessPs);
    const bool nobody_asks = options_ == nullptr && memory_ == nullptr && steps_max_ == 0;
    alone_until_ps_ = went_on && nobody_asks ? std::min(end_ps_, next_due_ps() - 1) : 0;
    ++stretch_;
    const std::uint32_t value = load_shared(word, order);
    // A parked task goes on when the word has changed, or another look is due.
    return look(word, value) ? load_shared(word, order) : value;
  }
  ++steps_;
  if (progress_ != nullptr) progress_->beat();
  now_ps_ += HostCosts::kSharedAccessPs;
  Task& task = *current_;
  cpu_free_ps_[task.cpu] = now_ps_;
  const std::uint32_t value = Host::load_shared(word, order);
  if (Look* seen = find_look(task, word); seen != nullptr && seen->value == value) {
    if (seen->told_in != stretch_ || seen->order != order) {
      tell_access(SharedAccess::Kind::kLoad, order, word, value, value);
      seen->told_in = stretch_;
      seen->order = order;
    }
    return looked_again(task) ? load_shared(word, order) : value;
  }
  tell_access(SharedAccess::Kind::kLoad, order, word, value, value);
  look(word, value);
  return value;
}

void HostKernel::look_at_clock(std::uint64_t tick_ms) {
  if (!in_application() || free_ != nullptr) return;
  static const char clock_name = 0;
  current_->looks_at_clock = true;  // for the parking that this look may bring
  look(&clock_name, tick_ms);
  current_->looks_at_clock = true;  // a tick made the task forget what it had looked at
}

void HostKernel::park_current() {
  Task& task = *current_;
  task.state = TaskState::kParked;
  task.repeats = 0;
  std::uint64_t wake_ps = now_ps_ + (kFirstParkPs << std::min(task.parked_rounds, kParkDoublings));
  if (task.looks_at_clock) wake_ps = std::min(wake_ps, (now_ps_ / kClockTickPs + 1) * kClockTickPs);
  ++task.parked_rounds;
  events_.push_task(wake_ps, task);
  suspend_current();
}

void HostKernel::shared_word_changed(const volatile void* address) {
  for (Task* task : live_) {
    if (task->state != TaskState::kParked) continue;
    const bool watched = std::any_of(task->looks.begin(), task->looks.end(),
                                     [address](const Look& look) { return look.address == address; });
    if (!watched) continue;
    forget_looks(*task);
    make_ready(*task, now_ps_ + HostCosts::kWakeUpPs);
  }
}

// Whether the running task keeps the CPU.
bool HostKernel::goes_on() {
  ++steps_;
  end_ps_ = std::min(limit_ps_, hardware_.horizon_ps());
  const bool in_time = now_ps_ <= end_ps_ && !out_of_steps();
  if (options_ == nullptr || !in_time) return in_time && next_due_ps() > now_ps_;
  const ScheduleChoice choice =
      options_->choose({current_, now_ps_, last_event_ps_, end_ps_}, events_, cpu_free_ps_);
  last_event_ps_ = std::max(last_event_ps_, choice.time_ps);
  chosen_ = choice.event;
  return chosen_ == kNothingChosen;
}

// What runs next; false when nothing may yet.
bool HostKernel::next_event(HostEvent& next) {
  if (chosen_ != kNothingChosen) {
    next = events_.take(std::exchange(chosen_, kNothingChosen));
    return true;
  }
  const std::uint64_t end_ps = std::min(limit_ps_, hardware_.horizon_ps());
  while (true) {
    const std::uint64_t due_ps = next_due_ps();
    if (due_ps == kNever || due_ps > end_ps || out_of_steps()) return false;
    ++steps_;
    if (options_ == nullptr) {
      next = events_.pop();
      return true;
    }
    const ScheduleChoice choice =
        options_->choose({nullptr, 0, last_event_ps_, end_ps}, events_, cpu_free_ps_);
    if (choice.time_ps <= end_ps) {
      last_event_ps_ = std::max(last_event_ps_, choice.time_ps);
      next = events_.take(choice.event);
      return true;
    }
    // What is due cannot run before its CPU is free, which is later than the hardware allows to look ahead.
    HostEvent event = events_.pop();
    event.time_ps = std::max(event.time_ps, last_event_ps_);
    if (event.task != nullptr) event.time_ps = std::max(event.time_ps, cpu_free_ps_[event.task->cpu]);
    events_.put_back(event);
  }
}

void HostKernel::dispatch(HostEvent& event) {
  // What a chooser left waiting is late.
  const std::uint64_t time_ps = std::max(event.time_ps, last_event_ps_);
  last_event_ps_ = time_ps;
  if (event.task == nullptr) {
    now_ps_ = time_ps;
    --pending_actions_;
    const std::function<void()> act = events_.take_action(event);
    if (accesses_ != nullptr) acting_ = event.actor;
    note_source(event.actor, true);
    act();
    return;
  }
  Task& task = *event.task;
  if (task.wake_up != nullptr) {  // its deadline came
    now_ps_ = time_ps;
    make_ready(task, time_ps);
    return;
  }
  if (is_held(task)) {
    task.turn_missed = true;
    return;
  }
  if (cpu_free_ps_[task.cpu] > time_ps) {  // another task has the CPU until then
    // It keeps its place in the order, so that tasks of one CPU take turns.
    event.time_ps = cpu_free_ps_[task.cpu];
    events_.put_back(event);
    return;
  }
  std::uint64_t until_ps;
  const FaultTarget actor{.actor = task.number};
  const bool stands = faults().held(FaultId::kSch04, time_ps, actor, &until_ps) ||
                      (task.application && faults().held(FaultId::kApp05, time_ps, actor, &until_ps));
  if (stands && until_ps > time_ps) {
    event.time_ps = until_ps;
    events_.put_back(event);
    return;
  }
  if (task.meets_hardware) {
    task.meets_hardware = false;
    hardware_.advance_to(time_ps);
  }
  now_ps_ = time_ps;
  run_task(task);
}

void HostKernel::begin_turn(const Task& task) {
  show_phase();
  if (progress_ != nullptr) progress_->process.store(task.process, std::memory_order_relaxed);
  if (turn_changes_ && last_turn_ != task.number) turn_changes_(task.number);
  last_turn_ = task.number;
  errno = task.error_number;
}

void HostKernel::run_task(Task& task) {
  switch_cpu_to(task);
  task.state = TaskState::kRunning;
  current_ = &task;
  if (task.application) begin_turn(task);
  const std::uint64_t begin_ps = now_ps_;
  acting_ = task.number;
  note_step();
  if (memory_waits_ && task.application) shut_memory();
  task.coroutine->resume();
  alone_until_ps_ = 0;
  if (task.application) task.error_number = errno;
  tell_deferred();  // it may have ended
  for (TaskObserver* observer : observers_) observer->task_ran(task, begin_ps, now_ps_);
  if (progress_ != nullptr && task.application) {
    progress_->phase.store(RunPhase::kSimulator, std::memory_order_relaxed);
  }
  if (task.coroutine->finished()) synchronize();
  current_ = nullptr;
  if (task.coroutine->finished()) task.state = TaskState::kEnded;
  if (task.state == TaskState::kEnded) task_over(task);
}

void HostKernel::task_over(Task& task) {
  task_ended_ = true;
  if (task.application && !task.main_thread && thread_end_) thread_end_(task.number);
  task.coroutine.reset();
  std::erase(live_, &task);
}

void HostKernel::enter_platform() {
  if (current_ == nullptr) return;
  ++current_->platform_depth;
  note(&kPlatform, true);
}

void HostKernel::leave_platform() {
  if (current_ != nullptr) --current_->platform_depth;
}

void HostKernel::note(const volatile void* object, bool write) {
  if (accesses_ != nullptr) accesses_->accessed(acting_, object, write);
}

void HostKernel::note_source(ActorId source, bool write) {
  // A small number is no address of anything else.
  note(reinterpret_cast<const void*>(std::uintptr_t{source}), write);
}

void HostKernel::note_system() { note(&kPlatform, true); }

// Threads of an application share its memory, and nobody sees when they touch it.
void HostKernel::note_step() {
  if (accesses_ == nullptr) return;
  if (current_->application) note(&kApplicationMemory, true);
  if (current_->system_depth > 0 || current_->platform_depth > 0) note(&kPlatform, true);
}

[[gnu::flatten]] void HostKernel::run_due(std::uint64_t limit_ps) {
  running_ = true;
  limit_ps_ = limit_ps;
  HostEvent event;
  while (next_event(event)) {
    dispatch(event);
    // The task may have run ahead of events that are still to come.
    now_ps_ = last_event_ps_;
    if (progress_ != nullptr) progress_->sim_ps.store(now_ps_, std::memory_order_relaxed);
    // Whoever runs the kernel decides what it means that a task ended, or that nothing is left to happen.
    if (std::exchange(task_ended_, false)) break;
    if (!quiet() || hardware_.horizon_ps() != kNever) continue;
    if (memory_ != nullptr) memory_->settle();  // may wake pollers
    if (quiet()) break;
  }
  running_ = false;
}

void HostKernel::explore(Chooser& chooser, std::uint64_t window_ps) {
  options_ = std::make_unique<ScheduleOptions>(chooser, window_ps);
}

std::string HostKernel::actor_name(ActorId actor) const {
  if (actor < kFirstSource) return tasks_[actor]->name;
  static constexpr const char* kKinds[] = {"timer", "interrupt", "dma", "register", "wire", "fault"};
  const EventSource& source = events_.source_of(actor);
  return std::string(kKinds[static_cast<std::size_t>(source.kind)]) + " " + std::to_string(source.port + 1) +
         "." + std::to_string(source.number);
}

bool HostKernel::quiet() const {
  if (pending_actions_ > 0) return false;
  return std::all_of(live_.begin(), live_.end(), [](const Task* task) {
    if (task->turn_missed) return true;
    switch (task->state) {
      case TaskState::kEnded:
        return true;
      case TaskState::kWaiting:
        return task->deadline_ps == kNever;
      case TaskState::kParked:
        return task->parked_rounds >= kQuietParkings;
      default:
        return false;
    }
  });
}

int HostKernel::main_task() const {
  for (const Task* task : live_) {
    const bool same = current_ != nullptr && task->process == current_->process;
    if (same && task->application && task->main_thread && task->state != TaskState::kEnded) {
      return static_cast<int>(task->number);
    }
  }
  return current_task();
}

std::vector<std::string> HostKernel::who_waits() const {
  std::vector<std::string> all;
  for (const Task* task : live_) {
    if (!task->application || task->state == TaskState::kEnded) continue;
    if (task->state == TaskState::kParked) {
      all.push_back(task->name + " polls and sees nothing new");
    } else if (task->state == TaskState::kWaiting && task->deadline_ps == kNever) {
      std::string words = task->name + " waits";
      if (task->waits_for != nullptr) {
        words += std::string(" for ") + task->waits_for;
        if (task->waits_for_task >= 0) words += " " + tasks_[task->waits_for_task]->name;
      } else if (task->call != nullptr) {
        words += std::string(" in ") + task->call;
      }
      all.push_back(words);
    }
  }
  return all;
}

void HostKernel::stop_applications() {
  applications_stopped_ = true;
  stop_tasks([](const Task&) { return true; });
}

void HostKernel::stop_process(std::uint32_t process) {
  SIM_CHECK(current_ == nullptr, "a process that is stopped by a task");
  stopped_processes_.insert(process);
  stop_tasks([process](const Task& task) { return task.process == process; });
}

template <typename Stops>
void HostKernel::stop_tasks(Stops stops) {
  for (Task* task : live_) {
    if (!task->application || !stops(*task)) continue;
    if (task->system_depth > 0) {
      task->ends_outside_system = true;
      task->suspended = false;
      // One that polls what no longer changes would stay inside.
      if (task->state == TaskState::kParked) {
        forget_looks(*task);
        make_ready(*task, now_ps_);
      }
    } else {
      task->state = TaskState::kEnded;
      events_.forget(*task);
    }
  }
  std::erase_if(live_, [](const Task* task) { return task->state == TaskState::kEnded; });
}

}  // namespace ringproof
