// lockstep_registers.h: the driver of random traffic, and what else comes over the register bus.
// Role     over AXI4-Lite, opens queues, rings doorbells, arms interrupts and closes queues like a driver
//          that sees the indices in host memory; writes and reads like one that has lost its mind
// Units    [cycles]
// Errors   none
// Source   docs/design/queue-engine.md, "Registers"
#pragma once

#include <cstdint>
#include <deque>

#include "testbench/rtl/lockstep_phase.h"

namespace ringproof::nic {

class RegisterSide {
 public:
  explicit RegisterSide(Surroundings& around) : around_(around) {}
  void drive(EngineInputs& in);
  void observe(EngineInputs& in, const EngineOutputs& out);
  void forget();
  // Disables what is enabled.
  void close_all();
  // A phase that reads all registers begins with those of the queues at home.
  void begin_review() { reviewed_ = 0; }

 private:
  static constexpr std::uint8_t kAllBytes = 0xF;
  struct Write {
    std::uint16_t address;
    std::uint32_t value;
    std::uint8_t strobes = kAllBytes;
  };
  void drive_write(EngineInputs& in);
  void drive_read(EngineInputs& in);
  void plan();
  void plan_for(bool tx, std::uint32_t queue);
  void plan_arm(bool tx, std::uint32_t queue);
  void plan_open(bool tx, std::uint32_t queue);
  void plan_pacing(bool tx, std::uint32_t queue);
  void plan_zero_copy(bool tx, std::uint32_t queue);
  void plan_close(bool tx, std::uint32_t queue);
  void plan_doorbell(bool tx, std::uint32_t queue);
  void plan_odd_doorbell(bool tx, std::uint32_t queue);
  void plan_rss();
  void wish_for_all();
  void plan_garbage();
  std::uint16_t read_address();
  std::uint16_t review_address();
  void push(bool tx, std::uint32_t queue, std::uint32_t offset, std::uint32_t value);
  void push_address(bool tx, std::uint32_t queue, std::uint32_t low_offset);
  void taken();
  void answered(const Write& write);
  void read_done(std::uint16_t address, std::uint32_t value);

  Surroundings& around_;
  std::deque<Write> planned_;
  Write current_{};
  bool offering_ = false, address_taken_ = false, data_taken_ = false;
  std::uint32_t address_wait_ = 0, data_wait_ = 0;
  std::uint64_t next_write_ = 0, next_read_ = 0, taken_at_ = 0;
  std::deque<Write> unanswered_;
  bool answer_shown_ = false;
  std::deque<std::uint16_t> reads_wished_, reads_;
  std::uint32_t reviewed_ = 0;  // registers
};

}  // namespace ringproof::nic
