// transaction_recorder.h: what the host can see of a device, to compare two devices.
// Role     INV-51: records, per queue, the sequence of host-visible transactions, and says where two differ
// Shapes   receive: each completion entry, with its index, length, arrival and a hash of the frame;
//          transmit: each frame on the wire, as a hash; then how many completions the driver took. How far
//          one index write reaches is a device's own timing, and not recorded
// Errors   the device is blamed for a difference
// Source   invariants-and-faults.md H; docs/design/queue-engine.md, Rings
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class TransactionRecorder final : public Tap {
 public:
  struct Transaction {
    std::uint32_t index;     // free-running
    std::uint64_t after_ns;  // from the port's first frame to this one: a program may begin a little later
    std::uint64_t bytes;
    std::uint64_t hash;
    auto operator<=>(const Transaction&) const = default;  // NOLINT(modernize-use-nullptr): misread
    std::string text() const;
  };
  struct QueueKey {
    std::uint32_t port;
    std::uint32_t vector;
    auto operator<=>(const QueueKey&) const = default;  // NOLINT(modernize-use-nullptr): misread
  };

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;

  const std::map<QueueKey, std::vector<Transaction>>& queues() const { return queues_; }

  // Compares two runs of one input, and logs every queue on which they differ. Returns how many do.
  static std::size_t compare(const TransactionRecorder& expected, const TransactionRecorder& got,
                             InvariantLog& log, std::uint64_t time_ps);

 private:
  std::map<std::uint32_t, std::uint64_t> first_ns_;  // arrival of each port's first frame
  std::map<QueueKey, std::vector<Transaction>> queues_;
};

}  // namespace ringproof
