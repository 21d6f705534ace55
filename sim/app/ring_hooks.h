// ring_hooks.h: joins the published calls and the ring helpers to a world, or takes them off again.
// Role     after set_current_world(&world) every call and every helper access is a schedule point of it
// Threads  simulation thread
#pragma once

namespace ringproof {

struct World;
void set_current_world(World* world);

}  // namespace ringproof
