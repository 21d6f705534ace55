#include "sim/monitor/fairness_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kDescriptorsKept = 32;  // by our engine, per queue
constexpr std::uint64_t kTurnsUnderWay = 2;     // of descriptors, and of frames that were read
constexpr std::uint64_t kReads = 4;             // of descriptors and frame, each behind one that is under way
// What a schedule may put off before a queue is served: its descriptors, its frame, the look whether the MAC
// has room, and whoever is overdue before one of these.
constexpr std::uint64_t kDelays = 4;
constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

FairnessMonitor::FairnessMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) {
    Port& state = ports_.emplace_back();
    state.group.burst = kDescriptorsKept;
    state.group.slack = kDescriptorsKept * kTurnsUnderWay;
    state.group.late_ps = kReads * (port.dma_read_latency_ns + port.dma_jitter_ns) * kPsPerNs;
    tx_ring_entries_.push_back(port.tx_ring_entries);
  }
}

void FairnessMonitor::suspend(bool on) {
  faults_ = on;
  for (const auto& [number, socket] : sockets_) {
    if (socket->group != nullptr) begin(*socket->group, socket->turn);
  }
  for (Port& port : ports_) {
    for (Queue& queue : port.queues) begin(port.group, queue.turn);
  }
}

void FairnessMonitor::expect_delays(std::uint64_t late_ps_max) {
  for (Port& port : ports_) port.group.late_ps += kDelays * late_ps_max;
}

void FairnessMonitor::begin(const Group& group, Turn& turn) const {
  turn.base = group.services;
  turn.since_ps = now_ps_;
}

void FairnessMonitor::wants(const Group& group, Turn& turn, bool wants) const {
  if (wants && !turn.wants) begin(group, turn);
  turn.wants = wants;
}

void FairnessMonitor::judge(const Group& group, const Turn& turn, const Place& place, Party party) {
  const std::uint64_t waited = group.services - turn.base;
  if (waited == 0 || group.members < 2 || faults_) return;
  log_.checked(Invariant::k38);
  const std::uint64_t allowed = group.members * group.burst + group.slack;
  if (waited <= allowed || now_ps_ - turn.since_ps < group.late_ps) return;
  log_.violated(Invariant::k38, party, place, group.trail, now_ps_, [&] {
    return fmt::format("{} services went to others while it had something to send; of {} at most {} may",
                       waited, group.members, allowed);
  });
}

void FairnessMonitor::served(Group& group, Turn& turn, const Place& place, Party party) {
  if (turn.wants) judge(group, turn, place, party);
  ++group.services;
  begin(group, turn);
}

// ---- Sockets ----

void FairnessMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  Socket& it = sockets_[number];
  if (kind == RingKind::kTx) it.tx_entries = shape.size;
  if (kind == RingKind::kCompletion) it.completion_entries = shape.size;
}

void FairnessMonitor::tx_joined(std::uint64_t number, std::uint32_t port, std::uint32_t queue, bool generic,
                                bool to_wire) {
  if (!to_wire) return;
  Group& group = groups_[std::uint64_t{port} << 33 | std::uint64_t{generic} << 32 | queue];
  group.burst = group.slack = tx_ring_entries_.at(port);
  ++group.members;
  Socket& it = sockets_[number];
  it.group = &group;
  look(it);
}

void FairnessMonitor::tx_left(std::uint64_t number) {
  Socket& it = sockets_[number];
  if (it.group == nullptr) return;
  // Whoever leaves without having been served has waited until now.
  if (it.turn.wants) judge(*it.group, it.turn, Place::ring(number, RingKind::kTx), Party::kPlatform);
  --it.group->members;
  it.group = nullptr;
  it.turn = {};
}

// Whether the platform could take an entry of the socket now.
void FairnessMonitor::look(Socket& it) {
  if (it.group == nullptr) return;
  const std::uint32_t waiting = it.produced - it.taken;
  const bool room = it.completions + it.outstanding < it.completion_entries;
  wants(*it.group, it.turn, waiting > 0 && waiting <= it.tx_entries && room);
}

void FairnessMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t old,
                                 std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = std::max(now_ps_, time_ps);
  if (kind != RingKind::kTx && kind != RingKind::kCompletion) return;
  Socket& it = sockets_[number];
  if (kind == RingKind::kCompletion) {
    if (actor == Actor::kApplication) {
      it.completions -= std::min(it.completions, now - old);
    } else {
      it.completions += now - old;
    }
  } else if (actor == Actor::kApplication) {
    it.produced = now;
  }
  look(it);
}

void FairnessMonitor::entry_taken(std::uint64_t number, RingKind kind, std::uint32_t index, Bytes) {
  if (kind != RingKind::kTx) return;
  Socket& it = sockets_[number];
  it.taken = index + 1;
  if (it.group == nullptr) return;
  it.group->trail.add("socket {0} served, entry {1}", number, index, now_ps_);
  served(*it.group, it.turn, Place::ring(number, RingKind::kTx), Party::kPlatform);
  look(it);
}

void FairnessMonitor::tx_judged(std::uint64_t number, std::uint64_t, bool valid, Bytes) {
  Socket& it = sockets_[number];
  if (valid) ++it.outstanding;
  look(it);
}

void FairnessMonitor::tx_finished(std::uint64_t number, std::uint64_t, Bytes) {
  Socket& it = sockets_[number];
  if (it.outstanding > 0) --it.outstanding;
  // The entry takes the place of the frame until ring_moved tells of it, within the same step.
}

void FairnessMonitor::socket_closed(std::uint64_t number) {
  tx_left(number);
  sockets_.erase(number);
}

// ---- Queues ----

void FairnessMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                    std::uint32_t entries, std::uint64_t) {
  if (receives(vector)) return;
  Queue& it = grown(ports_.at(port).queues, vector - nic::kTxVectorBase);
  if (!it.enabled) ++ports_[port].group.members;
  it = {true, entries, start, start, {}};
}

void FairnessMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  if (receives(vector)) return;
  Queue& it = grown(ports_.at(port).queues, vector - nic::kTxVectorBase);
  if (it.enabled) --ports_[port].group.members;
  it = {};
}

void FairnessMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  Port& state = ports_.at(port);
  state.group.members = 0;
  for (Queue& it : state.queues) it = {};
}

void FairnessMonitor::doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                       std::uint64_t time_ps) {
  now_ps_ = std::max(now_ps_, time_ps);
  if (receives(vector)) return;
  Queue& it = grown(ports_.at(port).queues, vector - nic::kTxVectorBase);
  if (!it.enabled || behind(index, it.tail) || index - it.handed > it.entries) return;
  it.tail = index;
  wants(ports_[port].group, it.turn, it.tail != it.handed);
}

// Tells the time as long as anything is sent.
void FairnessMonitor::dma(std::uint32_t, std::uint32_t, bool, std::uint64_t, std::uint32_t, bool,
                          std::uint64_t time_ps) {
  now_ps_ = std::max(now_ps_, time_ps);
}

void FairnessMonitor::tx_handed_over(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  Group& group = ports_.at(port).group;
  Queue& it = grown(ports_[port].queues, number);
  it.handed = index + 1;
  group.trail.add("queue {0} served, index {1}", number, index, now_ps_);
  served(group, it.turn, Place::tx_queue(port, number), Party::kDevice);
  wants(group, it.turn, it.enabled && it.tail != it.handed);
}

void FairnessMonitor::finish(std::uint64_t end_ps) {
  now_ps_ = std::max(now_ps_, end_ps);
  for (const auto& [number, it] : sockets_) {
    if (it->group == nullptr || !it->turn.wants) continue;
    judge(*it->group, it->turn, Place::ring(number, RingKind::kTx), Party::kPlatform);
  }
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    for (std::uint32_t queue = 0; queue < ports_[port].queues.size(); ++queue) {
      const Queue& it = ports_[port].queues[queue];
      if (it.turn.wants) judge(ports_[port].group, it.turn, Place::tx_queue(port, queue), Party::kDevice);
    }
  }
}

}  // namespace ringproof
