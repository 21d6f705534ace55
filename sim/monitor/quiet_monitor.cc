#include "sim/monitor/quiet_monitor.h"

#include <fmt/format.h>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {

QuietMonitor::Queue& QuietMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port)[vector];
}

void QuietMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t,
                                 std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (it.state == State::kOn && it.draining) {
    log_.checked(Invariant::k29);
    log_.violated(Invariant::k29, Party::kPlatform, place_of_vector(port, vector), it.trail, time_ps, [] {
      return "the driver enabled the queue again before it had read that nothing of it is in flight";
    });
  }
  it.draining = false;
  it.state = State::kOn;
  it.completed = it.published = start;
  it.trail.add("enabled at index {0}", start, 0, time_ps);
}

void QuietMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.draining = true;
  it.trail.add("disabled", 0, 0, time_ps);
}

void QuietMonitor::queue_stopped(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (it.state != State::kOn) return;
  it.state = State::kStopped;
  it.draining = false;
  it.trail.add("stopped; completed {0}, published {1}", it.completed, it.published, time_ps);
  log_.checked(Invariant::k29);
  // Descriptors that were used up without a frame for the MAC are published as well.
  const bool all = receives(vector) ? it.completed == it.published : !behind(it.published, it.completed);
  if (all) return;
  log_.violated(Invariant::k29, Party::kDevice, place_of_vector(port, vector), it.trail, time_ps, [&] {
    return fmt::format("the queue is off and {} completions were never published",
                       it.completed - it.published);
  });
}

void QuietMonitor::device_reset(std::uint32_t port, std::uint64_t time_ps) {
  grown(ports_, port).for_each([&](std::uint32_t, Queue& it) {
    if (it.state != State::kOn) return;
    it.state = State::kReset;
    it.reset_ps = time_ps;
    it.trail.add("reset", 0, 0, time_ps);
    log_.checked(Invariant::k29);
  });
}

void QuietMonitor::off(std::uint32_t port, std::uint32_t vector, const char* what, std::uint64_t time_ps) {
  const Queue& it = queue(port, vector);
  static constexpr const char* kSince[] = {"was never enabled", "", "is off", "was reset"};
  log_.violated(Invariant::k29, Party::kDevice, place_of_vector(port, vector), it.trail, time_ps, [&] {
    return fmt::format("{} of a queue that {}", what, kSince[static_cast<std::size_t>(it.state)]);
  });
}

void QuietMonitor::dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t, std::uint32_t,
                       bool, std::uint64_t time_ps) {
  const Queue& it = queue(port, requester);
  if (it.state == State::kOn || (it.state == State::kReset && time_ps <= it.reset_ps + kLateMaxPs)) return;
  off(port, requester, write ? "a write to memory" : "a read of memory", time_ps);
}

void QuietMonitor::descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                                       std::uint64_t time_ps) {
  if (queue(port, vector).state != State::kOn) off(port, vector, "a fetch of descriptors", time_ps);
}

void QuietMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t, Bytes, bool,
                                      std::uint64_t) {
  if (receives(vector)) ++queue(port, vector).completed;
}

void QuietMonitor::tx_handed_over(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  queue(port, nic::kTxVectorBase + number).completed = index + 1;
}

void QuietMonitor::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool,
                                   std::uint64_t) {
  queue(port, vector).published = index;
}

void QuietMonitor::interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  if (queue(port, vector).state != State::kOn) off(port, vector, "an interrupt request", time_ps);
}

}  // namespace ringproof
