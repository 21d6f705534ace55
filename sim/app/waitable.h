// waitable.h: what an application can wait for by handle.
// Role     the two questions a wait asks, for events, and for the objects of sim/win32
// Threads  simulation thread
// Source   Windows: wait functions
#pragma once

#include "model/xdp/handle_table.h"
#include "sim/app/world.h"

namespace ringproof {

class Waitable : public xdp::KernelObject {
 public:
  // Whether a wait of the running task would end now.
  virtual bool signalled() const = 0;
  // A wait of the running task ends because of this object. True: whoever had it before never gave it back.
  virtual bool taken() = 0;
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
  bool taken() override {
    set_ = set_ && manual_reset_;
    return false;
  }
  void close() override {}

 private:
  World& world_;
  const bool manual_reset_;
  bool set_;
};

}  // namespace ringproof
