// time_monitor.h: simulated time goes forward for everybody.
// Role     INV-50 for each task of the host, each port's device and each direction of its wire
// Shapes   tasks on different CPUs, and host and hardware, may run ahead of each other, so only each stream
//          of its own is in order: a task's turns on its CPU; what a device does on its bus; arrivals, and
//          ends of sent frames, on a wire; deliveries of a vector
// Units    [ps]; arrivals [ns], strictly increasing
// Errors   tasks: the platform is blamed; the rest: the device. Whether anything else is read as a clock is
//          what equal hashes show (INV-48)
// Source   invariants-and-faults.md H; docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/host/task.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class TimeMonitor final : public Tap, public TaskObserver {
 public:
  explicit TimeMonitor(InvariantLog& log) : log_(log) {}

  void task_ran(const Task& task, std::uint64_t begin_ps, std::uint64_t end_ps) override;

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                        std::uint64_t time_ps) override;
  void interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;

 private:
  struct Port {
    std::uint64_t device_ps = 0;
    std::uint64_t sent_ps = 0;
    std::uint64_t next_arrival_ns = 0;
  };
  void forward(std::uint32_t port, std::uint64_t& last, std::uint64_t now, const char* what,
               const char* unit);

  InvariantLog& log_;
  std::vector<Port> ports_;
  std::vector<std::uint64_t> tasks_ps_;  // end of the latest turn, by task
};

}  // namespace ringproof
