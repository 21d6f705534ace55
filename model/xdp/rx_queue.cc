#include "model/xdp/rx_queue.h"

#include <algorithm>
#include <optional>

#include "model/driver/stack_queue.h"
#include "model/xdp/inspector.h"
#include "model/xdp/interface.h"
#include "model/xdp/loans.h"
#include "model/xdp/socket.h"
#include "model/xdp/teardown_scope.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kInspectPs = 30'000;
constexpr std::size_t kMacBytes = 6;
constexpr std::size_t kEthernetBytes = 14;

bool sends_out(const Rule& rule) { return rule.given.Action == XDP_PROGRAM_ACTION_L2FWD; }

// What the software path tells of a frame: verdicts, and the layer 4 type that they imply.
void reduce_to_software(driver::RxFrame& frame) {
  const UINT8 layer4 = frame.checksum.Layer4 == XdpFrameRxChecksumEvaluationNotChecked
                           ? static_cast<UINT8>(XdpFrameLayer4TypeUnspecified)
                           : static_cast<UINT8>(frame.layout.Layer4Type & 0xF);
  frame.layout = {};
  frame.layout.Layer4Type = layer4 & 0xF;
}

}  // namespace

RxQueue::RxQueue(std::uint32_t id, bool from_wire, Interface& interface, Host& host, const TapList& taps,
                 MapLock& maps)
    : id_(id),
      from_wire_(from_wire),
      interface_(interface),
      host_(host),
      taps_(taps),
      gate_(host, "receive pass",
            std::uint64_t{interface.index()} << 34 | std::uint64_t{interface.generic()} << 33 |
                std::uint64_t{from_wire} << 32 | id),
      maps_(maps),
      lender_(interface, id, driver::Direction::kRx) {}

std::uint32_t RxQueue::port() const { return interface_.port(); }

// The device is asked for the queue when the first rules come.
Status RxQueue::may_activate(const Program& program) const {
  if (!active_ && id_ >= interface_.driver().info().rx_queues) {
    return interface_.generic() ? Status::kBadParameter : Status::kNotFound;
  }
  const bool sends = std::any_of(program.rules.begin(), program.rules.end(), sends_out);
  return sends && !interface_.sends_received_frames() ? Status::kNotSupported : Status::kOk;
}

Status RxQueue::attach(Program& program) {
  if (!program.rules.empty()) {
    const Status status = may_activate(program);
    if (failed(status)) return status;
  }
  lender_.take_back();
  gate_.wait_until_outside();
  if (interface_.removed()) return Status::kDeleting;
  programs_.push_back(&program);
  program.queues.push_back(this);
  active_ = active_ || !program.rules.empty();
  rebuild();
  exclusive_ = is_exclusive_shape();
  lend_if_possible();  // what is told of next makes a test send frames
  if (from_wire_ && active_) taps_.tell(&Tap::program_attached, port(), host_.now_ps());
  return Status::kOk;
}

void RxQueue::detach(Program& program) {
  const TeardownScope teardown(taps_, host_, Teardown::kProgramRemoval, port());
  lender_.take_back();
  gate_.wait_until_outside();
  // Its close and the end of the interface may have met here; whoever came second finds it gone.
  if (std::erase(programs_, &program) == 0) return;
  std::erase(program.queues, this);
  active_ = active_ && !programs_.empty();
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
  if (used()) return;
  checksum_ = false;
  timestamp_ = false;
  counters_ = {};
}

Status RxQueue::enable(bool capable, bool& enabled) {
  if (enabled) return Status::kOk;
  if (active_) return Status::kBadState;
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
    told.push_back({&rule.given, rule.program, rule.target == nullptr ? 0 : rule.target->number(),
                    rule.map == nullptr ? 0 : rule.map->number()});
  }
  taps_.tell(&Tap::rules_changed, place(), version_, std::span<const RuleTold>(told));
}

void RxQueue::rebuild() {
  rules_.clear();
  for (const Program* program : programs_) {
    rules_.insert(rules_.end(), program->rules.begin(), program->rules.end());
  }
  looks_into_maps_ =
      std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) { return rule.map != nullptr; });
  ++version_;
  tell_rules();
  if (id_ >= interface_.driver().info().rx_queues) return;  // programs without rules may name any queue
  driver::RxClient* const client = active_ ? this : nullptr;
  if (from_wire_) {
    interface_.driver().set_rx_client(id_, interface_.mode(), client);
  } else {
    interface_.driver().stack(id_).set_inspector(client);
  }
}

bool RxQueue::is_exclusive_shape() const {
  return rules_.size() == 1 && rules_[0].given.Match == XDP_MATCH_ALL && rules_[0].target != nullptr &&
         (rules_[0].target->is_bound_to(*this) || rules_[0].target->state() == SocketState::kClosing);
}

void RxQueue::receive(std::span<driver::RxFrame> frames) {
  const DataPathGate::Pass pass(gate_);
  std::optional<MapLock::Readers> readers;
  if (looks_into_maps_) readers.emplace(maps_);
  ++counters_.inspect_batches;
  for (driver::RxFrame& frame : frames) inspect(frame);
  flush();
}

void RxQueue::inspect(driver::RxFrame& frame) {
  host_.spend(kInspectPs);
  const InspectedFrame seen = seen_by_rules({frame.bytes, frame.fragments}, interface_.fragment_limit());
  const Rule* rule = first_match(rules_, seen, interface_.quirks());
  Socket* target = rule == nullptr ? nullptr : target_of(*rule);
  tell_judged(frame, rule, target);
  switch (rule == nullptr ? XDP_PROGRAM_ACTION_PASS : rule->given.Action) {
    case XDP_PROGRAM_ACTION_REDIRECT:
      if (target == nullptr) return drop(frame, DropReason::kMapMiss);
      return redirect(frame, *target);
    case XDP_PROGRAM_ACTION_DROP:
      return drop(frame, DropReason::kRule);
    case XDP_PROGRAM_ACTION_L2FWD:
      return forward(frame);
    default:
      ++counters_.inspect_frames_passed;
  }
}

// Of a redirect.
Socket* RxQueue::target_of(const Rule& rule) const {
  return rule.map == nullptr ? rule.target.get() : rule.map->find(id_).get();
}

void RxQueue::tell_judged(const driver::RxFrame& frame, const Rule* rule, const Socket* target) const {
  Judgement judgement{frame.timestamp_ns, version_, Judgement::kNoRule, 0};
  if (rule != nullptr) {
    judgement.rule = static_cast<std::uint32_t>(rule - rules_.data());
    judgement.program = rule->program;
  }
  if (target != nullptr) judgement.socket = target->number();
  judgement.buffers = frame.fragments;
  judgement.fragment_limit = interface_.fragment_limit();
  judgement.quirks = interface_.quirks();
  taps_.tell(&Tap::frame_judged, place(), judgement, frame.bytes);
}

void RxQueue::drop(driver::RxFrame& frame, DropReason reason) {
  ++counters_.inspect_frames_dropped;
  frame.action = driver::RxAction::kDrop;
  taps_.tell(&Tap::frame_dropped, port(), frame.timestamp_ns, reason);
}

// Back to where it came from: the addresses change places, whatever else the frame is.
void RxQueue::forward(driver::RxFrame& frame) {
  if (frame.bytes.size() < kEthernetBytes) return drop(frame, DropReason::kRule);
  std::swap_ranges(frame.bytes.begin(), frame.bytes.begin() + kMacBytes, frame.bytes.begin() + kMacBytes);
  ++counters_.inspect_frames_forwarded;
  frame.action = driver::RxAction::kTransmit;
}

void RxQueue::redirect(driver::RxFrame& frame, Socket& target) {
  frame.action = driver::RxAction::kDrop;
  const bool full = batch_.size() == kBatchFrames && !exclusive_;
  if (&target != batch_target_ || full) flush();
  batch_target_ = &target;
  batch_.push_back(frame);
  if (interface_.generic()) reduce_to_software(batch_.back());
}

void RxQueue::flush() {
  if (!batch_.empty()) {
    // The exclusive path counts what its socket takes only.
    if (!exclusive_ || !batch_target_->is_attached_to(*this)) {
      counters_.inspect_frames_redirected += batch_.size();
    }
    batch_target_->receive(*this, batch_, exclusive_, counters_);
  }
  batch_.clear();
  batch_target_ = nullptr;
}

// ---- Loans ----

void RxQueue::lend_if_possible() {
  if (!from_wire_ || interface_.removed() || !exclusive_ || !lender_.wanted()) return;
  Socket& target = *rules_[0].target;
  if (target.is_attached_to(*this) && target.can_lend_rx()) lender_.lend(target);
}

void RxQueue::device_delivered(const driver::RxFrame& frame, const Socket& socket, bool delivered,
                               bool valid_entry) {
  tell_judged(frame, rules_.data(), &socket);
  if (delivered) {
    ++counters_.xsk_frames_delivered;
    ++counters_.xsk_frames_zero_copy;
  } else {
    ++counters_.xsk_frames_dropped;
  }
  if (!valid_entry) ++counters_.xsk_invalid_descriptors;
}

void RxQueue::device_counted(std::uint32_t starved, std::uint32_t truncated) {
  counters_.xsk_frames_dropped += starved;
  counters_.xsk_frames_truncated += truncated;
}

}  // namespace ringproof::xdp
