#include "model/xdp/rx_queue.h"

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
  exclusive_ = is_exclusive_shape();
  taps_.tell(&Tap::program_attached, port(), host_.now_ps());
  return Status::kOk;
}

void RxQueue::detach(Program& program) {
  gate_.wait_until_outside();
  std::erase(programs_, &program);
  std::erase(program.queues, this);
  rebuild();
  exclusive_ = exclusive_ && is_exclusive_shape();
}

void RxQueue::rebuild() {
  rules_.clear();
  for (const Program* program : programs_) {
    rules_.insert(rules_.end(), program->rules.begin(), program->rules.end());
  }
  driver_.set_rx_client(id_, driver::Layer::kNative, programs_.empty() ? nullptr : this);
}

bool RxQueue::is_exclusive_shape() const {
  return rules_.size() == 1 && rules_[0].match == XDP_MATCH_ALL &&
         rules_[0].action == XDP_PROGRAM_ACTION_REDIRECT && rules_[0].target->is_bound_to(*this);
}

void RxQueue::receive(std::span<driver::RxFrame> frames) {
  const DataPathGate::Pass pass(gate_);
  for (driver::RxFrame& frame : frames) inspect(frame);
  flush();
}

void RxQueue::inspect(driver::RxFrame& frame) {
  host_.spend(kInspectPs);
  const Rule* rule = first_match(rules_, frame.bytes);
  if (rule == nullptr || rule->action == XDP_PROGRAM_ACTION_PASS) return;
  frame.action = driver::RxAction::kDrop;
  if (rule->action == XDP_PROGRAM_ACTION_DROP) {
    taps_.tell(&Tap::frame_dropped, port(), frame.timestamp_ns, DropReason::kRule);
    return;
  }
  const bool full = batch_.size() == kBatchFrames && !exclusive_;
  if (rule->target.get() != batch_target_ || full) flush();
  batch_target_ = rule->target.get();
  batch_.push_back({frame.bytes, frame.timestamp_ns});
}

void RxQueue::flush() {
  if (!batch_.empty()) batch_target_->receive(*this, batch_, exclusive_);
  batch_.clear();
  batch_target_ = nullptr;
}

}  // namespace ringproof::xdp
