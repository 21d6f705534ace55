// data_path_gate.h: keeps control operations out of a data path pass that is under way.
// Role     programs, sockets and queues change only between two passes of a queue
// Shapes   whoever waits comes before the next pass, however soon that one would begin
// Threads  simulation thread
// Source   XDP for Windows: work on a queue is synchronised with its data path
#pragma once

#include <cstdint>

#include "model/base/host.h"

namespace ringproof::xdp {

class DataPathGate {
 public:
  // `queue` is unique among the queues of the kind. A pass that has begun runs to its end without waiting for
  // anything.
  DataPathGate(Host& host, const char* kind, std::uint64_t queue) : host_(host), name_{kind, queue, false} {}

  // Held by the data path for the length of one pass.
  class Pass {
   public:
    explicit Pass(DataPathGate& gate) : in_platform_(gate.host_), gate_(gate) {
      gate_.host_.lock_wanted(gate_.name_);
      while (gate_.waiting_ > 0) gate_.host_.wait(gate_.served_, kNever);
      gate_.inside_ = true;
      gate_.host_.lock_taken(gate_.name_);
    }
    ~Pass() {
      gate_.inside_ = false;
      gate_.host_.lock_left(gate_.name_);
      gate_.host_.notify(gate_.left_);
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    const InPlatform in_platform_;
    DataPathGate& gate_;
  };

  // Returns when no pass is under way. REQUIRES: the calling task is not the data path itself.
  void wait_until_outside() {
    host_.lock_wanted(name_);
    ++waiting_;
    while (inside_) host_.wait(left_, kNever);
    --waiting_;
    host_.notify(served_);
  }

 private:
  Host& host_;
  const LockName name_;
  bool inside_ = false;
  std::uint32_t waiting_ = 0;
  Signal left_;
  Signal served_;  // one of those who wait, or more
};

}  // namespace ringproof::xdp
