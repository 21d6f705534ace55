#include "sim/monitor/accounts.h"

#include <numeric>

#include "sim/monitor/vector_place.h"

namespace ringproof {

std::vector<Accounts::PortInfo> Accounts::infos_of(const std::vector<nic::NicConfig>& ports) {
  std::vector<PortInfo> infos;
  infos.reserve(ports.size());
  for (const nic::NicConfig& port : ports) infos.push_back({port.name, port.rx_queues, port.tx_queues});
  return infos;
}

Accounts::Accounts(const std::vector<PortInfo>& ports) {
  for (const PortInfo& port : ports) {
    Port here{};
    here.first_rx = queues_.size();
    for (std::uint32_t i = 0; i < port.rx_queues; ++i) queues_.push_back({port.name, i, "rx", 0, 0, 0});
    here.first_tx = queues_.size();
    for (std::uint32_t i = 0; i < port.tx_queues; ++i) queues_.push_back({port.name, i, "tx", 0, 0, 0});
    ports_.push_back(here);
  }
  lent_.resize(queues_.size());
}

void Accounts::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                               std::uint64_t socket) {
  const Port& here = ports_[port];
  const std::size_t row =
      receives(vector) ? here.first_rx + vector : here.first_tx + vector - nic::kTxVectorBase;
  lent_[row] = socket != 0;
}

void Accounts::hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t) {
  const std::size_t row = ports_[port].first_tx + queue;
  if (lent_[row]) ++queues_[row].zero_copy;
}

void Accounts::wire_in(std::uint32_t, std::uint64_t, Bytes) { ++wire_in_; }

void Accounts::nic_dropped(std::uint32_t, std::uint64_t, DropReason reason) {
  ++dropped_[static_cast<std::size_t>(reason)];
}

void Accounts::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t, Bytes bytes) {
  ++wire_out_;
  QueueResult& row = queues_[ports_[port].first_tx + queue];
  ++row.frames;
  row.bytes += bytes.size();
}

void Accounts::wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason) {
  ++queues_[ports_[port].first_tx + queue].dropped;
}

void Accounts::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t,
                               std::uint64_t timestamp_ns, Bytes bytes) {
  Port& here = ports_[port];
  here.last_queue = &queues_[here.first_rx + queue];
  here.last_timestamp_ns = timestamp_ns;
  here.last_bytes = bytes.size();
  ++here.last_queue->frames;
  here.last_queue->bytes += bytes.size();
  if (lent_[here.first_rx + queue]) ++here.last_queue->zero_copy;
}

void Accounts::tx_bad_offload(std::uint32_t port, std::uint32_t queue) {
  ++queues_[ports_[port].first_tx + queue].bad_offloads;
}

void Accounts::local_frame_begun(std::uint32_t, std::uint32_t, std::uint64_t, Bytes) { ++stack_.seen; }

void Accounts::stack_received(std::uint32_t, std::uint32_t, std::uint64_t, Bytes) { ++stack_.received; }

void Accounts::stack_lost(std::uint32_t, std::uint32_t, DropReason) { ++stack_.lost; }

void Accounts::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  if (is_local_frame(timestamp_ns)) {
    ++stack_.dropped;
    return;
  }
  ++dropped_[static_cast<std::size_t>(reason)];
  if (reason != DropReason::kDmaError && reason != DropReason::kTruncated) return;
  Port& here = ports_[port];
  if (here.last_queue == nullptr || here.last_timestamp_ns != timestamp_ns) return;
  --here.last_queue->frames;
  here.last_queue->bytes -= here.last_bytes;
  ++here.last_queue->dropped;
  here.last_queue = nullptr;
}

void Accounts::frame_passed(std::uint32_t, std::uint64_t timestamp_ns, std::uint64_t) {
  ++(is_local_frame(timestamp_ns) ? stack_.passed : passed_);
}

void Accounts::frame_forwarded(std::uint32_t, std::uint64_t timestamp_ns, std::uint64_t) {
  ++(is_local_frame(timestamp_ns) ? stack_.forwarded : forwarded_);
}

void Accounts::frame_delivered(std::uint32_t, std::uint64_t timestamp_ns, std::uint64_t socket, std::uint64_t,
                               Bytes, std::uint64_t) {
  if (is_local_frame(timestamp_ns)) {
    ++stack_.to_sockets;
    return;
  }
  ++to_sockets_;
  unpublished_[socket].push_back(timestamp_ns);
}

void Accounts::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t, std::uint32_t,
                          std::uint64_t time_ps) {
  if (kind != RingKind::kRx || actor != Actor::kPlatform) return;
  std::vector<std::uint64_t>& waiting = unpublished_[socket];
  const std::uint64_t now_ns = time_ps / 1000;
  for (const std::uint64_t arrival_ns : waiting)
    latencies_.add(now_ns > arrival_ns ? now_ns - arrival_ns : 0);
  waiting.clear();
}

void Accounts::socket_closed(std::uint64_t socket) { unpublished_.erase(socket); }

std::uint64_t Accounts::in_flight() const {
  return wire_in_ - to_sockets_ - passed_ - forwarded_ -
         std::accumulate(dropped_.begin(), dropped_.end(), std::uint64_t{0});
}

void Accounts::fill(RunResult& result) const {
  result.wire_in = wire_in_;
  result.wire_out = wire_out_;
  result.to_sockets = to_sockets_;
  result.passed = passed_;
  result.forwarded = forwarded_;
  result.stack = stack_;
  result.dropped.clear();
  for (std::size_t i = 0; i < dropped_.size(); ++i) {
    if (dropped_[i] > 0) result.dropped[drop_reason_name(static_cast<DropReason>(i))] = dropped_[i];
  }
  result.queues = queues_;
  result.latency_p50_ns = latencies_.percentile_ns(50);
  result.latency_p99_ns = latencies_.percentile_ns(99);
  result.latency_max_ns = latencies_.percentile_ns(100);
}

}  // namespace ringproof
