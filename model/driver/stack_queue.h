// stack_queue.h: frames between the host's own stack and a port, as software sees them.
// Role     shows what the stack sends to whoever inspects it, and gives the stack what others inject into its
//          receive path or send back to it
// Shapes   frames of the stack keep their order, inspected or not; injected ones are completed by the next
//          pass, without a timestamp. A task of its own from the first frame or client on
// Units    [bytes] without FCS
// Threads  simulation thread; clients are called from the queue's task
// Errors   frames that nobody sends or gets while the port is paused are told (kPaused)
// Source   XDP for Windows: generic mode; TX inspect and RX inject hooks
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "model/driver/driver.h"

namespace ringproof::driver {

class StackQueue {
 public:
  StackQueue(Driver& driver, Host& host, const TapList& taps, std::uint32_t queue, std::uint32_t cpu);
  StackQueue(const StackQueue&) = delete;
  StackQueue& operator=(const StackQueue&) = delete;

  // What the stack sends is shown to the inspector, who accounts for what it drops; kTransmit sends a frame
  // back to the stack. Null: everything goes down to the port. Takes effect between passes.
  void set_inspector(RxClient* inspector);
  // Whose frames the stack receives.
  void set_injector(TxClient* injector);

  // The stack sends. `buffers`: lengths of the buffers that the frame lies in; empty: one.
  void send(std::vector<unsigned char> frame, std::vector<std::uint32_t> buffers);
  // Asks for a pass.
  void kick();

  void set_paused(bool paused) { paused_ = paused; }
  // Nothing that the stack sent waits here, and nothing that was injected has still to be completed.
  bool idle() const { return waiting_.empty() && !in_pass_ && injected_.empty(); }

 private:
  struct Waiting {
    std::vector<unsigned char> bytes;
    std::vector<std::uint32_t> buffers;
  };

  void serve();
  void pass();
  bool take_injected();
  void inspect();
  void finish(const RxFrame& shown, std::vector<unsigned char>& frame);
  void indicate(Tap::Bytes frame);

  Driver& driver_;
  Host& host_;
  const TapList& taps_;
  const std::uint32_t port_;
  const std::uint32_t queue_;
  const std::uint32_t cpu_;
  bool started_ = false;
  bool work_ = false;
  bool in_pass_ = false;
  bool paused_ = false;
  Signal work_signal_;
  RxClient* inspector_ = nullptr;
  TxClient* injector_ = nullptr;
  std::deque<Waiting> waiting_;
  std::vector<TxCompletion> injected_;  // to be completed
};

}  // namespace ringproof::driver
