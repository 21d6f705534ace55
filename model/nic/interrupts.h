// interrupts.h: interrupt requests on their way to the host, with moderation.
// Role     delivers each vector a fixed latency after its request, and not more often than allowed
// Units    [ps] inside, [ns] in the configuration
// Errors   none
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "model/base/host.h"
#include "model/nic/nic_config.h"
#include "model/nic/queue_engine.h"
#include "model/nic/transaction_decoder.h"

namespace ringproof::nic {

class Interrupts {
 public:
  Interrupts(const NicConfig& config, std::uint32_t port, Host& host);
  void tell(TransactionDecoder& decoder) { decoder_ = &decoder; }
  void set_handler(std::uint32_t vector, std::function<void()> handler);
  // A request that comes while one is on its way is answered by the same delivery: the handler runs after
  // both.
  void request(std::uint32_t vector, std::uint64_t now_ps);
  // What is on its way never comes.
  void reset();

 private:
  void deliver(std::uint32_t vector, std::uint64_t time_ps);

  struct Vector {
    std::function<void()> handler;
    std::uint64_t delivery_ps = 0;  // of the latest interrupt
    std::uint64_t next_allowed_ps = 0;
  };
  const std::uint64_t latency_ps_;
  const std::uint64_t gap_ps_;
  const std::uint32_t port_;
  Host& host_;
  std::array<Vector, 2 * kTxVectorBase> vectors_;
  std::uint32_t life_ = 0;  // counts resets
  TransactionDecoder* decoder_ = nullptr;
};

}  // namespace ringproof::nic
