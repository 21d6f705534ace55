// hardware_queue.h: what receive and transmit queues of the driver have in common.
// Role     the register block, the post ring, and the word with the published index
// Units    indices run free in 32 bits
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <string>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/loan.h"
#include "model/nic/device.h"
#include "model/nic/engine_layout.h"

namespace ringproof::driver {

// CPU time of the driver's work; round figures, see HostCosts.
constexpr std::uint64_t kInterruptPs = 400'000;
constexpr std::uint64_t kPerFramePs = 60'000;
constexpr std::uint64_t kRegisterWritePs = 20'000;
constexpr std::uint32_t kPollBudget = 64;  // frames a poll takes before it lets others run

class HardwareQueue {
 public:
  virtual ~HardwareQueue() = default;

  // What the device has published and nobody took, as far as the hardware has come.
  std::uint32_t backlog() const { return index_word() - seen_; }

  // Nothing new is begun for the queue; what is in flight comes to its end.
  void disable() { write(nic::kControl, 0); }
  std::uint32_t register_offset(nic::QueueRegister name) const { return block_ + name; }

  // From the next set-up on; registers as they are, 0 as at power-on.
  void set_pacing(std::uint32_t coalesce, std::uint32_t moderation) {
    coalesce_ = coalesce;
    moderation_ = moderation;
  }

 protected:
  HardwareQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue,
                std::uint32_t vector, std::uint32_t block, std::uint32_t entries);

  void write(nic::QueueRegister offset, std::uint32_t value);
  void write_address(nic::QueueRegister low, std::uint64_t address);
  // Tells the engine where everything is and enables the queue. `completion_ring` is 0 for transmit.
  void enable(std::uint64_t completion_ring);
  // The same for a queue that works on rings that it was lent.
  void enable(const Loan& loan);
  // Before the queue is set up again: indices go on behind everything that was ever posted, so that no stale
  // doorbell fits. REQUIRES: the device has nothing of the queue.
  void start_afresh();
  // The index that the device published last, as of the calling task's time.
  std::uint32_t published();
  // The same, as far as the hardware has come.
  virtual std::uint32_t index_word() const;

  nic::PostEntry* post_entry(std::uint32_t index) const {
    return reinterpret_cast<nic::PostEntry*>(posts_) + (index & (entries_ - 1));
  }

  nic::Device& device_;
  Host& host_;
  const TapList& taps_;
  const std::uint32_t port_;
  const std::uint32_t queue_;
  const std::uint32_t vector_;
  const std::uint32_t entries_;
  std::uint32_t posted_ = 0;  // producer index of the post ring
  std::uint32_t seen_ = 0;    // completions taken

  // The doorbell again, with what is posted now.
  void ring_again();

 private:
  void enable_now();

  const std::uint32_t block_;
  std::uint32_t coalesce_ = 0;
  std::uint32_t moderation_ = 0;
  std::uint64_t posts_address_;
  std::uint64_t index_address_;
  unsigned char* posts_;
  bool zero_copy_ = false;  // as the register was written last
};

}  // namespace ringproof::driver
