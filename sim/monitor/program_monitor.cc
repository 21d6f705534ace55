#include "sim/monitor/program_monitor.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof {

std::uint32_t ProgramMonitor::index_of(const QueuePlace& place) {
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    if (queues_[i].place == place) return i;
  }
  queues_.push_back({place, 0, {}, EventTrail()});
  return static_cast<std::uint32_t>(queues_.size() - 1);
}

void ProgramMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes) {
  frames_.begin(port, timestamp_ns);
}

void ProgramMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}

void ProgramMonitor::rules_changed(const QueuePlace& place, std::uint64_t version,
                                   std::span<const RuleTold> rules) {
  Queue& queue = queues_[index_of(place)];
  queue.version = version;
  queue.programs.clear();
  for (const RuleTold& told : rules) queue.programs.push_back(told.program);
  queue.trail.add("version {0} with {1} rules", version, rules.size(), now_ps_);
}

void ProgramMonitor::local_frame_begun(std::uint32_t port, std::uint32_t, std::uint64_t number, Bytes) {
  frames_.begin(port, number);
}

void ProgramMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes) {
  const std::uint32_t index = index_of(place);
  const Queue& queue = queues_[index];
  log_.checked(Invariant::k45);
  if (judgement.version != queue.version) {
    violated(queue, [&] {
      return fmt::format("the frame of {} ns was judged by version {} of the rules; {} is the present one",
                         judgement.timestamp_ns, judgement.version, queue.version);
    });
  }
  const bool by_rule = judgement.rule != Judgement::kNoRule;
  if (by_rule &&
      std::find(queue.programs.begin(), queue.programs.end(), judgement.program) == queue.programs.end()) {
    violated(queue, [&] {
      return fmt::format("the frame of {} ns was decided by program {}, which is not attached",
                         judgement.timestamp_ns, judgement.program);
    });
  }
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  if (note == nullptr) return;
  if (note->judged_by == index) {
    violated(queue, [&] {
      return fmt::format("the frame of {} ns was judged twice, by versions {} and {}", judgement.timestamp_ns,
                         note->version, judgement.version);
    });
  }
  *note = {by_rule ? index : Note::kNowhere, index, judgement.version, judgement.program};
}

void ProgramMonitor::ended(std::uint32_t port, std::uint64_t timestamp_ns, bool by_program) {
  const Note* note = frames_.end(port, timestamp_ns);
  if (note == nullptr || !by_program || note->taken_by == Note::kNowhere) return;
  const Queue& queue = queues_[note->taken_by];
  log_.checked(Invariant::k45);
  if (note->version == queue.version) return;
  violated(queue, [&] {
    return fmt::format(
        "the frame of {} ns met the end that version {} of the rules chose; {} is the present one",
        timestamp_ns, note->version, queue.version);
  });
}

void ProgramMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, false);  // it left the platform when the pass of its queue was over
}

void ProgramMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, false);
}

// A frame to be sent out again finds that there is no room when the pass of its queue is over.
void ProgramMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  ended(port, timestamp_ns, reason != DropReason::kForwardFull);
}

void ProgramMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t,
                                     std::uint64_t, Bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, true);
}

}  // namespace ringproof
