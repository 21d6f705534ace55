// world.h: the simulated machine that the published calls act on.
// Role     the calls carry no context argument, so one pointer names the world they mean
// Threads  set by the runner before the application starts; calls come from the simulation thread only
// Errors   a call without a world answers as a machine without the driver: 0x80070002
// Source   docs/code-map.md
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/base/host.h"
#include "model/xdp/platform.h"
#include "sim/app/handle_owners.h"
#include "sim/app/thread_locals.h"
#include "sim/host/host_kernel.h"
#include "sim/host/progress.h"
#include "sim/instrument/shared_ranges.h"

namespace ringproof {

class AsyncRequests;
struct CrtState;
struct PosixState;
class Win32State;

struct World {
  // `uncaught`: an exception left a thread of the application; ends the calling task. `seed`: of the run.
  World(xdp::Platform& the_platform, HostKernel& the_kernel, Progress* the_progress,
        std::function<void(const char*)> when_uncaught, std::uint64_t seed);
  ~World();
  // The running task, of the application, is about to end: its thread-local variables are destroyed.
  void destroy_thread_locals();
  // The same for what it keeps under keys.
  void destroy_thread_values();
  // Starts a thread of the application; an exception that leaves it is uncaught. Its task, or -1 when there
  // is no memory for another stack.
  int start_thread(const std::string& name, std::function<void()> body) {
    return start_thread(kernel.current_process(), name, std::move(body));
  }
  int start_thread(std::uint32_t process, const std::string& name, std::function<void()> body);
  // A handle of the running process to an object that no tap is told of.
  HANDLE open_handle(std::shared_ptr<xdp::KernelObject> object);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  xdp::Platform& platform;
  HostKernel& kernel;
  Progress* const progress;
  const std::function<void(const char*)> uncaught;
  const std::thread::id thread = std::this_thread::get_id();
  std::map<int, std::uint32_t> last_errors;  // by task
  Signal signalled;                          // something that tasks wait for by handle was signalled
  std::unique_ptr<AsyncRequests> async;
  std::unique_ptr<PosixState> posix;
  std::unique_ptr<CrtState> crt;
  std::unique_ptr<Win32State> win32;
  std::vector<std::unique_ptr<ThreadLocals>> thread_locals;  // of the programs that have such variables
  SharedRanges* ranges = nullptr;                            // where instrumented applications are watched
  const TapList* watchers = nullptr;                         // told of their accesses
  HandleOwners* owners = nullptr;                            // told of handles that no tap is told of
};

// Read by threads of free-running mode while another one makes the world.
class WorldPointer {
 public:
  WorldPointer& operator=(World* world) {
    world_.store(world, std::memory_order_release);
    return *this;
  }
  operator World*() const { return world_.load(std::memory_order_acquire); }
  World* operator->() const { return *this; }
  World& operator*() const { return *world_.load(std::memory_order_acquire); }

 private:
  std::atomic<World*> world_{nullptr};
};

extern WorldPointer current_world;
// The same, but null in free-running mode: the world whose threads, locks and clocks are simulated.
extern WorldPointer simulated_world;
// The same for the thread of the host that runs it, and null on all others.
extern constinit thread_local World* calling_world;
// Makes a world when the first call finds none; null: there is none to be made.
extern std::atomic<void (*)()> world_on_demand;

// There is a world, and its threads are the host's.
inline bool runs_freely() {
  World* const world = current_world;
  return world != nullptr && world->kernel.runs_freely();
}

// For the length of a block the calling thread is inside the simulated system, where it is alone. Simulated
// threads always are.
class SystemEntry {
 public:
  SystemEntry() {
    World* world = current_world;
    if (world == nullptr) {
      void (*const make)() = world_on_demand.load(std::memory_order_acquire);
      if (make == nullptr) return;
      make();
      world = current_world;
    }
    if (world == nullptr || !world->kernel.runs_freely()) return;
    kernel_ = &world->kernel;
    kernel_->enter_system();
  }
  ~SystemEntry() {
    if (kernel_ != nullptr) kernel_->leave_system();
  }
  SystemEntry(const SystemEntry&) = delete;
  SystemEntry& operator=(const SystemEntry&) = delete;

 private:
  HostKernel* kernel_ = nullptr;
};

// For the length of a block it is outside: while the system calls what is the application's.
class OutsideSystem {
 public:
  OutsideSystem() {
    World* const world = current_world;
    if (world == nullptr || !world->kernel.runs_freely()) return;
    kernel_ = &world->kernel;
    depth_ = kernel_->step_outside();
  }
  ~OutsideSystem() {
    if (kernel_ != nullptr) kernel_->step_inside(depth_);
  }
  OutsideSystem(const OutsideSystem&) = delete;
  OutsideSystem& operator=(const OutsideSystem&) = delete;

 private:
  HostKernel* kernel_ = nullptr;
  std::uint32_t depth_ = 0;
};

// For the length of a block the calling thread is the host's own: while the simulated system tells a test
// something, in the middle of whatever it does. REQUIRES: nothing in the block lets simulated time pass.
class OutsideSimulation {
 public:
  OutsideSimulation() : world_(std::exchange(calling_world, nullptr)) {}
  ~OutsideSimulation() { calling_world = world_; }
  OutsideSimulation(const OutsideSimulation&) = delete;
  OutsideSimulation& operator=(const OutsideSimulation&) = delete;

 private:
  World* const world_;
};

// What a call costs on the CPU: the way into the system and back.
constexpr std::uint64_t kSystemCallPs = 300'000;

// One published call: notes its name for the supervisor, charges its time, and stops an application that
// calls from a thread which the simulation does not know.
class ApiCall {
 public:
  explicit ApiCall(const char* name);
  ~ApiCall();
  ApiCall(const ApiCall&) = delete;
  ApiCall& operator=(const ApiCall&) = delete;
  bool has_world() const { return current_world != nullptr; }
  World& world() const { return *current_world; }

  // For calls that change something: what the task looks at next counts as new.
  void acted() const { world().kernel.acted(); }
  // For calls that only ask or poke: the same answer again and again is polling.
  void looked(std::uint64_t answer) const { world().kernel.look(name_, answer); }

 private:
  const SystemEntry entry_;
  const char* name_;
  const char* outer_ = nullptr;  // the call that makes this one
};

constexpr std::uint32_t kAccessDenied = 0x80070005;  // to a process with a restricted token
constexpr std::uint32_t kNoDriver = 0x80070002;      // ERROR_FILE_NOT_FOUND: no such device

}  // namespace ringproof
