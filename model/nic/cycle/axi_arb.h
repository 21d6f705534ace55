// axi_arb.h: nic_axi_read_arb and nic_axi_write_arb, in C++.
// Role     puts the addresses of readers or writers on the channel in turn; the data of writes follows in the
//          order in which the addresses were taken
// Shapes   readers: 0 RX descriptors, 1 TX descriptors, 2 payload; an id is the number of the reader, and
//          above it the reader's tag; writers: 0 payload, 1 completion entries, 2 RX index, 3 TX index,
//          4 entries of completion rings of zero-copy queues: the ids
// Timing   addresses registered, data not
// Errors   none
// Source   rtl/nic_axi_read_arb.sv, rtl/nic_axi_write_arb.sv
#pragma once

#include <cstdint>

#include "model/nic/cycle/round_robin.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic::cycle {

enum Reader : std::uint32_t { kRxDescReader, kTxDescReader, kPayloadReader };
constexpr std::uint32_t kReaderBits = 2;  // of a read's id
enum Writer : std::uint32_t {
  kPayloadWriter,
  kCompletionWriter,
  kRxIndexWriter,
  kTxIndexWriter,
  kTxCompletionWriter
};

// One burst's address on its channel.
struct BusAddress {
  std::uint64_t address = 0;
  std::uint8_t id = 0;
  std::uint8_t last_beat = 0;  // beats - 1
  std::uint8_t requester = 0;  // coded as an interrupt vector
};

// The address channel of either arbiter.
class AddressChannel {
 public:
  struct Settled {
    bool load = false;
    std::uint8_t who = 0;
  };

  bool valid() const { return valid_; }
  const BusAddress& address() const { return address_; }

  // `requests`: one bit for each; none, when what follows has no room.
  Settled settle(std::uint32_t requests, bool ready) const {
    if (requests == 0 || (valid_ && !ready)) return {};
    return {true, static_cast<std::uint8_t>(turn_.choice(requests))};
  }

  // `address` counts only with a load.
  void clock(const Settled& now, bool ready, const BusAddress& address) {
    if (now.load) {
      turn_.taken(now.who);
      valid_ = true;
      address_ = address;
    } else if (ready) {
      valid_ = false;
    }
  }

  void reset() {
    valid_ = false;
    turn_.reset();
  }

 private:
  bool valid_ = false;
  BusAddress address_;
  RoundRobin turn_;
};

}  // namespace ringproof::nic::cycle
