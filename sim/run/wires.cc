#include "sim/run/wires.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"
#include "model/base/host.h"

namespace ringproof {

Wires::Wires(const std::vector<WirePlan>& plans) : board_(plans), shortest_ps_(board_.shortest_ps()) {}

void Wires::connect(const std::vector<std::unique_ptr<nic::Port>>& ports) {
  for (const auto& port : ports) {
    ports_.push_back(port.get());
    feeds_.push_back(std::make_unique<WireFeed>());
  }
}

std::uint64_t Wires::safe_ps() const {
  std::uint64_t earliest_ps = kNever;
  bool quiet = under_way_.empty();
  for (const nic::Port* port : ports_) {
    earliest_ps = std::min(earliest_ps, port->time_ps());
    quiet = quiet && port->quiet();
  }
  return quiet ? kNever : earliest_ps + shortest_ps_;
}

void Wires::wire_out(std::uint32_t port, std::uint32_t, std::uint64_t end_ps, Bytes frame) {
  if (cut_ || !board_.connects(port)) return;
  for (const std::uint32_t to : board_.receivers(port, frame)) {
    under_way_.push_back({end_ps + board_.latency_ps(port), to, {frame.begin(), frame.end()}});
  }
}

// Ports tell one after the other what they sent in the same stretch of time.
void Wires::hand_over() {
  if (under_way_.empty()) return;
  std::stable_sort(under_way_.begin(), under_way_.end(),
                   [](const UnderWay& a, const UnderWay& b) { return a.due_ps < b.due_ps; });
  for (UnderWay& frame : under_way_) {
    nic::Port& port = *ports_[frame.to];
    WireFeed& feed = *feeds_[frame.to];
    SIM_CHECK(frame.due_ps >= port.time_ps(), "a wire that brings a frame too late");
    feed.add({std::move(frame.bytes)}, frame.due_ps);
    if (port.traffic_over()) port.start_traffic(feed, feed.begin(port.time_ps()));
  }
  under_way_.clear();
}

}  // namespace ringproof
