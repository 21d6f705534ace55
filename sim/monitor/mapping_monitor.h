// mapping_monitor.h: what the device may touch, and what it touches.
// Role     INV-25: a device gets no more of a socket's memory than is registered, with the right direction, and
//          each access lies in what is mapped for its queue; INV-43: nothing stays mapped when a loan ends or a
//          socket leaves its queue
// Shapes   the regions of a queue in order of their addresses, which rise, with the one that was used last; few
// Units    DMA addresses; a read comes in whole beats of 64 bytes, of which the last may reach beyond the region
// Errors   what is mapped is the platform's and driver's, an access the device's. Accesses of queues whose
//          mappings nobody told of are not judged
// Source   invariants-and-faults.md D and G; model/nic/host_memory.h
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class MappingMonitor final : public Tap {
 public:
  explicit MappingMonitor(InvariantLog& log) : log_(log) {}

  // The run is over; `drained`: nothing may be mapped that is not the driver's.
  void finish(std::uint64_t end_ps, bool drained);

  void dma_mapped(std::uint32_t port, const DmaRegion& region) override;
  void dma_unmapped(std::uint32_t port, std::uint64_t address) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override { sockets_[socket].umem = umem; }
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override;
  void tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  using Range = std::pair<const unsigned char*, std::uint64_t>;
  struct Queue {
    std::vector<DmaRegion> regions;
    std::size_t last = 0;
    std::uint64_t lender = 0;  // the socket on whose rings the device works
  };
  struct Mapped {
    std::uint32_t port;
    std::uint64_t address;
  };
  struct Socket {
    std::optional<UmemShape> umem;
    std::array<std::optional<RingShape>, 4> rings;
    std::vector<Mapped> to_send;  // for as long as it is on its queue
  };

  const DmaRegion* find(Queue& queue, std::uint64_t address);
  const DmaRegion* find(std::uint32_t port, std::uint64_t address);
  void check_extent(std::uint32_t port, const DmaRegion& region);
  static bool fits(const DmaRegion& region, const Socket& socket);
  static bool touches(const DmaRegion& region, const Socket& socket);
  bool is_to_send(std::uint32_t port, std::uint64_t address) const;
  void loan_ended(std::uint32_t port, std::uint32_t vector, const Queue& queue);

  template <typename Describe>
  void violated(Invariant id, Party party, const Place& place, Describe describe) {
    log_.violated(id, party, place, trail_, now_ps_, describe);
  }

  InvariantLog& log_;
  std::vector<ByVector<Queue>> ports_;
  ByNumber<Socket> sockets_;
  EventTrail trail_;
  std::uint64_t now_ps_ = 0;  // of the last access
};

}  // namespace ringproof
