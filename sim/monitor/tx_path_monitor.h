// tx_path_monitor.h: what a socket gives to be sent is what is posted to the hardware, in the same order.
// Role     INV-17 and INV-18 between the platform's verdict on a TX descriptor and the hardware ring
// Shapes   per socket, the accepted frames that are not posted, known by the place of their bytes
// Errors   the platform's and driver's. Frames that the driver gives back unsent are finished without having been
//          posted. Where a device works on the rings by itself nothing is on the way. Those that a test holds are
//          posted in any order
// Source   invariants-and-faults.md C
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class TxPathMonitor final : public Tap {
 public:
  explicit TxPathMonitor(InvariantLog& log) : log_(log) {}

  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override {
    sockets_[socket].memory = memory;
  }
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void tx_held(std::uint32_t port, std::uint32_t queue, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }
  void ring_moved(std::uint64_t, RingKind, Actor, std::uint32_t, std::uint32_t,
                  std::uint64_t time_ps) override {
    now_ps_ = time_ps;
  }

 private:
  struct Frame {
    const unsigned char* data;
    std::size_t bytes;
    bool is(Bytes other) const { return data == other.data() && bytes == other.size(); }
  };
  struct Socket {
    TxMemory memory{};
    Fifo<Frame> accepted;
    std::vector<Frame> held;  // by a test

    bool has(std::uint32_t port, Bytes bytes) const;
    // In `accepted`; its size for a frame that is not there.
    std::size_t place_of(Bytes bytes) const;
    // It was held.
    bool let_go(Bytes bytes);
  };

  void judge_order(std::uint32_t port, std::uint32_t queue, std::uint32_t index, std::uint64_t socket,
                   std::size_t place);

  InvariantLog& log_;
  std::map<std::uint64_t, Socket> sockets_;
  std::map<std::uint32_t, std::uint64_t> given_back_;  // by port, since a frame was posted in its turn
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
