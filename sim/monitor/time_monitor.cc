#include "sim/monitor/time_monitor.h"

#include <fmt/format.h>

#include "sim/monitor/grown.h"

namespace ringproof {

void TimeMonitor::task_ran(const Task& task, std::uint64_t begin_ps, std::uint64_t end_ps) {
  std::uint64_t& last_ps = grown(tasks_ps_, task.number);
  log_.checked(Invariant::k50);
  if (begin_ps < last_ps || end_ps < begin_ps) {
    log_.violated(Invariant::k50, Party::kPlatform, Place::port(0), EventTrail(), end_ps, [&] {
      return fmt::format("task {} ran from {} ps to {} ps after a turn that ended at {} ps", task.name,
                         begin_ps, end_ps, last_ps);
    });
  }
  last_ps = end_ps;
}

void TimeMonitor::forward(std::uint32_t port, std::uint64_t& last, std::uint64_t now, const char* what,
                          const char* unit) {
  log_.checked(Invariant::k50);
  if (now < last) {
    log_.violated(Invariant::k50, Party::kDevice, Place::port(port), EventTrail(), now, [&] {
      return fmt::format("{} at {} {}; the earliest that can be is {} {}", what, now, unit, last, unit);
    });
  }
  last = now;
}

void TimeMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes) {
  std::uint64_t& next_ns = grown(ports_, port).next_arrival_ns;
  forward(port, next_ns, timestamp_ns, "a frame arrived", "ns");
  ++next_ns;
}

void TimeMonitor::wire_out(std::uint32_t port, std::uint32_t, std::uint64_t time_ps, Bytes) {
  forward(port, grown(ports_, port).sent_ps, time_ps, "a frame left", "ps");
}

void TimeMonitor::dma(std::uint32_t port, std::uint32_t, bool, std::uint64_t, std::uint32_t, bool,
                      std::uint64_t time_ps) {
  forward(port, grown(ports_, port).device_ps, time_ps, "the device used memory", "ps");
}

void TimeMonitor::doorbell_written(std::uint32_t port, std::uint32_t, std::uint32_t, std::uint64_t time_ps) {
  forward(port, grown(ports_, port).device_ps, time_ps, "a doorbell came", "ps");
}

void TimeMonitor::interrupt_requested(std::uint32_t port, std::uint32_t, std::uint64_t time_ps) {
  forward(port, grown(ports_, port).device_ps, time_ps, "an interrupt was requested", "ps");
}

}  // namespace ringproof
