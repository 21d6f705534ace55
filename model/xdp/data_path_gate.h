// data_path_gate.h: keeps control operations out of a data path pass that is under way.
// Role     programs, sockets and queues change only between two passes of a queue
// Threads  simulation thread; leave() may let a waiting task go on
// Source   XDP for Windows: work on a queue is synchronised with its data path
#pragma once

#include "model/base/host.h"

namespace ringproof::xdp {

class DataPathGate {
 public:
  // `queue` is unique among the queues of the kind. A pass runs to its end without waiting for anything.
  DataPathGate(Host& host, const char* kind, std::uint64_t queue) : host_(host), name_{kind, queue, false} {}

  // Held by the data path for the length of one pass.
  class Pass {
   public:
    explicit Pass(DataPathGate& gate) : in_platform_(gate.host_), gate_(gate) {
      gate_.host_.lock_wanted(gate_.name_);
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
    while (inside_) host_.wait(left_, kNever);
  }

 private:
  Host& host_;
  const LockName name_;
  bool inside_ = false;
  Signal left_;
};

}  // namespace ringproof::xdp
