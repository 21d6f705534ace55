// The schedule points in the ring helpers: what happens at a load, a store or a fence of shared memory.

#include "sim/app/ring_hooks.h"

#include <ringproof/hooks.h>

#include "sim/app/world.h"

namespace ringproof {
namespace {

std::uint32_t load32(const volatile std::uint32_t* address, int order) {
  HostKernel& kernel = current_world->kernel;
  const HostKernel::Visit visit(kernel);
  return kernel.poll(const_cast<const std::uint32_t*>(address), MemoryOrder(order));
}

void store32(volatile std::uint32_t* address, std::uint32_t value, int order) {
  World& world = *current_world;
  const HostKernel::Visit visit(world.kernel);
  world.kernel.spend(HostCosts::kSharedAccessPs);
  const std::uint32_t old = __atomic_load_n(address, __ATOMIC_RELAXED);
  world.kernel.store_shared(const_cast<std::uint32_t*>(address), value, MemoryOrder(order));
  if (old == value) return;
  world.kernel.acted();
  world.kernel.shared_word_changed(address);
  world.platform.application_stored(address, value);
}

void fence(int order) {
  HostKernel& kernel = current_world->kernel;
  const HostKernel::Visit visit(kernel);
  kernel.spend(HostCosts::kFencePs);
  kernel.fence(MemoryOrder(order));
}

constexpr ringproof_hooks kSimulatedHooks = {load32, store32, fence};

}  // namespace

void set_current_world(World* world) {
  current_world = world;
  World* const simulated = world == nullptr || world->kernel.runs_freely() ? nullptr : world;
  simulated_world = simulated;
  calling_world = simulated;
  __atomic_store_n(&ringproof_current_hooks, simulated == nullptr ? nullptr : &kSimulatedHooks,
                   __ATOMIC_RELAXED);
}

}  // namespace ringproof

extern "C" {

int ringproof_find_umem(const void* descriptor, struct ringproof_umem* umem) {
  if (ringproof::current_world == nullptr) return 0;
  const ringproof::SystemEntry entry;
  const std::optional<ringproof::UmemShape> found = ringproof::current_world->platform.umem_of(descriptor);
  if (!found.has_value()) return 0;
  *umem = {found->base, found->total_bytes, found->chunk_bytes};
  return 1;
}

const struct ringproof_hooks* ringproof_current_hooks = nullptr;
}
