// host_kernel.h: the simulated host: virtual CPUs, tasks, timers, one event queue.
// Role     decides which task or timer runs next: by time, then by order of posting, unless a chooser decides
// Shapes   a task is a coroutine bound to one virtual CPU; tasks of one CPU never overlap in time
// Units    simulated time [ps]
// Threads  one; tasks switch only in spend, meet_hardware, wait and look. In free-running mode the tasks of
//          applications are threads of the host, and whoever calls must have entered the system
// Errors   a task that suspends outside the kernel, or time going back, is a bug of ours: SIM_CHECK
// Source   docs/decisions/0001-time-and-tasks.md, 0002-parked-pollers.md, 0004-schedules.md
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "sim/host/blocking_observer.h"
#include "sim/host/event_queue.h"
#include "sim/host/progress.h"
#include "sim/host/schedule_options.h"
#include "sim/host/task.h"
#include "sim/memory/memory_model.h"
#include "sim/schedule/access_observer.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

class FreeThreads;

// The hardware as the kernel needs it; the simulation joins all ports behind this.
class HardwareTime {
 public:
  virtual ~HardwareTime() = default;
  // No event comes to the host before this time unless the host acts.
  virtual std::uint64_t horizon_ps() const = 0;
  // REQUIRES: time_ps <= horizon_ps().
  virtual void advance_to(std::uint64_t time_ps) = 0;
};

// CPU time of things a task does. Round figures of a 3 GHz server; nothing depends on their exact values.
struct HostCosts {
  static constexpr std::uint64_t kSharedAccessPs = 4'000;
  static constexpr std::uint64_t kFencePs = 8'000;
  static constexpr std::uint64_t kWakeUpPs = 50'000;  // from a change to the poller's next look
};

class HostKernel final : public Host, public MemoryMachine {
 public:
  HostKernel(std::uint32_t cpus, HardwareTime& hardware, Progress* progress);
  ~HostKernel() override;

  // Host
  std::uint64_t now_ps() const override { return now_ps_; }
  void spend(std::uint64_t cost_ps) override;
  void hardware_went_on() override {
    if (progress_ != nullptr) progress_->beat();
  }
  void meet_hardware() override;
  bool wait(Signal& signal, std::uint64_t deadline_ps) override;
  void lock_wanted(const LockName& lock) override;
  void lock_taken(const LockName& lock) override;
  void lock_left(const LockName& lock) override;
  void notify(Signal& signal) override;
  void start_service(const std::string& name, std::uint32_t cpu, std::function<void()> body) override;
  using Host::at;
  void at(std::uint64_t time_ps, const EventSource& source, std::function<void()> action) override;
  std::uint64_t next_due_ps() const override { return events_.next_due_ps(); }
  // Nothing has happened up to this time. REQUIRES: outside tasks; from now_ps() to next_due_ps().
  void idle_until(std::uint64_t time_ps);
  void shared_word_changed(const volatile void* address) override;
  std::uint32_t load_shared(const std::uint32_t* word, MemoryOrder order) override;
  void store_shared(std::uint32_t* word, std::uint32_t value, MemoryOrder order) override;
  std::uint32_t change_shared(std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) override;
  void enter_platform() override;
  void leave_platform() override;
  void fence(MemoryOrder order) override;
  Forgotten forget_shared(const void* memory, std::size_t bytes) override;
  std::uint32_t cpu_count() const override { return static_cast<std::uint32_t>(cpu_free_ps_.size()); }
  std::uint32_t current_cpu() const override;
  void move_to_cpu(std::uint32_t cpu) override;

  // Starts a task of the application, on the next CPU in turn. Returns its number. It belongs to the process
  // of the running task, or else to process 0.
  std::uint32_t start_application(const std::string& name, std::function<void()> body);
  // The same for a process that may be another one than the running task's.
  std::uint32_t start_thread(std::uint32_t process, const std::string& name, std::function<void()> body);
  // Starts the main thread of a process. The names of all its tasks begin with `prefix`.
  std::uint32_t start_process(std::uint32_t process, const std::string& prefix, std::function<void()> body);
  // The process of the running task; 0 outside applications.
  std::uint32_t current_process() const {
    if (free_ != nullptr) return calling_process();
    return in_application() ? current_->process : 0;
  }
  // The main thread of the running task's process; the running task, when that has ended or there is none.
  int main_task() const;
  // The number of the running task, or -1 outside tasks.
  int current_task() const { return current_ == nullptr ? -1 : static_cast<int>(current_->number); }
  bool in_application() const { return current_ != nullptr && current_->application; }
  // From now on the task runs on this virtual CPU.
  void move_task(std::uint32_t number, std::uint32_t cpu);
  // A suspended task of an application stops at its next schedule point outside the system, until it is
  // resumed.
  void suspend_task(std::uint32_t number);
  void resume_task(std::uint32_t number);
  // Ends the running task; does not return.
  [[noreturn]] void end_current_task();
  // Held by an application task while it is inside the system: when the process ends, the task still leaves
  // the system in good order, and ends then.
  class InSystem {
   public:
    explicit InSystem(HostKernel& kernel);
    ~InSystem();
    InSystem(const InSystem&) = delete;
    InSystem& operator=(const InSystem&) = delete;

   private:
    HostKernel& kernel_;
  };

  // Held while a hook of the running task is in the kernel, which it cannot enter once more: by a handler of
  // a signal, that is.
  class Visit {
   public:
    explicit Visit(HostKernel& kernel) : task_(kernel.current_) {
      if (task_ != nullptr) before_ = std::exchange(task_->visiting, true);
    }
    ~Visit() {
      if (task_ != nullptr) task_->visiting = before_;
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Task* const task_;
    bool before_ = false;
  };
  // For the length of a block: what the running task waits for if it waits, in words, and the task that could
  // end that, -1 if not known: "a lock, held by" a task, "the end of" one.
  class WaitsFor {
   public:
    WaitsFor(HostKernel& kernel, const char* what, int holder) : task_(kernel.current_) {
      if (task_ == nullptr) return;
      task_->waits_for = what;
      task_->waits_for_task = holder;
    }
    ~WaitsFor() {
      if (task_ == nullptr) return;
      task_->waits_for = nullptr;
      task_->waits_for_task = -1;
    }
    WaitsFor(const WaitsFor&) = delete;
    WaitsFor& operator=(const WaitsFor&) = delete;

   private:
    Task* const task_;
  };
  // The running task is in this published call now. Returns in which it was.
  const char* in_call(const char* name) {
    return current_ == nullptr ? nullptr : std::exchange(current_->call, name);
  }
  // For each task of an application that waits without a deadline, what for: "main waits for a mutex held by
  // thread". Of those that poll, that they do.
  std::vector<std::string> who_waits() const;

  // Kept for whoever counts what the running task writes. REQUIRES: there is one.
  std::uint64_t& own_writes() { return current_->own_writes; }
  // Whether the running task is an application's, and in its own code.
  bool in_own_code() const {
    return in_application() && !current_->visiting && current_->system_depth == 0 &&
           current_->platform_depth == 0;
  }

  // A load that no memory model has a say in.
  std::uint32_t load_newest(const std::uint32_t* word, MemoryOrder order);
  // The running task did something by itself that is told before it spends time or gives up its CPU.
  void defer(std::function<void()> telling) { deferred_ = std::move(telling); }
  void tell_deferred() {
    if (deferred_) std::exchange(deferred_, nullptr)();
  }

  // ---- free-running mode ----

  // From now on the tasks of applications are threads of the host, which run at the same time as everything
  // else, and simulated time follows the wall clock. REQUIRES: no application has begun.
  void run_freely();
  bool runs_freely() const { return free_ != nullptr; }
  // The time now for whoever asks from anywhere.
  std::uint64_t clock_ps() const;
  // The calling thread comes into the system, where it is alone, and goes out of it; counted. A thread that
  // nobody has heard of becomes a task of the application. One whose process has ended never comes back.
  void enter_system();
  void leave_system();
  // A thread that the running one is about to start by the host's own means will be a task of its process;
  // that thread says so when it begins, and it ends as the thread does.
  Task& expect_thread(const std::string& name);
  void begin_thread(Task& task);
  void thread_left();
  // It did not begin.
  void forget_thread(Task& task);
  // The same for whoever drives the machine, who is no task.
  void enter_as_machine();
  void leave_as_machine();
  // The calling thread goes out, however often it came in, to call what is the application's; and in again.
  // Nothing happens when it is not inside.
  std::uint32_t step_outside();
  void step_inside(std::uint32_t depth);
  // There are application threads, and each of them waits without a deadline.
  bool everybody_waits() const;
  // The calling thread ends here, as what it is in the middle of can not be left. REQUIRES: it is inside.
  [[noreturn]] void stand_still();
  FreeThreads& free_threads() { return *free_; }

  // Lets the running task sleep; a span that reaches beyond simulated time is for ever.
  void sleep(std::uint64_t span_ps);

  // The running application task read `value` at `address` (a shared word, or a name for something like the
  // clock or an API result). A task that keeps seeing the same is parked until something it looked at
  // changes.
  // Returns whether it was parked: what it read may be old by now.
  bool look(const volatile void* address, std::uint64_t value);
  // A load by a ring helper of the running application task: time passes, and it looks. As long as nobody
  // else can act meanwhile, a load that repeats an earlier one need not be told.
  std::uint32_t poll(const std::uint32_t* word, MemoryOrder order);
  // The same for the millisecond clock: a parked task is woken when it ticks.
  void look_at_clock(std::uint64_t tick_ms);
  // The running task changed something: whatever it looks at next is new.
  void acted();

  // Runs what is due, not beyond the hardware's horizon and not after `limit_ps`; returns early when a task
  // has ended or all is quiet.
  void run_due(std::uint64_t limit_ps);
  // Called when the hardware posts an event while the kernel is not running.
  void on_outside_event(std::function<void()> callback) { outside_event_ = std::move(callback); }
  // Nothing will happen on the host any more unless the hardware makes it: no timer is due, and every task
  // has ended, waits without a deadline, or polls what has not changed for a long time.
  bool quiet() const;
  // Events in the queue, those included that nobody waits for any more.
  std::size_t events_kept() const { return events_.kept().size(); }

  // From now on `chooser` says who goes on, among all that is due within `window_ps` of what comes first.
  // What it leaves waiting is late, as on a busy machine. REQUIRES: no task has run yet.
  void explore(Chooser& chooser, std::uint64_t window_ps);
  // From now on tasks see shared words as `model` says. REQUIRES: no task has run yet.
  void use_memory(std::unique_ptr<MemoryModel> model) { memory_ = std::move(model); }
  // Shared accesses are told to these.
  void tell_accesses(const TapList& taps) { access_taps_ = &taps; }
  // The running task did something that orders all its accesses on a real machine: it entered or left the
  // system, or handed something over.
  void synchronize();
  // The running task did an atomic operation on an object that no ring holds: those who do the next ones are
  // ordered by it as it says.
  void atomic_done(const volatile void* object, bool read, bool wrote, MemoryOrder order);
  // From now on memory that is given back is shut at the next step of an application only: a program that
  // ends without another step never pays for it, and one that touches it before that step is not caught.
  // REQUIRES: not in free-running mode.
  void shut_memory_late() { shuts_memory_late_ = true; }
  // MemoryMachine
  std::uint64_t memory_now_ps() const override { return now_ps_; }
  void became_visible(const std::uint32_t* word) override { shared_word_changed(word); }
  // REQUIRES: explore() was called before.
  void watch_accesses(AccessObserver& observer) { accesses_ = &observer; }
  // The running task is about to ask something of the system.
  void note_system();
  void observe(TaskObserver& observer) { observers_.push_back(&observer); }
  void observe(BlockingObserver& observer) { blocking_ = &observer; }
  // After so many steps run_due() does nothing; 0: any number.
  void limit_steps(std::uint64_t steps) { steps_max_ = steps; }
  bool out_of_steps() const { return steps_max_ != 0 && steps_ >= steps_max_; }
  // How often it was decided who goes on, alternatives or not.
  std::uint64_t steps() const { return steps_; }
  // "main", "port1.rx0", "interrupt 1.64", ….
  std::string actor_name(ActorId actor) const;
  // Application tasks never run again, save those inside the system; services and timers do.
  void stop_applications();
  // The same for the tasks of one process. REQUIRES: called outside tasks.
  void stop_process(std::uint32_t process);
  bool process_stopped(std::uint32_t process) const {
    return applications_stopped_ || stopped_processes_.contains(process);
  }
  // Called with the number of a task of an application before it goes on, when another of them was the last
  // to run.
  void on_turn_change(std::function<void(std::uint32_t)> callback) { turn_changes_ = std::move(callback); }
  // Called with the number of each thread of an application that has ended by itself, save the main thread of
  // a process, with which that ends.
  void on_thread_end(std::function<void(std::uint32_t)> callback) { thread_end_ = std::move(callback); }

 private:
  static constexpr std::uint64_t kNothingChosen = ScheduleChoice::kGoesOn;

  ActorId memory_actor() const { return current_ == nullptr ? kOutsideTasks : current_->number; }
  void tell_access(SharedAccess::Kind kind, MemoryOrder order, const void* word, std::uint32_t value,
                   std::uint32_t old);
  void switch_cpu_to(const Task& task);
  std::string unique_name(const std::string& name);
  Task& add_task(const std::string& name, std::uint32_t cpu, bool application, std::function<void()> body);
  Task& name_task(const std::string& name, std::uint32_t cpu, bool application);
  void start_free_thread(Task& task, std::function<void()> body);
  void run_free_thread(Task& task, const std::function<void()>& body);
  void adopt_thread();
  void come_in();
  void go_out();
  void sleep_free(Task& task);
  [[noreturn]] void end_free_thread();
  void hold_free();
  std::uint32_t calling_process() const;
  Task& name_free_task(std::uint32_t process, const std::string& name);
  void task_over(Task& task);
  template <typename Stops>
  void stop_tasks(Stops stops);
  void posted();
  void make_ready(Task& task, std::uint64_t time_ps);
  void suspend_current();
  void dispatch(HostEvent& event);
  void begin_turn(const Task& task);
  static bool is_outside(const Task& task) { return task.system_depth == 0 && task.platform_depth == 0; }
  static bool is_held(const Task& task) { return task.suspended && is_outside(task); }
  void run_task(Task& task);
  void park_current();
  void show_phase();
  void forget_looks(Task& task);
  static Look* find_look(Task& task, const volatile void* address);
  bool looked_again(Task& task);
  bool spend_time(std::uint64_t cost_ps);
  bool goes_on();
  void shut_memory();
  void note(const volatile void* object, bool write);
  void note_source(ActorId source, bool write);
  void note_step();
  bool next_event(HostEvent& next);

  HardwareTime& hardware_;
  Progress* progress_;
  std::vector<std::uint64_t> cpu_free_ps_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::map<std::string, std::uint32_t> names_;  // how many tasks were called so
  std::vector<Task*> live_;                     // those that have not ended, in order of their start
  EventQueue events_;
  std::unique_ptr<ScheduleOptions> options_;  // null: time and order of posting decide
  std::uint64_t chosen_ = kNothingChosen;     // order of the event that interrupts the running task
  std::unique_ptr<MemoryModel> memory_;       // null: sequential
  const TapList* access_taps_ = nullptr;
  std::vector<ActorId> last_on_cpu_;  // kept for the memory model
  bool shuts_memory_late_ = false;
  bool memory_waits_ = false;  // for being shut
  std::uint64_t steps_ = 0;
  std::uint64_t steps_max_ = 0;
  std::uint64_t now_ps_ = 0;  // of the running task; outside tasks, of the last event
  std::uint64_t last_event_ps_ = 0;
  std::uint64_t limit_ps_ = kNever;   // of the run that is under way
  std::uint64_t end_ps_ = 0;          // as far as limit and hardware allowed when that was last asked
  std::uint64_t alone_until_ps_ = 0;  // the running task polls, and nobody else acts before; 0: not known
  std::uint64_t stretch_ = 0;         // of polls in which nobody else acted
  std::uint32_t next_application_cpu_ = 0;
  Task* current_ = nullptr;
  bool running_ = false;
  std::function<void()> deferred_;
  AccessObserver* accesses_ = nullptr;
  ActorId acting_ = 0;  // the actor whose step is under way; meant only while accesses are watched
  std::vector<TaskObserver*> observers_;
  BlockingObserver* blocking_ = nullptr;
  bool task_ended_ = false;  // since the run began
  std::uint32_t pending_actions_ = 0;
  bool applications_stopped_ = false;
  std::function<void()> outside_event_;
  std::function<void(std::uint32_t)> thread_end_;
  std::function<void(std::uint32_t)> turn_changes_;
  std::uint32_t last_turn_ = 0;                     // of an application: the first task is a main thread
  std::map<std::uint32_t, std::string> processes_;  // prefix of those that were started
  std::set<std::uint32_t> stopped_processes_;
  std::unique_ptr<FreeThreads> free_;  // null: tasks are coroutines
  std::uint64_t due_before_ps_ = 0;    // free-running: the next event when the running thread came in
  bool acted_ = false;                 // the same: it has done something since
};

}  // namespace ringproof
