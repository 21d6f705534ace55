#include "model/xdp/rx_queue.h"

#include "model/xdp/inspector.h"
#include "model/xdp/interface.h"
#include "model/xdp/socket.h"
#include "model/xdp/teardown_scope.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kInspectPs = 30'000;

// What the software path tells of a frame: verdicts, and the layer 4 type that they imply.
void reduce_to_software(driver::RxFrame& frame) {
  const UINT8 layer4 = frame.checksum.Layer4 == XdpFrameRxChecksumEvaluationNotChecked
                           ? static_cast<UINT8>(XdpFrameLayer4TypeUnspecified)
                           : static_cast<UINT8>(frame.layout.Layer4Type & 0xF);
  frame.layout = {};
  frame.layout.Layer4Type = layer4 & 0xF;
}

}  // namespace

RxQueue::RxQueue(std::uint32_t id, bool from_wire, Interface& interface, Host& host, const TapList& taps)
    : id_(id),
      from_wire_(from_wire),
      interface_(interface),
      host_(host),
      taps_(taps),
      gate_(host, "receive pass",
            std::uint64_t{interface.index()} << 34 | std::uint64_t{interface.generic()} << 33 |
                std::uint64_t{from_wire} << 32 | id) {}

std::uint32_t RxQueue::port() const { return interface_.port(); }

Status RxQueue::attach(Program& program) {
  if (program.rules.empty()) return Status::kOk;  // adds nothing, and the queue id is not even looked at
  if (id_ >= interface_.driver().info().rx_queues) {
    return interface_.generic() ? Status::kBadParameter : Status::kNotFound;
  }
  gate_.wait_until_outside();
  if (interface_.removed()) return Status::kDeleting;
  programs_.push_back(&program);
  program.queues.push_back(this);
  rebuild();
  exclusive_ = is_exclusive_shape();
  if (from_wire_) taps_.tell(&Tap::program_attached, port(), host_.now_ps());
  return Status::kOk;
}

void RxQueue::detach(Program& program) {
  const TeardownScope teardown(taps_, host_, Teardown::kProgramRemoval, port());
  gate_.wait_until_outside();
  // Its close and the end of the interface may have met here; whoever came second finds it gone.
  if (std::erase(programs_, &program) == 0) return;
  std::erase(program.queues, this);
  rebuild();
  exclusive_ = exclusive_ && is_exclusive_shape();
  forget_if_unused();
}

void RxQueue::remove() {
  while (!programs_.empty()) detach(*programs_.back());
  while (!sockets_.empty()) {
    // Its own close may be under way and end first.
    const std::shared_ptr<Socket> socket = sockets_.back()->shared_from_this();
    socket->detach_rx();
  }
}

void RxQueue::unbind(Socket& socket) {
  std::erase(sockets_, &socket);
  forget_if_unused();
}

// The last user is gone, and with it the queue object; the next one finds it new.
void RxQueue::forget_if_unused() {
  if (!sockets_.empty() || !programs_.empty()) return;
  checksum_ = false;
  timestamp_ = false;
}

Status RxQueue::enable(bool capable, bool& enabled) {
  if (enabled) return Status::kOk;
  if (!programs_.empty()) return Status::kBadState;
  if (!capable) return Status::kNotSupported;
  enabled = true;
  return Status::kOk;
}

Status RxQueue::enable_checksum() { return enable(interface_.capabilities().rx_checksum, checksum_); }

Status RxQueue::enable_timestamp() { return enable(interface_.capabilities().rx_timestamp, timestamp_); }

void RxQueue::offload_changed() {
  for (const std::shared_ptr<Socket>& socket : kept_alive(sockets_)) socket->rx_offload_changed();
}

QueuePlace RxQueue::place() const { return {port(), id_, interface_.generic(), from_wire_}; }

void RxQueue::tell_rules() const {
  if (taps_.empty()) return;
  std::vector<RuleTold> told;
  told.reserve(rules_.size());
  for (const Rule& rule : rules_) {
    told.push_back({&rule.given, rule.program, rule.target == nullptr ? 0 : rule.target->number()});
  }
  taps_.tell(&Tap::rules_changed, place(), version_, std::span<const RuleTold>(told));
}

void RxQueue::rebuild() {
  rules_.clear();
  for (const Program* program : programs_) {
    rules_.insert(rules_.end(), program->rules.begin(), program->rules.end());
  }
  ++version_;
  tell_rules();
  if (!from_wire_) return;
  interface_.driver().set_rx_client(id_, interface_.mode(), programs_.empty() ? nullptr : this);
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
  const auto position = static_cast<std::uint32_t>(rule == nullptr ? 0 : rule - rules_.data());
  taps_.tell(&Tap::frame_judged, place(),
             Judgement{frame.timestamp_ns, version_, rule == nullptr ? Judgement::kNoRule : position,
                       rule == nullptr ? 0 : rule->program},
             frame.bytes);
  if (rule == nullptr || rule->action == XDP_PROGRAM_ACTION_PASS) return;
  frame.action = driver::RxAction::kDrop;
  if (rule->action == XDP_PROGRAM_ACTION_DROP) {
    taps_.tell(&Tap::frame_dropped, port(), frame.timestamp_ns, DropReason::kRule);
    return;
  }
  const bool full = batch_.size() == kBatchFrames && !exclusive_;
  if (rule->target.get() != batch_target_ || full) flush();
  batch_target_ = rule->target.get();
  batch_.push_back(frame);
  if (interface_.generic()) reduce_to_software(batch_.back());
}

void RxQueue::flush() {
  if (!batch_.empty()) batch_target_->receive(*this, batch_, exclusive_);
  batch_.clear();
  batch_target_ = nullptr;
}

}  // namespace ringproof::xdp
