#include "model/xdp/rx_queue.h"

#include <algorithm>

#include "model/xdp/inspector.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kInspectPs = 30'000;

}  // namespace

RxQueue::RxQueue(std::uint32_t id, driver::Driver& driver, Host& host, const TapList& taps)
    : id_(id), driver_(driver), host_(host), taps_(taps), gate_(host) {}

Status RxQueue::attach(Program& program) {
  if (program.rules.empty()) return Status::kOk;  // adds nothing, and the queue id is not even looked at
  if (id_ >= driver_.info().rx_queues) return Status::kNotFound;
  gate_.wait_until_outside();
  programs_.push_back(&program);
  program.queues.push_back(this);
  rebuild();
  taps_.tell(&Tap::program_attached, port(), host_.now_ps());
  return Status::kOk;
}

void RxQueue::detach(Program& program) {
  gate_.wait_until_outside();
  std::erase(programs_, &program);
  std::erase(program.queues, this);
  rebuild();
}

void RxQueue::rebuild() {
  rules_.clear();
  for (const Program* program : programs_) {
    rules_.insert(rules_.end(), program->rules.begin(), program->rules.end());
  }
  driver_.set_rx_client(id_, programs_.empty() ? nullptr : this);
}

bool RxQueue::exclusive() const {
  return rules_.size() == 1 && rules_[0].match == XDP_MATCH_ALL &&
         rules_[0].action == XDP_PROGRAM_ACTION_REDIRECT && rules_[0].target->is_bound_to(*this);
}

void RxQueue::receive(std::span<driver::RxFrame> frames) {
  const DataPathGate::Pass pass(gate_);
  for (std::size_t first = 0; first < frames.size(); first += kBatchFrames) {
    inspect(frames.subspan(first, std::min(kBatchFrames, frames.size() - first)));
  }
}

void RxQueue::inspect(std::span<driver::RxFrame> frames) {
  for (driver::RxFrame& frame : frames) {
    host_.spend(kInspectPs);
    const Rule* rule = first_match(rules_, frame.bytes);
    if (rule == nullptr || rule->action == XDP_PROGRAM_ACTION_PASS) continue;
    frame.action = driver::RxAction::kDrop;
    if (rule->action == XDP_PROGRAM_ACTION_DROP) {
      taps_.tell(&Tap::frame_dropped, port(), frame.timestamp_ns, DropReason::kRule);
      continue;
    }
    if (rule->target.get() != batch_target_ || batch_.size() == kBatchFrames) flush();
    batch_target_ = rule->target.get();
    batch_.push_back({frame.bytes, frame.timestamp_ns});
  }
  flush();
}

void RxQueue::flush() {
  if (!batch_.empty()) batch_target_->receive(*this, batch_, exclusive());
  batch_.clear();
  batch_target_ = nullptr;
}

}  // namespace ringproof::xdp
