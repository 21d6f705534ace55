#include "sim/monitor/interrupt_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kGracePs = 10'000'000;
// From going to sleep to an armed vector, and from a request to its handler: the driver, its write, the
// device's answer, each perhaps behind others that are late.
constexpr std::uint64_t kDelays = 8;
// A doorbell that a fault keeps back, F-DBL-01, and the arming behind it come so late at most, healed or not.
constexpr std::uint64_t kDoorbellLatePs = 400'000'000;

}  // namespace

InterruptMonitor::InterruptMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) {
    const std::uint64_t memory_ns =
        std::uint64_t{port.dma_read_latency_ns} + port.dma_write_latency_ns + 2 * port.dma_jitter_ns;
    const std::uint64_t gap_ns = 2 * std::uint64_t{port.register_latency_ns} + memory_ns + port.moderation.ns;
    const std::uint64_t delivery_ns = std::uint64_t{port.interrupt_latency_ns} + port.interrupt_gap_ns;
    limits_.push_back({gap_ns * 1000 + kGracePs, delivery_ns * 1000 + kGracePs});
  }
}

InterruptMonitor::Queue& InterruptMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port)[vector];
}

std::uint64_t InterruptMonitor::lasted_ps(std::uint64_t since_ps, std::uint64_t time_ps) const {
  const std::uint64_t begin_ps = std::max({since_ps, healed_ps_, doorbells_ps_});
  return faults_ || time_ps < begin_ps ? 0 : time_ps - begin_ps;
}

void InterruptMonitor::faults_active(bool on, std::uint64_t time_ps) {
  faults_ = on;
  if (!on) healed_ps_ = time_ps;
}

void InterruptMonitor::fault_struck(FaultId id, const FaultTarget&, std::uint64_t time_ps) {
  if (id == FaultId::kDbl01) doorbells_ps_ = time_ps + kDoorbellLatePs;
}

void InterruptMonitor::expect_delays(std::uint64_t late_ps_max) {
  for (Limits& limits : limits_) {
    limits.gap_ps += kDelays * late_ps_max;
    limits.delivery_ps += kDelays * late_ps_max;
  }
}

void InterruptMonitor::look(std::uint32_t port, std::uint32_t vector, Queue& it, std::uint64_t time_ps) {
  const bool unseen = it.enabled && it.published != it.seen;
  const bool exposed = unseen && !it.pending && it.poller == Poller::kAsleep;
  if (exposed) it.unseen = it.published - it.seen;
  if (exposed == it.exposed) return;
  if (exposed) {
    it.since_ps = time_ps;
  } else {
    judge(port, vector, it, time_ps);
  }
  it.exposed = exposed;
}

void InterruptMonitor::judge(std::uint32_t port, std::uint32_t vector, const Queue& it,
                             std::uint64_t time_ps) {
  const std::uint64_t lasted = lasted_ps(it.since_ps, time_ps);
  if (lasted <= limits_.at(port).gap_ps) return;
  const bool owed = it.armed && it.armed_seen != it.published;
  const Party party = owed ? Party::kDevice : Party::kPlatform;
  log_.violated(Invariant::k34, party, place_of_vector(port, vector), it.trail, time_ps, [&] {
    return fmt::format(
        "{} completions were unseen for {} ns with no interrupt on its way, {} and nobody polling", it.unseen,
        lasted / 1000,
        it.armed ? fmt::format("the vector armed for what comes after index {}", it.armed_seen)
                 : "the vector not armed");
  });
}

void InterruptMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                     std::uint32_t, std::uint64_t) {
  Queue& it = queue(port, vector);
  it.enabled = true;
  it.published = it.seen = start;
  it.armed = it.exposed = false;
}

void InterruptMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.enabled = it.armed = false;
  look(port, vector, it, time_ps);
}

void InterruptMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  grown(ports_, port).for_each([](std::uint32_t, Queue& it) {
    it.enabled = it.armed = it.exposed = it.pending = false;
  });
}

void InterruptMonitor::interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                                       std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.armed = true;
  it.armed_seen = seen;
  it.trail.add("armed, seen {0}", seen, 0, time_ps);
  look(port, vector, it, time_ps);
}

void InterruptMonitor::interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.pending) it.request_ps = time_ps;
  it.pending = true;
  it.trail.add("interrupt requested", 0, 0, time_ps);
  look(port, vector, it, time_ps);
  it.armed = false;
}

void InterruptMonitor::interrupt_delivered(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.pending = false;
  it.trail.add("interrupt delivered", 0, 0, time_ps);
  look(port, vector, it, time_ps);
}

void InterruptMonitor::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool,
                                       std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.published = index;
  it.trail.add("index {0} published, seen {1}", index, it.seen, time_ps);
  if (it.enabled && index != it.seen) log_.checked(Invariant::k34);
  look(port, vector, it, time_ps);
}

void InterruptMonitor::poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                                      std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.poller = poller;
  look(port, vector, it, time_ps);
}

// Only somebody who polls takes, so there is nothing to look at; entries are counted, because one that was
// never written has an old index.
void InterruptMonitor::hw_rx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t, std::uint64_t,
                                       Bytes) {
  ++queue(port, number).seen;
}

void InterruptMonitor::hw_tx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t) {
  ++queue(port, nic::kTxVectorBase + number).seen;
}

void InterruptMonitor::finish(std::uint64_t end_ps) {
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    ports_[port].for_each([&](std::uint32_t vector, const Queue& it) {
      if (it.exposed) judge(port, vector, it, end_ps);
      const bool unseen = it.enabled && it.published != it.seen && it.poller == Poller::kAsleep;
      const std::uint64_t lasted = lasted_ps(it.request_ps, end_ps);
      if (!unseen || !it.pending || lasted <= limits_.at(port).delivery_ps) return;
      log_.violated(Invariant::k34, Party::kDevice, place_of_vector(port, vector), it.trail, end_ps, [&] {
        return fmt::format("{} completions are unseen; the interrupt for them was requested {} ns ago",
                           it.published - it.seen, lasted / 1000);
      });
    });
  }
}

}  // namespace ringproof
