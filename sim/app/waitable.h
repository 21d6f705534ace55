// waitable.h: what an application can wait for by handle.
// Role     the two questions a wait asks, for events now and for other objects later
// Threads  simulation thread
// Source   Windows: wait functions
#pragma once

#include "model/xdp/handle_table.h"
#include "sim/app/world.h"

namespace ringproof {

class Waitable : public xdp::KernelObject {
 public:
  virtual bool signalled() const = 0;
  // A wait ends because of this object.
  virtual void taken() = 0;
};

class Event final : public Waitable {
 public:
  Event(World& world, bool manual_reset, bool set) : world_(world), manual_reset_(manual_reset), set_(set) {}

  void set() {
    set_ = true;
    world_.kernel.notify(world_.signalled);
  }
  void reset() { set_ = false; }
  bool signalled() const override { return set_; }
  void taken() override { set_ = set_ && manual_reset_; }
  void close() override {}

 private:
  World& world_;
  const bool manual_reset_;
  bool set_;
};

}  // namespace ringproof
