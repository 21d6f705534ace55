#include "sim/monitor/forward_monitor.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof {
namespace {

constexpr std::size_t kMacBytes = 6;

bool same(const std::vector<unsigned char>& frame, Tap::Bytes bytes) {
  return std::equal(frame.begin(), frame.end(), bytes.begin(), bytes.end());
}

}  // namespace

ForwardMonitor::ForwardMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) tx_queues_.push_back(port.tx_queues);
  forwards_.resize(ports.size());
}

void ForwardMonitor::rules_changed(const QueuePlace& place, std::uint64_t, std::span<const RuleTold> rules) {
  if (place.port >= forwards_.size()) return;
  for (const RuleTold& told : rules) {
    if (told.rule->Action == XDP_PROGRAM_ACTION_L2FWD) forwards_[place.port] = true;
  }
}

void ForwardMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  if (port >= forwards_.size() || !forwards_[port]) return;
  frames_.begin(port, timestamp_ns).bytes.assign(bytes.begin(), bytes.end());
}
void ForwardMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}
void ForwardMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes) {
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  if (note == nullptr) return;
  note->queue = place.queue;
  note->generic = place.generic;
}
void ForwardMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
}
void ForwardMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}
void ForwardMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t,
                                     std::uint64_t, Bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
}

void ForwardMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Note* note = frames_.end(port, timestamp_ns);
  if (note == nullptr || port >= tx_queues_.size()) return;
  std::vector<unsigned char>& bytes = note->bytes;
  if (bytes.size() < 2 * kMacBytes) return;
  std::swap_ranges(bytes.begin(), bytes.begin() + kMacBytes, bytes.begin() + kMacBytes);
  lists_[{port, note->queue % tx_queues_[port], note->generic}].frames.push(bytes);
}

void ForwardMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) {
  if (lists_.empty()) return;
  for (const auto& [socket, its] : memories_) {
    if (bytes.data() >= its.memory && bytes.data() < its.memory + its.bytes) return;
  }
  List* in[2] = {&lists_[{port, queue, false}], &lists_[{port, queue, true}]};
  for (List* list : in) {
    if (list->frames.empty() || !same(list->frames.front(), bytes)) continue;
    log_.checked(Invariant::k17);
    log_.checked(Invariant::k18);
    return list->frames.pop();
  }
  for (List* list : in) {
    for (std::size_t i = 1; i < list->frames.size(); ++i) {
      if (!same(list->frames[i], bytes)) continue;
      const bool given_back = i <= list->may_miss;
      list->frames.erase(i);
      if (given_back) return;
      log_.violated(
          Invariant::k18, Party::kPlatform, Place::tx_queue(port, queue), EventTrail(), now_ps_, [&] {
            return fmt::format("frame {} was posted before {} others that were forwarded earlier", index, i);
          });
      return;
    }
  }
}

void ForwardMonitor::tx_held(std::uint32_t port, std::uint32_t queue, Bytes bytes) {
  for (const bool generic : {false, true}) {
    const auto found = lists_.find({port, queue, generic});
    if (found == lists_.end()) continue;
    auto& frames = found->second.frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (same(frames[i], bytes)) return frames.erase(i);
    }
  }
}

void ForwardMonitor::wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) {
  if (reason != DropReason::kPaused && reason != DropReason::kSendFailed) return;
  for (const bool generic : {false, true}) {
    const auto found = lists_.find({port, queue, generic});
    if (found != lists_.end()) ++found->second.may_miss;
  }
}

void ForwardMonitor::finish(std::uint64_t end_ps, bool drained) {
  now_ps_ = end_ps;
  if (!drained) return;
  for (const auto& [place, list] : lists_) {
    if (list.frames.size() <= list.may_miss) continue;
    const auto& [port, queue, generic] = place;
    log_.violated(Invariant::k17, Party::kPlatform, Place::tx_queue(port, queue), EventTrail(), end_ps,
                  [&, count = list.frames.size()] {
                    return fmt::format("{} frames that were forwarded were never posted as they came", count);
                  });
  }
}

}  // namespace ringproof
