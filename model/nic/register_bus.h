// register_bus.h: the host's register accesses on their way to the engine.
// Role     carries posted writes and reads in order, a bus latency after they were made
// Shapes   one access at a time on the engine's AXI4-Lite pins
// Units    [ps]
// Errors   an access that would come into the engine's past is a bug of ours: SIM_CHECK
// Source   AMBA AXI4-Lite
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "model/base/host.h"
#include "model/nic/doorbell_faults.h"
#include "model/nic/nic_config.h"
#include "model/nic/queue_engine.h"
#include "model/nic/transaction_decoder.h"

namespace ringproof::nic {

class RegisterBus {
 public:
  RegisterBus(const NicConfig& config, std::uint32_t port, Host& host);

  // Who is told what the engine was asked.
  void tell(TransactionDecoder& decoder) { decoder_ = &decoder; }

  void write(std::uint32_t offset, std::uint32_t value, std::uint64_t engine_ps);
  void read(std::uint32_t offset, std::function<void(std::uint32_t)> done, std::uint64_t engine_ps);

  // Around one cycle of the engine at `now_ps`.
  void drive(std::uint64_t now_ps, EngineInputs& in);
  void settle(std::uint64_t now_ps, const EngineInputs& in, const EngineOutputs& out);

  // The engine forgot the access that it was given: a write is lost, a read is made again.
  void reset();

  // Receive-side scaling is the engine's, as its registers were written.
  bool engine_hashes() const { return decoder_ != nullptr && decoder_->engine_hashes(); }
  // There is no device: what is due by now gets all ones, and changes nothing.
  void answer_nobody(std::uint64_t now_ps);

  // When the next access comes to the engine; the past while one is under way.
  std::uint64_t next_cause_ps() const { return accesses_.empty() ? kNever : accesses_.front().due_ps; }
  bool empty() const { return accesses_.empty(); }
  bool read_under_way() const { return reads_ > 0; }
  std::uint64_t latency_ps() const { return latency_ps_; }

 private:
  struct Access {
    std::uint64_t due_ps;
    bool is_write;
    std::uint16_t offset;
    std::uint32_t value;
    std::function<void(std::uint32_t)> done;
  };
  void post(Access access, std::uint64_t engine_ps);
  std::uint64_t late_ps(std::uint32_t kinds) const;
  void write_doorbell(const Access& access, std::uint64_t engine_ps);
  void finish();
  void tell_write(const Access& access, std::uint64_t now_ps);

  const std::uint64_t latency_ps_;
  const std::uint32_t port_;
  Host& host_;
  DoorbellFaults doorbells_;
  std::deque<Access> accesses_;
  std::uint32_t reads_ = 0;
  bool address_sent_ = false;
  bool data_sent_ = false;
  bool told_ = false;
  TransactionDecoder* decoder_ = nullptr;
};

}  // namespace ringproof::nic
