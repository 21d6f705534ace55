// operations.h: what a scenario file lets the operating system do to the machine while a program runs.
// Role     operations of the control plane by name, each at its time, some for a while only
// Shapes   "for": the operation is undone after this time
// Units    [ps] from the beginning of the run
// Threads  simulation thread; what may block is done by a service of the machine
// Errors   none at run time: the reader has checked every number against the machine
// Source   docs/scenario-file.md, "Operations"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/machine.h"

namespace ringproof {

enum class OperationKind : std::uint8_t {
  kRemoveInterface,
  kAddInterface,
  kRestartInterface,
  kPauseInterface,
  kLinkDown,
  kSetMtu,
  kSetOffloads,
  kSetRss,
  kStopDriver,
  kSetQueueCpu,
  kHostSend,
  kHoldTx,
  kCtrlC,
};
// "remove interface", …; in the order of the kinds.
const std::vector<std::string>& operation_names();

struct PlannedOperation {
  OperationKind kind{};
  std::uint64_t at_ps = 0;
  std::uint64_t for_ps = 0;     // 0: it stays
  std::uint32_t interface = 1;  // from 1
  std::uint32_t mtu = 1500;
  bool rx_checksum = true;
  bool tx_checksum = true;
  bool receive = true;  // queue: its direction
  std::uint32_t queue = 0;
  std::uint32_t cpu = 0;
  std::vector<unsigned char> frame{};
  std::uint32_t count = 1;  // of such frames
  // RSS; what is not set stays.
  std::optional<std::vector<std::uint8_t>> rss_queues{};
  std::optional<nic::RssKey> rss_key{};
  std::optional<std::uint32_t> rss_hash_types{};
};

// Posts all of them. REQUIRES: the machine has not run yet, and stays.
void plan_operations(const std::vector<PlannedOperation>& operations, Machine& machine);

}  // namespace ringproof
