#include "sim/app/world.h"

#include <unistd.h>

#include <cstdio>

namespace ringproof {

World* current_world = nullptr;

ApiCall::ApiCall(const char* name) : name_(name) {
  if (current_world == nullptr) return;
  if (std::this_thread::get_id() != current_world->thread) {
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
  current_world->kernel.spend(kSystemCallPs);
}

}  // namespace ringproof
