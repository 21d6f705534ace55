// functional_dma.h: host memory as the functional port sees it.
// Role     reads and writes through the address check, each when the host says that it is its turn
// Shapes   a read comes in whole beats of 64 bytes, a write has the bytes it has; neither is cut into bursts
// Units    [ps]; a latency is drawn for each access, as in DmaPort
// Errors   a refused access is told, changes nothing and brings nothing; the caller reports it
// Source   docs/design/functional-port.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "model/base/host.h"
#include "model/base/random.h"
#include "model/base/tap.h"
#include "model/nic/host_memory.h"
#include "model/nic/nic_config.h"
#include "model/nic/transaction_decoder.h"

namespace ringproof::nic {

class FunctionalDma {
 public:
  FunctionalDma(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
                std::uint64_t seed);

  // Who is told what the accesses mean.
  void tell(TransactionDecoder& decoder) { decoder_ = &decoder; }

  HostMemory& memory() { return memory_; }
  std::uint64_t now_ps() const { return host_.now_ps(); }

  // When an access that is asked for at `from_ps` is done. Answers keep their order: `last_ps` is that of the
  // one before, and is brought up to date.
  std::uint64_t read_done_ps(std::uint64_t from_ps, std::uint64_t& last_ps) {
    return done_ps(config_.dma_read_latency_ns, from_ps + late_ps(FaultId::kDma01), last_ps);
  }
  std::uint64_t write_done_ps(std::uint64_t from_ps, std::uint64_t& last_ps) {
    return done_ps(config_.dma_write_latency_ns, from_ps + late_ps(FaultId::kDma03), last_ps);
  }
  // `action` is done on behalf of the requester; what is done for one requester keeps its order.
  template <typename Action>
  void at(std::uint64_t time_ps, std::uint32_t requester, Action action) {
    host_.at(std::max(time_ps, host_.now_ps()), {EventSource::Kind::kDma, port_, requester},
             std::move(action));
  }

  // A fault refuses the access to a payload that is due now.
  bool payload_refused(std::uint32_t requester) const;
  bool read(std::uint32_t requester, std::uint64_t address, void* to, std::uint64_t bytes);
  bool write(std::uint32_t requester, std::uint64_t address, const void* from, std::uint64_t bytes);

 private:
  std::uint64_t late_ps(FaultId id) const { return host_.fault(id, {.port = port_}).amount * 1000; }
  std::uint64_t done_ps(std::uint32_t latency_ns, std::uint64_t from_ps, std::uint64_t& last_ps);

  const NicConfig& config_;
  const std::uint32_t port_;
  Host& host_;
  const TapList& taps_;
  TransactionDecoder* decoder_ = nullptr;
  RandomStream jitter_;
  HostMemory memory_;
};

}  // namespace ringproof::nic
