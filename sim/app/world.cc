#include "sim/app/world.h"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include "sim/app/async_requests.h"
#include "sim/app/handle_owners.h"
#include "sim/app/posix_state.h"
#include "sim/win32/crt_state.h"
#include "sim/win32/state.h"

namespace ringproof {

WorldPointer current_world;
WorldPointer simulated_world;
constinit thread_local World* calling_world = nullptr;
std::atomic<void (*)()> world_on_demand{nullptr};

World::World(xdp::Platform& the_platform, HostKernel& the_kernel, Progress* the_progress,
             std::function<void(const char*)> when_uncaught, std::uint64_t seed)
    : platform(the_platform),
      kernel(the_kernel),
      progress(the_progress),
      uncaught(std::move(when_uncaught)),
      async(std::make_unique<AsyncRequests>(*this)),
      posix(std::make_unique<PosixState>()),
      crt(std::make_unique<CrtState>(seed)),
      win32(std::make_unique<Win32State>(*this)) {
  kernel.on_thread_end([this](std::uint32_t task) {
    async->task_ended(static_cast<int>(task));
    win32->task_ended(static_cast<int>(task));
    for (const auto& locals : thread_locals) locals->forget(task);
  });
}

HANDLE World::open_handle(std::shared_ptr<xdp::KernelObject> object) {
  const HANDLE handle = platform.handles().insert(std::move(object));
  if (owners != nullptr) owners->opened(handle);
  return handle;
}

void World::destroy_thread_locals() {
  const auto task = static_cast<std::uint32_t>(kernel.current_task());
  for (const auto& locals : thread_locals) locals->destroy(task);
}

void World::destroy_thread_values() { posix->keys.destroy_values(kernel.current_task()); }

World::~World() = default;

int World::start_thread(std::uint32_t process, const std::string& name, std::function<void()> body) {
  try {
    const auto task = static_cast<int>(kernel.start_thread(process, name, [this, body = std::move(body)] {
      try {
        body();
        const SystemEntry entry;
        destroy_thread_locals();
        win32->finish_current();
      } catch (const std::exception& problem) {
        const SystemEntry entry;
        uncaught(problem.what());
      } catch (...) {
        const SystemEntry entry;
        uncaught("of unknown type");
      }
    }));
    win32->task_started(process, task);
    return task;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

ApiCall::ApiCall(const char* name) : name_(name) {
  if (current_world == nullptr) return;
  if (!current_world->kernel.runs_freely() && std::this_thread::get_id() != current_world->thread) {
    std::fprintf(stderr,
                 "ringproof: the application called %s from a thread that the simulation did not start: "
                 "link it with the flags of pkg-config --libs ringproof, so that pthread_create starts a "
                 "simulated thread\n",
                 name);
    _exit(1);
  }
  if (current_world->progress != nullptr) {
    current_world->progress->last_call.store(name, std::memory_order_relaxed);
  }
  outer_ = current_world->kernel.in_call(name);
  current_world->kernel.spend(kSystemCallPs);
  current_world->kernel.note_system();
  current_world->kernel.synchronize();
}

ApiCall::~ApiCall() {
  if (current_world == nullptr) return;
  current_world->kernel.synchronize();
  current_world->kernel.in_call(outer_);
}

}  // namespace ringproof
