// lent_transmit_monitor.h: a device that sends from the rings of a socket reads what was posted, and all of
// it.
// Role     INV-13: each read of the socket's memory lies in a posted frame that is not completed; INV-23: a frame is
//          completed when it has been read to its end
// Shapes   posted frames in order; reads come in bursts of any order, so those of a frame are added up. It reads
//          whole beats of 64 bytes
// Errors   the device's. A descriptor that was changed after it was posted leads the device elsewhere, which is
//          the application's doing: then nothing is judged until the next loan
// Source   invariants-and-faults.md B and D; docs/design/queue-engine.md, "Zero-copy queues"
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class LentTransmitMonitor final : public Tap {
 public:
  explicit LentTransmitMonitor(InvariantLog& log) : log_(log) {}

  // A transmit queue works on the rings of a socket, so that dma() and hw_tx_posted() have something to hear.
  bool any_lent() const { return lent_ > 0; }

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override { sockets_[socket].umem = umem; }
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;

 private:
  struct Frame {
    std::uint32_t index;
    std::uint64_t first;  // in the memory, whole beats
    std::uint64_t bytes;  // the same; 0: it leads nowhere
    std::uint64_t read;
    std::uint64_t begin;
    std::uint64_t length;
    bool covers(std::uint64_t offset, std::uint64_t count) const {
      return offset >= first && offset + count <= first + bytes;
    }
  };
  struct Queue {
    std::uint64_t socket = 0;  // 0: not lent
    std::uint64_t memory = 0;  // its DMA address; 0: not known
    std::size_t last = 0;      // frame that was read from last
    Fifo<Frame> frames;
    EventTrail trail;
  };
  struct Socket {
    UmemShape umem{};
    RingShape tx{};
  };

  void ended(Queue& queue);
  // Some descriptor is not what was posted.
  bool changed(const Queue& queue);
  Frame* read_from(Queue& queue, std::uint64_t offset, std::uint64_t bytes);

  InvariantLog& log_;
  std::vector<ByVector<Queue>> ports_;
  std::uint32_t lent_ = 0;
  ByNumber<Socket> sockets_;
};

}  // namespace ringproof
