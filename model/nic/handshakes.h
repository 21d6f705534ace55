// handshakes.h: which channels of a queue engine have a word that waits, and which transfer one, all at once.
// Role     for those who look at the pins in every cycle, in most of which nothing happens on most channels
// Shapes   one byte a channel; the pins lie in this order on both sides, queue_engine.h
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

class Handshakes {
 public:
  // Channels whose words the engine sends, and those whose words it gets.
  enum Sent : unsigned {
    kReadAddress,
    kWriteAddress,
    kWriteData,
    kTransmit,
    kRegisterData,
    kRegisterDone,
    kInterrupt
  };
  enum Got : unsigned { kReadData, kWriteDone, kReceive, kRegisterWrite, kRegisterWord, kRegisterRead };

  Handshakes(const EngineInputs& in, const EngineOutputs& out)
      : sent_(word(&out) & kSentMask),
        sent_ready_(word(&in)),
        got_(word(reinterpret_cast<const unsigned char*>(&in) + 8) & kGotMask),
        got_ready_(word(reinterpret_cast<const unsigned char*>(&out) + 8)) {}

  bool any_waits() const { return ((sent_ & ~sent_ready_) | (got_ & ~got_ready_)) != 0; }
  bool any_transfers() const { return ((sent_ & sent_ready_) | (got_ & got_ready_)) != 0; }
  // A neighbour has a word for the engine.
  bool any_offered() const { return got_ != 0; }

 private:
  static constexpr std::uint64_t kSentMask = (std::uint64_t{1} << 8 * (kInterrupt + 1)) - 1;
  static constexpr std::uint64_t kGotMask = (std::uint64_t{1} << 8 * (kRegisterRead + 1)) - 1;

  static std::uint64_t word(const void* pins) {
    std::uint64_t word;
    std::memcpy(&word, pins, sizeof word);
    return word;
  }

  std::uint64_t sent_, sent_ready_, got_, got_ready_;
};

// A pin of each side at each place.
#define RINGPROOF_SENT(place, valid, ready)                                                 \
  static_assert(offsetof(EngineOutputs, valid) == Handshakes::place && sizeof(bool) == 1 && \
                offsetof(EngineInputs, ready) == Handshakes::place)
#define RINGPROOF_GOT(place, valid, ready)                                \
  static_assert(offsetof(EngineInputs, valid) == 8 + Handshakes::place && \
                offsetof(EngineOutputs, ready) == 8 + Handshakes::place)
RINGPROOF_SENT(kReadAddress, axi_arvalid, axi_arready);
RINGPROOF_SENT(kWriteAddress, axi_awvalid, axi_awready);
RINGPROOF_SENT(kWriteData, axi_wvalid, axi_wready);
RINGPROOF_SENT(kTransmit, tx_tvalid, tx_tready);
RINGPROOF_SENT(kRegisterData, axil_rvalid, axil_rready);
RINGPROOF_SENT(kRegisterDone, axil_bvalid, axil_bready);
RINGPROOF_SENT(kInterrupt, irq_valid, irq_ready);
RINGPROOF_GOT(kReadData, axi_rvalid, axi_rready);
RINGPROOF_GOT(kWriteDone, axi_bvalid, axi_bready);
RINGPROOF_GOT(kReceive, rx_tvalid, rx_tready);
RINGPROOF_GOT(kRegisterWrite, axil_awvalid, axil_awready);
RINGPROOF_GOT(kRegisterWord, axil_wvalid, axil_wready);
RINGPROOF_GOT(kRegisterRead, axil_arvalid, axil_arready);
#undef RINGPROOF_SENT
#undef RINGPROOF_GOT

}  // namespace ringproof::nic
