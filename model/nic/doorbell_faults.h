// doorbell_faults.h: what can happen to a doorbell on its way to the device.
// Role     turns one write of the driver into those that arrive: late, again, with a stale value, or for a
//          queue that is not there: F-DBL-01, 03 and 05
// Shapes   writes in the order in which they arrive
// Units    [ps]
// Errors   none
// Source   docs/faults.md
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/base/host.h"

namespace ringproof::nic {

struct RegisterWrite {
  std::uint32_t offset;
  std::uint32_t value;
};

struct DisturbedDoorbell {
  std::uint64_t late_ps = 0;
  bool merged = false;  // with those of the same queue that have not arrived: only the last value counts
  std::vector<RegisterWrite> writes;
};

class DoorbellFaults {
 public:
  DoorbellFaults(std::uint32_t port, Host& host) : port_(port), host_(host) {}

  // Whether a write has to be shown to disturb(): a doorbell, or the index that a queue is to start at.
  bool concerns(std::uint32_t offset) const;
  DisturbedDoorbell disturb(const RegisterWrite& write);
  // Nobody answers when the device is gone: a read brings all ones.
  std::uint32_t read(std::uint32_t value, std::uint64_t time_ps) const;

 private:
  const std::uint32_t port_;
  Host& host_;
  std::map<std::uint32_t, std::uint32_t> last_;  // value of each doorbell, at first where its queue starts
};

}  // namespace ringproof::nic
