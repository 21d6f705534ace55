// irq.h: nic_irq and nic_irq_merge, in C++.
// Role     an armed queue asks once, when its published index differs from what the host has seen and
//          MODERATION allows; the requests of both directions go out turn by turn
// Timing   settle() is of the registers and the inputs of the cycle; clock*() is the edge
// Errors   none
// Source   rtl/nic_irq.sv, rtl/nic_irq_merge.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/publish.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/round_robin.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic::cycle {

class Irq {
 public:
  // What happens in this cycle.
  struct Settled {
    bool any = false;      // a queue is looked at
    bool differs = false;  // and has something to ask for
    bool due = false;      // which has waited long enough
    bool raise = false;
    std::uint8_t queue = 0;
  };

  bool valid() const { return valid_; }
  std::uint32_t queue() const { return queue_; }
  std::uint32_t interrupts(std::uint32_t queue) const { return raised_[queue]; }
  bool active() const { return valid_ || check_ != 0; }

  // `taken`: the request that is out now goes.
  Settled settle(const QueueConfig& config, const Publish& publish, bool taken) const {
    Settled now;
    now.any = check_ != 0;
    if (!now.any) return now;
    now.queue = static_cast<std::uint8_t>(turn_.choice(check_));
    const std::uint32_t distance = publish.published(now.queue) - seen_[now.queue];
    now.differs = has(armed_ & config.enabled(), now.queue) && distance != 0;
    const std::uint32_t age = has(waits_, now.queue) ? (now_ - since_[now.queue]) & kPacingClockMask : 0;
    now.due = now.differs && config[now.queue].moderation.due(age, distance);
    now.raise = now.due && (!valid_ || taken);
    return now;
  }

  void clock(const Settled& now, bool taken) {
    if (taken) valid_ = false;
    if (!now.any) return;
    turn_.taken(now.queue);
    const std::uint64_t one = bit(now.queue);
    if (now.differs && !has(waits_, now.queue)) since_[now.queue] = now_;
    now_ = (now_ + 1) & kPacingClockMask;
    waits_ = now.differs && !now.raise ? waits_ | one : waits_ & ~one;
    if (!now.differs || now.raise) check_ &= ~one;
    if (!now.raise) return;
    armed_ &= ~one;
    ++raised_[now.queue];
    valid_ = true;
    queue_ = now.queue;
  }
  void clock_moved(std::uint32_t queue) { check_ |= bit(queue); }
  void clock_command(const Command& command) {
    const std::uint64_t one = bit(command.queue);
    if (command.start) check_ |= one;
    if (command.stop) armed_ &= ~one;
    if (!command.arm) return;
    seen_[command.queue] = command.value;
    armed_ |= one;
    check_ |= one;
    waits_ &= ~one;
  }

  void reset() {
    check_ = armed_ = waits_ = 0;
    valid_ = false;
    now_ = 0;
    seen_.fill(0);
    raised_.fill(0);
    turn_.reset();
  }

 private:
  std::array<std::uint32_t, kQueues> seen_{};
  std::array<std::uint32_t, kQueues> since_{};  // when the difference was found
  std::array<std::uint32_t, kQueues> raised_{};
  std::uint64_t check_ = 0;
  std::uint64_t armed_ = 0;
  std::uint64_t waits_ = 0;  // for more, since since_
  std::uint32_t now_ = 0;    // counts while a queue is looked at
  bool valid_ = false;
  std::uint32_t queue_ = 0;
  RoundRobin turn_;
};

class IrqMerge {
 public:
  // Which of the two is taken in this cycle.
  struct Settled {
    bool load = false;
    bool rx = false;
    bool tx = false;
  };

  bool valid() const { return valid_; }
  std::uint32_t vector() const { return vector_; }

  Settled settle(bool rx_valid, bool tx_valid, bool ready) const {
    Settled now;
    now.load = !valid_ || ready;
    const bool pick_tx = tx_valid && !(rx_valid && tx_last_);
    now.tx = now.load && pick_tx;
    now.rx = now.load && rx_valid && !pick_tx;
    return now;
  }

  void clock(const Settled& now, std::uint32_t rx_queue, std::uint32_t tx_queue) {
    if (!now.load) return;
    valid_ = now.rx || now.tx;
    if (!valid_) return;
    tx_last_ = now.tx;
    vector_ = now.tx ? kTxVectorBase + tx_queue : rx_queue;
  }

  void reset() {
    valid_ = tx_last_ = false;
    vector_ = 0;
  }

 private:
  bool valid_ = false;
  bool tx_last_ = false;
  std::uint32_t vector_ = 0;
};

}  // namespace ringproof::nic::cycle
