// patience.h: how long things may take before somebody must be asking why.
// Role     the bound K of INV-37 and INV-39, from the configuration of the NICs, and the times that do not
//          count
// Units    [ps]
// Errors   none
// Source   invariants-and-faults.md F. The number is assumed, and generous: 20 ms, which is more than any
//          pause of a polling driver; 64 ways through the machine; two full hardware rings and the MAC's
//          buffer of longest frames on the wire
#pragma once

#include <cstdint>
#include <vector>

#include "model/nic/nic_config.h"

namespace ringproof {

class Patience {
 public:
  explicit Patience(std::uint64_t bound_ps) : bound_ps_(bound_ps) {}
  explicit Patience(const std::vector<nic::NicConfig>& ports);

  std::uint64_t bound_ps() const { return bound_ps_; }
  // While faults strike nothing has to come to an end; from their healing on everything has, as if it had
  // begun then.
  void faults_active(bool on, std::uint64_t time_ps);
  // Whoever could go on may be kept waiting for so long.
  void expect_delays(std::uint64_t late_ps_max) { bound_ps_ += kDelays * late_ps_max; }
  // How long something has lasted, not counting what came before a healing.
  std::uint64_t lasted_ps(std::uint64_t since_ps, std::uint64_t time_ps) const;
  bool exhausted(std::uint64_t since_ps, std::uint64_t time_ps) const {
    return lasted_ps(since_ps, time_ps) > bound_ps_;
  }

 private:
  // More than there are actors on a frame's way, each of which may be late, and behind others that are.
  static constexpr std::uint64_t kDelays = 64;
  std::uint64_t bound_ps_;
  bool faults_ = false;
  std::uint64_t healed_ps_ = 0;
};

}  // namespace ringproof
