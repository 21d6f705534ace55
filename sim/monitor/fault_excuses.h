// fault_excuses.h: what the monitors must not hold against anybody because a fault did it on purpose.
// Role     listens to the faults that strike, and tells the log which invariants prove nothing from then on,
//          and where
// Shapes   few sockets, and fewer faults that spoil one: lists, searched
// Errors   none
// Source   docs/faults.md, "What monitors say"
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class FaultExcuses final : public Tap {
 public:
  explicit FaultExcuses(InvariantLog& log) : log_(log) {}
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void socket_closed(std::uint64_t socket) override;
  void faults_active(bool active, std::uint64_t time_ps) override;

 private:
  struct Memory {
    std::uint64_t socket;
    UmemShape umem;
    bool spoilt;  // by a fault, at this socket or another one that has it
    bool shares(const UmemShape& other) const {
      return umem.base < other.base + other.total_bytes && other.base < umem.base + umem.total_bytes;
    }
  };
  void spoil_memory_of(std::uint64_t socket);
  void spoil(const UmemShape& umem);

  InvariantLog& log_;
  std::vector<Memory> memories_;
  bool lent_ = false;  // a device has worked on the rings of a socket
};

}  // namespace ringproof
