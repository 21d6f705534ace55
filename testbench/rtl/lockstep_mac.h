// lockstep_mac.h: the MAC of random traffic, and the interrupt sink.
// Role     gives frames over AXI4-Stream, to queues with and without buffers and with headers of all kinds,
//          and takes those to send
// Units    [cycles], [bytes]
// Errors   none
// Source   docs/design/queue-engine.md, "Ports"; the REQUIREs of rtl/nic_rx_write.sv
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "testbench/rtl/lockstep_phase.h"

namespace ringproof::nic {

class MacSide {
 public:
  explicit MacSide(Surroundings& around) : around_(around) {}
  void drive(EngineInputs& in);
  void observe(EngineInputs& in, const EngineOutputs& out);
  void forget();
  bool within_frame() const { return offset_ != 0; }

 private:
  bool begin(EngineInputs& in);
  void make_header();
  void count_header() const;
  void decided(const EngineOutputs& out);
  void show_beat(EngineInputs& in);
  void beat_taken(EngineInputs& in);
  void beat_sent(const EngineOutputs& out);

  Surroundings& around_;
  std::uint32_t length_ = 0, offset_ = 0;  // of the frame on the wire, 0 for none
  std::uint64_t next_frame_ = 0;
  std::uint32_t sent_bytes_ = 0;
  std::array<unsigned char, 2 * kBeatBytes> header_{};  // of the frame on the wire
  std::deque<std::uint8_t> undecided_;                  // queues that the MAC named, of frames taken
  std::array<std::uint32_t, kLockstepQueues> undecided_of_{};
};

}  // namespace ringproof::nic
