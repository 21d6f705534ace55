#include "sim/app/thread_locals.h"

#include "sim/app/raw_memory.h"
#include "sim/app/world.h"

namespace {

// What the compiler's own accesses call.
struct TlsIndex {
  std::size_t module;
  std::size_t offset;
};

}  // namespace

extern "C" void* __tls_get_addr(TlsIndex*);

namespace ringproof {

unsigned char* thread_local_block(std::size_t module) {
  TlsIndex index = {module, 0};
  return static_cast<unsigned char*>(__tls_get_addr(&index));
}

ThreadLocals::ThreadLocals(const std::vector<Block>& blocks, std::uint32_t task) : owner_(task) {
  for (const Block& block : blocks) {
    Image initial = block.bytes;
    initial.resize(initial.size() + block.zeros);
    places_.push_back({thread_local_block(block.module), std::move(initial)});
  }
}

void ThreadLocals::switch_to(std::uint32_t task) {
  if (task == owner_) return;
  std::vector<Image>& kept = kept_[owner_];
  kept.clear();
  for (const Place& place : places_) {
    kept.push_back(raw_bytes(place.memory, place.initial.size()));
    kept.back().resize(place.initial.size());  // zeros at the end
  }
  const auto found = kept_.find(task);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    raw_write(places_[i].memory, found == kept_.end() ? places_[i].initial : found->second[i]);
  }
  owner_ = task;
}

void ThreadLocals::destroy(std::uint32_t task) {
  auto& own = destructors_[task];
  while (!own.empty()) {
    const auto [destructor, object] = own.back();
    own.pop_back();
    destructor(object);
  }
  destructors_.erase(task);
}

}  // namespace ringproof

#pragma GCC visibility push(default)
extern "C" {

int __cxa_thread_atexit(void (*destructor)(void*), void* object, void* library);

int __wrap___cxa_thread_atexit(void (*destructor)(void*), void* object, void* library) {
  ringproof::World* const world = ringproof::calling_world;
  if (world == nullptr || !world->kernel.in_application() || world->thread_locals.empty()) {
    return __cxa_thread_atexit(destructor, object, library);
  }
  const auto task = static_cast<std::uint32_t>(world->kernel.current_task());
  world->thread_locals.front()->add_destructor(task, destructor, object);
  return 0;
}

}  // extern "C"
#pragma GCC visibility pop
