// polled_queue.h: who polls a hardware queue, and when.
// Role     the queue's own task after interrupts and kicks, over and over while the queue is busy, and not at
//          all while somebody else has acquired the queue
// Shapes   passes of one queue never overlap: a task that comes during a pass, or while the queue is reset,
//          waits for the end of that
// Threads  poll() runs the pass in the calling task
// Errors   none
// Source   XDP for Windows: poll modes; docs/design/queue-engine.md for the arming of interrupts
#pragma once

#include <cstdint>
#include <memory>

#include "model/driver/driver.h"
#include "model/driver/hardware_queue.h"

namespace ringproof::driver {

class PolledQueue : public HardwareQueue {
 public:
  // The own task of the queue.
  void serve();
  void wake();

  // Where the own task runs, from its next wake-up on.
  void set_cpu(std::uint32_t cpu) { cpu_ = cpu; }
  std::uint32_t cpu() const { return cpu_; }

  // Counted; ending the last one asks for one more pass.
  void set_busy(bool on);

  // Counted; the last release gives the queue back to its own task.
  void acquire() {
    ++acquired_;
    tell_poller();
  }
  void release();
  bool acquired() const { return acquired_ > 0; }
  PollWork poll(std::uint32_t quota) { return {run_pass(quota)}; }
  // Asks for an interrupt as soon as the device publishes more than was taken.
  virtual void arm();
  // An interrupt or a kick came, or a pass said that it must be followed by another one.
  bool work_waits() const { return pending_; }

  void set_paused(bool paused) { paused_ = paused; }

  // Keeps passes out, as soon as none is under way; whoever comes for one waits until they are let in.
  void bar();
  void let_in();
  // Gives clients what the device had published, and back what it still has. REQUIRES: it does nothing more
  // for the queue, and passes are barred.
  void take_back();
  // Sets the queue up on a device that has nothing of it.
  void set_up();
  // The device is not there: what is to be sent is given back.
  void set_gone(bool gone) { gone_ = gone; }

  // ---- Rings that are lent to the queue ----

  // The device works on them from the next set-up on, until take_back(). REQUIRES: passes are barred, and the
  // device has nothing of the queue.
  void lend(LentRings& rings);
  void begin_loan(const LentCounts& counts);
  // None: those of the driver.
  LentRings* lent() const { return loan_ == nullptr ? nullptr : &loan_->rings(); }
  // Frames go their ordinary way, and the queue's own task sees to it.
  bool usable() const { return !paused_ && !gone_; }
  bool polled_by_others() const { return acquired_ > 0 || busy_ > 0; }
  // The first pass over them, before others are let in.
  void look_after_loan();
  // What is in them besides stays there.
  void post_no_more() { posts_ = false; }

  // Makes good what the device or the host may have missed: the doorbell, and an interrupt.
  void look_again();

 protected:
  // `work` is notified when something comes for a queue that is acquired.
  PolledQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work, std::uint32_t queue,
              std::uint32_t vector, std::uint32_t block, std::uint32_t entries, std::uint32_t own_quota);

  // Of the driver's own rings.
  virtual void set_up_own() = 0;
  // Moves at most `quota` new frames. Returns whether another pass must follow.
  virtual bool pass(std::uint32_t quota) = 0;
  virtual void take_back_all() = 0;
  // Somebody keeps passes from taking anything.
  virtual bool held() const { return false; }
  // Tells who takes what the queue brings, if that has changed.
  void tell_poller();
  std::uint32_t index_word() const override {
    return loan_ == nullptr ? HardwareQueue::index_word() : loan_->published();
  }

  bool paused_ = false;
  bool gone_ = false;

 private:
  LockName name_of_pass() const { return {"pass of a driver queue", std::uint64_t{port_} << 8 | vector_}; }
  bool pass_lent();
  void end_loan();
  bool run_pass(std::uint32_t quota);
  std::uint32_t disturbed(std::uint32_t quota);
  void sleep();
  void disturb_before_arming();
  void poll_until_idle();
  bool pause_before_next_poll(std::uint32_t empty_polls);

  Signal& work_;
  const std::uint32_t own_quota_;  // of a pass of the own task
  std::uint32_t cpu_ = 0;
  std::uint32_t busy_ = 0;
  std::uint32_t acquired_ = 0;
  bool pending_ = false;
  bool in_pass_ = false;
  bool barred_ = false;
  std::uint32_t bars_wanted_ = 0;
  bool serving_ = false;  // the own task is awake
  std::unique_ptr<Loan> loan_;
  bool posts_ = true;             // of a loan
  bool looked_after_ = false;     // nothing has come since the first pass over a loan
  std::uint32_t own_posted_ = 0;  // of the driver's rings, meanwhile
  Poller poller_ = Poller::kAsleep;
  Signal wake_signal_;
  Signal pass_left_;
};

}  // namespace ringproof::driver
