#include "model/nic/doorbell_faults.h"

#include <utility>

#include "model/nic/engine_layout.h"
#include "model/nic/nic_config.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

std::uint32_t queue_of(std::uint32_t offset) {
  return offset >= tx_block(0) ? kTxVectorBase + (offset - tx_block(0)) / kBlockBytes
                               : (offset - rx_block(0)) / kBlockBytes;
}

}  // namespace

bool DoorbellFaults::concerns(std::uint32_t offset) const {
  if (&host_.faults() == &FaultPoints::none()) [[likely]]
    return false;
  const std::uint32_t in_block = offset % kBlockBytes;
  return offset >= rx_block(0) && (in_block == kDoorbell || in_block == kStartIndex);
}

DisturbedDoorbell DoorbellFaults::disturb(const RegisterWrite& write) {
  if (write.offset % kBlockBytes == kStartIndex) {
    // What a doorbell said before the queue started anew could lie ahead of it now.
    last_[write.offset - kStartIndex + kDoorbell] = write.value;
    return {.writes = {write}};
  }
  const FaultTarget here{.port = port_, .queue = queue_of(write.offset)};
  const std::uint32_t before = std::exchange(last_[write.offset], write.value);
  DisturbedDoorbell result;
  if (const FaultStrike late = host_.fault(FaultId::kDbl01, here)) {
    result.late_ps = late.amount * kPsPerNs;
    result.merged = late.kind == fault_kind::kCoalesce;
  }
  result.writes.push_back(write);
  if (const FaultStrike again = host_.fault(FaultId::kDbl03, here)) {
    RegisterWrite stale = write;
    const bool backwards = again.kind == fault_kind::kBackwards;
    if (backwards)
      stale.value = again.amount == 0 ? before : write.value - static_cast<std::uint32_t>(again.amount);
    result.writes.push_back(stale);
    // What the device then believes is put right, as by the next doorbell.
    if (backwards) result.writes.push_back(write);
  }
  FaultTarget absent_queue = here;
  absent_queue.kinds = 1U << fault_kind::kAbsentQueue;
  if (const FaultStrike absent = host_.fault(FaultId::kDbl05, absent_queue)) {
    const auto queue = static_cast<std::uint32_t>(kMaxQueues + absent.amount % kMaxQueues);
    result.writes.push_back({rx_block(queue) + kDoorbell, write.value});
  }
  return result;
}

std::uint32_t DoorbellFaults::read(std::uint32_t value, std::uint64_t time_ps) const {
  const FaultTarget here{.port = port_, .kinds = 1U << fault_kind::kAllOnes};
  return host_.faults().at(FaultId::kDbl05, time_ps, here) ? kNoAnswer : value;
}

}  // namespace ringproof::nic
